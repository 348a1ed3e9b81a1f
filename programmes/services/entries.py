"""What a huvudman writes of its own entry: the parts it states, until a coordinator has approved it."""

from django.db.models import Model

from programmes.models import ParticipatingUnit, Participation, ParticipationPhase, Support
from sbs_portal.rights import Action
from sbs_portal.rows import locked
from sbs_portal.scope import Scope, require, scope_of
from sbs_portal.together import Steps

# Pauses and extensions are decisions that come later, and a coordinator's.
STATED = (ParticipatingUnit, ParticipationPhase, Support)


def is_own_entry(scope: Scope, participation: Participation, model: type[Model]) -> bool:
    """Whether the part is the huvudman's own to state still, and this one states for the huvudman."""
    return (
        model in STATED
        and not participation.is_approved
        and scope.may(Action.PARTICIPATION_REGISTER, huvudman_id=participation.huvudman_id)
    )


def may_write(who, participation: Participation, model: type[Model]) -> bool:
    """Whether the user adds and changes parts of this kind in the participation."""
    scope = scope_of(who)
    may_change = scope.may(model.scoping.change, huvudman_id=participation.huvudman_id)
    return may_change or is_own_entry(scope, participation, model)


def require_write(by, participation: Participation, model: type[Model]) -> Steps:
    """Raise PermissionDenied unless ``by`` may; an entry is held, so that it is not approved meanwhile."""
    scope = scope_of(by)
    if is_own_entry(scope, participation, model):
        now = yield locked(participation)
        if is_own_entry(scope, now, model):
            return
    require(scope, model.scoping.change, huvudman_id=participation.huvudman_id)
