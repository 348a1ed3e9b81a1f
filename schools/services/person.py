"""Registers people and the roles they come and go from. Names of protected people are never repeated here."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from sbs_portal.accounts.models import User
from sbs_portal.removal import InUse, delete_if_unused
from sbs_portal.rights import Action
from sbs_portal.rows import changed, checked, for_change, require_national, reread, saved, touched
from sbs_portal.scope import Scope, require, scope_of
from sbs_portal.together import Steps, Turn, asked, service
from schools.models import (
    Access,
    Administration,
    Huvudman,
    Person,
    Provider,
    RoleAssignment,
    SchoolUnit,
    SecurityMarking,
    StaffRole,
)
from schools.services.unit import shared_days, versions_of

PERSON_FIELDS = frozenset({"name", "email", "phone", "security_marking", "user"})
ROLE_FIELDS = frozenset(
    {"role", "title", "huvudman", "administration", "unit", "provider", "valid_from", "valid_to"}
)


@dataclass(frozen=True)
class AccessByTask:
    """What an app further up lets a person reach by what they are set to do there.

    gives: whether the person has such a task; follow: bring what it gives in line with the person's account.
    """

    gives: Callable[[Person], bool]
    follow: Callable[[Person, Scope], None]


_tasks: list[AccessByTask] = []


def register_access_by_task(*, gives, follow) -> None:
    """Called once by an app, in ``AppConfig.ready()``."""
    _tasks.append(AccessByTask(gives, follow))


@service
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
) -> Steps[Person]:
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
    yield checked(person)
    yield saved(person)
    yield from _new_role(
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
    yield reread(person)
    if user is not None:
        _account_changed(person, by)
    return person


@service
def change_person(*, person: Person, by, **changes) -> Steps[Person]:
    """Change any of PERSON_FIELDS. Protection can be set by who may change, and taken away nationally only.

    Which account is the person's is a coordinator's to say: accounts belong to no huvudman.
    """
    row = yield from for_change.steps(person, by)
    if row.is_protected and changes.get("security_marking") == SecurityMarking.NONE:
        scope = scope_of(by)
        if not (scope.system or scope.is_coordinator):
            raise PermissionDenied("Bara en samordnare kan ta bort skyddet av personuppgifter.")
    former = row.user_id
    if "user" in changes and _id_of(changes["user"]) != former:
        _require_account(by)
    yield from changed(row, changes, PERSON_FIELDS)
    if row.is_protected:
        _mask_log(row)
    if row.user_id != former:
        _account_changed(row, by)
    return row


def _id_of(row) -> int | None:
    return None if row is None else row.pk


def link_account(person: Person, user, *, by) -> None:
    """The account is the person's: they reach from now on what they are set to do."""
    person.user = user
    person.full_clean()
    person.save()
    if person.is_protected:
        _mask_log(person)
    _account_changed(person, by)


@asked
def is_linkable(pairs):
    """Of (person, by): refuses unless ``by`` may offer the person an account: a coordinator any without one, else
    one's own.

    Who is also at other huvudmän, or reaches more by what they are set to do, is a coordinator's to link: an
    account of one's own choosing would open it all.
    """
    pks = {person.pk for person, _ in pairs}
    editable = {
        by: set(Person.objects.editable_by(by).filter(pk__in=pks).order_by().values_list("pk", flat=True))
        for by in {by for _, by in pairs}
    }
    return [_why_not_linkable(person, scope_of(by), person.pk in editable[by]) for person, by in pairs]


def _why_not_linkable(person: Person, scope: Scope, is_editable: bool) -> ValidationError | None:
    if not is_editable:
        return ValidationError({"person": "Personen finns inte, eller så saknar du behörighet."})
    if person.user_id is not None:
        return ValidationError({"person": "Personen har redan ett konto."})
    if scope.system or (scope.is_coordinator and scope.national):
        return None
    elsewhere = any(
        not scope.may(Action.ACCESS_GRANT, huvudman_id=huvudman_id) for huvudman_id in person.huvudman_ids
    )
    if elsewhere or any(task.gives(person) for task in _tasks):
        return ValidationError({"person": "Be en samordnare koppla den här personen till ett konto."})
    return None


def _account_changed(person: Person, by) -> None:
    for task in _tasks:
        task.follow(person, scope_of(by))


def _mask_log(person: Person) -> None:
    """The admin's log keeps what a row was called when it was written; so does that of the person's account."""
    named = [(Person, [person.pk])]
    if person.user is not None:
        person.user.refresh_from_db(fields=["is_protected"])
        named += [(User, [person.user_id]), (Access, person.user.access_rows.values_list("pk", flat=True))]
    for model, ids in named:
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=[str(pk) for pk in ids]
        ).update(object_repr=str(person))


