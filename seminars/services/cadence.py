"""How often a participation meets: the agreed interval, the next day it gives, and the gaps that are too long.

Weeks are school weeks: three weeks across a sportlov are not late.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from django.db.models import F

from programmes.models import Participation
from programmes.terms import in_words
from sbs_portal.time import Precision, SchoolYear, today
from sbs_portal.web.words import long_date
from schools.calendar import Break, nth_school_week_after, school_weeks_between
from schools.services.calendar import Calendars, breaks_by_municipality, breaks_for, calendar_entered
from seminars.models import Meeting, MeetingSeries, MeetingStatus

# How far ahead lov are looked up for one proposal: an interval is at most 26 school weeks.
REACH = timedelta(days=370)


@dataclass(frozen=True)
class Proposal:
    """A day for the next meeting, ``school_weeks`` after the last one; ``breaks`` are the lov in between."""

    day: date
    school_weeks: int
    start_time: time | None
    end_time: time | None
    place: str
    mode: str
    breaks: tuple[str, ...]
    calendar_missing: bool

    @property
    def day_words(self) -> str:
        """ "26 november"."""
        return long_date(self.day).rpartition(" ")[0]

    @property
    def weeks_words(self) -> str:
        return weeks_words(self.school_weeks)


@dataclass(frozen=True)
class LongGap:
    """Two meetings further apart than agreed; ``last`` is the day of today when the gap is still open."""

    first: date
    last: date
    school_weeks: int
    agreed: int
    is_open: bool


def weeks_words(weeks: int) -> str:
    """ "en skolvecka", "tre skolveckor", "14 skolveckor"."""
    return f"{in_words(weeks)} {'skolvecka' if weeks == 1 else 'skolveckor'}"


def series_of(participation: Participation) -> MeetingSeries | None:
    """The latest agreement on how often to meet."""
    return MeetingSeries.objects.filter(participation=participation).order_by("-pk").first()


def participations_of(meeting: Meeting) -> list[Participation]:
    """The participations the meeting is with, those the reader may see."""
    links = meeting.participation_links.select_related(
        "participation__huvudman__municipality", "participation__programme"
    )
    return [link.participation for link in links.order_by("pk")]


def partners_of(series: MeetingSeries) -> list[Participation]:
    """The participations that the series' meetings are with, its own first: those of its latest meeting."""
    meetings = series.meetings.in_use().exclude(status=MeetingStatus.CANCELLED)
    latest = meetings.order_by(F("when_date").desc(nulls_last=True), "-pk").first()
    others = participations_of(latest) if latest else []
    return list(dict.fromkeys([series.participation, *others]))


def breaks_of(participation: Participation, first: date, last: date) -> list[Break]:
    """The lov that the participation's pupils have."""
    return breaks_for(participation.huvudman.municipality, first, last)


def breaks_of_all(participations: Iterable[Participation], first: date, last: date) -> list[Break]:
    """The lov that some of the participations' pupils have: who meet together meet when all have school."""
    found = breaks_by_municipality({one.huvudman.municipality_id for one in participations}, first, last)
    lov = {one for some in found.values() for one in some}
    return sorted(lov, key=lambda one: (one.first, one.last, one.name))


def propose_next(*, meeting: Meeting) -> Proposal | None:
    """The first day after the meeting, and not past, that the agreed interval gives.

    None when the meeting's day or the interval is not known.
    """
    participation = next(iter(participations_of(meeting)), None)
    series = meeting.series or (series_of(participation) if participation else None)
    if participation is None or series is None or meeting.when.precision is not Precision.DAY:
        return None
    start = meeting.when.date
    lov = breaks_of(participation, start, max(start, today()) + REACH) if series.skips_breaks else []
    day = nth_school_week_after(start, series.interval_weeks, lov)
    while day < today():
        day = nth_school_week_after(day, series.interval_weeks, lov)
    return Proposal(
        day=day,
        school_weeks=school_weeks_between(start, day, lov),
        start_time=meeting.start_time or series.start_time,
        end_time=meeting.end_time or series.end_time,
        place=meeting.place or series.place,
        mode=meeting.mode,
        breaks=tuple(dict.fromkeys(one.name for one in lov if start < one.first and one.last < day)),
        calendar_missing=not calendar_entered(participation.huvudman.municipality, SchoolYear.of(day)),
    )


def long_gaps(
    days: Iterable[date], agreed: int, breaks: Sequence[Break], *, until: date | None
) -> list[LongGap]:
    """Where meetings lie more school weeks apart than agreed; ``until`` is the last day that counts (None: none
    after the last meeting)."""
    days = sorted(set(days))
    gaps = []
    for first, last in pairwise(days):
        if (last - first).days <= 7 * agreed:
            continue  # No more weeks than agreed, school or not.
        weeks = school_weeks_between(first, last, breaks)
        if weeks > agreed:
            gaps.append(LongGap(first, last, weeks, agreed, is_open=False))
    if days and until is not None and until > days[-1]:
        weeks = school_weeks_between(days[-1], until, breaks)
        if weeks > agreed:
            gaps.append(LongGap(days[-1], until, weeks, agreed, is_open=True))
    return gaps


def gaps_of(
    participation: Participation,
    meetings: Sequence[Meeting],
    on: date,
    *,
    series: MeetingSeries | None,
    calendars: Calendars,
) -> list[LongGap]:
    """The participation's gaps up to a day. Nothing after ``known_through`` is a gap, nor what has no agreement."""
    held = [
        m.when.date for m in meetings if m.status == MeetingStatus.HELD and m.when.precision is Precision.DAY
    ]
    if series is None or not held:
        return []
    known = participation.known_through
    until = None if participation.is_over else min(on, known) if known else on
    lov = calendars.breaks(min(held), max(*held, on)) if series.skips_breaks else []
    return long_gaps(held, series.interval_weeks, lov, until=until)
