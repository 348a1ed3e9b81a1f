"""What every service does with a row: the right, the lock, the changes. Each for as many rows as ask together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from sbs_portal.db import writing
from sbs_portal.db.checking import check_all
from sbs_portal.rights import Action
from sbs_portal.scope import OUTSIDE, require, scope_of
from sbs_portal.together import Steps, asked, service


def by_model(rows: Iterable[models.Model]) -> dict[type[models.Model], list[models.Model]]:
    """The rows of each model, in their order."""
    found = defaultdict(list)
    for row in rows:
        found[type(row)].append(row)
    return dict(found)


def in_order(rows: list[models.Model], answers: Mapping[int, object]) -> list:
    """The answers by a row's identity, as a list in the rows' order."""
    return [answers[id(row)] for row in rows]


@asked
def locked(rows):
    """The row as it is now, held until the transaction ends. Locked in one order, so that two do not cross.

    What the given row is related to, and has read, is not read again.
    """
    found = {}
    for model, some in by_model(rows).items():
        query = model._default_manager.select_for_update(of=("self",)).order_by("pk")
        there = {row.pk: row for row in query.filter(pk__in={row.pk for row in some})}
        gone = model.DoesNotExist(f"{model.__name__} matching query does not exist.")
        for row in some:
            found[id(row)] = there.get(row.pk, gone)
            if row.pk in there:
                _relate_alike(there[row.pk], row)
    return in_order(rows, found)


def _relate_alike(now: models.Model, row: models.Model) -> None:
    for field in row._meta.fields:
        if (
            isinstance(field, models.ForeignKey)
            and field.is_cached(row)
            and getattr(now, field.attname) == getattr(row, field.attname)
        ):
            field.set_cached_value(now, field.get_cached_value(row))


def wrong_with(rows: list[models.Model], told_at: Mapping[str, str] | None = None) -> list:
    """What ``full_clean`` says of each row, None for those that are right; ``told_at`` as for ``check_all``."""
    found = {}
    for some in by_model(rows).values():
        found |= zip(map(id, some), check_all(some, told_at=told_at), strict=True)
    return in_order(rows, found)


@asked
def checked(rows):
    """``full_clean``: a ValidationError by field where the row is wrong."""
    return wrong_with(rows)


@asked
def unbroken(rows):
    """The row against the constraints of its table, and nothing else."""
    found = {}
    for some in by_model(rows).values():
        found |= zip(map(id, some), check_all(some, constraints_only=True), strict=True)
    return in_order(rows, found)


@asked
def saved(rows):
    """The row, written. What the database refuses is raised for the row it refuses."""
    found = {}
    for some in by_model(rows).values():
        new = [row for row in some if row._state.adding]
        old = {row.pk: row for row in some if not row._state.adding}
        if new:
            found |= zip(map(id, new), writing.written(writing.insert, new), strict=True)
        if old:
            became = dict(zip(old, writing.written(writing.update, list(old.values())), strict=True))
            found |= {id(row): became[row.pk] for row in some if row.pk in became}
    return in_order(rows, found)


@asked
def removed(rows):
    """The row, deleted with what goes with it."""
    for model, some in by_model(rows).items():
        model._base_manager.filter(pk__in={row.pk for row in some}).delete()
    return rows


@asked
def seen(pairs):
    """Of (row, by): whether ``by`` may see the row."""
    found = {}
    for model, by in {(type(row), by) for row, by in pairs}:
        ids = {row.pk for row, one in pairs if type(row) is model and one == by}
        there = model.objects.visible_to(by).filter(pk__in=ids).order_by()
        found[model, by] = set(there.values_list("pk", flat=True))
    return [row.pk in found[type(row), by] for row, by in pairs]


@asked
def found(wanted):
    """Of (model, uuid, by): the row, None where ``by`` sees none."""
    uuids = defaultdict(set)
    for model, uuid, by in wanted:
        uuids[model, by].add(uuid)
    rows = {
        (model, by): {row.uuid: row for row in model.objects.visible_to(by).filter(uuid__in=some)}
        for (model, by), some in uuids.items()
    }
    return [rows[model, by].get(uuid) for model, uuid, by in wanted]


@asked
def by_id(wanted):
    """Of (model, id): the row, None where there is none within reach."""
    ids = defaultdict(set)
    for model, pk in wanted:
        ids[model].add(pk)
    found = {model: model.objects.in_bulk(pks) for model, pks in ids.items()}
    return [found[model].get(pk) for model, pk in wanted]


@asked
def touched(rows):
    """The row with its version raised because a part of it changed: once, however many its parts are."""
    for model, some in by_model(rows).items():
        pks = sorted({row.pk for row in some})
        held = model._base_manager.filter(pk__in=pks)
        if len(pks) > 1:
            list(held.select_for_update().order_by("pk").values_list("pk", flat=True))
        held.update(version=F("version") + 1, updated_at=Now())
        became = {row["pk"]: row for row in held.order_by().values("pk", "version", "updated_at")}
        for row in some:
            row.version, row.updated_at = became[row.pk]["version"], became[row.pk]["updated_at"]
    return rows


@asked
def reread(rows):
    """The row as the database has it now, also what triggers have made of it."""
    for model, some in by_model(rows).items():
        now = model._base_manager.order_by().in_bulk({row.pk for row in some})
        for row in some:
            for field in model._meta.concrete_fields:
                setattr(row, field.attname, getattr(now[row.pk], field.attname))
            row._prefetched_objects_cache = {}
    return rows


def require_national(by, action: Action) -> None:
    """Raise PermissionDenied unless ``by`` may do this in the whole country: rows that are no huvudman's."""
    require(by, action)
    if not scope_of(by).national:
        raise PermissionDenied(f"Du saknar behörighet att {action.label} utanför din huvudman.")


@asked
def permitted(rights):
    """Of (row, by, action): refuses, with PermissionDenied, unless ``by`` may change the row."""
    groups = defaultdict(set)
    for row, by, action in rights:
        groups[type(row), by, action].add(row.pk)
    reached = {}
    for key, pks in groups.items():
        model, by, action = key
        scope, rows = scope_of(by), model.objects.filter(pk__in=pks).order_by()
        visible = set(rows.visible_to(scope).values_list("pk", flat=True))
        editable = set(rows.editable_by(scope, action).values_list("pk", flat=True))
        verb = action or model.scoping.change
        denied = PermissionDenied(f"Du saknar behörighet att {verb.label if verb else 'ändra'}.")
        for pk in pks:
            within = denied if pk in visible else PermissionDenied(OUTSIDE)
            reached[key, pk] = None if pk in visible & editable else within
    return [reached[(type(row), by, action), row.pk] for row, by, action in rights]


@service
def for_change(row, by, action: Action | None = None) -> Steps:
    """The row as it is now, locked, if ``by`` may change it.

    Raises PermissionDenied outside that right, also where the row is not visible at all: a face that was
    asked for it by an address has already answered 404.
    """
    yield permitted(row, by, action)
    return (yield locked(row))


def changed(row, changes: dict, allowed: frozenset[str]) -> Steps:
    """The row with the changes set, validated and saved. An unknown name is a programmer's TypeError."""
    if unknown := changes.keys() - allowed:
        raise TypeError(f"Not changed here: {sorted(unknown)}.")
    if not changes and row.pk is not None:
        return row
    for name, value in changes.items():
        setattr(row, name, value)
    yield checked(row)
    return (yield saved(row))
