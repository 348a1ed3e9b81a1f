"""Archives, restores and deletes: the one way for every face and every model that declares ``removal``.

Deleting is for what was entered by mistake: only a row that nothing else points at can go, with the parts that
are its own. Everything else is archived, which can be undone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone

from sbs_portal.audit.models import Statement
from sbs_portal.audit.subjects import owner_ids, subject_kinds
from sbs_portal.db.archive import Removal, is_archivable
from sbs_portal.rights import Action
from sbs_portal.rows import for_change, require_national, saved, unbroken
from sbs_portal.scope import Scope, scope_of, settle
from sbs_portal.together import Steps, alone, service

UNSEEN = "något som du inte ser"
NOT_ALONE = "Du saknar behörighet hos alla som uppgiften hör till."


class InUse(ValidationError):
    """Refused: something depends on the row. The message says what, and what to do instead."""


@dataclass(frozen=True)
class Count:
    """So many of a kind, as a sentence says it: "3 träffar"."""

    singular: str
    plural: str
    number: int

    def __str__(self):
        return f"{self.number} {self.singular if self.number == 1 else self.plural}"


@dataclass(frozen=True)
class Ties:
    """What hangs on a row: its own parts, which go with it, and what stops a delete."""

    parts: tuple[str, ...]
    uses: tuple[Count, ...]
    unseen: bool

    @property
    def in_use(self) -> bool:
        return bool(self.uses) or self.unseen

    @property
    def uses_in_words(self) -> str:
        """ "3 träffar och 2 roller"; "" where nothing depends on the row."""
        return listed([*map(str, self.uses), *([UNSEEN] if self.unseen else [])])

    @property
    def parts_in_words(self) -> str:
        return listed(self.parts)


def listed(words: Iterable[str]) -> str:
    """ "a, b och c"."""
    *first, last = [*words] or [""]
    return f"{', '.join(first)} och {last}" if first else last


def removal_of(row) -> Removal:
    return type(row).removal


def may_remove(who, row) -> bool:
    """Whether the user may archive and delete the row; read from the row itself, in no query."""
    scope, removal, scoping = scope_of(who), removal_of(row), type(row).scoping
    action = removal.action or scoping.change
    if action is None:
        return False
    if removal.national or scoping.kind == "reference":
        return scope.may(action) and (scope.national or scoping.kind == "reference")
    # Of a row that several share all must agree, and a unit's own rektor decides over no shared row.
    return all(
        _may_here(scope, action, huvudman_id, shared=scoping.kind == "shared") for huvudman_id in _owners(row)
    )


def _owners(row) -> list[int | None]:
    return [pk if pk is not None else -1 for pk in owner_ids(row)] or [-1]


def _may_here(scope: Scope, action: Action, huvudman_id: int | None, *, shared: bool) -> bool:
    return scope.may(action, huvudman_id=huvudman_id, unit_ids=[] if shared else None)


def _for_removal(row, by) -> Steps:
    """The row, locked, if ``by`` may archive and delete it."""
    removal = removal_of(row)
    action = removal.action or type(row).scoping.change
    locked = yield from for_change.steps(row, by, action)
    if removal.national:
        require_national(by, action)
    elif not may_remove(by, locked):
        raise PermissionDenied(NOT_ALONE)
    return locked


@service
def archive(*, row, by) -> Steps:
    """Lay the row aside: it leaves lists and choices, and everything about it stays. Returns it as it became."""
    locked = yield from _for_removal(row, by)
    if not locked.is_archived:
        locked.archived_at, locked.archived_by = timezone.now(), scope_of(by).user
        yield saved(locked)
    return locked


@service
def restore(*, row, by) -> Steps:
    """Take the row back into daily use. Raises ValidationError where another has taken its place."""
    locked = yield from _for_removal(row, by)
    if locked.is_archived:
        locked.archived_at = locked.archived_by = None
        yield unbroken(locked)
        yield saved(locked)
    return locked


def delete_if_unused(*, row, by) -> None:
    """Delete the row and its own parts. Raises InUse, naming what depends on it, where something does."""
    try:
        with transaction.atomic():
            _delete(row, by)
    except IntegrityError as error:
        raise _in_use(row, UNSEEN) from error


def _delete(row, by) -> None:
    locked, removal = alone(_for_removal(row, by)), removal_of(row)
    ties = ties_of(locked, by)
    if ties.in_use:
        raise _in_use(locked, ties.uses_in_words)
    root = getattr(locked, removal.root) if removal.root else None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    own, _ = _pointing_at(locked)
    for model, ids in _in_order(type(locked), own):
        if model._base_manager.filter(pk__in=ids)._raw_delete(DEFAULT_DB_ALIAS) != len(ids):
            raise _in_use(locked, UNSEEN)
    settle()
    if root is not None:
        root.touch()


def _in_use(row, uses: str) -> InUse:
    noun = removal_of(row).noun
    instead = " Arkivera i stället." if is_archivable(type(row)) else ""
    return InUse(f"{noun.capitalize()} har {uses} och kan därför inte tas bort.{instead}", code="in_use")


def ties_of(row, who) -> Ties:
    """What hangs on the row, counted as the user may see it."""
    own, others = _pointing_at(row)
    parts = tuple(str(model._meta.verbose_name_plural) for model in _part_models(type(row)) if model in own)
    seen, unseen = {}, False
    for model, ids in others.items():
        visible = _visible(model, ids, who)
        seen[model] = visible
        unseen |= len(visible) < len(ids)
    return Ties(parts=parts, uses=_counted(seen), unseen=unseen)


def _visible(model, ids: set[int], who) -> set[int]:
    rows = model._default_manager.filter(pk__in=ids)
    rows = rows.visible_to(who) if hasattr(rows, "visible_to") else rows
    return set(rows.values_list("pk", flat=True))


def _counted(rows: dict[type[models.Model], set[int]]) -> tuple[Count, ...]:
    """By kind: a model may say what its rows stand for (``counted_as``: words, and what to count once)."""
    found: dict[tuple[str, str], set] = defaultdict(set)
    for model, ids in rows.items():
        meta = model._meta
        one, several, once = getattr(model, "counted_as", (meta.verbose_name, meta.verbose_name_plural, "pk"))
        found[str(one), str(several)] |= set(
            model._base_manager.filter(pk__in=ids).values_list(once, flat=True).order_by()
        )
    return tuple(Count(one, several, len(ids)) for (one, several), ids in sorted(found.items()) if ids)


def _pointing_at(row) -> tuple[dict, dict]:
    """Ids by model: the row with its own parts, and all else that depends on them."""
    collector, found = Collector(using=DEFAULT_DB_ALIAS, origin=row), defaultdict(set)
    try:
        collector.collect([row])
    except ProtectedError as error:
        _note(found, error.protected_objects)
    except RestrictedError as error:
        _note(found, error.restricted_objects)
    for instances in collector.data.values():
        _note(found, instances)
    for instances in collector.fast_deletes:
        _note(found, instances)
    for groups in collector.field_updates.values():
        for instances in groups:
            _note(found, instances if isinstance(instances, Iterable) else [instances])
    parts = set(_part_models(type(row)))
    own = {model: ids for model, ids in found.items() if model in parts}
    own[type(row)] = {row.pk}
    others = {model: ids for model, ids in found.items() if model not in parts}
    others[type(row)] = others.get(type(row), set()) - {row.pk}
    others[Statement] = others.get(Statement, set()) | _statements_about(own)
    return own, {model: ids for model, ids in others.items() if ids}


def _note(found: dict, instances) -> None:
    for instance in instances:
        found[type(instance)].add(instance.pk)


def _part_models(model: type[models.Model]) -> list[type[models.Model]]:
    """Models of the parts and of their parts, the innermost first."""
    found = []
    for name in getattr(model, "removal", Removal("")).parts:
        part = model._meta.get_field(name).related_model
        found += [*_part_models(part), part]
    return list(dict.fromkeys(found))


def _in_order(model: type[models.Model], own: dict) -> list[tuple[type[models.Model], set[int]]]:
    """What is seen only through the row goes before it, what makes it the user's own goes after it."""
    links = {part for part in own if any(_is_link(part, model))}
    inner = [part for part in _part_models(model) if part in own and part not in links]
    return [(part, own[part]) for part in (*inner, model, *(part for part in own if part in links))]


def _is_link(part: type[models.Model], model: type[models.Model]) -> Iterable[bool]:
    return (link.parent == model._meta.label for link in getattr(part, "scope_links", ()))


def _statements_about(own: dict) -> set[int]:
    found: set[int] = set()
    for kind in subject_kinds():
        if ids := own.get(kind.model):
            about = Statement._base_manager.filter(
                subject_type=ContentType.objects.get_for_model(kind.model), subject_id__in=ids
            )
            found |= set(about.values_list("pk", flat=True))
    return found
