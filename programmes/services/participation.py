"""A participation's life: registered, changed, moved between statuses."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst

from programmes.models import (
    Participation,
    ParticipationStatus,
    Registration,
    RegistrationStep,
    StatusChange,
)
from programmes.services.changes import apply, locked, save
from programmes.services.parts import place_units
from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of
from sbs_portal.time import ImpreciseDate, today

CHANGEABLE = (
    "cohort",
    "administration",
    "selection_basis",
    "aims",
    "decided",
    "start_term",
    "started",
    "total_terms",
    "known_through",
    "previous",
)


@transaction.atomic
def register_participation(
    *,
    huvudman,
    programme,
    by,
    status: str = ParticipationStatus.SELECTED,
    reason: str = "",
    effective=None,
    units=(),
    **facts,
) -> Participation:
    """A new participation with its units. ``facts`` are those of CHANGEABLE; terms are the programme's unless said.

    A huvudman's own editor may register one, at whatever status it has come to: it then waits for a
    coordinator, who approves it or returns it (services.registration).
    """
    require(by, Action.PARTICIPATION_REGISTER, huvudman_id=huvudman.pk)
    approved = scope_of(by).may(Action.PARTICIPATION_CHANGE, huvudman_id=huvudman.pk)
    if facts.get("total_terms") is None:
        facts["total_terms"] = programme.terms
    participation = Participation(
        huvudman=huvudman,
        programme=programme,
        status=ParticipationStatus(status),
        registration=Registration.APPROVED if approved else Registration.WAITING,
    )
    apply(participation, facts, allowed=CHANGEABLE)
    record_status(participation, "", participation.status, effective=effective, reason=reason, by=by)
    if not approved:
        save(
            RegistrationStep(participation=participation, to_state=Registration.WAITING, by=scope_of(by).user)
        )
    place_units(participation, units)
    return participation


@transaction.atomic
def change_participation(*, participation: Participation, by, **changes) -> Participation:
    """Change facts of CHANGEABLE; what is not named stays."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    apply(participation, changes, allowed=CHANGEABLE)
    participation.refresh_from_db(fields=["version"])
    return participation


def next_steps(status: str) -> str:
    """What may follow a status, as a sentence: "Erbjuden kan bli tackat ja eller tackat nej."."""
    status = ParticipationStatus(status)
    if status.is_over:
        return f"{capfirst(status.label)} är det sista, inget kommer efter."
    following = [step.label for step in status.next]
    words = " eller ".join(filter(None, [", ".join(following[:-1]), following[-1]]))
    return f"{capfirst(status.label)} kan bli {words}."


@transaction.atomic
def change_status(*, participation: Participation, to: str, reason: str, by, effective=None) -> StatusChange:
    """Move to another status, with a reason and the day it took effect (today unless said).

    A step the status does not allow, a day that has not come, or one before the last step is a
    ValidationError. Two who move it at once: the second is held against what the first made it.
    """
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    now = locked(participation)
    try:
        wanted = ParticipationStatus(to)
    except ValueError as error:
        raise ValidationError({"status": "Välj ett av alternativen."}) from error
    if wanted not in ParticipationStatus(now.status).next:
        refused = f"Deltagandet är {now.get_status_display()} och kan inte bli {wanted.label}."
        raise ValidationError({"status": f"{refused} {next_steps(now.status)}"})
    if not reason.strip():
        raise ValidationError({"reason": "Skriv varför statusen ändras."})
    former = now.status
    now.status = participation.status = wanted
    save(now)
    change = record_status(now, former, wanted, effective=effective or today(), reason=reason, by=by)
    participation.refresh_from_db(fields=["version", "updated_at"])
    return change


def record_status(participation, former: str, status: str, *, effective, reason: str, by) -> StatusChange:
    """Write a step of the status; the caller has seen to the right and to what may follow."""
    change = StatusChange(
        participation=participation,
        from_status=former,
        to_status=status,
        effective=ImpreciseDate.of(effective),
        reason=reason.strip(),
        by=scope_of(by).user,
    )
    _check_order(change)
    return save(change)


def _check_order(change: StatusChange) -> None:
    """The steps are in the order of time, as far as their days are known."""
    when = change.effective
    if not when.is_known:
        return
    if when.first > today():
        raise ValidationError({"effective": "Dagen har inte kommit än. Ändra statusen när den gäller."})
    earlier = (
        StatusChange.objects.filter(participation_id=change.participation_id, effective_date__isnull=False)
        .order_by("-effective_date")
        .first()
    )
    if earlier is not None and when.last < earlier.effective.first:
        raise ValidationError(
            {
                "effective": f"Det förra steget, {earlier.get_to_status_display()}, gäller från {earlier.effective}."
            }
        )
