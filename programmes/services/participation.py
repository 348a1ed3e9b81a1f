"""A participation's life: registered, changed, moved between statuses."""

from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from programmes.models import (
    Participation,
    ParticipationStatus,
    Registration,
    RegistrationStep,
    StatusChange,
)
from programmes.services.changes import apply, save
from programmes.services.parts import place_units
from sbs_portal.rights import Action
from sbs_portal.rows import locked
from sbs_portal.scope import require, scope_of
from sbs_portal.time import ImpreciseDate, today
from sbs_portal.together import Steps, asked, service

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


@service
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
) -> Steps[Participation]:
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
    yield from apply.steps(participation, facts, allowed=CHANGEABLE)
    status = participation.status
    yield from record_status.steps(participation, "", status, effective=effective, reason=reason, by=by)
    if not approved:
        user = scope_of(by).user
        step = RegistrationStep(participation=participation, to_state=Registration.WAITING, by=user)
        yield from save.steps(step)
    yield from place_units.steps(participation, units)
    return participation


@service
def change_participation(*, participation: Participation, by, **changes) -> Steps[Participation]:
    """Change facts of CHANGEABLE; what is not named stays."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    return (yield from apply.steps(participation, changes, allowed=CHANGEABLE))


def next_steps(status: str) -> str:
    """What may follow a status, as a sentence: "Erbjuden kan bli tackat ja eller tackat nej."."""
    status = ParticipationStatus(status)
    if status.is_over:
        return f"{capfirst(status.label)} är det sista, inget kommer efter."
    following = [step.label for step in status.next]
    words = " eller ".join(filter(None, [", ".join(following[:-1]), following[-1]]))
    return f"{capfirst(status.label)} kan bli {words}."


@service
def change_status(
    *, participation: Participation, to: str, reason: str, by, effective=None
) -> Steps[StatusChange]:
    """Move to another status, with a reason and the day it took effect (today unless said).

    A step the status does not allow, a day that has not come, or one before the last step is a
    ValidationError. Two who move it at once: the second is held against what the first made it.
    """
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    now = yield locked(participation)
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
    yield from save.steps(now)
    participation.version, participation.updated_at = now.version, now.updated_at
    day = effective or today()
    return (yield from record_status.steps(now, former, wanted, effective=day, reason=reason, by=by))


@service
def record_status(
    participation, former: str, status: str, *, effective, reason: str, by
) -> Steps[StatusChange]:
    """Write a step of the status; the caller has seen to the right and to what may follow."""
    change = StatusChange(
        participation=participation,
        from_status=former,
        to_status=status,
        effective=ImpreciseDate.of(effective),
        reason=reason.strip(),
        by=scope_of(by).user,
    )
    yield from _check_order(change)
    return (yield from save.steps(change))


@asked
def _last_step_of(participations):
    """The latest step of a participation's status that has a day, None where there is none."""
    ids = {one.pk for one in participations}
    steps = StatusChange.objects.filter(participation__in=ids, effective_date__isnull=False)
    last = {step.participation_id: step for step in steps.order_by("effective_date")}
    return [last.get(one.pk) for one in participations]


def _check_order(change: StatusChange) -> Steps:
    """The steps are in the order of time, as far as their days are known."""
    when = change.effective
    if not when.is_known:
        return
    if when.first > today():
        raise ValidationError({"effective": "Dagen har inte kommit än. Ändra statusen när den gäller."})
    earlier = yield _last_step_of(change.participation)
    if earlier is not None and when.last < earlier.effective.first:
        raise ValidationError(
            {
                "effective": f"Det förra steget, {earlier.get_to_status_display()}, gäller från {earlier.effective}."
            }
        )
