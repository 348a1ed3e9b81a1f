"""Single meetings: planned, changed, moved, cancelled, finished and taken back; with whom, and who is expected."""

from collections.abc import Iterable
from datetime import date, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import ImpreciseDate, Precision, today
from sbs_portal.web.words import when as when_words
from schools.models import Person, RoleAssignment, SchoolUnit, StaffRole
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
from seminars.services.cadence import participations_of
from seminars.services.lines import belongs, checked, locked, require_going, require_on
from seminars.services.outcome import resolve_due_days

# How far several meetings can be moved at once.
MOST_WEEKS = 26
MEETING_FIELDS = ("title", "kind", "when", "start_time", "end_time", "mode", "place", "agenda")


@transaction.atomic
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
) -> Meeting:
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
    meeting = new_meeting(
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
    resolve_due_days(participations)
    settle()
    return meeting


def new_meeting(*, series, participations, when, units=None, number=None, **fields) -> Meeting:
    """A planned meeting with its links and lines. Rights are the caller's to ask."""
    if series is not None:
        highest = series.meetings.aggregate(highest=Max("number"))["highest"] or 0 if number is None else 0
        fields["number"] = number or highest + 1
        for name in ("start_time", "end_time", "place", "mode"):
            fields[name] = fields.get(name) or getattr(series, name)
    fields["mode"] = fields.get("mode") or MeetingMode.ON_SITE
    meeting = Meeting(
        series=series, when=when, huvudman_ids=sorted({one.huvudman_id for one in participations}), **fields
    )
    checked(meeting)
    meeting.save()
    for participation in participations:
        MeetingParticipation.objects.create(meeting=meeting, participation=participation)
    set_units(meeting, participations, _units_then(participations, meeting) if units is None else units)
    for attendee in series.attendees.select_related("person", "unit") if series is not None else ():
        expect(meeting, attendee)
    meeting.refresh_from_db()
    return meeting


def _units_then(participations: list[Participation], meeting: Meeting) -> list[SchoolUnit]:
    day = meeting.when.last or today()
    members = ParticipatingUnit.objects.filter(participation__in=participations).with_us_on(day)
    return [member.unit for member in members.select_related("unit")]


def set_units(meeting: Meeting, participations: list[Participation], units: Iterable[SchoolUnit]) -> None:
    """Exactly these units of the participations' huvudmän. At a meeting shared with others, theirs stay."""
    wanted = {unit.pk: unit for unit in units}
    owners = {one.huvudman_id for one in participations}
    strangers = [str(unit) for unit in wanted.values() if not belongs(unit, owners)]
    if strangers:
        raise ValidationError({"units": f"Hör inte till någon av träffens huvudmän: {', '.join(strangers)}."})
    own = SchoolUnit.objects.filter(huvudman_ids__overlap=sorted(owners))
    meeting.unit_links.filter(unit__in=own).exclude(unit__in=wanted).delete()
    present = set(meeting.unit_links.values_list("unit_id", flat=True))
    for pk, unit in wanted.items():
        if pk not in present:
            MeetingUnit.objects.create(meeting=meeting, unit=unit)


def expect(meeting: Meeting, attendee: SeriesAttendee) -> None:
    """A line for the person who should come; for a role, for all who have it then at the units.

    Who has a line already keeps it as it is.
    """
    if attendee.person_id:
        people = [attendee.person]
    else:
        day = meeting.when.last or today()
        holders = RoleAssignment.objects.active_on(day).filter(
            role=attendee.role, huvudman_id__in=meeting.huvudman_ids
        )
        if attendee.unit_id:
            holders = holders.filter(unit=attendee.unit)
        else:
            # Who has the role for all of the huvudman has no unit.
            holders = holders.filter(Q(unit=None) | Q(unit__in=meeting.unit_links.values("unit_id")))
        people = [holder.person for holder in holders.select_related("person")]
    for person in people:
        if not meeting.attendances.filter(person=person).exists():
            seat = seat_of(person, meeting)
            new_attendance(
                meeting,
                person,
                role=attendee.role,
                unit=attendee.unit or seat["unit"],
                huvudman=seat["huvudman"],
                is_required=attendee.is_required,
            )


def seat_of(person: Person, meeting: Meeting) -> dict:
    """The person's role, unit and huvudman at the meeting, as the register has it that day.

    Someone who is not employed by a huvudman of the meeting (a process leader) has no huvudman there.
    """
    day = meeting.when.last or today()
    seats = RoleAssignment.objects.active_on(day).filter(person=person).select_related("huvudman", "unit")
    seats = sorted(
        seats, key=lambda seat: (seat.huvudman_id not in meeting.huvudman_ids, seat.unit_id is None, seat.pk)
    )
    if not seats:
        return {"role": StaffRole.NOT_STATED, "unit": None, "huvudman": None}
    seat = seats[0]
    here = seat.huvudman_id in meeting.huvudman_ids
    return {
        "role": seat.role,
        "unit": seat.unit if here else None,
        "huvudman": seat.huvudman if here else None,
    }


def new_attendance(meeting: Meeting, person: Person, **fields) -> Attendance:
    """A checked line of one person."""
    attendance = Attendance(meeting=meeting, person=person, **fields)
    checked(attendance)
    attendance.save()
    return attendance


@transaction.atomic
def change_meeting(*, meeting: Meeting, by, units: Iterable[SchoolUnit] | None = None, **changes) -> Meeting:
    """Change when, where, what it is about and which units it is with."""
    require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    unknown = set(changes) - set(MEETING_FIELDS)
    if unknown:
        raise TypeError(f"change_meeting takes no {sorted(unknown)}")
    for name, value in changes.items():
        setattr(meeting, name, value.strip() if isinstance(value, str) else value)
    if meeting.status == MeetingStatus.HELD:
        _require_past(meeting)
    checked(meeting)
    meeting.save()
    participations = participations_of(meeting)
    if units is not None:
        set_units(meeting, participations, units)
        meeting.touch()
    if "when" in changes:
        resolve_due_days(participations)
    meeting.refresh_from_db()
    settle()
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by) -> Meeting:
    """Cancel a planned meeting, with a reason. What was due at it is due at the one after."""
    require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    if meeting.status == MeetingStatus.HELD:
        raise ValidationError("Träffen är redan hållen och går inte att ställa in.")
    if not reason.strip():
        raise ValidationError({"cancelled_reason": "Skriv varför träffen är inställd."})
    meeting.status, meeting.cancelled_reason = MeetingStatus.CANCELLED, reason.strip()
    checked(meeting)
    meeting.save()
    resolve_due_days(participations_of(meeting))
    meeting.refresh_from_db()
    settle()
    return meeting


