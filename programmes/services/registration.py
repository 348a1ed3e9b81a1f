"""A huvudman's own entry of a participation: rewritten, withdrawn, approved, or returned with a comment."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.utils import timezone

from programmes.models import (
    ParticipatingUnit,
    Participation,
    ParticipationStatus,
    Registration,
    RegistrationStep,
    StatusChange,
)
from programmes.services.changes import save
from programmes.services.participation import CHANGEABLE, record_status
from programmes.services.parts import place_units
from sbs_portal.rights import Action
from sbs_portal.rows import locked, removed, touched
from sbs_portal.scope import require, scope_of
from sbs_portal.time import ImpreciseDate
from sbs_portal.together import Steps, asked, each, service

APPROVED_MEANWHILE = "En samordnare har godkänt deltagandet, så det går inte att skriva om längre."
APPROVED_ALREADY = "En samordnare har godkänt deltagandet, så det går inte att dra tillbaka."
REWRITABLE = ("programme", *CHANGEABLE)


@service
def change_registration(
    *, participation: Participation, by, status: str | None = None, effective=None, units=None, **facts
) -> Steps[Participation]:
    """Rewrite an entry that is not approved; what is not named stays.

    The huvudman's editor may, and a coordinator. An entry that was returned or withdrawn waits again when the
    huvudman has rewritten it. ``units`` are all of them: those left out are taken away, which history keeps.
    """
    require(by, Action.PARTICIPATION_REGISTER, huvudman_id=participation.huvudman_id)
    row = yield locked(participation)
    if row.is_approved:
        raise ValidationError(APPROVED_MEANWHILE)
    if unknown := sorted(set(facts) - set(REWRITABLE)):
        raise TypeError(f"Participation has no {', '.join(unknown)} to change.")
    if "total_terms" in facts and facts["total_terms"] is None:
        facts["total_terms"] = facts.get("programme", row.programme).terms
    for name, value in facts.items():
        setattr(row, name, value)
    yield from _restate(row, status, effective, by)
    if units is not None:
        yield from _replace_units(row, units)
    own = not scope_of(by).may(Action.PARTICIPATION_CHANGE, huvudman_id=row.huvudman_id)
    if own and row.registration != Registration.WAITING:
        row.archived_at = row.archived_by = None
        yield from _move(row, Registration.WAITING, by=by)
    yield from save.steps(row)
    return (yield touched(row))


@asked
def _steps_of(participations):
    """The steps of a participation's status, in the order they were written."""
    found = defaultdict(list)
    steps = StatusChange.objects.filter(participation__in={one.pk for one in participations})
    for step in steps.order_by("pk"):
        found[step.participation_id].append(step)
    return [found[one.pk] for one in participations]


@asked
def _units_of(participations):
    """The units that are, or have been, in a participation."""
    found = defaultdict(list)
    for part in ParticipatingUnit.objects.filter(participation__in={one.pk for one in participations}):
        found[part.participation_id].append(part)
    return [found[one.pk] for one in participations]


def _restate(row: Participation, status: str | None, effective, by) -> Steps:
    """The status the entry states: one step, in place of the one it stated before."""
    if status is None and effective is None:
        return
    steps = yield _steps_of(row)
    stated = steps[-1] if steps else None
    try:
        row.status = ParticipationStatus(status or row.status)
    except ValueError as error:
        raise ValidationError({"status": "Välj ett av alternativen."}) from error
    when = stated.effective if effective is None and stated else ImpreciseDate.of(effective)
    reason = stated.reason if stated else ""
    yield from each(removed(step) for step in steps)
    yield from record_status.steps(row, "", row.status, effective=when, reason=reason, by=by)


def _replace_units(row: Participation, units) -> Steps:
    wanted = {unit.pk: unit for unit in units}
    parts = yield _units_of(row)
    yield from each(removed(part) for part in parts if part.unit_id not in wanted)
    present = {part.unit_id for part in parts}
    yield from place_units.steps(row, [unit for pk, unit in wanted.items() if pk not in present])


@service
def withdraw_registration(*, participation: Participation, by, comment: str = "") -> Steps[Participation]:
    """The huvudman takes its entry back before a coordinator has approved it.

    It leaves lists and choices as what is archived does, and its place is free for another; rewritten it is sent anew.
    """
    require(by, Action.PARTICIPATION_REGISTER, huvudman_id=participation.huvudman_id)
    row = yield locked(participation)
    if row.is_approved:
        raise ValidationError(APPROVED_ALREADY)
    if Registration.WITHDRAWN not in Registration(row.registration).next:
        raise ValidationError("Deltagandet är redan tillbakadraget.")
    row.archived_at, row.archived_by = timezone.now(), scope_of(by).user
    yield from _move(row, Registration.WITHDRAWN, by=by, comment=comment)
    return (yield from save.steps(row))


@service
def approve_registration(*, participation: Participation, by, comment: str = "") -> Steps[Participation]:
    """A coordinator stands behind the entry: from now on the participation is like every other."""
    return (yield from _decide(participation, Registration.APPROVED, comment=comment, by=by))


@service
def return_registration(*, participation: Participation, comment: str, by) -> Steps[Participation]:
    """Send the entry back with what is to be put right; all that was typed stays."""
    if not comment.strip():
        raise ValidationError({"comment": "Skriv vad förvaltningen behöver rätta."})
    return (yield from _decide(participation, Registration.RETURNED, comment=comment, by=by))


def _decide(participation: Participation, state: Registration, *, comment: str, by) -> Steps[Participation]:
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    row = yield locked(participation)
    if state not in Registration(row.registration).next:
        now = {
            Registration.APPROVED: "Deltagandet är redan godkänt.",
            Registration.RETURNED: "Deltagandet är redan skickat tillbaka och väntar på förvaltningen.",
            Registration.WITHDRAWN: "Förvaltningen har dragit tillbaka deltagandet.",
        }
        raise ValidationError(now.get(row.registration, "Deltagandet väntar redan på en samordnare."))
    yield from _move(row, state, by=by, comment=comment)
    return (yield from save.steps(row))


def _move(row: Participation, state: Registration, *, by, comment: str = "") -> Steps:
    row.registration = state
    step = RegistrationStep(participation=row, to_state=state, comment=comment.strip(), by=scope_of(by).user)
    yield from save.steps(step)
