"""Meetings: series, planning, attendance. Outcomes and cadence have modules of their own and are offered here too."""

from collections.abc import Iterable
from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import ImpreciseDate, Precision, Term, today
from sbs_portal.web.words import when as when_words
from schools.calendar import cadence
from schools.models import Person, RoleAssignment, SchoolUnit, StaffRole
from seminars.models import (
    Attendance,
    AttendanceStatus,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingParticipation,
    MeetingSeries,
    MeetingStatus,
    MeetingUnit,
    SeriesAttendee,
)
from seminars.services.cadence import Proposal, breaks_of, participations_of, propose_next
from seminars.services.lines import LineChanged, belongs, checked, locked, require_going, require_on
from seminars.services.outcome import (
    add_outcome,
    change_outcome,
    complete_action,
    explain_action,
    remove_outcome,
    reopen_action,
    resolve_due_days,
)

__all__ = [
    "LineChanged",
    "Proposal",
    "add_attendee",
    "add_outcome",
    "add_series_attendee",
    "cancel_meeting",
    "change_meeting",
    "change_outcome",
    "change_series",
    "change_series_attendee",
    "complete_action",
    "explain_action",
    "finish_meeting",
    "mark_all_present",
    "plan_meeting",
    "propose_next",
    "record_attendance",
    "remove_outcome",
    "remove_series_attendee",
    "reopen_action",
    "set_total_on_site",
    "start_series",
]

MEETING_FIELDS = ("title", "kind", "when", "start_time", "end_time", "mode", "place", "agenda")
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


@transaction.atomic
def start_series(
    *,
    participation: Participation,
    by,
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
) -> MeetingSeries:
    """Agree how often to meet, and plan the meetings when the series has a start day.

    ``attendees`` are keyword arguments of ``add_series_attendee``. Meetings are planned through
    ``plan_through``; without it through the term after the one the series starts in, and never past ``ends``.
    """
    require(by, Action.MEETING_CHANGE, huvudman_id=participation.huvudman_id)
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
    checked(series)
    series.save()
    for attendee in attendees:
        _add_to_series(series, **attendee)
    if series.starts.precision is Precision.DAY:
        _plan_by_cadence(series, plan_through)
        resolve_due_days([participation])
    settle()
    return series


def _plan_by_cadence(series: MeetingSeries, plan_through: date | None) -> list[Meeting]:
    first = series.starts.date
    last = plan_through or (Term.of(first) + 1).end
    if series.ends.last is not None:
        last = min(last, series.ends.last)
    lov = breaks_of(series.participation, first, last) if series.skips_breaks else []
    return [
        _new_meeting(series=series, participations=[series.participation], when=day, number=number)
        for number, day in enumerate(cadence(first, series.interval_weeks, last, lov), start=1)
    ]


@transaction.atomic
def change_series(*, series: MeetingSeries, by, **changes) -> MeetingSeries:
    """Change what is agreed from now on; meetings already planned stay as they are."""
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    unknown = set(changes) - set(SERIES_FIELDS)
    if unknown:
        raise TypeError(f"change_series takes no {sorted(unknown)}")
    for name, value in changes.items():
        setattr(series, name, value)
    checked(series)
    series.save()
    series.refresh_from_db()
    settle()
    return series


@transaction.atomic
def add_series_attendee(
    *,
    series: MeetingSeries,
    role: str,
    by,
    person: Person | None = None,
    unit: SchoolUnit | None = None,
    is_required: bool = False,
    note: str = "",
) -> SeriesAttendee:
    """Say who should be at the series' meetings: a person, or whoever has the role (at the unit)."""
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    attendee = _add_to_series(series, role=role, person=person, unit=unit, is_required=is_required, note=note)
    series.touch()
    settle()
    return attendee


@transaction.atomic
def change_series_attendee(*, attendee: SeriesAttendee, by) -> SeriesAttendee:
    """Save what has been changed on the row: role, unit, whether they are required, the note."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    _check_belongs(attendee.series, attendee.person, attendee.unit)
    checked(attendee)
    attendee.save()
    attendee.series.touch()
    settle()
    return attendee


@transaction.atomic
def remove_series_attendee(*, attendee: SeriesAttendee, by) -> None:
    """Take someone off the series; meetings already planned keep their lines."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    attendee.delete()
    attendee.series.touch()
    settle()


def _check_belongs(series: MeetingSeries, person: Person | None, unit: SchoolUnit | None) -> None:
    owners = [series.participation.huvudman_id]
    if person is not None and not belongs(person, owners):
        raise ValidationError({"person": "Personen hör inte till deltagandets huvudman."})
    if unit is not None and not belongs(unit, owners):
        raise ValidationError({"unit": "Enheten hör inte till deltagandets huvudman."})