@transaction.atomic
def finish_meeting(*, meeting: Meeting, by) -> Meeting:
    """The meeting has been held. One that lies ahead, is cancelled or has no date cannot have been."""
    require_on(by, Action.MEETING_CHANGE, meeting)
    require_going(meeting)
    if meeting.status == MeetingStatus.HELD:
        return meeting
    _require_past(meeting)
    meeting.status = MeetingStatus.HELD
    checked(meeting)
    meeting.save()
    meeting.refresh_from_db()
    settle()
    return meeting


@transaction.atomic
def reopen_meeting(*, meeting: Meeting, by) -> Meeting:
    """The meeting is planned again: one cancelled after all is held, or one marked held too early. Its notes stay.

    Who may finish a meeting may take it back; who may cancel it may take that back.
    """
    require_on(by, Action.MEETING_CHANGE, meeting, every=meeting.status == MeetingStatus.CANCELLED)
    if meeting.status == MeetingStatus.PLANNED:
        return meeting
    meeting.status, meeting.cancelled_reason = MeetingStatus.PLANNED, ""
    checked(meeting)
    meeting.save()
    resolve_due_days(participations_of(meeting))
    meeting.refresh_from_db()
    settle()
    return meeting


@transaction.atomic
def move_meeting(*, meeting: Meeting, to: ImpreciseDate | date, reason: str, by) -> Meeting:
    """Move a planned meeting to another day, with a reason."""
    require_on(by, Action.MEETING_CHANGE, meeting, every=True)
    if meeting.status != MeetingStatus.PLANNED:
        raise ValidationError("Bara en planerad träff kan flyttas.")
    if not reason.strip():
        raise ValidationError({"moved_reason": "Skriv varför träffen flyttas."})
    meeting.when, meeting.moved_reason = to, reason.strip()
    checked(meeting)
    meeting.save()
    resolve_due_days(participations_of(meeting))
    meeting.refresh_from_db()
    settle()
    return meeting


def _chosen(meetings: Iterable[Meeting], series: MeetingSeries | None) -> list[Meeting]:
    """The meetings in order of their ids, so that two who change many do not wait for each other."""
    chosen = sorted(meetings, key=lambda meeting: meeting.pk)
    if not chosen:
        raise ValidationError({"meetings": "Välj minst en träff."})
    if series is not None and any(meeting.series_id != series.pk for meeting in chosen):
        raise ValidationError({"meetings": "Välj bland seriens träffar."})
    return [locked(meeting) for meeting in chosen]


@transaction.atomic
def cancel_meetings(
    *, meetings: Iterable[Meeting], reason: str, by, series: MeetingSeries | None = None
) -> list[Meeting]:
    """Cancel several, all or none; with ``series`` they are to be of it."""
    return [cancel_meeting(meeting=meeting, reason=reason, by=by) for meeting in _chosen(meetings, series)]


@transaction.atomic
def move_meetings(
    *, meetings: Iterable[Meeting], weeks: int, reason: str, by, series: MeetingSeries | None = None
) -> list[Meeting]:
    """Move several by as many weeks, forwards or back, all or none. Those without a known day stay out of it."""
    chosen = _chosen(meetings, series)
    if not weeks or abs(weeks) > MOST_WEEKS:
        raise ValidationError({"weeks": f"Flytta 1 till {MOST_WEEKS} veckor."})
    if any(meeting.when.precision is not Precision.DAY for meeting in chosen):
        raise ValidationError({"meetings": "Bara träffar med en bestämd dag kan flyttas veckovis."})
    step = timedelta(weeks=weeks)
    return [
        move_meeting(meeting=meeting, to=meeting.when.date + step, reason=reason, by=by) for meeting in chosen
    ]


def _require_past(meeting: Meeting) -> None:
    if not meeting.when.is_known:
        raise ValidationError({"when": "Ange när träffen var innan du gör den klar."})
    if meeting.when.first > today():
        raise ValidationError(
            {
                "when": f"Träffen är först {when_words(meeting.when.first, today())}. Ändra dagen om den redan har varit."
            }
        )
