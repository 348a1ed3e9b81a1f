"""Single meetings: planned, changed, moved, cancelled, finished and taken back; with whom, and who is expected."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.rows import locked, removed, reread, saved, touched
from sbs_portal.scope import require
from sbs_portal.time import ImpreciseDate, Precision, today
from sbs_portal.together import Steps, each, every, service
from sbs_portal.web.words import when as when_words
from schools.models import SchoolUnit
from seminars.models import (
    Attendance,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingParticipation,
    MeetingSeries,
    MeetingStatus,
    MeetingUnit,
    SeriesAttendee,
)
from seminars.services.lines import checked, require_going, require_on
from seminars.services.outcome import due_days_resolved
from seminars.services.questions import (
    attendees_of,
    attending,
    day_of,
    expected_at,
    next_number,
    own_units_of,
    owners_of,
    participations_at,
    seat_of,
    unit_ids_of,
    units_then,
)

# How far several meetings can be moved at once.
MOST_WEEKS = 26
MEETING_FIELDS = ("title", "kind", "when", "start_time", "end_time", "mode", "place", "agenda")


@service
def plan_meeting(
    *,
    participations: Iterable[Participation],
    when: ImpreciseDate | date | None,
    by,
    series: MeetingSeries | None = None,
    units: Iterable[SchoolUnit] | None = None,
    kind: str = MeetingKind.PROCESS,
    title: str = "",
    start_time: time | None = None,
    end_time: time | None = None,
    mode: str = "",
    place: str = "",
    agenda: str = "",
) -> Steps[Meeting]:
    """Plan a meeting with one or several participations.

    ``when`` may be a month or unknown. Without ``units`` it is with every unit of the participations that day.
    What the series says (time, place, who should be there) holds where nothing else is said.
    """
    participations = list(participations)
    if not participations:
        raise ValidationError({"participations": "Ange vilket deltagande träffen är med."})
    for participation in participations:
        require(by, Action.MEETING_CHANGE, huvudman_id=participation.huvudman_id)
    if series is not None and series.participation_id not in {one.pk for one in participations}:
        raise ValidationError({"series": "Serien hör till ett annat deltagande."})
    meeting = yield from new_meeting.steps(
        series=series,
        participations=participations,
        when=when,
        units=units,
        kind=kind,
        title=title.strip(),
        start_time=start_time,
        end_time=end_time,
        mode=mode,
        place=place.strip(),
        agenda=agenda.strip(),
    )
    yield due_days_resolved(participations)
    return meeting


@service
def new_meeting(*, series, participations, when, units=None, number=None, **fields) -> Steps[Meeting]:
    """A planned meeting with its links and lines. Rights are the caller's to ask."""
    attendees = []
    if series is not None:
        fields["number"] = number or (yield next_number(series))
        for name in ("start_time", "end_time", "place", "mode"):
            fields[name] = fields.get(name) or getattr(series, name)
        attendees = yield attendees_of(series)
    fields["mode"] = fields.get("mode") or MeetingMode.ON_SITE
    meeting = Meeting(
        series=series, when=when, huvudman_ids=sorted({one.huvudman_id for one in participations}), **fields
    )
    yield checked(meeting)
    yield saved(meeting)
    yield from each(saved(MeetingParticipation(meeting=meeting, participation=one)) for one in participations)
    if units is None:
        units = yield units_then(participations, day_of(meeting))
    yield from set_units(meeting, participations, units)
    if attendees:
        yield from expect.steps(meeting, attendees)
    yield reread(meeting)
    return meeting


def set_units(meeting: Meeting, participations: list[Participation], units: Iterable[SchoolUnit]) -> Steps:
    """Exactly these units of the participations' huvudmän. At a meeting shared with others, theirs stay."""
    wanted = {unit.pk: unit for unit in units}
    owners = {one.huvudman_id for one in participations}
    theirs = yield from each(owners_of(unit) for unit in wanted.values())
    strangers = [
        str(unit) for unit, those in zip(wanted.values(), theirs, strict=True) if those.isdisjoint(owners)
    ]
    if strangers:
        raise ValidationError({"units": f"Hör inte till någon av träffens huvudmän: {', '.join(strangers)}."})
    own = yield own_units_of(meeting, owners)
    yield from each(removed(link) for link in own if link.unit_id not in wanted)
    present = yield unit_ids_of(meeting)
    yield from each(
        saved(MeetingUnit(meeting=meeting, unit=unit)) for pk, unit in wanted.items() if pk not in present
    )


@service
def expect(meeting: Meeting, attendees: Iterable[SeriesAttendee]) -> Steps:
    """A line for each person who should come; for a role, for all who have it then at the units.

    Who has a line already keeps it as it is.
    """
    attendees = list(attendees)
    units, there = (yield unit_ids_of(meeting)), (yield attending(meeting))
    people = yield from each(expected_at(attendee, meeting, units) for attendee in attendees)
    coming = {}
    for attendee, some in zip(attendees, people, strict=True):
        for person in some:
            if person.pk not in there:
                coming.setdefault(person, attendee)
    seats = yield from each(seat_of(person, meeting) for person in coming)
    lines = [
        Attendance(
            meeting=meeting,
            person=person,
            role=attendee.role,
            unit=attendee.unit or seat["unit"],
            huvudman=seat["huvudman"],
            is_required=attendee.is_required,
        )
        for (person, attendee), seat in zip(coming.items(), seats, strict=True)
    ]
    yield from each(checked(line) for line in lines)
    yield from each(saved(line) for line in lines)


