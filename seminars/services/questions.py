"""What the services of meetings ask the database, each for all the rows that ask together."""

from collections import defaultdict

from programmes.models import ParticipatingUnit
from programmes.models.parts import with_us
from sbs_portal.db.checking import holds
from sbs_portal.rows import by_model
from sbs_portal.time import Precision, today
from sbs_portal.together import asked
from schools.models import RoleAssignment, SchoolUnit, StaffRole
from schools.models.person import in_role
from seminars.models import (
    Attendance,
    AttendanceStatus,
    Meeting,
    MeetingParticipation,
    MeetingStatus,
    MeetingUnit,
    Outcome,
    SeriesAttendee,
)

HERE = (AttendanceStatus.PRESENT, AttendanceStatus.SUBSTITUTE)


def day_of(meeting: Meeting):
    """The day the register is read for: the meeting's last possible one, today where it has none."""
    return meeting.when.last or today()


def _grouped(pairs) -> dict:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


@asked
def owners_of(rows):
    """The ids of the huvudmän a person or unit is of, as the database has it now.

    Triggers keep the row's ``huvudman_ids``, so one read a while ago may not know.
    """
    found = {}
    for model, some in by_model(rows).items():
        there = model._default_manager.filter(pk__in={row.pk for row in some}).order_by()
        found |= {(model, pk): set(ids) for pk, ids in there.values_list("pk", "huvudman_ids")}
    return [found.get((type(row), row.pk), set()) for row in rows]


@asked
def unit_ids_of(meetings):
    """The ids of the units a meeting is with."""
    links = MeetingUnit.objects.filter(meeting__in={one.pk for one in meetings}).order_by()
    found = _grouped(links.values_list("meeting_id", "unit_id"))
    return [set(found[one.pk]) for one in meetings]


@asked
def participations_at(meetings):
    """The participations a meeting is with, those the reader may see."""
    links = MeetingParticipation.objects.filter(meeting__in={one.pk for one in meetings}).order_by("pk")
    found = _grouped((link.meeting_id, link.participation) for link in links.select_related("participation"))
    return [found[one.pk] for one in meetings]


@asked
def own_units_of(pairs):
    """Of (meeting, huvudman ids): the links to units of those huvudmän."""
    links = MeetingUnit.objects.filter(meeting__in={meeting.pk for meeting, _ in pairs}).order_by("pk")
    units = SchoolUnit.objects.in_bulk(set(links.values_list("unit_id", flat=True)))
    found = _grouped((link.meeting_id, link) for link in links if link.unit_id in units)
    return [
        [link for link in found[meeting.pk] if not owners.isdisjoint(units[link.unit_id].huvudman_ids)]
        for meeting, owners in pairs
    ]


@asked
def units_then(pairs):
    """Of (participations, day): the units that are in any of them that day."""
    wanted = {one.pk for participations, _ in pairs for one in participations}
    members = ParticipatingUnit.objects.filter(participation__in=wanted).select_related("unit")
    found = _grouped((member.participation_id, member) for member in members)
    return [
        [member.unit for one in participations for member in found[one.pk] if holds(with_us(day), member)]
        for participations, day in pairs
    ]


@asked
def seat_of(pairs):
    """Of (person, meeting): role, unit and huvudman there, as the register has them that day.

    Someone who is not employed by a huvudman of the meeting (a process leader) has no huvudman there.
    """
    roles = RoleAssignment.objects.filter(person__in={person.pk for person, _ in pairs}).order_by()
    found = _grouped((role.person_id, role) for role in roles.select_related("huvudman", "unit"))
    return [_seat(found[person.pk], meeting) for person, meeting in pairs]


def _seat(roles: list[RoleAssignment], meeting: Meeting) -> dict:
    then = in_role(day_of(meeting))
    seats = [role for role in roles if holds(then, role)]
    if not seats:
        return {"role": StaffRole.NOT_STATED, "unit": None, "huvudman": None}
    owners = meeting.huvudman_ids
    seat = min(seats, key=lambda one: (one.huvudman_id not in owners, one.unit_id is None, one.pk))
    here = seat.huvudman_id in owners
    return {
        "role": seat.role,
        "unit": seat.unit if here else None,
        "huvudman": seat.huvudman if here else None,
    }


