"""The parts of a participation: units, phases, focus, agreements, support and assignments."""

from collections import defaultdict

from django.core.exceptions import ValidationError

from programmes.models import (
    Agreement,
    ParticipatingUnit,
    Participation,
    ParticipationFocus,
    ParticipationPhase,
    Support,
    SupportStatus,
)
from programmes.services.changes import apply, require_order, save_part
from programmes.services.entries import require_write
from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.rows import locked, removed, touched
from sbs_portal.scope import require
from sbs_portal.time import ImpreciseDate
from sbs_portal.together import Steps, Turn, asked, every, service
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


@service
def add_unit(
    *, participation: Participation, unit, by, joined=None, left=None, leave_reason: str = ""
) -> Steps[ParticipatingUnit]:
    """A unit joins. It must be, or have been, the huvudman's own; an unknown ``joined`` is from the start."""
    yield from require_write(by, participation, ParticipatingUnit)
    return (
        yield from place_unit.steps(participation, unit, joined=joined, left=left, leave_reason=leave_reason)
    )


@asked
def _huvudman_ids_of(units):
    """The ids of the huvudmän that run a unit, or have run it."""
    versions = SchoolUnitVersion.objects.filter(unit__in={unit.pk for unit in units}).order_by()
    found = defaultdict(set)
    for unit_id, huvudman_id in versions.values_list("unit_id", "huvudman_id"):
        found[unit_id].add(huvudman_id)
    return [found[unit.pk] for unit in units]


@service
def place_unit(
    participation: Participation, unit, *, joined=None, left=None, leave_reason: str = ""
) -> Steps[ParticipatingUnit]:
    """Put a unit in a participation; the caller has seen to the right."""
    if participation.huvudman_id not in (yield _huvudman_ids_of(unit)):
        raise ValidationError({"unit": NOT_RUN_BY_IT})
    joined, left = ImpreciseDate.of(joined), ImpreciseDate.of(left)
    require_order(joined.first, left.first, "left", LEFT_BEFORE_JOINED)
    part = ParticipatingUnit(
        participation=participation, unit=unit, joined=joined, left=left, leave_reason=leave_reason.strip()
    )
    return (yield from save_part.steps(part))


@service
def place_units(participation: Participation, units) -> Steps:
    """Put the units of an entry in it; what is wrong with one is told where they are chosen."""
    try:
        yield from every(place_unit.steps(participation, unit) for unit in units)
    except ValidationError as error:
        raise ValidationError({"units": error.messages}) from error


@service
def change_unit(*, participating_unit: ParticipatingUnit, by, **changes) -> Steps[ParticipatingUnit]:
    """Change when and why a unit joined or left."""
    yield from require_write(by, participating_unit.participation, ParticipatingUnit)
    joined, left = (
        ImpreciseDate.of(changes.get(name, getattr(participating_unit, name))) for name in ("joined", "left")
    )
    require_order(joined.first, left.first, "left", LEFT_BEFORE_JOINED)
    yield from apply.steps(participating_unit, changes, allowed=("joined", "left", "leave_reason"))
    yield touched(participating_unit.participation)
    return participating_unit


def remove_unit(*, participating_unit: ParticipatingUnit, left, by, reason: str = "") -> ParticipatingUnit:
    """A unit leaves: ``left`` is the first day it is not with us. Its time in the participation stays."""
    when = ImpreciseDate.of(left)
    if not when.is_known:
        raise ValidationError({"left": "Ange när enheten lämnar: en dag, månad, termin eller ett år."})
    return change_unit(participating_unit=participating_unit, by=by, left=when, leave_reason=reason.strip())


@service
def add_phase(
    *, participation: Participation, phase: str, by, participating_unit=None, **dates
) -> Steps[ParticipationPhase]:
    """A phase that is not there yet; of one that is, a ValidationError."""
    yield Turn((participation, participating_unit, phase))
    if (yield _phase_of(participation, participating_unit, phase)):
        raise ValidationError({"phase": "Fasen finns redan. Ändra den i stället."})
    return (
        yield from set_phase.steps(
            participation=participation, phase=phase, participating_unit=participating_unit, by=by, **dates
        )
    )


@asked
def _phase_of(about):
    """Of (participation, participating unit or None, phase): the row of it, or None."""
    rows = ParticipationPhase.objects.filter(participation__in={one.pk for one, _, _ in about})
    found = {(row.participation_id, row.participating_unit_id, row.phase): row for row in rows}
    return [found.get((one.pk, unit and unit.pk, phase)) for one, unit, phase in about]