@service
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
) -> Steps[RoleAssignment]:
    """A further role of the person's. A unit has one rektor, with a day's overlap at a hand-over."""
    _require_place(by, huvudman, unit)
    assignment = yield from _new_role(
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
    yield touched(person)
    return assignment


@service
def change_role(*, assignment: RoleAssignment, by, **changes) -> Steps[RoleAssignment]:
    """Correct a role as it was entered: any of ROLE_FIELDS."""
    row = yield from for_change.steps(assignment, by)
    if unknown := changes.keys() - ROLE_FIELDS:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    if not changes:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    _require_place(by, row.huvudman, row.unit)
    yield from _save_role(row)
    yield touched(row.person)
    return row


def end_role(*, assignment: RoleAssignment, last_day: date, by) -> RoleAssignment:
    """The last day in the role. Raises ValidationError on ``valid_to`` where it lies before the first."""
    if assignment.valid_from and last_day < assignment.valid_from:
        raise ValidationError({"valid_to": "Slutdatum kan inte vara före startdatum."})
    return change_role(assignment=assignment, valid_to=last_day, by=by)


def remove_role(*, row: RoleAssignment, by) -> None:
    """Take away a role that was entered by mistake. Without any the person would be no one's."""
    if not row.person.roles.exclude(pk=row.pk).exists():
        raise InUse("Det här är personens enda roll. Ta bort eller arkivera personen i stället.")
    delete_if_unused(row=row, by=by)


def possible_duplicates(*, name: str, email: str, who) -> list[Person]:
    """People within the user's sight who may be the same: by name or address. The protected are not told of."""
    same = Q(name__iexact=" ".join(name.split()))
    if email:
        same |= Q(email__iexact=email.strip())
    return list(Person.objects.visible_to(who).unprotected().filter(same).prefetch_related("roles")[:5])


def _require_account(by) -> None:
    scope = scope_of(by)
    if not (scope.system or (scope.is_coordinator and scope.national)):
        raise PermissionDenied("Bara en samordnare kan koppla ett konto till en person.")


def _require_place(by, huvudman: Huvudman | None, unit: SchoolUnit | None) -> None:
    if huvudman is None:
        require_national(by, Action.PEOPLE_CHANGE)
    else:
        require(
            by, Action.PEOPLE_CHANGE, huvudman_id=huvudman.pk, unit_ids=[unit.pk] if unit is not None else []
        )


def _new_role(person: Person, *, title: str, **fields) -> Steps[RoleAssignment]:
    return _save_role(RoleAssignment(person=person, title=title.strip(), **fields))


def _save_role(assignment: RoleAssignment) -> Steps[RoleAssignment]:
    one_only = assignment.role == StaffRole.REKTOR and assignment.unit_id
    if one_only:
        yield Turn((StaffRole.REKTOR, assignment.unit_id))
    yield checked(assignment)
    yield from _check_place(assignment)
    if one_only:
        yield from _check_one_rektor(assignment)
    return (yield saved(assignment))


def _check_place(assignment: RoleAssignment) -> Steps:
    """The administration and the unit are the huvudman's, the unit at some time in the period."""
    administration = assignment.administration
    if administration is not None and administration.huvudman_id != assignment.huvudman_id:
        raise ValidationError({"administration": "Förvaltningen hör till en annan huvudman."})
    if assignment.unit_id is None:
        return
    versions = yield versions_of(assignment.unit)
    if not any(
        version.huvudman_id == assignment.huvudman_id and shared_days(assignment, version)
        for version in versions
    ):
        raise ValidationError({"unit": "Enheten hör inte till den huvudmannen under perioden."})


@asked
def _rektor_at(units):
    """Who has been, is and will be rektor of a unit."""
    found = defaultdict(list)
    for role in RoleAssignment.objects.filter(unit__in={unit.pk for unit in units}, role=StaffRole.REKTOR):
        found[role.unit_id].append(role)
    return [found[unit.pk] for unit in units]


def _check_one_rektor(assignment: RoleAssignment) -> Steps:
    for other in (yield _rektor_at(assignment.unit)):
        if other.pk != assignment.pk and shared_days(assignment, other) > 1:
            raise ValidationError(
                {
                    "valid_from": "Enheten har redan en rektor då. Avsluta det uppdraget först; en dag får delas."
                }
            )
