"""What a participation has gone through: its status, and the review of a huvudman's own entry."""

from programmes.models import ParticipationStatus, Registration, RegistrationStep
from programmes.overview import overview_of
from sbs_portal.rights import Action
from sbs_portal.scope import Scope


def status_changes(request, participation):
    overview = overview_of(request, participation)
    steps = [
        (step, who_changed(step.by, request.scope, participation.huvudman_id))
        for step in reversed(overview.status_changes)
    ]
    return {
        "rows": steps,
        "entry": _entry_steps(request, participation) if participation.is_approved else [],
        "count": f"{len(steps)} {'ändring' if len(steps) == 1 else 'ändringar'} av status",
    }


def _entry_steps(request, participation) -> list[tuple[RegistrationStep, str]]:
    return [
        (step, who_changed(step.by, request.scope, participation.huvudman_id))
        for step in reversed(overview_of(request, participation).registration_steps)
    ]


def registration(request, participation):
    """What waits for whom, while a coordinator has not approved a huvudman's own entry."""
    if participation.is_approved:
        return None
    scope, huvudman_id = request.scope, participation.huvudman_id
    state = Registration(participation.registration)
    waits = state is Registration.WAITING
    may_decide = waits and scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=huvudman_id)
    return {
        "waits": waits,
        "withdrawn": state is Registration.WITHDRAWN,
        "stated": ParticipationStatus(participation.status).label,
        "entry": _entry_steps(request, participation),
        "may_decide": may_decide,
        "may_change": scope.may(Action.PARTICIPATION_REGISTER, huvudman_id=huvudman_id),
        "may_withdraw": Registration.WITHDRAWN in state.next
        and scope.may(Action.PARTICIPATION_REGISTER, huvudman_id=huvudman_id)
        and not scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=huvudman_id),
    }


def who_changed(user, scope: Scope, huvudman_id: int) -> str:
    """Who took a step, as far as the reader may know; a protected person is masked.

    The person behind a user is only known inside the reader's scope. Outside it nobody is named, since it
    cannot be told here whether the name is protected.
    """
    if user is None or not scope.may(Action.PEOPLE_READ, huvudman_id=huvudman_id):
        return ""
    person = getattr(user, "person", None)
    if person is not None:
        return person.shown_name
    return user.name if scope.national else ""
