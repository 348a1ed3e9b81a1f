"""What can be done with many participations at once."""

from programmes.models import Participation
from programmes.services.registration import approve_registration
from sbs_portal.rights import Action
from sbs_portal.together import Steps
from sbs_portal.web.bulk import BulkAction, archive_actions


def _approve(participation: Participation, cleaned: dict, by) -> Steps:
    return approve_registration.steps(participation=participation, by=by)


ACTIONS = (
    BulkAction(
        "approve",
        "Godkänn",
        "godkänns",
        "godkändes",
        _approve,
        lambda scope: scope.may(Action.PARTICIPATION_CHANGE),
    ),
    *archive_actions(Participation),
)
