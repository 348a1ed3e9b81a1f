"""History as it is read: the changes of one request gathered to an entry, each told field by field.

The number of statements follows the kinds of rows on a page and never their number: one for the changes, one
for each kind's events, one for each kind of related row, and those that name who did it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.apps import apps
from django.db import models

from sbs_portal.audit.models import Change, ChangeKind, Face
from sbs_portal.audit.people import names_of, who
from sbs_portal.audit.wording import UNSEEN, Names, Shown, naming_field, shown_fields
from sbs_portal.db.security import event_models
from sbs_portal.scope import Scope

LONGEST = 300
VERBS = {ChangeKind.INSERT: "La till", ChangeKind.UPDATE: "Ändrade", ChangeKind.DELETE: "Tog bort"}


@dataclass(frozen=True)
class Line:
    """One field: what it was and what it became; "" where there was nothing. ``hidden``: that it changed, only."""

    field: str
    label: str
    old: str
    new: str
    hidden: bool = False


@dataclass(frozen=True)
class Part:
    """One row that was changed."""

    change: Change
    verb: str
    what: str
    name: str
    is_root: bool
    lines: tuple[Line, ...]


@dataclass
class Entry:
    """What one request, or one run, did to an object."""

    is_note: ClassVar[bool] = False

    at: datetime
    who: str
    face: str
    request_id: str
    root_model: str
    root_uuid: UUID | None
    parts: list[Part] = field(default_factory=list)
    # Of lists of several objects: which kind, called what, and where its history is.
    kind: str = ""
    about: str = ""
    url: str = ""


def entries_of(changes: Iterable[Change], scope: Scope) -> list[Entry]:
    """The changes told, in the order they come; those of one request and object are one entry."""
    changes = list(changes)
    parts = told(changes, scope)
    users = names_of((change.user_id for change in changes), scope)
    entries: dict[tuple, Entry] = {}
    for change in changes:
        part = parts[change.pk]
        key = (
            change.request_id or change.at,
            change.user_id,
            change.face,
            change.root_model,
            change.root_uuid,
        )
        if key not in entries:
            entries[key] = Entry(
                at=change.at,
                who=who(change.user_id, change.face, users),
                face=Face(change.face).label if change.face in Face else "",
                request_id=str(change.request_id or ""),
                root_model=change.root_model,
                root_uuid=change.root_uuid,
            )
        if part.lines or change.kind != ChangeKind.UPDATE:
            entries[key].parts.append(part)
    for entry in entries.values():
        entry.parts.sort(key=lambda part: (not part.is_root, part.change.pk))
    return [entry for entry in entries.values() if entry.parts]


def told(changes: list[Change], scope: Scope) -> dict[int, Part]:
    """Change id → what it says."""
    events = _events(changes, scope)
    names, masks = Names(scope), _masks(changes, scope)
    for (label, _), event in events.items():
        for shown in shown_fields(apps.get_model(label)):
            if shown.related is not None:
                names.want(shown.related, shown.read(event))
    names.fetch()
    return {change.pk: _part(change, events, names, masks) for change in changes}


def _events(changes: list[Change], scope: Scope) -> dict[tuple[str, int], models.Model]:
    """Each change's event and the one before it, as far as the reader reaches that one too."""
    wanted = defaultdict(set)
    for change in changes:
        wanted[change.model] |= {change.event_id, change.previous_id} - {None}
    found, histories = {}, event_models()
    for label, ids in wanted.items():
        own = {change.event_id for change in changes if change.model == label}
        within = Change.objects.visible_to(scope).filter(
            model=label, object_id=models.OuterRef("pgh_obj_id"), event_id=models.OuterRef("pgh_id")
        )
        rows = histories[apps.get_model(label)].objects.filter(pgh_id__in=ids)
        rows = rows.filter(models.Q(pgh_id__in=own) | models.Exists(within))
        found |= {(label, row.pgh_id): row for row in rows}
    return found


def _masks(changes: list[Change], scope: Scope) -> dict[str, dict[int, tuple[str, ...]]]:
    """Model label → row → the fields of it that are not told; a row that is gone is not among them."""
    wanted = defaultdict(set)
    for change in changes:
        if hasattr(apps.get_model(change.model), "masked_fields"):
            wanted[change.model].add(change.object_id)
    return {
        label: apps.get_model(label).objects.filter(pk__in=ids).untold_fields(scope)
        for label, ids in wanted.items()
    }


def _part(change: Change, events, names: Names, masks) -> Part:
    model = apps.get_model(change.model)
    event = events.get((change.model, change.event_id))
    before = events.get((change.model, change.previous_id)) if change.kind == ChangeKind.UPDATE else None
    masked = ()
    if change.model in masks:
        masked = masks[change.model].get(change.object_id, model.masked_fields)
    naming, is_root = naming_field(model), change.root_uuid == change.object_uuid
    # A part is called by this already.
    own = naming.name if naming is not None and not is_root else ""
    lines = ()
    if event is not None and change.kind != ChangeKind.DELETE:
        lines = tuple(_lines(shown_fields(model), before, event, names, masked, new=before is None, name=own))
    name = ""
    if naming is not None and event is not None and naming.name not in masked:
        name = _short(naming.say(naming.read(event), names))
    return Part(
        change=change,
        verb=VERBS.get(change.kind, "Ändrade"),
        what=model.called(event) if event is not None and hasattr(model, "called") else _noun(model),
        name=name,
        is_root=is_root,
        lines=lines,
    )


def _noun(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def _lines(
    fields: Iterable[Shown], before, event, names: Names, masked: tuple[str, ...], *, new: bool, name: str
):
    for shown in fields:
        now = shown.read(event)
        then = None if before is None else shown.read(before)
        if before is not None and now == then:
            continue
        said = _short(shown.say(now, names))
        was = "" if before is None else _short(shown.say(then, names))
        if (not said and not was) or (new and (not said or now is False or shown.name == name)):
            continue
        if shown.name in masked:
            yield Line(shown.name, shown.label, "", UNSEEN, hidden=True)
        else:
            yield Line(shown.name, shown.label, was, said)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
