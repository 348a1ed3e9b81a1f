"""Scope: whose rows a user reaches, said once and walled twice.

``Scope.of(user)`` reads the access table once. ``visible_to`` and ``editable_by`` turn it into a filter by the
model's declared ``scoping``; ``bound`` tells PostgreSQL the same for the length of a transaction, where the
row-level policies of sbs_portal.db.security hold it a second time.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.http import Http404
from django.utils.functional import LazyObject

from sbs_portal.db.questions import Given, Statement, kept
from sbs_portal.rights import READING, RIGHTS, Action, Reach, Role
from sbs_portal.time import today

OUTSIDE = "Finns inte, eller så saknar du behörighet."

Kind = Literal["owned", "shared", "reference", "history", "kernel"]


@dataclass(frozen=True)
class Scoping:
    """How a model's rows reach their huvudmän, and which actions read and change them.

    kind: *owned* has one huvudman, *shared* has several (a bigint array), *reference* is readable by all who
    are logged in, *kernel* is read before a scope is bound and is never listed to users through here.
    path: the column with the huvudman id (owned) or ids (shared); ``pk`` for Huvudman itself.
    parent: for a child, the foreign key to the parent that owns it; path is then the parent's.
    units: ORM path to the unit ids that UNITS reach is measured on ("" = such a role reaches none).
    or_parent: a foreign key that decides where the row itself names no huvudman.
    narrow: what a role sees less of, as a filter ("a reader sees held meetings only").
    """

    kind: Kind
    path: str = ""
    parent: str = ""
    read: Action | None = None
    change: Action | None = None
    units: str = ""
    or_parent: str = ""
    narrow: dict[Role, Q] = field(default_factory=dict)


@dataclass(frozen=True)
class Grant:
    """One access row in force: a role, at a huvudman (None = everywhere), at a unit (None = all)."""

    role: Role
    huvudman_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Scope:
    """What one user reaches now. Compared by value; cached on the request."""

    user: Any = None
    grants: tuple[Grant, ...] = ()
    read_only: bool = False
    system: bool = False

    @classmethod
    def of(cls, user, *, token=None) -> "Scope":
        """The user's scope today, in one query or as its API token was read with it; narrowed by the token."""
        if user is None or not user.is_authenticated or not user.is_active:
            return NOBODY
        if isinstance(user, LazyObject):
            # That of a request holds the whole request, and questions are kept by scope.
            user = user._wrapped
        rows = None if token is None else token.access_rows
        if rows is None:
            rows = kept(("access", today()), _access_in_force).asked(user=user.pk)
        scope = cls(user=user, grants=tuple(Grant(Role(role), hm, unit) for role, hm, unit in rows))
        return scope if token is None else scope.narrowed(token.huvudman_ids, read_only=not token.can_write)

    def narrowed(self, huvudman_ids: Iterable[int] | None, *, read_only: bool) -> "Scope":
        """The same scope within some huvudmän only; never wider than it was."""
        grants = self.grants
        if huvudman_ids is not None:
            wanted = sorted(set(huvudman_ids))
            grants = tuple(
                grant if grant.huvudman_id is not None else replace(grant, huvudman_id=huvudman_id)
                for grant in grants
                for huvudman_id in (wanted if grant.huvudman_id is None else [grant.huvudman_id])
                if huvudman_id in wanted
            )
        return replace(self, grants=grants, read_only=read_only or self.read_only)

    @cached_property
    def national(self) -> bool:
        """Whether some grant reaches every huvudman."""
        return self.system or any(grant.huvudman_id is None for grant in self.grants)

    @cached_property
    def huvudman_ids(self) -> frozenset[int]:
        """The huvudmän named in the grants (empty for a purely national scope)."""
        return frozenset(grant.huvudman_id for grant in self.grants if grant.huvudman_id is not None)

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_coordinator(self) -> bool:
        return Role.COORDINATOR in self.roles

    def has_role(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def may(
        self, action: Action, *, huvudman_id: int | None = None, unit_ids: Iterable[int] | None = None
    ) -> bool:
        """Whether the action is allowed on a row of this huvudman (None: somewhere at all) and units."""
        if self.system:
            return True
        if self.read_only and action not in READING:
            return False
        wanted_units = None if unit_ids is None else set(unit_ids)
        for grant in self.grants:
            reach = RIGHTS[action].get(grant.role, Reach.NONE)
            if reach == Reach.NONE:
                continue
            if huvudman_id is not None and grant.huvudman_id not in (None, huvudman_id):
                continue
            if reach == Reach.UNITS and wanted_units is not None and grant.unit_id not in wanted_units:
                continue
            return True
        return False

    def huvudmen(self, action: Action) -> list[int] | None:
        """The huvudmän on whose rows the action is allowed; None is everybody's."""
        # No grant names 0: what allows it there allows it everywhere.
        if self.may(action, huvudman_id=0):
            return None
        return [pk for pk in sorted(self.huvudman_ids) if self.may(action, huvudman_id=pk)]

    def may_of(self, action: Action, path: str) -> Q:
        """Rows where the action is allowed on the huvudman at the path."""
        ids = self.huvudmen(action)
        return Q(**{f"{path}__isnull": False}) if ids is None else Q(**{f"{path}__in": ids})

    def may_at(self, action: Action, path: str) -> Q:
        """Rows where the action is allowed on one of the huvudmän in the array at the path."""
        ids = self.huvudmen(action)
        return ~Q(**{path: []}) if ids is None else Q(**{f"{path}__overlap": ids})

    def may_everywhere(self, action: Action) -> bool:
        """Whether the action is allowed on every row there is, also of no huvudman."""
        return self.system or any(
            grant.huvudman_id is None and RIGHTS[action].get(grant.role, Reach.NONE) == Reach.ALL
            for grant in self.grants
        )

    def q(self, model: type[models.Model], action: Action) -> Q:
        """The filter on the model's rows that the action is allowed on. An empty Q is all rows."""
        scoping: Scoping = model.scoping
        if self.system:
            return Q()
        if self.read_only and action not in READING:
            return Q(pk__in=[])
        found = Q(pk__in=[])
        for role in sorted(self.roles):
            reach = RIGHTS[action].get(role, Reach.NONE)
            if reach == Reach.NONE:
                continue
            grants = [grant for grant in self.grants if grant.role == role]
            here = _reach_q(model, reach, grants) & scoping.narrow.get(role, Q())
            if not here:
                return Q()
            found = here if found == Q(pk__in=[]) else found | here
        return found

    @property
    def description(self) -> str:
        """The role in words, for the page head: "Rektor" or "Samordnare, Processledare"."""
        return ", ".join(role.label for role in Role if role in self.roles)


def _reach_q(model: type[models.Model], reach: Reach, grants: list[Grant]) -> Q:
    scoping: Scoping = model.scoping
    if reach == Reach.UNITS:
        if not scoping.units:
            return Q(pk__in=[])
        own = Q(**{f"{scoping.units}__in": sorted({g.unit_id for g in grants if g.unit_id is not None})})
        # A subquery and not a join: a joined row may come twice, and a DISTINCT query cannot be locked.
        return Q(pk__in=model._base_manager.filter(own).values("pk")) if "__" in scoping.units else own
    if any(grant.huvudman_id is None for grant in grants):
        return Q()
    path = scoping_path(model)
    ids = sorted({grant.huvudman_id for grant in grants})
    if path.endswith("huvudman_ids"):
        return Q(**{f"{path}__overlap": ids})
    found = Q(**{f"{path}__in": ids})
    if scoping.or_parent:
        found |= Q(**{f"{path}__isnull": True, f"{scoping.or_parent}__huvudman_ids__overlap": ids})
    return found


def _access_in_force() -> Statement:
    access = apps.get_model(settings.SBS_ACCESS_MODEL)
    rows = access.objects.in_force().filter(user_id=Given("user", models.BigIntegerField()))
    return Statement.of(rows.values_list("role", "huvudman_id", "unit_id"))


NOBODY = Scope()
# For jobs, the demo and tests' factories: everything, as no one in particular.
NATIONAL = Scope(system=True)


@dataclass(frozen=True)
class Binding:
    scope: Scope
    face: str
    request_id: str | None


_binding: ContextVar[Binding | None] = ContextVar("sbs_binding", default=None)

BIND_SQL = (
    "SELECT set_config('role', %s, true), set_config('sbs.scope', %s, true),"
    " set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)"
)


def bind_params(binding: Binding | None) -> list[str]:
    """The four settings of a binding, in BIND_SQL's order; None binds nobody."""
    if binding is None:
        return ["none", "{}", "", ""]
    scope = binding.scope
    context = {"face": binding.face, "user": scope.user.pk if scope.user else None}
    ids = ",".join(str(huvudman_id) for huvudman_id in sorted(scope.huvudman_ids))
    return [
        "sbs_national" if scope.national else "none",
        f"{{{ids}}}",
        binding.request_id or "",
        json.dumps(context),
    ]


def _bind(binding: Binding | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BIND_SQL, bind_params(binding))


@contextmanager
def bound(
    scope: Scope, *, face: str = "job", request_id: str | None = None, snapshot: bool = False
) -> Iterator[Scope]:
    """One transaction as this scope. Nested, the outer binding is restored on leaving.

    snapshot: every query sees the same moment's data and nothing is written; within another transaction it
    is that one's to say.

    RELEASE SAVEPOINT keeps what SET LOCAL did inside it, so leaving a nested binding binds the former again;
    a rolled-back savepoint has already undone it.
    """
    outer = _binding.get()
    binding = Binding(scope, face, request_id or (outer.request_id if outer else None))
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if snapshot and outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _bind(binding)
        token = _binding.set(binding)
        try:
            yield scope
        finally:
            _binding.reset(token)
    if connection.in_atomic_block and not connection.needs_rollback:
        _bind(outer)


def ask_as(
    scope: Scope, sql: str, params: Iterable, *, face: str = "job", request_id: str | None = None
) -> tuple:
    """The one row that a statement gives this scope.

    Where no transaction is open the binding and the statement go as one message, which PostgreSQL takes as one
    transaction: one round trip, and nothing stays bound. Within one that is bound so already the statement goes
    alone.
    """
    outer = _binding.get()
    if connection.in_atomic_block and (outer is None or outer.scope is not scope):
        with bound(scope, face=face, request_id=request_id):
            return ask_as(scope, sql, params)
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute(sql, params)
        else:
            binding = Binding(scope, face, request_id)
            cursor.execute(f"{BIND_SQL}; {sql}", [*bind_params(binding), *params])
        return cursor.fetchone()


def current() -> Scope:
    """The scope bound now, NOBODY when none is."""
    binding = _binding.get()
    return binding.scope if binding else NOBODY


def scope_of(who) -> Scope:
    """A Scope from a Scope, a request-bound user or any user."""
    if isinstance(who, Scope):
        return who
    scope = current()
    if scope.system or (scope.user is not None and scope.user == who):
        return scope
    return Scope.of(who)


def require(
    by, action: Action, *, huvudman_id: int | None = None, unit_ids: Iterable[int] | None = None
) -> None:
    """Raise PermissionDenied unless ``by`` may do this: the first line of a creating service."""
    if not scope_of(by).may(action, huvudman_id=huvudman_id, unit_ids=unit_ids):
        raise PermissionDenied(f"Du saknar behörighet att {Action(action).label}.")


def scoping_path(model: type[models.Model]) -> str:
    """The ORM path from a row of the model to its huvudman id or ids, through its parents."""
    scoping: Scoping = model.scoping
    if not scoping.parent:
        return scoping.path
    parent = model._meta.get_field(scoping.parent).related_model
    return f"{scoping.parent}__{scoping_path(parent)}"


class ScopedQuerySet(models.QuerySet):
    """Every domain queryset: a query for a user starts with ``visible_to``."""

    def visible_to(self, who):
        """Rows the user may read."""
        return self._within(scope_of(who), self.model.scoping.read)

    def editable_by(self, who, action: Action | None = None):
        """Rows the user may change, by the model's own action or a named one."""
        return self._within(scope_of(who), action or self.model.scoping.change)

    def _within(self, scope: Scope, action: Action | None):
        scoping: Scoping = self.model.scoping
        if scope.system:
            return self.all()
        if scoping.kind == "reference" and (action is None or action == scoping.read):
            return self.all() if scope.grants else self.none()
        if action is None:
            return self.none()
        if scoping.kind == "reference":
            return self.all() if scope.may(action) else self.none()
        return self.filter(scope.q(self.model, action))

    def in_use(self, *kept):
        """Those that are not archived, and rows that are chosen already (by id); all where none can be."""
        if not hasattr(self.model, "archived_at"):
            return self.all()
        chosen = [pk for pk in kept if pk is not None]
        return self.filter(Q(archived_at__isnull=True) | Q(pk__in=chosen) if chosen else Q(archived_at=None))

    def archived(self):
        """Those that are laid aside."""
        return self.filter(archived_at__isnull=False)

    def get_for(self, who, **lookup):
        """The one visible row, or Http404: outside scope nothing exists."""
        try:
            return self.visible_to(who).get(**lookup)
        except (ObjectDoesNotExist, ValidationError, ValueError) as error:
            raise Http404(OUTSIDE) from error

    def get_for_change(self, who, action: Action | None = None, **lookup):
        """The one row for change: 404 outside scope, PermissionDenied inside without the right."""
        row = self.get_for(who, **lookup)
        if not self.model.objects.filter(pk=row.pk).editable_by(who, action).exists():
            verb = action or self.model.scoping.change
            raise PermissionDenied(f"Du saknar behörighet att {verb.label if verb else 'ändra'}.")
        return row


def ensure_still_editable(row, who) -> None:
    """After a write: the row must still be the writer's to change, or the write is refused."""
    if not type(row).objects.filter(pk=row.pk).editable_by(who).exists():
        raise PermissionDenied("Ändringen skulle ta raden utanför det du har behörighet till.")


def settle() -> None:
    """The last line of a writing service: deferred constraints fail here, not at the commit after a 201."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
