"""Periods in words, and what held when as a few lines instead of a row per change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sbs_portal.web.words import short_day


def in_words(first: date | None, last: date | None, today: date) -> str:
    """ "sedan 1 aug 2018", "till och med 30 juni 2020", "1 aug 2018–30 juni 2020"; "" where neither is known.

    A first day yet to come is "från".
    """
    start = short_day(first, today) if first else ""
    end = short_day(last, today) if last else ""
    if start and end:
        return f"{start}–{end}"
    if start:
        return f"{'från' if first > today else 'sedan'} {start}"
    return f"till och med {end}" if end else ""


@dataclass(frozen=True)
class Span:
    """What held from ``first`` to ``last`` (None: as far as is known), and where it can be read more of."""

    value: Any
    first: date | None
    last: date | None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def spans(rows: Iterable, value: Callable[[Any], Any]) -> list[Span]:
    """Rows with ``valid_from`` and ``valid_to``, in order, as spans: neighbours that say the same are one.

    Rows without a value leave no span.
    """
    found: list[Span] = []
    for row in rows:
        here = Span(value(row), row.valid_from, row.valid_to)
        if found and found[-1].value == here.value and _meets(found[-1], here):
            found[-1] = replace(found[-1], last=here.last)
        elif here.value:
            found.append(here)
    return found


def _meets(one: Span, other: Span) -> bool:
    return one.last is not None and other.first == one.last + timedelta(days=1)
