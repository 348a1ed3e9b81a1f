"""Seminars: planning, who takes part, the programme, delegations, units on site, and what came of it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from programmes.models import ParticipatingUnit, Participation
from sbs_portal.audit.models import Trust
from sbs_portal.rights import Action
from sbs_portal.scope import require, settle
from sbs_portal.time import ImpreciseDate
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models import (
    Delegate,
    Delegation,
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarStatus,
    SeminarUnit,
    Session,
)
from seminars.services.lines import checked

SEMINAR_FIELDS = (
    "kind",
    "title",
    "starts",
    "ends",
    "place",
    "organiser",
    "topic",
    "purpose",
    "status",
)
DELEGATION_FIELDS = ("head_count", "roles", "trust", "note")
NOT_TAKING_PART = "Huvudmannen är inte med på seminariet."


def _require_all(seminar: Seminar, by) -> None:
    """A seminar is shared: who changes it must reach every huvudman in it."""
    for huvudman_id in seminar.huvudman_ids or [None]:
        require(by, Action.SEMINAR_CHANGE, huvudman_id=huvudman_id)


def _set(row, changes: dict, allowed: tuple[str, ...]) -> None:
    if unknown := sorted(set(changes) - set(allowed)):
        raise TypeError(f"{type(row).__name__} has no {', '.join(unknown)} to change.")
    for name, value in changes.items():
        if isinstance(getattr(row, name), ImpreciseDate):
            value = ImpreciseDate.of(value)
        setattr(row, name, value.strip() if isinstance(value, str) else value)


def _add(part, by):
    """Save a new part of a seminar, and raise the seminar's version."""
    _require_all(part.seminar, by)
    checked(part)
    part.save()
    part.seminar.touch()
    settle()
    return part


@transaction.atomic
def plan_seminar(
    *,
    programme,
    kind: str,
    by,
    huvudman_list: Iterable[Huvudman] = (),
    participations: Iterable[Participation] = (),
    status: str = SeminarStatus.PLANNED,
    **facts,
) -> Seminar:
    """A seminar in a programme; ``facts`` are SEMINAR_FIELDS.

    The huvudmän are those named and those of the participations. One that is held already is how seminars
    from before the portal come in.
    """
    by_huvudman = {huvudman.pk: (huvudman, None) for huvudman in huvudman_list}
    by_huvudman |= {one.huvudman_id: (one.huvudman, one) for one in participations}
    seminar = Seminar(programme=programme, huvudman_ids=sorted(by_huvudman))
    _require_all(seminar, by)
    _set(seminar, {"kind": kind, "status": status, **facts}, SEMINAR_FIELDS)
    checked(seminar)
    seminar.save()
    for huvudman, participation in by_huvudman.values():
        add_huvudman(seminar=seminar, huvudman=huvudman, participation=participation, by=by)
    seminar.refresh_from_db()
    settle()
    return seminar


@transaction.atomic
def change_seminar(*, seminar: Seminar, by, **changes) -> Seminar:
    """Change SEMINAR_FIELDS; what is not named stays."""
    _require_all(seminar, by)
    _set(seminar, changes, SEMINAR_FIELDS)
    checked(seminar)
    seminar.save()
    seminar.refresh_from_db(fields=["version"])
    settle()
    return seminar


@transaction.atomic
def add_huvudman(
    *, seminar: Seminar, huvudman: Huvudman, by, participation: Participation | None = None
) -> SeminarHuvudman:
    """A huvudman takes part. All the others read its name from now on, and nothing else of it."""
    require(by, Action.SEMINAR_CHANGE, huvudman_id=huvudman.pk)
    if participation is not None:
        if participation.huvudman_id != huvudman.pk:
            raise ValidationError({"participation": "Deltagandet hör till en annan huvudman."})
        if participation.programme_id != seminar.programme_id:
            raise ValidationError({"participation": "Deltagandet hör till ett annat program."})
    link = _add(
        SeminarHuvudman(seminar=seminar, huvudman=huvudman, participation=participation, name=huvudman.name),
        by,
    )
    seminar.refresh_from_db(fields=["huvudman_ids", "version"])
    return link


