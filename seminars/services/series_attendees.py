"""Who should be at a series' meetings: people, or whoever has a role."""

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.rows import saved, touched
from sbs_portal.scope import require, settle
from sbs_portal.together import Steps, every, service
from schools.models import Person, SchoolUnit
from seminars.models import Attendance, MeetingSeries, SeriesAttendee
from seminars.services.cadence import partners_of
from seminars.services.lines import belongs, checked
from seminars.services.planning import expect
from seminars.services.questions import coming_of


@service
def add_series_attendee(
    *,
    series: MeetingSeries,
    role: str,
    by,
    person: Person | None = None,
    unit: SchoolUnit | None = None,
    is_required: bool = False,
    note: str = "",
) -> Steps[SeriesAttendee]:
    """Say who should be at the series' meetings: a person, or whoever has the role (at the unit).

    They are expected at the meetings that are planned already too.
    """
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    attendee = yield from add_to_series(
        series,
        partners_of(series),
        role=role,
        person=person,
        unit=unit,
        is_required=is_required,
        note=note,
    )
    coming = yield coming_of(series)
    yield from every(expect.steps(meeting, [attendee]) for meeting in coming)
    yield touched(series)
    return attendee


@service
def change_series_attendee(*, attendee: SeriesAttendee, by) -> Steps[SeriesAttendee]:
    """Save what has been changed on the row: role, unit, whether they are required, the note."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    yield from _check_belongs(partners_of(attendee.series), attendee.person, attendee.unit)
    yield checked(attendee)
    yield saved(attendee)
    yield touched(attendee.series)
    return attendee


@transaction.atomic
def remove_series_attendee(*, attendee: SeriesAttendee, by) -> None:
    """Take someone off the series, and off its planned meetings where nothing is noted of them."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    coming = attendee.series.meetings.all().upcoming()
    lines = Attendance.objects.filter(meeting__in=coming, status__isnull=True)
    if attendee.person_id:
        lines = lines.filter(person=attendee.person_id)
    else:
        named = attendee.series.attendees.filter(person__isnull=False).values("person_id")
        lines = lines.filter(role=attendee.role).exclude(person__in=named)
        lines = lines.filter(unit=attendee.unit_id) if attendee.unit_id else lines
    lines.delete()
    attendee.delete()
    attendee.series.touch()
    settle()


def _check_belongs(
    participations: list[Participation], person: Person | None, unit: SchoolUnit | None
) -> Steps:
    owners = [one.huvudman_id for one in participations]
    if person is not None and not (yield from belongs(person, owners)):
        raise ValidationError({"person": "Personen hör inte till deltagandets huvudman."})
    if unit is not None and not (yield from belongs(unit, owners)):
        raise ValidationError({"unit": "Enheten hör inte till deltagandets huvudman."})


def add_to_series(
    series: MeetingSeries,
    participations: list[Participation],
    *,
    role,
    person=None,
    unit=None,
    is_required=False,
    note="",
) -> Steps[SeriesAttendee]:
    """One more who should come, of one of the participations' huvudmän. Rights are the caller's to ask."""
    yield from _check_belongs(participations, person, unit)
    attendee = SeriesAttendee(
        series=series, role=role, person=person, unit=unit, is_required=is_required, note=note.strip()
    )
    yield checked(attendee)
    return (yield saved(attendee))
