"""Registers people and the roles they come and go from. Names of protected people are never repeated here."""

from datetime import date

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from sbs_portal.rights import Action
from sbs_portal.scope import require, scope_of, settle
from schools.models import (
    Administration,
    Huvudman,
    Person,
    Provider,
    RoleAssignment,
    SchoolUnit,
    SecurityMarking,
    StaffRole,
)
from schools.services.rows import changed, for_change, require_national

PERSON_FIELDS = frozenset({"name", "email", "phone", "security_marking", "user"})
ROLE_FIELDS = frozenset(
    {"role", "title", "huvudman", "administration", "unit", "provider", "valid_from", "valid_to"}
)


@transaction.atomic
def register_person(
    *,
    name: str,
    role: str,
    huvudman: Huvudman | None = None,
    administration: Administration | None = None,
    unit: SchoolUnit | None = None,
    provider: Provider | None = None,
    title: str = "",
    email: str = "",
    phone: str = "",
    security_marking: str = SecurityMarking.NONE,
    user=None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by,
) -> Person:
    """A person with a first role, at a huvudman (its administration or unit) or at another employer."""
    _require_place(by, huvudman, unit)
    if user is not None:
        _require_account(by)
    person = Person(
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        security_marking=security_marking,
        user=user,
        huvudman_ids=[huvudman.pk] if huvudman else [],
    )
    person.full_clean()
    person.save()
    _new_role(
        person,
        role=role,
        title=title,
        huvudman=huvudman,
        administration=administration,
        unit=unit,
        provider=provider,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    settle()
    person.refresh_from_db()
    return person


@transaction.atomic
def change_person(*, person: Person, by, **changes) -> Person:
    """Change any of PERSON_FIELDS. Protection can be set by who may change, and taken away nationally only.

    Which account is the person's is a coordinator's to say: accounts belong to no huvudman.
    """
    row = for_change(person, by)
    if row.is_protected and changes.get("security_marking") == SecurityMarking.NONE:
        scope = scope_of(by)
        if not (scope.system or scope.is_coordinator):
            raise PermissionDenied("Bara en samordnare kan ta bort skyddet av personuppgifter.")
    if "user" in changes and changes["user"] != row.user:
        _require_account(by)
    changed(row, changes, PERSON_FIELDS)
    if row.is_protected:
        # The admin's log keeps what a row was called when it was written.
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Person), object_id=str(row.pk)
        ).update(object_repr=str(row))
    settle()
    row.refresh_from_db(fields=["version"])
    return row


@transaction.atomic
def assign_role(
    *,
    person: Person,
    role: str,
    huvudman: Huvudman | None = None,
    administration: Administration | None = None,
    unit: SchoolUnit | None = None,
    provider: Provider | None = None,
    title: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    by,
) -> RoleAssignment:
    """A further role of the person's. A unit has one rektor, with a day's overlap at a hand-over."""
    _require_place(by, huvudman, unit)
    assignment = _new_role(
        person,
        role=role,
        title=title,
        huvudman=huvudman,
        administration=administration,
        unit=unit,
        provider=provider,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    person.touch()
    settle()
    return assignment


@transaction.atomic
def change_role(*, assignment: RoleAssignment, by, **changes) -> RoleAssignment:
    """Correct a role as it was entered: any of ROLE_FIELDS."""
    row = for_change(assignment, by)
    if unknown := changes.keys() - ROLE_FIELDS:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    for name, value in changes.items():
        setattr(row, name, value)
    _require_place(by, row.huvudman, row.unit)
    _save_role(row)
    row.person.touch()
    settle()
    return row


def end_role(*, assignment: RoleAssignment, last_day: date, by) -> RoleAssignment:
    """The last day in the role. Raises ValidationError on ``valid_to`` where it lies before the first."""
    if assignment.valid_from and last_day < assignment.valid_from:
        raise ValidationError({"valid_to": "Slutdatum kan inte vara före startdatum."})
    return change_role(assignment=assignment, valid_to=last_day, by=by)


def _require_account(by) -> None:
    scope = scope_of(by)
    if not (scope.system or scope.is_coordinator):
        raise PermissionDenied("Bara en samordnare kan koppla ett konto till en person.")


def _require_place(by, huvudman: Huvudman | None, unit: SchoolUnit | None) -> None:
    if huvudman is None:
        require_national(by, Action.PEOPLE_CHANGE)
    else:
        require(
            by, Action.PEOPLE_CHANGE, huvudman_id=huvudman.pk, unit_ids=[unit.pk] if unit is not None else []
        )


def _new_role(person: Person, *, title: str, **fields) -> RoleAssignment:
    return _save_role(RoleAssignment(person=person, title=title.strip(), **fields))


def _save_role(assignment: RoleAssignment) -> RoleAssignment:
    assignment.full_clean()
    _check_place(assignment)
    if assignment.role == StaffRole.REKTOR and assignment.unit_id:
        _check_one_rektor(assignment)
    assignment.save()
    return assignment


def _check_place(assignment: RoleAssignment) -> None:
    """The administration and the unit are the huvudman's, the unit at some time in the period."""
    administration, unit = assignment.administration, assignment.unit
    if administration is not None and administration.huvudman_id != assignment.huvudman_id:
        raise ValidationError({"administration": "Förvaltningen hör till en annan huvudman."})
    if unit is None:
        return
    versions = unit.versions.filter(huvudman_id=assignment.huvudman_id)
    if not any(_shared_days(assignment, version) for version in versions):
        raise ValidationError({"unit": "Enheten hör inte till den huvudmannen under perioden."})


def _check_one_rektor(assignment: RoleAssignment) -> None:
    others = RoleAssignment.objects.filter(unit=assignment.unit, role=StaffRole.REKTOR)
    for other in others.exclude(pk=assignment.pk):
        if _shared_days(assignment, other) > 1:
            raise ValidationError(
                {
                    "valid_from": "Enheten har redan en rektor då. Avsluta det uppdraget först; en dag får delas."
                }
            )


def _shared_days(one, other) -> int:
    """How many days two periods share; an unknown end is open."""
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return max((last - first).days + 1, 0)
