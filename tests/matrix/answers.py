"""What answers say, so that two of them can be held against each other."""

import io
import re
import zipfile
from contextlib import contextmanager
from urllib.parse import unquote, unquote_plus, urlsplit

from django.db import transaction

# All that two answers about nothing may differ in: ids, keys, times.
VARYING = re.compile(
    r'[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-\d\d-\d\dT[\d:.]+|"X-CSRFToken": "\w+"'
    r'|name="csrfmiddlewaretoken" value="\w+"|\d\d[.:]\d\d|(cursor=)[\w:.\-]+|X-Request-ID: .*'
    # What is shown once, and new each time.
    r"|(/kalender/|/inbjudan/)[\w-]{30,}|sbs_[\w-]{6,}"
)
# The version of a row that has just been written holds the time.
ETAG = re.compile("ETag: .*")
# Headers that say something about rows.
HEADERS = ("Allow", "Content-Disposition", "Content-Type", "ETag", "Link", "Location", "Retry-After")


class Leak(AssertionError):
    """An answer told someone what is not theirs."""


@contextmanager
def taken_back():
    """What is done within leaves nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def local(address: str) -> str:
    parts = urlsplit(address)
    if parts.netloc not in ("", "testserver") or parts.scheme not in ("", "http"):
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def told(response, content: bytes, named: tuple[str, ...] = ()) -> str:
    """All that an answer says, in words: unpacked, unfolded and without codes. named: of the headers these alone."""
    kind = response.get("Content-Type", "")
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [one for one in book.namelist() if one.endswith(".xml") and "docProps" not in one]
            content = b"".join(book.read(one) for one in sheets)
    text = content.decode(errors="replace")
    if "calendar" in kind:
        text = text.replace("\r\n ", "")
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    headers = "".join(
        f"{name}: {value}\n" for name, value in sorted(response.headers.items()) if not named or name in named
    )
    return f"{text}\n{unquote(headers)}"


def difference(one: str, other: str) -> str:
    """The first place where the one differs from the other."""
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(0, at - 80) : at + 160]}…".replace("\n", " ")


def without(text: str, words: str) -> str:
    for _ in range(3):
        text = unquote_plus(text)
    return re.sub(re.escape(words), "¤", text, flags=re.IGNORECASE)
