"""School weeks and school days. Lov differ between huvudmän and are given; public holidays are computed.

A week counts as a school week when at least one of its days is a school day, so a meeting every third
week is not late because three weeks went by across a sportlov.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

SATURDAY = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Break:
    """A lov: every day from ``first`` to ``last``, both included. A reversed one is a ``ValueError``."""

    first: date
    last: date
    name: str = "lov"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("Lovets sista dag ligger före den första.")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def easter_sunday(year: int) -> date:
    """Påskdagen, by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    correction = (century + 8) // 25
    epact = (19 * golden + century - century // 4 - (century - correction + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _first_saturday_from(day: date) -> date:
    return day + timedelta(days=(SATURDAY - day.weekday()) % 7)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> Mapping[date, str]:
    """The days of the year when no Swedish school is open whatever its lov: day to name.

    The three eves that are no public holidays in law, but are treated as such, are among them.
    """
    easter = easter_sunday(year)
    midsummer = _first_saturday_from(date(year, 6, 20))
    return MappingProxyType(
        {
            date(year, 1, 1): "nyårsdagen",
            date(year, 1, 6): "trettondedag jul",
            easter - timedelta(days=2): "långfredagen",
            easter: "påskdagen",
            easter + timedelta(days=1): "annandag påsk",
            date(year, 5, 1): "första maj",
            easter + timedelta(days=39): "Kristi himmelsfärdsdag",
            easter + timedelta(days=49): "pingstdagen",
            date(year, 6, 6): "Sveriges nationaldag",
            midsummer - timedelta(days=1): "midsommarafton",
            midsummer: "midsommardagen",
            _first_saturday_from(date(year, 10, 31)): "alla helgons dag",
            date(year, 12, 24): "julafton",
            date(year, 12, 25): "juldagen",
            date(year, 12, 26): "annandag jul",
            date(year, 12, 31): "nyårsafton",
        }
    )


def is_school_day(day: date, breaks: Iterable[Break] = ()) -> bool:
    """Whether the day is a Monday to Friday that is neither a public holiday nor in a lov."""
    return (
        day.weekday() < SATURDAY
        and day not in public_holidays(day.year)
        and not any(day in lov for lov in breaks)
    )


def days_without_school(lov: Break) -> int:
    """How many of the lov's days would have been school days."""
    days = (lov.first + timedelta(days=number) for number in range((lov.last - lov.first).days + 1))
    return sum(is_school_day(day) for day in days)


def weeks_in_words(lov: Break) -> str:
    """ "vecka 44", "vecka 52–1": the ISO weeks it lies in."""
    first, last = lov.first.isocalendar().week, lov.last.isocalendar().week
    return f"vecka {first}" if first == last else f"vecka {first}–{last}"


def next_school_day(day: date, breaks: Sequence[Break] = ()) -> date:
    """The first school day after ``day``."""
    day += timedelta(days=1)
    while not is_school_day(day, breaks):
        day += timedelta(days=1)
    return day


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _school_days(monday: date, breaks: Sequence[Break]) -> list[date]:
    days = (monday + timedelta(days=number) for number in range(SATURDAY))
    return [day for day in days if is_school_day(day, breaks)]


def is_school_week(day: date, breaks: Sequence[Break] = ()) -> bool:
    """Whether the ISO week the day lies in has a school day."""
    monday = _monday(day)
    return any(is_school_day(monday + timedelta(days=number), breaks) for number in range(SATURDAY))


def school_weeks_between(start: date, end: date, breaks: Sequence[Break] = ()) -> int:
    """The number of school weeks after the week of ``start``, up to and with the week of ``end``.

    Two days of one week have 0 between them; so has an ``end`` before ``start``.
    """
    weeks = 0
    monday = _monday(start) + WEEK
    while monday <= end:
        weeks += is_school_week(monday, breaks)
        monday += WEEK
    return weeks


def nth_school_week_after(day: date, n: int, breaks: Sequence[Break] = ()) -> date:
    """The same weekday ``n`` school weeks later, weeks of lov not counted; ``n`` is at least 1.

    Where that day is free itself, the school day nearest to it in the same week (the earlier of two).
    """
    return _in_week(_nth_school_monday(_monday(day), n, breaks), day.weekday(), breaks)


def _nth_school_monday(monday: date, n: int, breaks: Sequence[Break]) -> date:
    if n < 1:
        raise ValueError("Antalet skolveckor ska vara minst 1.")
    while n:
        monday += WEEK
        n -= is_school_week(monday, breaks)
    return monday


def _in_week(monday: date, weekday: int, breaks: Sequence[Break]) -> date:
    wanted = monday + timedelta(days=weekday)
    return min(_school_days(monday, breaks), key=lambda day: (abs(day - wanted), day))


def cadence(start: date, interval_weeks: int, until: date, breaks: Sequence[Break] = ()) -> list[date]:
    """The days of something held every ``interval_weeks`` school weeks, from ``start`` up to ``until``.

    ``start`` is the first of them, as given. The weekday is kept through weeks where that day is free.
    """
    days: list[date] = []
    day, monday = start, _monday(start)
    while day <= until:
        days.append(day)
        monday = _nth_school_monday(monday, interval_weeks, breaks)
        day = _in_week(monday, start.weekday(), breaks)
    return days
