"""Who is at a meeting: the lines, and how many there were in all."""

from django.core.exceptions import ValidationError
from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.rows import locked, removed, saved, touched
from sbs_portal.scope import settle
from sbs_portal.together import Steps, alone, service
from schools.models import Person, SchoolUnit
from seminars.models import Attendance, AttendanceStatus, Meeting
from seminars.services.lines import LineChanged, belongs, checked, require_going, require_on
from seminars.services.questions import named_at, seat_of


@service
def record_attendance(
    *,
    attendance: Attendance,
    status: str | None,
    by,
    substitute_name: str = "",
    version: int | None = None,
) -> Steps[Attendance]:
    """Note whether someone came; a substitute may be named. ``status`` None takes the note away.

    ``version`` is the line's as the writer read it: LineChanged when someone has noted something else since.
    """
    yield from _require_attendance(by, attendance)
    require_going(attendance.meeting)
    line = yield locked(attendance)
    status = status or None
    substitute_name = substitute_name.strip()
    if (line.status, line.substitute_name) == (status, substitute_name):
        return line
    if version is not None and version != line.version:
        raise LineChanged(line, "status")
    line.status, line.substitute_name = status, substitute_name
    return (yield from _saved(line))


def _require_attendance(by, attendance: Attendance) -> Steps:
    units = [attendance.unit_id] if attendance.unit_id else []
    return require_on(
        by, Action.MEETING_RECORD, attendance.meeting, huvudman_id=attendance.huvudman_id, unit_ids=units
    )


def _saved(line: Attendance) -> Steps[Attendance]:
    yield checked(line)
    yield saved(line)
    yield touched(line.meeting)
    return line


@service
def add_attendee(
    *,
    meeting: Meeting,
    person: Person,
    by,
    role: str = "",
    unit: SchoolUnit | None = None,
    status: str | None = None,
    substitute_name: str = "",
    is_required: bool = False,
) -> Steps[Attendance]:
    """Add a person of one of the meeting's huvudmän, or of its process leaders. Role and unit come from the
    register where they are not given."""
    seat = yield seat_of(person, meeting)
    unit = unit or seat["unit"]
    owner = seat["huvudman"]
    yield from require_on(
        by,
        Action.MEETING_RECORD,
        meeting,
        huvudman_id=owner.pk if owner else None,
        # Measured where the person works, not where the writer says.
        unit_ids=[seat["unit"].pk] if seat["unit"] else [],
    )
    require_going(meeting)
    if not (yield from belongs(person, meeting.huvudman_ids)):
        raise ValidationError({"person": "Personen hör inte till någon av huvudmännen på träffen."})
    yield from _require_unit(unit, meeting)
    return (
        yield from _saved(
            Attendance(
                meeting=meeting,
                person=person,
                huvudman=owner,
                role=role or seat["role"],
                unit=unit,
                status=status or None,
                substitute_name=substitute_name.strip(),
                is_required=is_required,
            )
        )
    )


def _require_unit(unit: SchoolUnit | None, meeting: Meeting) -> Steps:
    if unit is not None and not (yield from belongs(unit, meeting.huvudman_ids)):
        raise ValidationError({"unit": "Enheten hör inte till någon av huvudmännen på träffen."})


@service
def change_attendee(
    *, attendance: Attendance, by, role: str, unit: SchoolUnit | None = None, is_required: bool = False
) -> Steps[Attendance]:
    """Change in which role and from which unit someone is there, and whether they should be."""
    yield from _require_attendance(by, attendance)
    require_going(attendance.meeting)
    yield from _require_unit(unit, attendance.meeting)
    line = yield locked(attendance)
    line.role, line.unit, line.is_required = role, unit, is_required
    yield from _require_attendance(by, line)
    return (yield from _saved(line))


@service
def remove_attendee(*, attendance: Attendance, by) -> Steps:
    """Take someone off the meeting, as long as nobody has noted whether they came."""
    yield from _require_attendance(by, attendance)
    line = yield locked(attendance)
    if line.status is not None:
        raise ValidationError("Närvaron är redan antecknad. Ta bort anteckningen först.")
    yield removed(line)
    yield touched(attendance.meeting)


@transaction.atomic
def mark_all_present(*, meeting: Meeting, by) -> int:
    """ "Alla här": every line nobody has noted yet, among those the writer may note. Returns how many."""
    alone(require_on(by, Action.MEETING_RECORD, meeting))
    require_going(meeting)
    unset = meeting.attendances.filter(status__isnull=True).editable_by(by)
    changed = unset.update(status=AttendanceStatus.PRESENT)
    if changed:
        meeting.touch()
    settle()
    return changed


@service
def set_total_on_site(*, meeting: Meeting, total: int | None, by, seen: object = ...) -> Steps[Meeting]:
    """How many were there, also those who are not named. Never fewer than those who are.

    ``seen`` is the number the writer saw: LineChanged when someone has noted another one since.
    """
    yield from require_on(by, Action.MEETING_CHANGE, meeting)
    require_going(meeting)
    row = yield locked(meeting)
    if row.total_on_site == total:
        return row
    if seen is not ... and seen != row.total_on_site:
        raise LineChanged(row, "total_on_site")
    named = yield named_at(row)
    if total is not None and total < named:
        raise ValidationError(
            {"total_on_site": f"{named} är antecknade som här. Totalen kan inte vara lägre."}
        )
    row.total_on_site = total
    yield checked(row)
    return (yield saved(row))
