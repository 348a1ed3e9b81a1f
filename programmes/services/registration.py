"""A huvudman's own entry of a participation: rewritten, withdrawn, approved, or returned with a comment."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from programmes.models import Participation, ParticipationStatus, Registration, RegistrationStep
from programmes.services.changes import check, locked, save
from programmes.services.participation import CHANGEABLE, record_status
from programmes.services.parts import place_units
from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of, settle
from sbs_portal.time import ImpreciseDate

APPROVED_MEANWHILE = "En samordnare har godkänt deltagandet, så det går inte att skriva om längre."
APPROVED_ALREADY = "En samordnare har godkänt deltagandet, så det går inte att dra tillbaka."
REWRITABLE = ("programme", *CHANGEABLE)


@transaction.atomic
def change_registration(
    *, participation: Participation, by, status: str | None = None, effective=None, units=None, **facts
) -> Participation:
    """Rewrite an entry that is not approved; what is not named stays.

    The huvudman's editor may, and a coordinator. An entry that was returned or withdrawn waits again when the
    huvudman has rewritten it. ``units`` are all of them: those left out are taken away, which history keeps.
    """
    require(by, Action.PARTICIPATION_REGISTER, huvudman_id=participation.huvudman_id)
    row = locked(participation)
    if row.is_approved:
        raise ValidationError(APPROVED_MEANWHILE)
    if unknown := sorted(set(facts) - set(REWRITABLE)):
        raise TypeError(f"Participation has no {', '.join(unknown)} to change.")
    if "total_terms" in facts and facts["total_terms"] is None:
        facts["total_terms"] = facts.get("programme", row.programme).terms
    for name, value in facts.items():
        setattr(row, name, value)
    _restate(row, status, effective, by)
    if units is not None:
        _replace_units(row, units)
    own = not scope_of(by).may(Action.PARTICIPATION_CHANGE, huvudman_id=row.huvudman_id)
    if own and row.registration != Registration.WAITING:
        row.archived_at = row.archived_by = None
        _move(row, Registration.WAITING, by=by)
    save(row)
    row.touch()
    return row


def _restate(row: Participation, status: str | None, effective, by) -> None:
    """The status the entry states: one step, in place of the one it stated before."""
    if status is None and effective is None:
        return
    stated = row.status_changes.order_by("pk").last()
    try:
        row.status = ParticipationStatus(status or row.status)
    except ValueError as error:
        raise ValidationError({"status": "Välj ett av alternativen."}) from error
    when = stated.effective if effective is None and stated else ImpreciseDate.of(effective)
    reason = stated.reason if stated else ""
    row.status_changes.all().delete()
    record_status(row, "", row.status, effective=when, reason=reason, by=by)


def _replace_units(row: Participation, units) -> None:
    wanted = {unit.pk: unit for unit in units}
    present = set()
    for part in row.units.all():
        if part.unit_id in wanted:
            present.add(part.unit_id)
        else:
            part.delete()
    place_units(row, [unit for pk, unit in wanted.items() if pk not in present])


@transaction.atomic
def withdraw_registration(*, participation: Participation, by, comment: str = "") -> Participation:
    """The huvudman takes its entry back before a coordinator has approved it.

    It leaves lists and choices as what is archived does, and its place is free for another; rewritten it is sent anew.
    """
    require(by, Action.PARTICIPATION_REGISTER, huvudman_id=participation.huvudman_id)
    row = locked(participation)
    if row.is_approved:
        raise ValidationError(APPROVED_ALREADY)
    if Registration.WITHDRAWN not in Registration(row.registration).next:
        raise ValidationError("Deltagandet är redan tillbakadraget.")
    row.archived_at, row.archived_by = timezone.now(), scope_of(by).user
    _move(row, Registration.WITHDRAWN, by=by, comment=comment)
    save(row)
    row.refresh_from_db(fields=["version", "updated_at"])
    return row


@transaction.atomic
def approve_registration(*, participation: Participation, by, comment: str = "") -> Participation:
    """A coordinator stands behind the entry: from now on the participation is like every other."""
    return _decide(participation, Registration.APPROVED, comment=comment, by=by)


@transaction.atomic
def return_registration(*, participation: Participation, comment: str, by) -> Participation:
    """Send the entry back with what is to be put right; all that was typed stays."""
    if not comment.strip():
        raise ValidationError({"comment": "Skriv vad förvaltningen behöver rätta."})
    return _decide(participation, Registration.RETURNED, comment=comment, by=by)


def _decide(participation: Participation, state: Registration, *, comment: str, by) -> Participation:
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    row = locked(participation)
    if state not in Registration(row.registration).next:
        now = {
            Registration.APPROVED: "Deltagandet är redan godkänt.",
            Registration.RETURNED: "Deltagandet är redan skickat tillbaka och väntar på förvaltningen.",
            Registration.WITHDRAWN: "Förvaltningen har dragit tillbaka deltagandet.",
        }
        raise ValidationError(now.get(row.registration, "Deltagandet väntar redan på en samordnare."))
    _move(row, state, by=by, comment=comment)
    save(row)
    row.refresh_from_db(fields=["version", "updated_at"])
    return row


def _move(row: Participation, state: Registration, *, by, comment: str = "") -> None:
    row.registration = state
    step = RegistrationStep(participation=row, to_state=state, comment=comment.strip(), by=scope_of(by).user)
    check(step)
    step.save()
    settle()
