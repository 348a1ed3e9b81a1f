"""Meeting series: how often a participation meets, who should come, and the meetings planned by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.rows import reread, saved, touched
from sbs_portal.scope import require
from sbs_portal.time import ImpreciseDate, Precision, SchoolYear, Term, today
from sbs_portal.together import Steps, each, every, service
from schools.calendar import Break, cadence, is_school_day, public_holidays, school_weeks_between
from schools.models import SchoolUnit
from schools.services.calendar import calendar_entered
from schools.validators import usable_day
from seminars.models import (
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingSeries,
    MeetingStatus,
)
from seminars.services.cadence import breaks_of_all, participations_of
from seminars.services.lines import checked, require_on
from seminars.services.outcome import due_days_resolved
from seminars.services.planning import cancel_meeting, new_meeting
from seminars.services.series_attendees import add_to_series

# How far ahead meetings are planned at most.
MOST_AHEAD = timedelta(days=3 * 366)
PLACING = ("start_time", "end_time", "place", "mode", "interval_weeks", "skips_breaks")
SERIES_FIELDS = (
    "title",
    "interval_weeks",
    "skips_breaks",
    "starts",
    "ends",
    "start_time",
    "end_time",
    "place",
    "mode",
)


@service
def start_series(
    *,
    participation: Participation,
    by,
    other_participations: Iterable[Participation] = (),
    interval_weeks: int = 3,
    starts: ImpreciseDate | date | None = None,
    ends: ImpreciseDate | date | None = None,
    skips_breaks: bool = True,
    start_time: time | None = None,
    end_time: time | None = None,
    place: str = "",
    mode: str = MeetingMode.ON_SITE,
    title: str = "Träff med processledaren",
    attendees: Iterable[dict] = (),
    plan_through: date | None = None,
    units: Iterable[SchoolUnit] | None = None,
    kind: str = MeetingKind.PROCESS,
) -> Steps[MeetingSeries]:
    """Agree how often to meet, and plan the meetings when the series has a start day.

    The series is the participation's; its meetings are with the ``other_participations`` too, which takes the
    right at each of them, and step around the lov of all.
    ``attendees`` are keyword arguments of ``add_series_attendee``. Meetings are planned through
    ``plan_through``; without it through the term after the one the series starts in, and never past ``ends``.
    They are of the ``kind``, with the ``units`` (without them: all that are in the participation that day).
    """
    participations = list(dict.fromkeys([participation, *other_participations]))
    for one in participations:
        require(by, Action.MEETING_CHANGE, huvudman_id=one.huvudman_id)
    series = MeetingSeries(
        participation=participation,
        title=title.strip(),
        interval_weeks=interval_weeks,
        skips_breaks=skips_breaks,
        starts=starts,
        ends=ends,
        start_time=start_time,
        end_time=end_time,
        place=place.strip(),
        mode=mode,
    )
    _check_times(series)
    yield checked(series)
    yield saved(series)
    lacks_day = series.starts.precision is not Precision.DAY
    if lacks_day and len(participations) > 1:
        raise ValidationError({"starts": "Ange vilken dag den första träffen är."})
    yield from every(add_to_series(series, participations, **attendee) for attendee in attendees)
    if not lacks_day:
        yield from _plan_by_cadence(series, participations, plan_through, units=units, kind=kind)
        yield due_days_resolved(participations)
    return series


def _check_times(series: MeetingSeries) -> None:
    """What holds for a meeting holds for the series it takes its hours from."""
    if series.start_time and series.end_time and series.end_time <= series.start_time:
        raise ValidationError({"end_time": "Träffen kan inte sluta före den börjar."})


@dataclass(frozen=True)
class PlannedDay:
    """A day the cadence gives: how far from the one before, the lov passed over, and why it is another weekday."""

    day: date
    school_weeks: int | None
    skipped: tuple[str, ...]
    instead_of: str
    free: str


def last_day_of(starts: date, ends: ImpreciseDate, plan_through: date | None = None) -> date:
    """How far meetings are planned: to ``plan_through``, else the end of the next term, never past ``ends``."""
    usable_day(starts, "starts")
    last = plan_through or (Term.of(starts) + 1).end
    usable_day(last, "plan_through")
    if last > starts + MOST_AHEAD:
        raise ValidationError({"plan_through": "Planera högst tre år framåt."})
    return min(last, ends.last) if ends.last is not None else last


def preview(
    *,
    participations: Iterable[Participation],
    starts: date,
    interval_weeks: int,
    skips_breaks: bool,
    through: date,
) -> list[PlannedDay]:
    """The days a series would have, with what the school calendars do to them."""
    lov = breaks_of_all(participations, starts, through)
    days = cadence(starts, interval_weeks, through, lov if skips_breaks else [])
    return [
        PlannedDay(
            day=day,
            school_weeks=school_weeks_between(before, day, lov) if before else None,
            skipped=_passed(before, day, lov) if before and skips_breaks else (),
            instead_of=_why_moved(day, starts, lov) if skips_breaks else "",
            free="" if is_school_day(day, lov) else _name_of_free(day, lov),
        )
        for before, day in zip([None, *days], days, strict=False)
    ]


def calendar_is_missing(participations: Iterable[Participation], first: date, last: date) -> bool:
    """Whether lov are unknown, for one of the participations, for a läsår the days reach into."""
    kommuner = {one.huvudman.municipality for one in participations}
    year, until = SchoolYear.of(first), SchoolYear.of(last)
    while year <= until:
        if not all(calendar_entered(kommun, year) for kommun in kommuner):
            return True
        year += 1
    return False


def _passed(first: date, last: date, lov: list[Break]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.name for one in lov if first < one.first and one.last < last))


def _why_moved(day: date, starts: date, lov: list[Break]) -> str:
    wanted = day + timedelta(days=starts.weekday() - day.weekday())
    return "" if wanted == day else _name_of_free(wanted, lov)


def _name_of_free(day: date, lov: list[Break]) -> str:
    """ "sportlov", "Kristi himmelsfärdsdag", "ingen skoldag"."""
    named = [public_holidays(day.year).get(day), *(one.name for one in lov if day in one)]
    return next(filter(None, named), "ingen skoldag")


def _plan_by_cadence(
    series: MeetingSeries, participations: list[Participation], plan_through: date | None, **fields
) -> Steps[list[Meeting]]:
    first = series.starts.date
    last = last_day_of(first, series.ends, plan_through)
    lov = breaks_of_all(participations, first, last) if series.skips_breaks else []
    return (
        yield from every(
            new_meeting.steps(series=series, participations=participations, when=day, number=number, **fields)
            for number, day in enumerate(cadence(first, series.interval_weeks, last, lov), start=1)
        )
    )


@service
def extend_series(
    *, series: MeetingSeries, through: date, by, units: Iterable[SchoolUnit] | None = None
) -> Steps[list[Meeting]]:
    """Plan more meetings at the agreed interval, from the last one's day through a day, with whom that one is."""
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    dated = (
        series.meetings.in_use().filter(when_precision=Precision.DAY).exclude(status=MeetingStatus.CANCELLED)
    )
    last = dated.order_by("-when_date").first()
    if last is None:
        raise ValidationError({"through": "Planera seriens första träff först."})
    yield from require_on(by, Action.MEETING_CHANGE, last, every=True)
    usable_day(through, "through")
    if through > today() + MOST_AHEAD:
        raise ValidationError({"through": "Planera högst tre år framåt."})
    if series.ends.last is not None and through > series.ends.last:
        raise ValidationError({"through": "Serien slutar före den dagen."})
    participations = participations_of(last)
    lov = breaks_of_all(participations, last.when.date, through) if series.skips_breaks else []
    days = cadence(last.when.date, series.interval_weeks, through, lov)[1:]
    if not days:
        raise ValidationError({"through": "Ingen träff hinner bli av till dess. Välj en senare dag."})
    made = yield from every(
        new_meeting.steps(series=series, participations=participations, when=day, units=units, kind=last.kind)
        for day in days
    )
    yield due_days_resolved(participations)
    yield touched(series)
    return made