@service
def change_phase(*, phase: ParticipationPhase, by, **dates) -> Steps[ParticipationPhase]:
    """Change a phase's PHASE_DATES; what is not named stays."""
    yield from require_write(by, phase.participation, ParticipationPhase)
    yield from apply.steps(phase, dates, allowed=PHASE_DATES)
    yield touched(phase.participation)
    return phase


@service
def set_phase(
    *, participation: Participation, phase: str, by, participating_unit=None, **dates
) -> Steps[ParticipationPhase]:
    """Set a phase's PHASE_DATES, of the participation or of one of its units. Dates not named stay."""
    yield from require_write(by, participation, ParticipationPhase)
    if participating_unit is not None and participating_unit.participation_id != participation.pk:
        raise ValidationError({"participating_unit": "Enheten är inte med i deltagandet."})
    row = (yield _phase_of(participation, participating_unit, phase)) or ParticipationPhase(
        participation=participation, participating_unit=participating_unit, phase=phase
    )
    yield from apply.steps(row, dates, allowed=PHASE_DATES)
    yield touched(participation)
    return row


@service
def add_focus(*, participation: Participation, focus_area, by, note: str = "") -> Steps[ParticipationFocus]:
    """A focus area of the participation; one that is no longer to be chosen is a ValidationError."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=participation.huvudman_id)
    if not focus_area.is_active:
        raise ValidationError({"focus_area": "Fokusområdet går inte att välja längre."})
    focus = ParticipationFocus(participation=participation, focus_area=focus_area, note=note.strip())
    return (yield from save_part.steps(focus))


@service
def change_focus(*, focus: ParticipationFocus, by, note: str | None = None) -> Steps[ParticipationFocus]:
    """Change what is noted beside a focus area."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=focus.participation.huvudman_id)
    if note is not None:
        focus.note = note.strip()
    return (yield from save_part.steps(focus))


@service
def remove_focus(*, focus: ParticipationFocus, by) -> Steps:
    """Take a focus area off the participation; its history remains."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=focus.participation.huvudman_id)
    yield removed(focus)
    yield touched(focus.participation)


@service
def record_agreement(*, participation: Participation, kind: str, title: str, by, **facts) -> Steps[Agreement]:
    """A signed agreement or a decision, with what AGREEMENT_FACTS of it are known."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=participation.huvudman_id)
    agreement = Agreement(participation=participation, kind=kind, title=title.strip())
    yield from apply.steps(agreement, facts, allowed=AGREEMENT_FACTS)
    yield touched(participation)
    return agreement


@service
def change_agreement(*, agreement: Agreement, by, **changes) -> Steps[Agreement]:
    """Change AGREEMENT_FACTS; what is not named stays."""
    require(by, Action.AGREEMENT_CHANGE, huvudman_id=agreement.participation.huvudman_id)
    yield from apply.steps(agreement, changes, allowed=AGREEMENT_FACTS)
    yield touched(agreement.participation)
    return agreement


@service
def propose_support(*, participation: Participation, provider, by, **facts) -> Steps[Support]:
    """Support from a provider, proposed unless ``status`` says more; other facts are SUPPORT_FACTS."""
    yield from require_write(by, participation, Support)
    support = Support(participation=participation, provider=provider)
    yield from apply.steps(support, _ordered_support(support, facts), allowed=SUPPORT_FACTS)
    yield touched(participation)
    return support


@service
def change_support(*, support: Support, by, **changes) -> Steps[Support]:
    """Change SUPPORT_FACTS; what is not named stays. The status moves only to what may follow."""
    yield from require_write(by, support.participation, Support)
    row = yield locked(support)
    wanted = changes.get("status", row.status)
    if wanted != row.status and wanted not in SupportStatus(row.status).next:
        raise ValidationError({"status": f"Stödet är {row.get_status_display()} och kan inte bli det."})
    yield from apply.steps(row, _ordered_support(row, changes), allowed=SUPPORT_FACTS)
    yield touched(row.participation)
    return row


def _ordered_support(support: Support, facts: dict) -> dict:
    starts, ends = (ImpreciseDate.of(facts.get(name, getattr(support, name))) for name in ("starts", "ends"))
    require_order(starts.first, ends.first, "ends", "Stödet slutar före det börjar.")
    return facts


@service
def delete_support(*, row: Support, by) -> Steps:
    """Delete support that was only proposed; what was agreed is ended instead."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=row.participation.huvudman_id)
    if (yield locked(row)).status != SupportStatus.PROPOSED:
        raise InUse("Stödet har varit mer än föreslaget. Avsluta det i stället.", code="in_use")
    delete_if_unused(row=row, by=by)
