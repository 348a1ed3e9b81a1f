"""The parts of a participation: units, phases, focus, agreements, support and assignments."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import (
    Agreement,
    AssignmentRole,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Support,
)
from programmes.services import assignment_access
from programmes.services.changes import apply, require_order, require_visible, save_part
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import ImpreciseDate, today
from schools.models import Person, SchoolUnitVersion

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
ENDED_BEFORE_BEGUN = "Slutdatum kan inte vara före startdatum."
# Who holds these decides what others reach or are told to do: not for the huvudman alone.
SET_BY_COORDINATORS = (AssignmentRole.PROCESS_LEADER, AssignmentRole.COORDINATOR)


@transaction.atomic
def add_unit(
    *, participation: Participation, unit, by, joined=None, left=None, leave_reason: str = ""
) -> ParticipatingUnit:
    """A unit joins. It must be, or have been, the huvudman's own; an unknown ``joined`` is from the start."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    return place_unit(participation, unit, joined=joined, left=left, leave_reason=leave_reason)


def place_unit(participation: Participation, unit, *, joined=None, left=None, leave_reason: str = ""):
    """Put a unit in a participation; the caller has seen to the right."""
    run_by_it = SchoolUnitVersion.objects.filter(unit_id=unit.pk, huvudman_id=participation.huvudman_id)
    if not run_by_it.exists():
        raise ValidationError({"unit": "Enheten drivs inte av huvudmannen."})
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


@transaction.atomic
def change_unit(*, participating_unit: ParticipatingUnit, by, **changes) -> ParticipatingUnit:
    """Change when and why a unit joined or left."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participating_unit.participation.huvudman_id)
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
def set_phase(
    *, participation: Participation, phase: str, by, participating_unit=None, **dates
) -> ParticipationPhase:
    """Set a phase's PHASE_DATES, of the participation or of one of its units. Dates not named stay."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
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
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=participation.huvudman_id)
    support = Support(participation=participation, provider=provider)
    apply(support, facts, allowed=SUPPORT_FACTS)
    participation.touch()
    return support


@transaction.atomic
def change_support(*, support: Support, by, **changes) -> Support:
    """Change SUPPORT_FACTS; what is not named stays."""
    require(by, Action.PARTICIPATION_CHANGE, huvudman_id=support.participation.huvudman_id)
    apply(support, changes, allowed=SUPPORT_FACTS)
    support.participation.touch()
    return support


@transaction.atomic
def assign_person(
    *,
    participation: Participation,
    person: Person,
    role: str,
    by,
    employer=None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> ParticipationAssignment:
    """Give a person an assignment. No employer means the huvudman itself.

    A process leader who has an account gets access to the huvudman for the same period (from today where
    it has no first day). Process leaders and coordinators are set by coordinators, the others also by the
    huvudman.
    """
    needed = Action.PARTICIPATION_CHANGE if role in SET_BY_COORDINATORS else Action.AGREEMENT_CHANGE
    require(by, needed, huvudman_id=participation.huvudman_id)
    require_visible(Person.objects.visible_to(by), person, "person")
    require_order(valid_from, valid_to, "valid_to", ENDED_BEFORE_BEGUN)
    assignment = ParticipationAssignment(
        participation=participation,
        person=person,
        role=role,
        employer=employer,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    assignment.full_clean()
    if role == AssignmentRole.PROCESS_LEADER and person.user_id:
        require(by, Action.ACCESS_GRANT, huvudman_id=participation.huvudman_id)
        first = assignment.valid_from or min(filter(None, (today(), assignment.valid_to)))
        assignment.access = assignment_access.grant(assignment, by, valid_from=first)
    return save_part(assignment)


@transaction.atomic
def end_assignment(*, assignment: ParticipationAssignment, on: date | None, by) -> ParticipationAssignment:
    """Let an assignment end with the day ``on``, and with it the access it gave. None opens it again."""
    needed = (
        Action.PARTICIPATION_CHANGE if assignment.role in SET_BY_COORDINATORS else Action.AGREEMENT_CHANGE
    )
    require(by, needed, huvudman_id=assignment.participation.huvudman_id)
    require_order(assignment.valid_from, on, "valid_to", ENDED_BEFORE_BEGUN)
    assignment.valid_to = on
    assignment.full_clean()
    access = assignment.access
    if access is not None:
        if on is not None and on < access.valid_from:
            # It ended before it gave any access: a row that was never in force would say nothing.
            assignment.access = None
        else:
            access.valid_to = on
            access.full_clean()
            access.save()
    save_part(assignment)
    if access is not None and assignment.access is None:
        access.delete()
    if assignment.role == AssignmentRole.PROCESS_LEADER:
        assignment_access.follow(assignment, by)
    return assignment
