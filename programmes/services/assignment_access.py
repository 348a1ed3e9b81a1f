"""The access that an assignment as process leader gives, in line with whose account the person has."""

from datetime import date, timedelta

from programmes.models import AssignmentRole, ParticipationAssignment
from sbs_portal.rights import Role
from sbs_portal.rows import checked, saved
from sbs_portal.scope import scope_of
from sbs_portal.time import today
from sbs_portal.together import Steps, service
from schools.models import Access, Person

NO_LONGER = "Kontot hör inte längre till den som har uppdraget"


def gives_access(person: Person) -> bool:
    """Whether the person is set to lead somewhere, now or later."""
    return any(not _is_over(assignment) for assignment in _leading(person))


def follow_account(person: Person, by) -> None:
    """The person's account has changed: the new one gets what the assignments give, the former one loses it."""
    for assignment in _leading(person).select_for_update(of=("self",)):
        assignment.person = person
        follow(assignment, by)


def follow(assignment: ParticipationAssignment, by) -> None:
    """Access for the person's account while the assignment lasts, and for no other account."""
    access, account = assignment.access, assignment.person.user_id
    if access is not None and access.user_id != account:
        assignment.access = None
        assignment.save()
        _let_go(access, by)
    if account is not None and assignment.access is None and not _is_over(assignment):
        assignment.access = grant(assignment, by, valid_from=max(assignment.valid_from or today(), today()))
        assignment.save()


@service
def grant(assignment: ParticipationAssignment, by, *, valid_from: date) -> Steps[Access]:
    """A row of its own for each assignment, also beside another at the same huvudman: one may end without
    the other.
    """
    access = Access(
        user_id=assignment.person.user_id,
        role=Role.PROCESS_LEADER,
        huvudman_id=assignment.participation.huvudman_id,
        valid_from=valid_from,
        valid_to=assignment.valid_to,
        reason="Uppdrag som processledare",
        granted_by=scope_of(by).user,
    )
    yield checked(access)
    return (yield saved(access))


def _leading(person: Person):
    rows = ParticipationAssignment.objects.filter(person=person, role=AssignmentRole.PROCESS_LEADER)
    return rows.select_related("access", "participation")


def _is_over(assignment: ParticipationAssignment) -> bool:
    return assignment.valid_to is not None and assignment.valid_to < today()


def _let_go(access: Access, by) -> None:
    yesterday = today() - timedelta(days=1)
    if access.valid_from > yesterday:
        access.delete()
    elif not access.is_over:
        access.valid_to, access.end_reason, access.ended_by = yesterday, NO_LONGER, scope_of(by).user
        access.full_clean()
        access.save()
