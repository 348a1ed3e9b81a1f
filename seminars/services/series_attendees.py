"""Who should be at a series' meetings: people, or whoever has a role."""

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import Participation
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from schools.models import Person, SchoolUnit
from seminars.models import Attendance, MeetingSeries, SeriesAttendee
from seminars.services.cadence import partners_of
from seminars.services.lines import belongs, checked
from seminars.services.planning import expect


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
    """Say who should be at the series' meetings: a person, or whoever has the role (at the unit).

    They are expected at the meetings that are planned already too.
    """
    require(by, Action.MEETING_CHANGE, huvudman_id=series.participation.huvudman_id)
    attendee = add_to_series(
        series,
        partners_of(series),
        role=role,
        person=person,
        unit=unit,
        is_required=is_required,
        note=note,
    )
    for meeting in _coming(series):
        expect(meeting, attendee)
    series.touch()
    settle()
    return attendee


@transaction.atomic
def change_series_attendee(*, attendee: SeriesAttendee, by) -> SeriesAttendee:
    """Save what has been changed on the row: role, unit, whether they are required, the note."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    _check_belongs(partners_of(attendee.series), attendee.person, attendee.unit)
    checked(attendee)
    attendee.save()
    attendee.series.touch()
    settle()
    return attendee


@transaction.atomic
def remove_series_attendee(*, attendee: SeriesAttendee, by) -> None:
    """Take someone off the series, and off its planned meetings where nothing is noted of them."""
    require(by, Action.MEETING_CHANGE, huvudman_id=attendee.series.participation.huvudman_id)
    lines = Attendance.objects.filter(meeting__in=_coming(attendee.series), status__isnull=True)
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


def _coming(series: MeetingSeries):
    """The series' meetings that are planned and not past."""
    return series.meetings.all().upcoming()


def _check_belongs(
    participations: list[Participation], person: Person | None, unit: SchoolUnit | None
) -> None:
    owners = [one.huvudman_id for one in participations]
    if person is not None and not belongs(person, owners):
        raise ValidationError({"person": "Personen hör inte till deltagandets huvudman."})
    if unit is not None and not belongs(unit, owners):
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
) -> SeriesAttendee:
    """One more who should come, of one of the participations' huvudmän. Rights are the caller's to ask."""
    _check_belongs(participations, person, unit)
    attendee = SeriesAttendee(
        series=series, role=role, person=person, unit=unit, is_required=is_required, note=note.strip()
    )
    checked(attendee)
    attendee.save()
    return attendee
