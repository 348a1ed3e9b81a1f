"""When a seminar is, where it stands and how many, in words."""

from datetime import date

from sbs_portal.time import ImpreciseDate, Precision
from sbs_portal.web.words import distance, long_day, short_day
from seminars.models import Seminar, SeminarStatus

COUNTED = ("Noll", "En", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")


def status_on(seminar: Seminar, day: date) -> SeminarStatus:
    """The status as of a day: what has been held was planned before its day."""
    status = SeminarStatus(seminar.status)
    starts = seminar.starts.first
    if status is SeminarStatus.HELD and starts is not None and starts > day:
        return SeminarStatus.PLANNED
    return status


def is_over(seminar: Seminar, day: date) -> bool:
    """Whether it has been held, or its last possible day has passed."""
    last = seminar.ends.last or seminar.starts.last
    return status_on(seminar, day) is SeminarStatus.HELD or (last is not None and last < day)


def short_when(seminar: Seminar, day: date) -> str:
    """ "tis 3 nov", "3–4 nov 2027", "oktober 2022", "okänt datum": for a cell."""
    starts, ends = seminar.starts, seminar.ends
    if not starts.is_known:
        return "datum ej bestämt" if seminar.status == SeminarStatus.PLANNED else "okänt datum"
    said = _said(starts, lambda one: short_day(one, day))
    if not _is_later(ends, starts):
        return said
    until = _said(ends, lambda one: short_day(one, day))
    both_days = starts.precision is ends.precision is Precision.DAY
    if both_days and said[0].isdigit() and said.split()[1:] == until.split()[1:]:
        return f"{starts.date.day}–{until}"
    return f"{said} – {until}"


def when_words(seminar: Seminar, day: date) -> str:
    """ "tisdag 3 november 2026, i dag", "oktober 2022 (”i mitten av oktober”)": for a sentence."""
    starts, ends = seminar.starts, seminar.ends
    if not starts.is_known:
        said = "datum ej bestämt" if seminar.status == SeminarStatus.PLANNED else "okänt datum"
    else:
        said = _said(starts, long_day)
        if _is_later(ends, starts):
            if starts.precision is ends.precision is Precision.DAY and starts.date.year == ends.date.year:
                said = said.removesuffix(f" {starts.date.year}")
            said = f"{said} till {_said(ends, long_day)}"
        if starts.precision is Precision.DAY and (near := distance(starts.date, day)):
            said = f"{said}, {near}"
    return f"{said} (”{starts.text}”)" if starts.text else said


def _said(when: ImpreciseDate, in_days) -> str:
    return in_days(when.date) if when.precision is Precision.DAY else str(when.with_text(""))


def _is_later(ends: ImpreciseDate, starts: ImpreciseDate) -> bool:
    return ends.is_known and (ends.date, ends.precision) != (starts.date, starts.precision)


def counted(number: int) -> str:
    """ "Fem", "14": how a sentence begins with a number."""
    return COUNTED[number] if number < len(COUNTED) else str(number)