@transaction.atomic
def remove_huvudman(*, link: SeminarHuvudman, by) -> None:
    """A huvudman does not take part after all. One with a delegation is kept."""
    _require_all(link.seminar, by)
    if Delegation.objects.filter(seminar=link.seminar_id, huvudman=link.huvudman_id).exists():
        raise ValidationError(f"{link.name} har en delegation på seminariet och kan inte tas bort.")
    link.delete()
    link.seminar.touch()
    settle()


# Delegations


def _link(seminar: Seminar, huvudman_id: int) -> SeminarHuvudman:
    found = SeminarHuvudman.objects.filter(seminar=seminar, huvudman_id=huvudman_id).first()
    if found is None:
        raise ValidationError({"huvudman": NOT_TAKING_PART})
    return found


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
    link = _link(seminar, huvudman.pk)
    if participation is not None and participation.huvudman_id != huvudman.pk:
        raise ValidationError({"participation": "Deltagandet hör till en annan huvudman."})
    delegation = Delegation(
        seminar=seminar, huvudman=huvudman, participation=participation or link.participation
    )
    _set(delegation, facts, DELEGATION_FIELDS)
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
    _set(delegation, changes, DELEGATION_FIELDS)
    _check_head_count(delegation, delegation.delegates.count())
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


# The programme and what came of it


@transaction.atomic
def add_session(*, seminar: Seminar, kind: str, title: str, by, **facts) -> Session:
    """A part of the programme: ``time_words``, ``room``, ``description``, ``leaders``, ``listeners_stated``,
    ``position`` (last unless said)."""
    facts.setdefault("position", seminar.sessions.count() + 1)
    return _add(Session(seminar=seminar, kind=kind, title=title.strip(), **facts), by)


@transaction.atomic
def add_presentation(
    *,
    seminar: Seminar,
    title: str,
    by,
    huvudman: Huvudman | None = None,
    presented_by: str = "",
    session: Session | None = None,
    **facts,
) -> Presentation:
    """What a huvudman (or someone named in ``presented_by``) presents: ``description``, ``group_words``,
    ``listeners_stated``."""
    if huvudman is not None:
        presented_by = presented_by or _link(seminar, huvudman.pk).name
    if session is not None and session.seminar_id != seminar.pk:
        raise ValidationError({"session": "Programpunkten hör till ett annat seminarium."})
    return _add(
        Presentation(
            seminar=seminar,
            title=title.strip(),
            huvudman=huvudman,
            presented_by=presented_by.strip(),
            session=session,
            **facts,
        ),
        by,
    )


@transaction.atomic
def add_word(*, seminar: Seminar, word: str, by, count: int | None = None) -> ReflectionWord:
    """A word the participants summed up with; no ``count`` where nobody has said how many gave it."""
    return _add(ReflectionWord(seminar=seminar, word=word.strip(), count=count), by)


@transaction.atomic
def add_lesson(*, seminar: Seminar, text: str, by, from_whom: str = "") -> Lesson:
    """What the seminar taught, as someone put it."""
    return _add(Lesson(seminar=seminar, text=text.strip(), from_whom=from_whom.strip()), by)


PROGRAMME_PARTS = (Session, Presentation, ReflectionWord, Lesson)


@transaction.atomic
def save_part(*, part, by):
    """Save a changed session, presentation, word or lesson."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    if isinstance(part, Presentation) and part.huvudman_id and not part.presented_by:
        part.presented_by = _link(part.seminar, part.huvudman_id).name
    return _add(part, by)


@transaction.atomic
def remove_part(*, part, by) -> None:
    """Take a session, presentation, word or lesson away; its history remains."""
    if not isinstance(part, PROGRAMME_PARTS):
        raise TypeError(f"{type(part).__name__} is no part of the programme.")
    _require_all(part.seminar, by)
    part.delete()
    part.seminar.touch()
    settle()
