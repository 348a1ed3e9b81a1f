"""Delegations to a seminar: registered, changed, named, cancelled, noted on the day; and units on site."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.audit.models import Trust
from sbs_portal.rights import Action
from sbs_portal.rows import locked, removed, saved, seen, touched
from sbs_portal.scope import require
from sbs_portal.time import today
from sbs_portal.together import Steps, asked, each, every, service
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


@asked
def _statuses_of(delegations):
    """The statuses of those who are named in a delegation: present, absent …, None where nobody has noted."""
    lines = Delegate.objects.filter(delegation__in={one.pk for one in delegations}).order_by()
    found = defaultdict(list)
    for pk, status in lines.values_list("delegation_id", "status"):
        found[pk].append(status)
    return [found[one.pk] for one in delegations]


@asked
def _places_taken(delegations):
    """How many are named already; those who are named together come after each other."""
    taken = {
        one.pk: len(some) for one, some in zip(delegations, _statuses_of.answer(delegations), strict=True)
    }
    given = []
    for one in delegations:
        given.append(taken[one.pk])
        taken[one.pk] += 1
    return given


def _check_head_count(delegation: Delegation, named: int) -> None:
    if delegation.head_count is not None and delegation.head_count < named:
        raise ValidationError(
            {"head_count": f"{named} är namngivna, så delegationen kan inte vara {delegation.head_count}."}
        )


@service
def register_delegation(
    *,
    seminar: Seminar,
    huvudman: Huvudman,
    by,
    participation: Participation | None = None,
    delegates: Iterable[dict] = (),
    **facts,
) -> Steps[Delegation]:
    """A huvudman's people at a seminar: how many (``head_count``), in which roles, and those who are named.

    ``facts`` are DELEGATION_FIELDS; ``delegates`` are keyword arguments of ``add_delegate``. The total is
    never less than the named ones. The participation is the one the huvudman takes part with unless said.
    """
    require(by, Action.DELEGATION_CHANGE, huvudman_id=huvudman.pk, unit_ids=[])
    link = yield from link_of(seminar, huvudman.pk)
    if participation is not None and participation.huvudman_id != huvudman.pk:
        raise ValidationError({"participation": "Deltagandet hör till en annan huvudman."})
    delegation = Delegation(
        seminar=seminar, huvudman=huvudman, participation=participation or link.participation
    )
    set_facts(delegation, facts, DELEGATION_FIELDS)
    delegates = list(delegates)
    _check_head_count(delegation, len(delegates))
    yield checked(delegation)
    yield saved(delegation)
    yield from every(add_delegate.steps(delegation=delegation, by=by, **delegate) for delegate in delegates)
    return delegation


@service
def change_delegation(*, delegation: Delegation, by, **changes) -> Steps[Delegation]:
    """Change DELEGATION_FIELDS. A total below the named ones is a ValidationError."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    yield locked(delegation)
    set_facts(delegation, changes, DELEGATION_FIELDS)
    _check_head_count(delegation, len((yield _statuses_of(delegation))))
    yield checked(delegation)
    return (yield saved(delegation))


@service
def cancel_delegation(*, delegation: Delegation, reason: str, by) -> Steps[Delegation]:
    """The huvudman's people do not come after all; who was to come stays to be read."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    yield locked(delegation)
    if not reason.strip():
        raise ValidationError({"cancelled_reason": "Skriv varför delegationen inte kommer."})
    return (yield from _cancelled(delegation, on=today(), reason=reason.strip()))


@service
def restore_delegation(*, delegation: Delegation, by) -> Steps[Delegation]:
    """They come after all."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    yield locked(delegation)
    return (yield from _cancelled(delegation, on=None, reason=""))


def _cancelled(delegation: Delegation, *, on: date | None, reason: str) -> Steps[Delegation]:
    delegation.cancelled_on, delegation.cancelled_reason = on, reason
    yield checked(delegation)
    return (yield saved(delegation))


@service
def remove_delegation(*, delegation: Delegation, by) -> Steps:
    """Take away a delegation registered by mistake. One with named people or anybody noted as there stays."""
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=[])
    yield locked(delegation)
    if (yield _statuses_of(delegation)) or delegation.came_count is not None:
        raise ValidationError(
            "Delegationen har namngivna personer eller antecknad närvaro. Ta bort dem först."
        )
    yield removed(delegation)


@service
def record_arrivals(
    *,
    delegation: Delegation,
    by,
    statuses: dict[Delegate, str | None] | None = None,
    came_count: object = ...,
) -> Steps[Delegation]:
    """Who came on the day, and how many in all. Only the lines that say something else than before are touched.

    A rektor notes those of the own unit; the total is for who may change the whole delegation.
    """
    now = yield locked(delegation)
    if now.is_cancelled:
        raise ValidationError("Delegationen har lämnat återbud.")
    noted = []
    for delegate, status in (statuses or {}).items():
        if delegate.status == (status or None):
            continue
        units = [] if delegate.unit_id is None else [delegate.unit_id]
        require(by, Action.DELEGATION_CHANGE, huvudman_id=now.huvudman_id, unit_ids=units)
        delegate.status = status or None
        noted.append(delegate)
    yield from each(checked(delegate) for delegate in noted)
    yield from each(saved(delegate) for delegate in noted)
    if noted:
        yield touched(delegation)
    if came_count is not ... and came_count != now.came_count:
        require(by, Action.DELEGATION_CHANGE, huvudman_id=now.huvudman_id, unit_ids=[])
        here = (yield _statuses_of(now)).count(DelegateStatus.PRESENT)
        if came_count is not None and came_count < here:
            raise ValidationError(
                {"came_count": f"{here} är antecknade som här. Antalet kan inte vara lägre."}
            )
        delegation.came_count = came_count
        yield checked(delegation)
        yield saved(delegation)
    return delegation


