"""Delegations to a seminar: registered, changed, named, cancelled, noted on the day; and units on site."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.audit.models import Trust
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import today
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models import (
    Delegate,
    DelegateStatus,
    Delegation,
    Seminar,
    SeminarUnit,
)
from seminars.services.invitation import link_of, set_facts
from seminars.services.lines import checked

DELEGATION_FIELDS = ("head_count", "roles", "trust", "note")


def _check_head_count(delegation: Delegation, named: int) -> None:
    if delegation.head_count is not None and delegation.head_count < named:
        raise ValidationError(
            {"head_count": f"{named} är namngivna, så delegationen kan inte vara {delegation.head_count}."}
        )


@transaction.atomic
def register_delegation(
    *,
    seminar: Seminar,
    huvudman: Huvudman,
    by,
    participation: Participation | None = None,
    delegates: Iterable[dict] = (),
    **facts,
) -> Delegation:
    """A huvudman's people at a seminar: how many (``head_count``), in which roles, and those who are named.

    ``facts`` are DELEGATION_FIELDS; ``delegates`` are keyword arguments of ``add_delegate``. The total is
    never less than the named ones. The participation is the one the huvudman takes part with unless said.
    """
    require(by, Action.DELEGATION_CHANGE, huvudman_id=huvudman.pk, unit_ids=[])
    link = link_of(seminar, huvudman.pk)
    if participation is not None and participation.huvudman_id != huvudman.pk:
        raise ValidationError({"participation": "Deltagandet hör till en annan huvudman."})
    delegation = Delegation(
        seminar=seminar, huvudman=huvudman, participation=participation or link.participation
    )
    set_facts(delegation, facts, DELEGATION_FIELDS)
    delegates = list(delegates)
    _check_head_count(delegation, len(delegates))
    checked(delegation)
    delegation.save()
    for delegate in delegates:
        add_delegate(delegation=delegation, by=by, **delegate)
    settle()
    return delegation


def _locked(delegation: Delegation) -> Delegation:
    return Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)


@transaction.atomic
def change_delegation(*, delegation: Delegation, by, **changes) -> Delegation:
    """Change DELEGATION_FIELDS. A total below the named ones is a ValidationError."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    _locked(delegation)
    set_facts(delegation, changes, DELEGATION_FIELDS)
    _check_head_count(delegation, delegation.delegates.count())
    checked(delegation)
    delegation.save()
    delegation.refresh_from_db(fields=["version"])
    settle()
    return delegation


@transaction.atomic
def cancel_delegation(*, delegation: Delegation, reason: str, by) -> Delegation:
    """The huvudman's people do not come after all; who was to come stays to be read."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    _locked(delegation)
    if not reason.strip():
        raise ValidationError({"cancelled_reason": "Skriv varför delegationen inte kommer."})
    return _cancelled(delegation, on=today(), reason=reason.strip())


@transaction.atomic
def restore_delegation(*, delegation: Delegation, by) -> Delegation:
    """They come after all."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    _locked(delegation)
    return _cancelled(delegation, on=None, reason="")


def _cancelled(delegation: Delegation, *, on: date | None, reason: str) -> Delegation:
    delegation.cancelled_on, delegation.cancelled_reason = on, reason
    checked(delegation)
    delegation.save()
    delegation.refresh_from_db(fields=["version"])
    settle()
    return delegation


