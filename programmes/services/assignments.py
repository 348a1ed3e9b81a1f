"""Who has which assignment in a participation, and the access that a process leader's gives."""

from datetime import date

from django.db import transaction
from django.utils.timezone import localdate

from programmes.models import AssignmentRole, Participation, ParticipationAssignment
from programmes.services import assignment_access
from programmes.services.changes import checked, require_order, require_visible, save_part
from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.rows import by_id, locked, saved
from sbs_portal.scope import Scope, require
from sbs_portal.time import today
from sbs_portal.together import Steps, service
from schools.models import Access, Person

ENDED_BEFORE_BEGUN = "Slutdatum kan inte vara före startdatum."
# Who holds these decides what others reach or are told to do: not for the huvudman alone.
SET_BY_COORDINATORS = (AssignmentRole.PROCESS_LEADER, AssignmentRole.COORDINATOR)
CHANGEABLE = ("employer", "valid_from", "valid_to")


def right_for(role: str) -> Action:
    """What it takes to give, change and end an assignment in the role."""
    return Action.PARTICIPATION_CHANGE if role in SET_BY_COORDINATORS else Action.AGREEMENT_CHANGE


def may_change(scope: Scope, assignment: ParticipationAssignment) -> bool:
    return scope.may(right_for(assignment.role), huvudman_id=assignment.participation.huvudman_id)


def require_for(by, assignment: ParticipationAssignment) -> None:
    require(by, right_for(assignment.role), huvudman_id=assignment.participation.huvudman_id)


@service
def assign_person(
    *,
    participation: Participation,
    person: Person,
    role: str,
    by,
    employer=None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Steps[ParticipationAssignment]:
    """Give a person an assignment. No employer means the huvudman itself.

    A process leader who has an account gets access to the huvudman for the same period (from today where
    it has no first day). Process leaders and coordinators are set by coordinators, the others also by the
    huvudman.
    """
    require(by, right_for(role), huvudman_id=participation.huvudman_id)
    yield from require_visible(person, by, "person")
    require_order(valid_from, valid_to, "valid_to", ENDED_BEFORE_BEGUN)
    assignment = ParticipationAssignment(
        participation=participation,
        person=person,
        role=role,
        employer=employer,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    yield checked(assignment)
    if role == AssignmentRole.PROCESS_LEADER and person.user_id:
        require(by, Action.ACCESS_GRANT, huvudman_id=participation.huvudman_id)
        first = assignment.valid_from or min(filter(None, (today(), assignment.valid_to)))
        assignment.access = yield from assignment_access.grant.steps(assignment, by, valid_from=first)
    return (yield from save_part.steps(assignment))


@service
def change_assignment(
    *, assignment: ParticipationAssignment, by, **changes
) -> Steps[ParticipationAssignment]:
    """Change CHANGEABLE; who has which role is settled. The access it gave follows its period."""
    if unknown := sorted(set(changes) - set(CHANGEABLE)):
        raise TypeError(f"ParticipationAssignment has no {', '.join(unknown)} to change.")
    if not changes:
        return assignment
    require_for(by, assignment)
    yield locked(assignment)
    for name, value in changes.items():
        setattr(assignment, name, value)
    require_order(assignment.valid_from, assignment.valid_to, "valid_to", ENDED_BEFORE_BEGUN)
    yield checked(assignment)
    former = assignment.access_id and (yield by_id(Access, assignment.access_id))
    if former is not None:
        assignment.access = yield from _moved(former, assignment)
    yield from save_part.steps(assignment)
    if former is not None and assignment.access is None:
        former.delete()
    if assignment.role == AssignmentRole.PROCESS_LEADER:
        assignment_access.follow(assignment, by)
    return assignment


def _moved(access: Access, assignment: ParticipationAssignment) -> Steps[Access | None]:
    """The access with the assignment's period; None where it ended before it gave any."""
    first = assignment.valid_from or access.valid_from
    if assignment.valid_to is not None and assignment.valid_to < first:
        # A row that was never in force would say nothing.
        return None
    access.valid_from, access.valid_to = first, assignment.valid_to
    yield checked(access)
    return (yield saved(access))


def end_assignment(*, assignment: ParticipationAssignment, on: date | None, by) -> ParticipationAssignment:
    """Let an assignment end with the day ``on``, and with it the access it gave. None opens it again."""
    return change_assignment(assignment=assignment, valid_to=on, by=by)


@transaction.atomic
def delete_assignment(*, row: ParticipationAssignment, by) -> None:
    """Delete an assignment entered by mistake: today, or before it begins. Others are ended."""
    require_for(by, row)
    begun = row.valid_from is None or row.valid_from <= today()
    if begun and localdate(row.created_at) < today():
        raise InUse("Uppdraget har börjat. Avsluta det med en sista dag i stället.", code="in_use")
    access = row.access
    delete_if_unused(row=row, by=by)
    if access is not None:
        access.delete()