@service
def add_delegate(
    *,
    delegation: Delegation,
    person: Person,
    by,
    role: str = StaffRole.NOT_STATED,
    unit: SchoolUnit | None = None,
) -> Steps[Delegate]:
    """Name a person in a delegation, from one of the huvudman's units or from none.

    A rektor names those of the own unit. When all are named already the total must be raised first.
    """
    units = [] if unit is None else [unit.pk]
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegation.huvudman_id, unit_ids=units)
    now = yield locked(delegation)
    if now.huvudman_id not in person.huvudman_ids or not (yield seen(person, by)):
        raise ValidationError({"person": "Personen hör inte till huvudmannen."})
    if unit is not None and now.huvudman_id not in unit.huvudman_ids:
        raise ValidationError({"unit": "Enheten hör inte till huvudmannen."})
    if now.head_count is not None and (yield _places_taken(now)) >= now.head_count:
        raise ValidationError(
            {"person": f"Delegationen är {now.head_count} personer och alla är namngivna. Höj antalet först."}
        )
    delegate = Delegate(delegation=delegation, person=person, role=role, unit=unit)
    yield checked(delegate)
    yield saved(delegate)
    yield touched(delegation)
    return delegate


@service
def change_delegate(
    *, delegate: Delegate, by, role: str | None = None, unit: object = ...
) -> Steps[Delegate]:
    """Change in which role and from which unit a named person comes; what is not said stays."""
    for unit_id in {delegate.unit_id, unit.pk if isinstance(unit, SchoolUnit) else delegate.unit_id}:
        units = [] if unit_id is None else [unit_id]
        require(by, Action.DELEGATION_CHANGE, huvudman_id=delegate.delegation.huvudman_id, unit_ids=units)
    if isinstance(unit, SchoolUnit) and delegate.delegation.huvudman_id not in unit.huvudman_ids:
        raise ValidationError({"unit": "Enheten hör inte till huvudmannen."})
    delegate.role = role or delegate.role
    delegate.unit = delegate.unit if unit is ... else unit
    yield checked(delegate)
    yield saved(delegate)
    yield touched(delegate.delegation)
    return delegate


@service
def remove_delegate(*, delegate: Delegate, by) -> Steps:
    """Take a named person out of a delegation; the total stays."""
    units = [] if delegate.unit_id is None else [delegate.unit_id]
    require(by, Action.DELEGATION_CHANGE, huvudman_id=delegate.delegation.huvudman_id, unit_ids=units)
    yield removed(delegate)
    yield touched(delegate.delegation)


@service
def mark_unit(
    *,
    seminar: Seminar,
    unit: SchoolUnit,
    by,
    huvudman: Huvudman | None = None,
    is_represented: bool = True,
    trust: str = Trust.CONFIRMED,
) -> Steps[SeminarUnit]:
    """Say whether a unit has someone on site. Said again, the last word holds.

    The huvudman is found from the unit; it is named where the unit could be there for two.
    """
    huvudman_id = yield from _huvudman_of(seminar, unit, huvudman)
    require(by, Action.DELEGATION_CHANGE, huvudman_id=huvudman_id, unit_ids=[unit.pk])
    presence = (yield _presence_of(seminar, unit)) or SeminarUnit(
        seminar=seminar, unit=unit, huvudman_id=huvudman_id
    )
    presence.is_represented, presence.trust = is_represented, trust
    yield checked(presence)
    return (yield saved(presence))


@asked
def _presence_of(pairs):
    """Of (seminar, unit): what is said of it already, held until the transaction ends."""
    rows = SeminarUnit.objects.filter(seminar__in={seminar.pk for seminar, _ in pairs}).order_by("pk")
    rows = rows.filter(unit__in={unit.pk for _, unit in pairs}).select_for_update(of=("self",))
    found = {(row.seminar_id, row.unit_id): row for row in rows}
    return [found.get((seminar.pk, unit.pk)) for seminar, unit in pairs]


@asked
def _joined_at(pairs):
    """Of (seminar, unit): the huvudmän whose participations there the unit is in."""
    seminars = {seminar.pk for seminar, _ in pairs}
    joined = (
        ParticipatingUnit.objects.filter(
            unit__in={unit.pk for _, unit in pairs}, participation__seminar_links__seminar__in=seminars
        )
        .order_by()
        .values_list("participation__seminar_links__seminar_id", "unit_id", "participation__huvudman_id")
    )
    found = defaultdict(set)
    for seminar_id, unit_id, huvudman_id in joined:
        found[seminar_id, unit_id].add(huvudman_id)
    return [found[seminar.pk, unit.pk] for seminar, unit in pairs]


def _huvudman_of(seminar: Seminar, unit: SchoolUnit, huvudman: Huvudman | None) -> Steps[int]:
    """The huvudman the unit is at the seminar for: of its participation there, else the one that runs it."""
    found = (yield _joined_at(seminar, unit)) or set(unit.huvudman_ids) & set(seminar.huvudman_ids)
    if huvudman is not None:
        found = found & {huvudman.pk}
    if len(found) != 1:
        raise ValidationError({"unit": "Enheten hör inte till någon huvudman på seminariet."})
    return next(iter(found))