@asked
def expected_at(triples):
    """Of (attendee of a series, meeting, the meeting's unit ids): the people who should come."""
    roles = {attendee.role for attendee, _, _ in triples if not attendee.person_id}
    owners = {pk for _, meeting, _ in triples for pk in meeting.huvudman_ids}
    holders = RoleAssignment.objects.filter(role__in=roles, huvudman_id__in=owners).select_related("person")
    found = _grouped((holder.role, holder) for holder in (holders.order_by("pk") if roles else ()))
    return [
        [attendee.person]
        if attendee.person_id
        else [
            holder.person
            for holder in found[attendee.role]
            if holder.huvudman_id in meeting.huvudman_ids
            and holds(in_role(day_of(meeting)), holder)
            # Who has the role for all of the huvudman has no unit.
            and (
                holder.unit_id == attendee.unit_id
                if attendee.unit_id
                else holder.unit_id is None or holder.unit_id in unit_ids
            )
        ]
        for attendee, meeting, unit_ids in triples
    ]


@asked
def attendees_of(series):
    """Those who should be at a series' meetings."""
    rows = SeriesAttendee.objects.filter(series__in={one.pk for one in series}).order_by("pk")
    found = _grouped((row.series_id, row) for row in rows.select_related("person", "unit"))
    return [found[one.pk] for one in series]


@asked
def coming_of(series):
    """A series' meetings that are planned and not past."""
    coming = Meeting.objects.filter(series__in={one.pk for one in series}).upcoming()
    found = _grouped((meeting.series_id, meeting) for meeting in coming)
    return [found[one.pk] for one in series]


@asked
def attending(meetings):
    """The ids of the people who have a line at the meeting."""
    lines = Attendance.objects.filter(meeting__in={one.pk for one in meetings}).order_by()
    found = _grouped(lines.values_list("meeting_id", "person_id"))
    return [set(found[one.pk]) for one in meetings]


@asked
def named_at(meetings):
    """How many are noted as there, by name, at the meeting."""
    here = Attendance.objects.filter(meeting__in={one.pk for one in meetings}, status__in=HERE).order_by()
    found = _grouped(here.values_list("meeting_id", "pk"))
    return [len(found[one.pk]) for one in meetings]


@asked
def next_number(series):
    """The number of a series' next meeting; those that are made together are numbered in their order."""
    numbers = Meeting.objects.filter(series__in={one.pk for one in series}, number__isnull=False).order_by()
    last = defaultdict(int)
    for pk, number in numbers.values_list("series_id", "number"):
        last[pk] = max(last[pk], number)
    given = []
    for one in series:
        last[one.pk] += 1
        given.append(last[one.pk])
    return given


@asked
def made_before(pairs):
    """Of (meeting, client key): the line that was made when the key was sent first."""
    keys = {key for _, key in pairs}
    lines = Outcome.objects.filter(client_key__in=keys, meeting__in={meeting.pk for meeting, _ in pairs})
    found = {(line.meeting_id, line.client_key): line for line in lines}
    return [found.get((meeting.pk, key)) for meeting, key in pairs]


@asked
def day_after(meetings):
    """The day of the first meeting after this one with any of its participations, None while none is known."""
    links = MeetingParticipation.objects.filter(meeting__in={one.pk for one in meetings}).order_by()
    participations = _grouped(links.values_list("meeting_id", "participation_id"))
    later = (
        MeetingParticipation.objects.filter(
            participation__in={pk for some in participations.values() for pk in some},
            archived_at__isnull=True,
            status__in=[MeetingStatus.PLANNED, MeetingStatus.HELD],
            when_precision=Precision.DAY,
            when_date__gt=min(map(day_of, meetings)),
        )
        .order_by()
        .values_list("participation_id", "when_date", "meeting_id")
    )
    days = defaultdict(list)
    for participation_id, day, meeting_id in later:
        days[participation_id].append((day, meeting_id))
    return [
        min(
            (
                day
                for participation_id in participations[one.pk]
                for day, meeting_id in days[participation_id]
                if day > after and meeting_id != one.pk
            ),
            default=None,
        )
        for one, after in zip(meetings, map(day_of, meetings), strict=True)
    ]
