"""Changes of many rows at once: declared per list, tried before they are confirmed, and made all or none.

The rules are the services': a change here is the steps of a service, which the rows take together.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.urls import URLPattern, path

from sbs_portal import removal
from sbs_portal.scope import Scope
from sbs_portal.together import Steps, together
from sbs_portal.web.forms import Form

# How many rows are changed at once.
MOST = 500


@dataclass(frozen=True)
class BulkAction:
    """One change that a list offers for many rows.

    label: in the list of changes, "Ställ in". will and did: the end of "12 träffar …", before and after.
    press: on the button, where that is not the label and then the rows: "Byt plats för {rows}".
    apply: ``apply(row, cleaned, by)`` returns the steps of the service (sbs_portal.together), or changes the row
    itself; the ValidationError says why a row cannot.
    may: whether the reader has the right anywhere; of which rows is the service's to say.
    form_class: its arguments; ``fitted(form, rows, scope)`` sets what it offers for the chosen rows.
    tried_with: arguments that stand in for them when the change is tried.
    undo: the name of the action that takes it back, one without arguments.
    offered: whether the list offers it as it is filtered now.
    """

    name: str
    label: str
    will: str
    did: str
    apply: Callable[[Any, dict, Any], Any]
    may: Callable[[Scope], bool]
    form_class: type[Form] = Form
    fitted: Callable[[Form, list, Scope], None] = lambda form, rows, scope: None
    tried_with: Mapping[str, Any] = field(default_factory=dict)
    undo: str = ""
    press: str = ""
    offered: Callable[[QueryDict], bool] = lambda query: True

    def pressed(self, rows: str) -> str:
        """The button's words for "12 träffar"."""
        return self.press.format(rows=rows) if self.press else f"{self.label} {rows}"


@dataclass(frozen=True)
class Trial:
    """What a change would do: rows it changes, rows it cannot change and why, and how many are not one's own."""

    possible: list[models.Model]
    refused: list[tuple[models.Model, str]]
    forbidden: int


class _Tried(Exception):
    """Thrown to take a tried change back."""


def tried(action: BulkAction, rows: Iterable[models.Model], by) -> Trial:
    """Try the change on the rows, and take it back."""
    rows = list(rows)
    try:
        with transaction.atomic():
            came_to = _applied(action, rows, action.tried_with, by)
            raise _Tried
    except _Tried:
        pass
    possible, refused, forbidden = [], [], 0
    for row, error in zip(rows, came_to, strict=True):
        if error is None:
            possible.append(row)
        elif isinstance(error, PermissionDenied):
            forbidden += 1
        else:
            refused.append((row, " ".join(error.messages)))
    return Trial(possible, refused, forbidden)


@transaction.atomic
def carried_out(action: BulkAction, rows: Iterable[models.Model], cleaned: dict, by) -> int:
    """Change all the rows or none. The ValidationError names the row that could not be changed."""
    rows = list(rows)
    for row, error in zip(rows, _applied(action, rows, cleaned, by), strict=True):
        if error is not None:
            why = " ".join(error.messages) if isinstance(error, ValidationError) else error
            raise ValidationError(f"{row}: {why} Ingenting är sparat.") from error
    return len(rows)


def _applied(action: BulkAction, rows: list[models.Model], cleaned: Mapping[str, Any], by) -> list:
    """Why each row could not be changed, None for those that were."""
    came_to = together(_one(action, row, dict(cleaned), by) for row in rows)
    for error in came_to:
        if error is not None and not isinstance(error, PermissionDenied | ValidationError):
            raise error
    return came_to


def _one(action: BulkAction, row: models.Model, cleaned: dict, by) -> Steps[None]:
    steps = action.apply(row, cleaned, by)
    if isinstance(steps, Generator):
        yield from steps


def archive_actions(model: type[models.Model]) -> tuple[BulkAction, BulkAction]:
    """Archive and restore, for a list of rows that can be archived."""
    rules = model.removal
    right = rules.action or model.scoping.change

    def may(scope: Scope) -> bool:
        # As in removal.may_remove: a unit's own rektor lays no shared row aside.
        return scope.may(right, unit_ids=[]) and (scope.national or not rules.national)

    def archive(row, cleaned, by):
        if row.is_archived:
            raise ValidationError("Ligger redan i arkivet.")
        return removal.archive.steps(row=row, by=by)

    def restore(row, cleaned, by):
        if not row.is_archived:
            raise ValidationError("Ligger inte i arkivet.")
        return removal.restore.steps(row=row, by=by)

    return (
        BulkAction(
            "archive",
            "Arkivera",
            "arkiveras",
            "arkiverades",
            archive,
            may,
            undo="restore",
            offered=lambda query: query.get("archived") != "only",
        ),
        BulkAction(
            "restore",
            "Ta fram ur arkivet",
            "tas fram ur arkivet",
            "togs fram ur arkivet",
            restore,
            may,
            undo="archive",
            press="Ta fram {rows} ur arkivet",
            offered=lambda query: query.get("archived") in ("only", "include"),
        ),
    )


def bulk_path(prefix: str, list_view, *, back: str) -> URLPattern:
    """The address where the list's rows are changed: ``bulk_path("enheter", UnitListView, back="unit_list")``."""
    from sbs_portal.web.bulk_views import BulkView

    view = BulkView.as_view(list_view=list_view, back=back, active=list_view.active)
    return path(f"{prefix}/andra-flera/", view, name=list_view.bulk_name)
