"""What a history row says in words: the fields of a model with their labels, and their values as on screen."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models

from sbs_portal.audit.people import names_of
from sbs_portal.db.fields import ImpreciseDateField, column_names
from sbs_portal.db.kept import kept_columns
from sbs_portal.db.ledger import parent_field
from sbs_portal.scope import Scope
from sbs_portal.time import ImpreciseDate, Term
from sbs_portal.web import words

# Told by the entry itself, or of no interest to a reader.
TECHNICAL = {"id", "uuid", "created_at", "updated_at", "version", "huvudman_ids", "sort_key", "digest"}
# What a part is called by, the first it has.
NAMING = (
    "title", "name", "text", "word", "person", "unit", "focus_area", "provider", "programme", "participation",
    "huvudman", "phase", "role", "first_term", "terms", "school_year", "kind",
)  # fmt: skip
UNSEEN = "visas inte"
GONE = "borttagen"


class Names:
    """The names of related rows, fetched once per model and within the reader's scope."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self._wanted = defaultdict(set)
        self._names: dict[type[models.Model], dict[int, str]] = {}

    def want(self, model, pk) -> None:
        if pk is not None:
            self._wanted[model].add(pk)

    def fetch(self) -> None:
        for model, ids in self._wanted.items():
            self._names[model] = self._of(model, ids)

    def _of(self, model, ids) -> dict[int, str]:
        if model is get_user_model():
            return names_of(ids, self.scope)
        if not hasattr(model.objects, "visible_to"):
            return {}
        rows = model.objects.visible_to(self.scope).filter(pk__in=ids).select_related()
        return {row.pk: str(row) for row in rows}

    def name(self, model, pk) -> str:
        unknown = GONE if self.scope.national else UNSEEN
        return self._names.get(model, {}).get(pk, unknown)


@dataclass(frozen=True)
class Shown:
    """One field as history tells it."""

    name: str
    label: str
    read: Callable[[Any], Any]
    say: Callable[[Any, Names], str]
    related: type[models.Model] | None = None


@cache
def shown_fields(model: type[models.Model]) -> tuple[Shown, ...]:
    """The fields of a model that history tells, in the model's order."""
    found, columns = [], kept_columns(model)
    for field in model._meta.private_fields:
        if isinstance(field, ImpreciseDateField) and not columns.issuperset(
            names := column_names(field.name)
        ):
            columns.update(names)
            found.append((field.creation_counter, _imprecise(field, names)))
    hidden = TECHNICAL | columns | {parent_field(model)}
    for field in model._meta.concrete_fields:
        if field.name in hidden or field.primary_key or isinstance(field, models.GeneratedField):
            continue
        if _is_said(field):
            found.append((field.creation_counter, _plain(field)))
    return tuple(shown for _, shown in sorted(found, key=lambda pair: pair[0]))


def _is_said(field) -> bool:
    """Bare ids of generic relations say nothing."""
    return not (isinstance(field, models.BigIntegerField) and not field.editable)


def _label(field) -> str:
    label = str(field.verbose_name)
    if field.is_relation and label == field.name.replace("_", " "):
        label = str(field.related_model._meta.verbose_name)
    return label[:1].upper() + label[1:]


def _imprecise(field, names: tuple[str, str, str]) -> Shown:
    def read(event) -> ImpreciseDate:
        day, precision, text = (getattr(event, name) for name in names)
        return ImpreciseDate(day, precision, text)

    return Shown(
        field.name, _label(field), read, lambda value, _: str(value) if value.is_known or value.text else ""
    )


def _plain(field) -> Shown:
    related = field.related_model if field.is_relation else None

    def read(event):
        return getattr(event, field.attname)

    def say(value, names: Names) -> str:
        if value in (None, "", [], {}):
            return ""
        if related is not None:
            return names.name(related, value)
        return in_words(field, value)

    return Shown(field.name, _label(field), read, say, related)


def in_words(field, value) -> str:
    """A value as the pages say it."""
    if isinstance(field, ArrayField):
        return ", ".join(in_words(field.base_field, one) for one in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, Term):
        return value.short
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime):
        return f"{words.long_date(words.as_day(value))} kl. {words.clock(value)}"
    if isinstance(value, date):
        return words.long_date(value)
    if isinstance(value, time):
        return words.clock(value)
    if isinstance(field, models.JSONField):
        return "ändrat" if value else ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return str(value)


def naming_field(model: type[models.Model]) -> Shown | None:
    """The field a part is called by."""
    by_name = {shown.name: shown for shown in shown_fields(model)}
    return next((by_name[name] for name in NAMING if name in by_name), None)