@service
def change_series(*, series: MeetingSeries, by, **changes) -> Steps[MeetingSeries]:
    """Change what is agreed from now on; meetings already planned stay as they are."""
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    unknown = set(changes) - set(SERIES_FIELDS)
    if unknown:
        raise TypeError(f"change_series takes no {sorted(unknown)}")
    for name, value in changes.items():
        setattr(series, name, value)
    _check_times(series)
    yield checked(series)
    yield saved(series)
    return (yield reread(series))


@service
def change_from(
    *, series: MeetingSeries, meeting: Meeting, by, starts: date | None = None, **changes
) -> Steps[MeetingSeries]:
    """Change the series and its planned meetings from ``meeting`` on.

    They are as many as before: the first on ``starts`` (its own day unless said), the others at the interval from there, the same weekday.
    Meetings that were held, or cancelled, or have no day, stay as they are.
    """
    before = {name: getattr(series, name) for name in PLACING}
    series = yield from change_series.steps(series=series, by=by, **changes)
    planned = series.meetings.in_use().filter(status=MeetingStatus.PLANNED, when_precision=Precision.DAY)
    if meeting.when.precision is Precision.DAY:
        planned = planned.filter(when_date__gte=meeting.when.date)
    coming = list(planned.select_for_update(of=("self",)).order_by("when_date", "start_time", "pk"))
    if meeting not in coming:
        raise ValidationError({"meeting": "Träffen är inte längre en av seriens planerade. Välj en annan."})
    for one in coming:
        yield from require_on(by, Action.MEETING_CHANGE, one, every=True)
    participations = participations_of(meeting)
    starts = starts or meeting.when.date
    usable_day(starts, "starts")
    redated = starts != meeting.when.date or any(
        getattr(series, name) != before[name] for name in ("interval_weeks", "skips_breaks")
    )
    days = (
        _days_from(series, participations, starts, len(coming))
        if redated
        else [one.when.date for one in coming]
    )
    if series.ends.last is not None and days[-1] > series.ends.last:
        raise ValidationError({"interval_weeks": "Några träffar hamnar då efter seriens slut."})
    for one, day in zip(coming, days, strict=True):
        if one.when.date != day:
            one.when = day
        for name in ("start_time", "end_time", "place", "mode"):
            if getattr(series, name) != before[name]:
                setattr(one, name, getattr(series, name))
    yield from each(checked(one) for one in coming)
    yield from each(saved(one) for one in coming)
    yield due_days_resolved(participations)
    return series


def _days_from(
    series: MeetingSeries, participations: list[Participation], starts: date, number: int
) -> list[date]:
    # Twice the interval leaves room for lov, and a year more for the summer.
    through = starts + timedelta(weeks=2 * series.interval_weeks * number, days=366)
    lov = breaks_of_all(participations, starts, through) if series.skips_breaks else []
    return cadence(starts, series.interval_weeks, through, lov)[:number]


@service
def end_series(*, series: MeetingSeries, on: date, reason: str, by) -> Steps[MeetingSeries]:
    """The series ends on a day. What is planned after it is cancelled with the reason."""
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    after = series.meetings.in_use().filter(status=MeetingStatus.PLANNED, when_date__gt=on).order_by("pk")
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför serien avslutas."})
    series = yield from change_series.steps(series=series, by=by, ends=ImpreciseDate.day(on))
    coming = after.select_for_update(of=("self",))
    yield from every(cancel_meeting.steps(meeting=meeting, reason=reason, by=by) for meeting in coming)
    return series
