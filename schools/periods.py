"""Periods in words, and what held when as a few lines instead of a row per change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sbs_portal.web.words import short_day


def in_words(first: date | None, last: date | None, today: date) -> str:
    """ "sedan 1 aug 2018", "till och med 30 juni 2020", "1 aug 2018–30 juni 2020"; "" where neither is known.

    A first day yet to come is "från". Days of two years both say theirs, also where one is today's.
    """
    if first and last:
        seen_from = today if first.year == last.year else date.min
        return f"{short_day(first, seen_from)}–{short_day(last, seen_from)}"
    if first:
        return f"{'från' if first > today else 'sedan'} {short_day(first, today)}"
    return f"till och med {short_day(last, today)}" if last else ""


@dataclass(frozen=True)
class Span:
    """What held from ``first`` to ``last``, both included; None is as far as is known."""

    value: Any
    first: date | None
    last: date | None


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