@transaction.atomic
def remove_delegation(*, delegation: Delegation, by) -> None:
    """Take away a delegation registered by mistake. One with named people or anybody noted as there stays."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    _locked(delegation)
    if delegation.delegates.exists() or delegation.came_count is not None:
        raise ValidationError(
            "Delegationen har namngivna personer eller antecknad närvaro. Ta bort dem först."
        )
    delegation.delete()
    settle()


@transaction.atomic
def record_arrivals(
    *,
    delegation: Delegation,
    by,
    statuses: dict[Delegate, str | None] | None = None,
    came_count: object = ...,
) -> Delegation:
    """Who came on the day, and how many in all. Only the lines that say something else than before are touched.

    A rektor notes those of the own unit; the total is for who may change the whole delegation.
    """
    now = _locked(delegation)
    if now.is_cancelled:
        raise ValidationError("Delegationen har lämnat återbud.")
    for delegate, status in (statuses or {}).items():
        if delegate.status == (status or None):
            continue
        units = [] if delegate.unit_id is None else [delegate.unit_id]
        require(by, Action.DELEGATION_CHANGE, huvudman_id=now.huvudman_id, unit_ids=units)
        delegate.status = status or None
        checked(delegate)
        delegate.save()
        delegation.touch()
    if came_count is not ... and came_count != now.came_count:
        require(by, Action.DELEGATION_CHANGE, huvudman_id=now.huvudman_id, unit_ids=[])
        here = now.delegates.filter(status=DelegateStatus.PRESENT).count()
        if came_count is not None and came_count < here:
            raise ValidationError(
                {"came_count": f"{here} är antecknade som här. Antalet kan inte vara lägre."}
            )
        delegation.came_count = came_count
        checked(delegation)
        delegation.save()
        delegation.refresh_from_db(fields=["version"])
    settle()
    return delegation


@transaction.atomic
def add_delegate(
    *,
    delegation: Delegation,
    person: Person,
    by,
    role: str = StaffRole.NOT_STATED,
    unit: SchoolUnit | None = None,
) -> Delegate:
    """Name a person in a delegation, from one of the huvudman's units or from none.

    A rektor names those of the own unit. When all are named already the total must be raised first.
    """
    units = [] if unit is None else [unit.pk]
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=units)
    now = _locked(delegation)
    if now.huvudman_id not in person.huvudman_ids or not Person.objects.visible_to(by).filter(pk=person.pk):
        raise ValidationError({"person": "Personen hör inte till huvudmannen."})
    if unit is not None and now.huvudman_id not in unit.huvudman_ids:
        raise ValidationError({"unit": "Enheten hör inte till huvudmannen."})
    if now.head_count is not None and now.delegates.count() >= now.head_count:
        raise ValidationError(
            {"person": f"Delegationen är {now.head_count} personer och alla är namngivna. Höj antalet först."}
        )
    delegate = Delegate(delegation=delegation, person=person, role=role, unit=unit)
    checked(delegate)
    delegate.save()
    delegation.touch()
    settle()
    return delegate


@transaction.atomic
def change_delegate(*, delegate: Delegate, by, role: str | None = None, unit: object = ...) -> Delegate:
    """Change in which role and from which unit a named person comes; what is not said stays."""
    for unit_id in {delegate.unit_id, unit.pk if isinstance(unit, SchoolUnit) else delegate.unit_id}:
        units = [] if unit_id is None else [unit_id]
        require(by, Action.DELEGATION_CHANGE, huvudman_id=delegate.delegation.huvudman_id, unit_ids=units)
    if isinstance(unit, SchoolUnit) and delegate.delegation.huvudman_id not in unit.huvudman_ids:
        raise ValidationError({"unit": "Enheten hör inte till huvudmannen."})
    delegate.role = role or delegate.role
    delegate.unit = delegate.unit if unit is ... else unit
    checked(delegate)
    delegate.save()
    delegate.delegation.touch()
    settle()
    return delegate


@transaction.atomic
def remove_delegate(*, delegate: Delegate, by) -> None:
    """Take a named person out of a delegation; the total stays."""
    units = [] if delegate.unit_id is None else [delegate.unit_id]
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegate.delegation.huvudman_id, unit_ids=units)
    delegate.delete()
    delegate.delegation.touch()
    settle()


@transaction.atomic
def mark_unit(
    *,
    seminar: Seminar,
    unit: SchoolUnit,
    by,
    huvudman: Huvudman | None = None,
    is_represented: bool = True,
    trust: str = Trust.CONFIRMED,
) -> SeminarUnit:
    """Say whether a unit has someone on site. Said again, the last word holds.

    The huvudman is found from the unit; it is named where the unit could be there for two.
    """
    huvudman_id = _huvudman_of(seminar, unit, huvudman)
    require(by, Action.DELEGATION_CHANGE, huvudman_id=huvudman_id, unit_ids=[unit.pk])
    presence = SeminarUnit.objects.select_for_update(of=("self",)).filter(seminar=seminar, unit=unit).first()
    presence = presence or SeminarUnit(seminar=seminar, unit=unit, huvudman_id=huvudman_id)
    presence.is_represented, presence.trust = is_represented, trust
    checked(presence)
    presence.save()
    settle()
    return presence


def _huvudman_of(seminar: Seminar, unit: SchoolUnit, huvudman: Huvudman | None) -> int:
    """The huvudman the unit is at the seminar for: of its participation there, else the one that runs it."""
    joined = ParticipatingUnit.objects.filter(unit=unit, participation__seminar_links__seminar=seminar)
    found = set(joined.values_list("participation__huvudman_id", flat=True))
    found = found or set(unit.huvudman_ids) & set(seminar.huvudman_ids)
    if huvudman is not None:
        found &= {huvudman.pk}
    if len(found) != 1:
        raise ValidationError({"unit": "Enheten hör inte till någon huvudman på seminariet."})
    return found.pop()
