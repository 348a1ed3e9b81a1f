"""The parts of a participation: units, phases, focus, agreements, support and assignments."""

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import (
    Agreement,
    ParticipatingUnit,
    Participation,
    ParticipationFocus,
    ParticipationPhase,
    Support,
    SupportStatus,
)
from programmes.services.changes import apply, locked, require_order, save_part
from programmes.services.entries import require_write
from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import ImpreciseDate
from schools.models import SchoolUnitVersion

PHASE_DATES = ("planned_start", "planned_end", "actual_start", "actual_end")
AGREEMENT_FACTS = (
    "kind",
    "title",
    "signed",
    "decided_by",
    "record_number",
    "amount",
    "target_count",
    "target_group",
)
SUPPORT_FACTS = (
    "provider",
    "status",
    "description",
    "levels",
    "starts",
    "ends",
    "period_words",
    "process_leader_count",
)
LEFT_BEFORE_JOINED = "Enheten kan inte lämna innan den kom med."
NOT_RUN_BY_IT = "Enheten drivs inte av huvudmannen."


@transaction.atomic
def add_unit(
    *, participation: Participation, unit, by, joined=None, left=None, leave_reason: str = ""
) -> ParticipatingUnit:
    """A unit joins. It must be, or have been, the huvudman's own; an unknown ``joined`` is from the start."""
    require_write(by, participation, ParticipatingUnit)
    return place_unit(participation, unit, joined=joined, left=left, leave_reason=leave_reason)


def place_unit(participation: Participation, unit, *, joined=None, left=None, leave_reason: str = ""):
    """Put a unit in a participation; the caller has seen to the right."""
    run_by_it = SchoolUnitVersion.objects.filter(unit_id=unit.pk, huvudman_id=participation.huvudman_id)
    if not run_by_it.exists():
        raise ValidationError({"unit": NOT_RUN_BY_IT})
    joined, left = ImpreciseDate.of(joined), ImpreciseDate.of(left)
    require_order(joined.first, left.first, "left", LEFT_BEFORE_JOINED)
    return save_part(
        ParticipatingUnit(
            participation=participation,
            unit=unit,
            joined=joined,
            left=left,
            leave_reason=leave_reason.strip(),
        )
    )


def place_units(participation: Participation, units) -> None:
    """Put the units of an entry in it; what is wrong with one is told where they are chosen."""
    for unit in units:
        try:
            place_unit(participation, unit)
        except ValidationError as error:
            raise ValidationError({"units": error.messages}) from error


@transaction.atomic
def change_unit(*, participating_unit: ParticipatingUnit, by, **changes) -> ParticipatingUnit:
    """Change when and why a unit joined or left."""
    require_write(by, participating_unit.participation, ParticipatingUnit)
    joined, left = (
        ImpreciseDate.of(changes.get(name, getattr(participating_unit, name))) for name in ("joined", "left")
    )
    require_order(joined.first, left.first, "left", LEFT_BEFORE_JOINED)
    apply(participating_unit, changes, allowed=("joined", "left", "leave_reason"))
    participating_unit.participation.touch()
    return participating_unit


def remove_unit(*, participating_unit: ParticipatingUnit, left, by, reason: str = "") -> ParticipatingUnit:
    """A unit leaves: ``left`` is the first day it is not with us. Its time in the participation stays."""
    when = ImpreciseDate.of(left)
    if not when.is_known:
        raise ValidationError({"left": "Ange när enheten lämnar: en dag, månad, termin eller ett år."})
    return change_unit(participating_unit=participating_unit, by=by, left=when, leave_reason=reason.strip())


@transaction.atomic
def add_phase(
    *, participation: Participation, phase: str, by, participating_unit=None, **dates
) -> ParticipationPhase:
    """A phase that is not there yet; of one that is, a ValidationError."""
    there = ParticipationPhase.objects.filter(
        participation=participation, participating_unit=participating_unit, phase=phase
    )
    if there.exists():
        raise ValidationError({"phase": "Fasen finns redan. Ändra den i stället."})
    return set_phase(
        participation=participation, phase=phase, participating_unit=participating_unit, by=by, **dates
    )


@transaction.atomic
def change_phase(*, phase: ParticipationPhase, by, **dates) -> ParticipationPhase:
    """Change a phase's PHASE_DATES; what is not named stays."""
    require_write(by, phase.participation, ParticipationPhase)
    apply(phase, dates, allowed=PHASE_DATES)
    phase.participation.touch()
    return phase