def _add_to_series(
    series: MeetingSeries, *, role, person=None, unit=None, is_required=False, note=""
) -> SeriesAttendee:
    _check_belongs(series, person, unit)
    attendee = SeriesAttendee(
        series=series, role=role, person=person, unit=unit, is_required=is_required, note=note.strip()
    )
    checked(attendee)
    attendee.save()
    return attendee


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
    meeting = _new_meeting(
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


def _new_meeting(*, series, participations, when, units=None, number=None, **fields) -> Meeting:
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
    _set_units(meeting, participations, _units_then(participations, meeting) if units is None else units)
    for attendee in series.attendees.select_related("person", "unit") if series is not None else ():
        _expect(meeting, attendee)
    meeting.refresh_from_db()
    return meeting


def _units_then(participations: list[Participation], meeting: Meeting) -> list[SchoolUnit]:
    day = meeting.when.last or today()
    members = ParticipatingUnit.objects.filter(participation__in=participations).with_us_on(day)
    return [member.unit for member in members.select_related("unit")]


def _set_units(meeting: Meeting, participations: list[Participation], units: Iterable[SchoolUnit]) -> None:
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


def _expect(meeting: Meeting, attendee: SeriesAttendee) -> None:
    """A line for the person who should come; for a role, for all who have it then at the units."""
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
            seat = _seat(person, meeting)
            _new_attendance(
                meeting,
                person,
                role=attendee.role,
                unit=attendee.unit or seat["unit"],
                huvudman=seat["huvudman"],
                is_required=attendee.is_required,
            )


def _seat(person: Person, meeting: Meeting) -> dict:
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


def _new_attendance(meeting: Meeting, person: Person, **fields) -> Attendance:
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
        _set_units(meeting, participations, units)
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


def _require_past(meeting: Meeting) -> None:
    if not meeting.when.is_known:
        raise ValidationError({"when": "Ange när träffen var innan du gör den klar."})
    if meeting.when.first > today():
        raise ValidationError(
            {
                "when": f"Träffen är först {when_words(meeting.when.first, today())}. Ändra dagen om den redan har varit."
            }
        )


@transaction.atomic
def record_attendance(
    *,
    attendance: Attendance,
    status: str | None,
    by,
    substitute_name: str = "",
    version: int | None = None,
) -> Attendance:
    """Note whether someone came; a substitute may be named. ``status`` None takes the note away.

    ``version`` is the line's as the writer read it: LineChanged when someone has noted something else since.
    """
    _require_attendance(by, attendance)
    require_going(attendance.meeting)
    line = locked(attendance)
    status = status or None
    substitute_name = substitute_name.strip()
    if (line.status, line.substitute_name) == (status, substitute_name):
        return line
    if version is not None and version != line.version:
        raise LineChanged(line, "status")
    line.status, line.substitute_name = status, substitute_name
    checked(line)
    line.save()
    line.refresh_from_db()
    line.meeting.touch()
    settle()
    return line


def _require_attendance(by, attendance: Attendance) -> None:
    units = [attendance.unit_id] if attendance.unit_id else []
    require_on(
        by, Action.MEETING_RECORD, attendance.meeting, huvudman_id=attendance.huvudman_id, unit_ids=units
    )


@transaction.atomic
def add_attendee(
    *,
    meeting: Meeting,
    person: Person,
    by,
    role: str = "",
    unit: SchoolUnit | None = None,
    status: str | None = None,
    is_required: bool = False,
) -> Attendance:
    """Add a person of one of the meeting's huvudmän, or of its process leaders. Role and unit come from the
    register where they are not given."""
    seat = _seat(person, meeting)
    unit = unit or seat["unit"]
    owner = seat["huvudman"]
    require_on(
        by,
        Action.MEETING_RECORD,
        meeting,
        huvudman_id=owner.pk if owner else None,
        # Measured where the person works, not where the writer says.
        unit_ids=[seat["unit"].pk] if seat["unit"] else [],
    )
    require_going(meeting)
    if not belongs(person, meeting.huvudman_ids):
        raise ValidationError({"person": "Personen hör inte till någon av huvudmännen på träffen."})
    if unit is not None and not belongs(unit, meeting.huvudman_ids):
        raise ValidationError({"unit": "Enheten hör inte till någon av huvudmännen på träffen."})
    attendance = _new_attendance(
        meeting,
        person,
        huvudman=owner,
        role=role or seat["role"],
        unit=unit,
        status=status or None,
        is_required=is_required,
    )
    meeting.touch()
    settle()
    return attendance


@transaction.atomic
def mark_all_present(*, meeting: Meeting, by) -> int:
    """ "Alla här": every line nobody has noted yet, among those the writer may note. Returns how many."""
    require_on(by, Action.MEETING_RECORD, meeting)
    require_going(meeting)
    unset = meeting.attendances.filter(status__isnull=True).editable_by(by)
    changed = unset.update(status=AttendanceStatus.PRESENT)
    if changed:
        meeting.touch()
    settle()
    return changed


@transaction.atomic
def set_total_on_site(*, meeting: Meeting, total: int | None, by, seen: object = ...) -> Meeting:
    """How many were there, also those who are not named. Never fewer than those who are.

    ``seen`` is the number the writer saw: LineChanged when someone has noted another one since.
    """
    require_on(by, Action.MEETING_CHANGE, meeting)
    require_going(meeting)
    row = locked(meeting)
    if row.total_on_site == total:
        return row
    if seen is not ... and seen != row.total_on_site:
        raise LineChanged(row, "total_on_site")
    named = row.attendances.filter(status__in=[AttendanceStatus.PRESENT, AttendanceStatus.SUBSTITUTE]).count()
    if total is not None and total < named:
        raise ValidationError(
            {"total_on_site": f"{named} är antecknade som här. Totalen kan inte vara lägre."}
        )
    row.total_on_site = total
    checked(row)
    row.save()
    row.refresh_from_db()
    settle()
    return row
