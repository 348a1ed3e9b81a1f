"""What is on its way out: a resource or an operation says so in its answers and in OpenAPI.

    class OldViewSet(ReadViewSet):
        retiring = Retiring(since=date(2027, 1, 1), gone=date(2028, 1, 1))

or ``@retiring(since=…)`` on a single handler (``list``, ``create`` or an action).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.http import http_date


@dataclass(frozen=True)
class Retiring:
    """Deprecated since a day (RFC 9745), and gone on another where that is decided (RFC 8594)."""

    since: date
    gone: date | None = None
    instead: str = ""

    @property
    def headers(self) -> dict[str, str]:
        found = {"Deprecation": f"@{_seconds(self.since)}"}
        if self.gone:
            found["Sunset"] = http_date(_seconds(self.gone))
        return found

    @property
    def in_words(self) -> str:
        words = [f"På väg bort sedan {self.since}."]
        if self.gone:
            words.append(f"Tas bort {self.gone}.")
        if self.instead:
            words.append(f"Använd i stället {self.instead}.")
        return " ".join(words)


def retiring(**said):
    """Marks a handler as on its way out."""

    def mark(handler):
        handler.retiring = Retiring(**said)
        return handler

    return mark


def retiring_of(view) -> Retiring | None:
    """What the view at work says of the handler it runs, else of itself."""
    handler = getattr(view, getattr(view, "action", None) or "", None)
    return getattr(handler, "retiring", None) or getattr(view, "retiring", None)


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
