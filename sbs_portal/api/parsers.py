"""Reading a JSON body: strictly, and never with characters no text should hold."""

import re

from django.conf import settings
from rest_framework import parsers
from rest_framework.exceptions import ParseError, ValidationError

from sbs_portal.api.errors import BodyTooLarge, Unreadable

# Control characters but tab and line ends, and halves of surrogate pairs.
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
UNUSABLE = "Texten innehåller styrtecken som inte går att spara."


def has_unusable(text: str) -> bool:
    """Whether the text holds control characters (null bytes among them) or half a character."""
    return _UNUSABLE.search(text) is not None


def unusable_paths(data, path: str = "") -> list[str]:
    """Dotted paths to every string, or key, with unusable characters."""
    if isinstance(data, str):
        return [path] if has_unusable(data) else []
    if isinstance(data, dict):
        if any(has_unusable(key) for key in data):
            return [path]
        pairs = data.items()
    elif isinstance(data, list):
        pairs = enumerate(data)
    else:
        return []
    return [found for key, value in pairs for found in unusable_paths(value, f"{path}.{key}".lstrip("."))]


class JSONParser(parsers.JSONParser):
    """application/json in UTF-8, at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    def parse(self, stream, media_type=None, parser_context=None):
        # DRF reads the stream past Django's own check of the size.
        declared = stream.META.get("CONTENT_LENGTH") if hasattr(stream, "META") else None
        if declared and declared.isdecimal() and int(declared) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            data = super().parse(stream, media_type, parser_context)
            paths = unusable_paths(data)
        except RecursionError as error:
            raise Unreadable("Innehållet har för många nivåer.") from error
        except UnicodeError as error:
            raise Unreadable("Innehållet är inte UTF-8.") from error
        except ParseError as error:
            raise Unreadable(_where(error)) from error
        if data is None:
            raise ValidationError(["Ange ett JSON-objekt."])
        if paths:
            raise ValidationError({path: [UNUSABLE] for path in paths})
        return data


def _where(error: ParseError) -> str:
    """Where in the body the JSON stops making sense, when that is known."""
    cause = error.__context__
    if hasattr(cause, "lineno"):
        return f"Innehållet är inte giltig JSON (rad {cause.lineno}, tecken {cause.colno})."
    return "Innehållet är inte giltig JSON."