@service
def change_meeting(
    *, meeting: Meeting, by, units: Iterable[SchoolUnit] | None = None, **changes
) -> Steps[Meeting]:
    """Change when, where, what it is about and which units it is with."""
    yield from require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    unknown = set(changes) - set(MEETING_FIELDS)
    if unknown:
        raise TypeError(f"change_meeting takes no {sorted(unknown)}")
    for name, value in changes.items():
        setattr(meeting, name, value.strip() if isinstance(value, str) else value)
    if meeting.status == MeetingStatus.HELD:
        _require_past(meeting)
    yield checked(meeting)
    yield saved(meeting)
    if units is not None:
        yield from set_units(meeting, (yield participations_at(meeting)), units)
        yield touched(meeting)
    if "when" in changes:
        yield due_days_resolved((yield participations_at(meeting)))
    return (yield reread(meeting))


@service
def cancel_meeting(*, meeting: Meeting, reason: str, by) -> Steps[Meeting]:
    """Cancel a planned meeting, with a reason. What was due at it is due at the one after."""
    yield from require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    if meeting.status == MeetingStatus.HELD:
        raise ValidationError("Träffen är redan hållen och går inte att ställa in.")
    if not reason.strip():
        raise ValidationError({"cancelled_reason": "Skriv varför träffen är inställd."})
    meeting.status, meeting.cancelled_reason = MeetingStatus.CANCELLED, reason.strip()
    return (yield from _replanned(meeting))


@service
def finish_meeting(*, meeting: Meeting, by) -> Steps[Meeting]:
    """The meeting has been held. One that lies ahead, is cancelled or has no date cannot have been."""
    yield from require_on(by, Action.MEETING_CHANGE, meeting)
    require_going(meeting)
    if meeting.status == MeetingStatus.HELD:
        return meeting
    _require_past(meeting)
    meeting.status = MeetingStatus.HELD
    yield checked(meeting)
    yield saved(meeting)
    return (yield reread(meeting))


@service
def reopen_meeting(*, meeting: Meeting, by) -> Steps[Meeting]:
    """The meeting is planned again: one cancelled after all is held, or one marked held too early. Its notes stay.

    Who may finish a meeting may take it back; who may cancel it may take that back.
    """
    yield from require_on(by, Action.MEETING_CHANGE, meeting, every=meeting.status == MeetingStatus.CANCELLED)
    if meeting.status == MeetingStatus.PLANNED:
        return meeting
    meeting.status, meeting.cancelled_reason = MeetingStatus.PLANNED, ""
    return (yield from _replanned(meeting))


@service
def move_meeting(*, meeting: Meeting, to: ImpreciseDate | date, reason: str, by) -> Steps[Meeting]:
    """Move a planned meeting to another day, with a reason."""
    yield from require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    if meeting.status != MeetingStatus.PLANNED:
        raise ValidationError("Bara en planerad träff kan flyttas.")
    if not reason.strip():
        raise ValidationError({"moved_reason": "Skriv varför träffen flyttas."})
    meeting.when, meeting.moved_reason = to, reason.strip()
    return (yield from _replanned(meeting))


def _replanned(meeting: Meeting) -> Steps[Meeting]:
    """Saved, and what was due at it or at the one after has its day."""
    yield checked(meeting)
    yield saved(meeting)
    yield due_days_resolved((yield participations_at(meeting)))
    return (yield reread(meeting))


def _chosen(meetings: Iterable[Meeting], series: MeetingSeries | None) -> Steps[list[Meeting]]:
    """The meetings in order of their ids, as they are now."""
    chosen = sorted(meetings, key=lambda meeting: meeting.pk)
    if not chosen:
        raise ValidationError({"meetings": "Välj minst en träff."})
    if series is not None and any(meeting.series_id != series.pk for meeting in chosen):
        raise ValidationError({"meetings": "Välj bland seriens träffar."})
    return (yield from each(locked(meeting) for meeting in chosen))


@service
def cancel_meetings(
    *, meetings: Iterable[Meeting], reason: str, by, series: MeetingSeries | None = None
) -> Steps[list[Meeting]]:
    """Cancel several, all or none; with ``series`` they are to be of it."""
    chosen = yield from _chosen(meetings, series)
    return (
        yield from every(cancel_meeting.steps(meeting=meeting, reason=reason, by=by) for meeting in chosen)
    )


@service
def move_meetings(
    *, meetings: Iterable[Meeting], weeks: int, reason: str, by, series: MeetingSeries | None = None
) -> Steps[list[Meeting]]:
    """Move several by as many weeks, forwards or back, all or none. Those without a known day stay out of it."""
    chosen = yield from _chosen(meetings, series)
    if not weeks or abs(weeks) > MOST_WEEKS:
        raise ValidationError({"weeks": f"Flytta 1 till {MOST_WEEKS} veckor."})
    if any(meeting.when.precision is not Precision.DAY for meeting in chosen):
        raise ValidationError({"meetings": "Bara träffar med en bestämd dag kan flyttas veckovis."})
    step = timedelta(weeks=weeks)
    return (
        yield from every(
            move_meeting.steps(meeting=meeting, to=meeting.when.date + step, reason=reason, by=by)
            for meeting in chosen
        )
    )


def _require_past(meeting: Meeting) -> None:
    if not meeting.when.is_known:
        raise ValidationError({"when": "Ange när träffen var innan du gör den klar."})
    if meeting.when.first > today():
        raise ValidationError(
            {
                "when": f"Träffen är först {when_words(meeting.when.first, today())}. Ändra dagen om den redan har varit."
            }
        )