@transaction.atomic
def set_phase(
    *, participation: Participation, phase: str, by, participating_unit=None, **dates
) -> ParticipationPhase:
    """Set a phase's PHASE_DATES, of the participation or of one of its units. Dates not named stay."""
    require_write(by, participation, ParticipationPhase)
    if participating_unit is not None and participating_unit.participation_id != participation.pk:
        raise ValidationError({"participating_unit": "Enheten är inte med i deltagandet."})
    found = ParticipationPhase.objects.filter(
        participation=participation, participating_unit=participating_unit, phase=phase
    )
    row = found.first() or ParticipationPhase(
        participation=participation, participating_unit=participating_unit, phase=phase
    )
    apply(row, dates, allowed=PHASE_DATES)
    participation.touch()
    return row


@transaction.atomic
def add_focus(*, participation: Participation, focus_area, by, note: str = "") -> ParticipationFocus:
    """A focus area of the participation; one that is no longer to be chosen is a ValidationError."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=participation.huvudman_id)
    if not focus_area.is_active:
        raise ValidationError({"focus_area": "Fokusområdet går inte att välja längre."})
    return save_part(
        ParticipationFocus(participation=participation, focus_area=focus_area, note=note.strip())
    )


@transaction.atomic
def change_focus(*, focus: ParticipationFocus, by, note: str | None = None) -> ParticipationFocus:
    """Change what is noted beside a focus area."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=focus.participation.huvudman_id)
    if note is not None:
        focus.note = note.strip()
    return save_part(focus)


@transaction.atomic
def remove_focus(*, focus: ParticipationFocus, by) -> None:
    """Take a focus area off the participation; its history remains."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=focus.participation.huvudman_id)
    focus.delete()
    focus.participation.touch()
    settle()


@transaction.atomic
def record_agreement(*, participation: Participation, kind: str, title: str, by, **facts) -> Agreement:
    """A signed agreement or a decision, with what AGREEMENT_FACTS of it are known."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=participation.huvudman_id)
    agreement = Agreement(participation=participation, kind=kind, title=title.strip())
    apply(agreement, facts, allowed=AGREEMENT_FACTS)
    participation.touch()
    return agreement


@transaction.atomic
def change_agreement(*, agreement: Agreement, by, **changes) -> Agreement:
    """Change AGREEMENT_FACTS; what is not named stays."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=agreement.participation.huvudman_id)
    apply(agreement, changes, allowed=AGREEMENT_FACTS)
    agreement.participation.touch()
    return agreement


@transaction.atomic
def propose_support(*, participation: Participation, provider, by, **facts) -> Support:
    """Support from a provider, proposed unless ``status`` says more; other facts are SUPPORT_FACTS."""
    require_write(by, participation, Support)
    support = Support(participation=participation, provider=provider)
    apply(support, _ordered_support(support, facts), allowed=SUPPORT_FACTS)
    participation.touch()
    return support


@transaction.atomic
def change_support(*, support: Support, by, **changes) -> Support:
    """Change SUPPORT_FACTS; what is not named stays. The status moves only to what may follow."""
    require_write(by, support.participation, Support)
    row = locked(support)
    wanted = changes.get("status", row.status)
    if wanted != row.status and wanted not in SupportStatus(row.status).next:
        raise ValidationError({"status": f"Stödet är {row.get_status_display()} och kan inte bli det."})
    apply(row, _ordered_support(row, changes), allowed=SUPPORT_FACTS)
    row.participation.touch()
    return row


def _ordered_support(support: Support, facts: dict) -> dict:
    starts, ends = (ImpreciseDate.of(facts.get(name, getattr(support, name))) for name in ("starts", "ends"))
    require_order(starts.first, ends.first, "ends", "Stödet slutar före det börjar.")
    return facts


@transaction.atomic
def delete_support(*, row: Support, by) -> None:
    """Delete support that was only proposed; what was agreed is ended instead."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=row.participation.huvudman_id)
    if locked(row).status != SupportStatus.PROPOSED:
        raise InUse("Stödet har varit mer än föreslaget. Avsluta det i stället.", code="in_use")
    delete_if_unused(row=row, by=by)
