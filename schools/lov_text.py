"""Lov as people write them: a line for each, as a kommun has it on its page.

    Höstlov 26–30 oktober
    Jullov: 21 december 2026 – 8 januari 2027 (v. 52–1)
    Sportlov vecka 8
    Påsklov 2027-03-29 till 2027-04-02

A year that is not written is the one the läsår says. What cannot be read is told with the line's number.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from sbs_portal.time import MONTHS, SchoolYear
from sbs_portal.web.words import long_date
from schools.calendar import Break

MOST_LINES = 40
# A summer is ten weeks. What is longer is a term that came along from the page.
MOST_DAYS = 12 * 7
NAME_LENGTH = 60

_WEEKDAY = re.compile(
    r"\b(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag(?:en)?)?\b\.?|\b(?:den|från|och med|fr\.? ?o\.? ?m\.?)\b",
    re.I,
)
_WEEK_ASIDE = re.compile(r"\(\s*v[^)]*\)", re.I)
_ASIDE = re.compile(r"\([^)]*\)")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DATES_BEGIN = re.compile(r"\d|\bv(?:ecka|eckorna|\.)?\s*\d", re.I)
_WEEKS = re.compile(
    r"v(?:ecka|eckorna|\.)?\s*(\d{1,2})(?:\s*[–—-]\s*(?:v(?:ecka|\.)?\s*)?(\d{1,2}))?\.?", re.I
)
_TO = re.compile(r"\s*(?:[–—-]|\btill(?: och med)?\b|\bt\.? ?o\.? ?m\.?)\s*", re.I)
_DAY = re.compile(r"(\d{1,2})(?:/(\d{1,2})|\s+([a-zåäö]{3,})\.?)?(?:[/\s]+(\d{4}))?", re.I)


class _Unread(ValueError):
    """A line that is no lov; the message says why."""


def read_lov(text: str, school_year: SchoolYear) -> list[Break]:
    """The lov the lines tell of, in order. Raises ValidationError with a message for each line that is none."""
    found, errors = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not (line := " ".join(line.split())):
            continue
        try:
            found.append(_read_line(line, school_year))
        except ValueError as error:
            errors.append(f"Rad {number}, ”{line[:60]}”: {error}")
    if len(found) > MOST_LINES:
        errors = [f"Skriv högst {MOST_LINES} lov."]
    if errors:
        raise ValidationError(errors[:10])
    return sorted(found, key=lambda lov: (lov.first, lov.last))


def write_lov(breaks: Iterable[Break]) -> str:
    """The lov as lines that ``read_lov`` reads as the same."""
    return "\n".join(f"{lov.name}: {_period(lov)}" for lov in breaks)


def _period(lov: Break) -> str:
    first, last = long_date(lov.first), long_date(lov.last)
    return first if first == last else f"{first} – {last}"


def _read_line(line: str, school_year: SchoolYear) -> Break:
    # Weeks beside the days say the same once more.
    without = _WEEK_ASIDE.sub(" ", line)
    line = without if re.search(r"\d", without) else line
    begins = _DATES_BEGIN.search(line)
    if begins is None:
        raise _Unread("skriv vilka dagar det är, till exempel 26–30 oktober.")
    name = _WEEKDAY.sub("", line[: begins.start()]).strip(" :;,.–—-(\t")
    if not name:
        raise _Unread("skriv först vad lovet heter, till exempel Höstlov.")
    if len(name) > NAME_LENGTH:
        raise _Unread(f"namnet är längre än {NAME_LENGTH} tecken.")
    first, last = _read_days(line[begins.start() :], school_year)
    if last < first:
        raise _Unread("det slutar före det börjar.")
    if (last - first).days >= MOST_DAYS:
        raise _Unread("det är längre än ett lov kan vara. Är raden en termin, så ta bort den.")
    return Break(first, last, name)


def _read_days(text: str, school_year: SchoolYear) -> tuple[date, date]:
    weeks = _WEEKS.fullmatch(text.strip(" ()"))
    if weeks:
        first = _monday(int(weeks[1]), school_year)
        return first, _monday(int(weeks[2] or weeks[1]), school_year) + timedelta(days=4)
    if (beside := _WEEKS.match(text)) and re.search(r"\d", text[beside.end() :]):
        text = text[beside.end() :].strip(" (),:")
    text = _ISO.sub(lambda found: f"{found[3]} {_month_name(int(found[2]))} {found[1]}", text)
    text = " ".join(_WEEKDAY.sub(" ", _ASIDE.sub(" ", text)).split()).strip(" .,;")
    parts = [_DAY.fullmatch(part.strip(" .,")) for part in _TO.split(text, maxsplit=1)]
    if None in parts:
        raise _Unread("dagarna går inte att läsa. Skriv till exempel 26–30 oktober.")
    last_day, last_month, last_year = _numbers(parts[-1])
    first_day, first_month, first_year = _numbers(parts[0])
    if last_month is None:
        raise _Unread("skriv vilken månad det är.")
    first_month = first_month or last_month
    first = _date(first_year or _year_of(first_month, school_year), first_month, first_day)
    if last_year is None:
        last_year = first.year + (last_month < first_month)
    elif first_year is None:
        first = _date(last_year - (last_month < first_month), first_month, first_day)
    return first, _date(last_year, last_month, last_day)


def _numbers(found: re.Match) -> tuple[int, int | None, int | None]:
    day, month, word, year = found.groups()
    if word:
        month = next((n for n, name in enumerate(MONTHS, 1) if name.startswith(word[:3].lower())), None)
        if month is None or not (MONTHS[month - 1].startswith(word.lower().rstrip("."))):
            raise _Unread(f"”{word}” är ingen månad.")
    return int(day), int(month) if month else None, int(year) if year else None


def _month_name(number: int) -> str:
    if not 1 <= number <= 12:
        raise _Unread("den månaden finns inte.")
    return MONTHS[number - 1]


def _year_of(month: int, school_year: SchoolYear) -> int:
    return school_year.first_year + (month < school_year.start.month)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _Unread("den dagen finns inte.") from error


def _monday(week: int, school_year: SchoolYear) -> date:
    year = school_year.first_year + (week < school_year.start.isocalendar().week)
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise _Unread("den veckan finns inte.") from error
