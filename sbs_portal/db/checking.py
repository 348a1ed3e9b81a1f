"""``full_clean`` of many rows: the same rules and words, with as many questions for a thousand rows as for one.

Django asks the database for every foreign key, every unique value and every constraint of every row. Here a
foreign key is one question for all the rows, a unique value and a period without overlap likewise, and what can be
told from a row alone is told without asking. The rows are also held against each other. The database holds every
rule all the same: where two writers meet, it has the last word.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from sbs_portal.db.constraints import NoOverlap, RowCheck, outward

Errors = dict[str, list[ValidationError]]


class CannotTell(Exception):
    """The condition says more than can be told from the row in Python."""


_LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, other: value == other,
    "in": lambda value, others: value in others,
    "gt": lambda value, other: value > other,
    "gte": lambda value, other: value >= other,
    "lt": lambda value, other: value < other,
    "lte": lambda value, other: value <= other,
    "regex": lambda value, pattern: re.search(pattern, value, re.ASCII) is not None,
    "contained_by": lambda value, others: set(value) <= set(others),
}


def holds(condition: Q, row: models.Model) -> bool | None:
    """Whether a constraint's condition is true of the row; None where SQL would say NULL. May raise CannotTell."""
    parts = [
        holds(part, row) if isinstance(part, Q) else _compared(*_pair(part), row)
        for part in condition.children
    ]
    if condition.connector == Q.AND:
        found = False if False in parts else None if None in parts else True
    elif condition.connector == Q.OR:
        found = True if True in parts else None if None in parts else False
    else:
        raise CannotTell(condition.connector)
    # As Django writes it: what is not known to be so is not so.
    return not found if condition.negated else found


def _pair(part) -> tuple[str, Any]:
    if not isinstance(part, tuple):
        raise CannotTell(part)
    return part


def _compared(path: str, other, row) -> bool | None:
    name, _, lookup = path.partition("__")
    lookup = lookup or "exact"
    value = _value(row, name)
    if isinstance(other, F):
        other = _value(row, other.name)
    elif isinstance(other, Lower) and isinstance(_lowered(other), F):
        of = _value(row, _lowered(other).name)
        other = of and of.lower()
    elif hasattr(other, "resolve_expression"):
        raise CannotTell(path)
    elif lookup == "isnull" or (lookup == "exact" and other is None):
        return (value is None) == (lookup == "exact" or other)
    if lookup not in _LOOKUPS:
        raise CannotTell(path)
    return None if value is None or other is None else _LOOKUPS[lookup](value, other)


def _lowered(other: Lower):
    return other.get_source_expressions()[0]


def _value(row, name: str):
    return getattr(row, row._meta.get_field(name).attname)


def _names(condition: Q) -> set[str]:
    """The fields a condition is about."""
    found = set()
    for part in condition.children:
        if isinstance(part, Q):
            found |= _names(part)
        elif isinstance(part, tuple):
            found.add(part[0].partition("__")[0])
            other = _lowered(part[1]) if isinstance(part[1], Lower) else part[1]
            if isinstance(other, F):
                found.add(other.name)
    return found


def check_all(
    rows: Iterable[models.Model],
    *,
    told_at: Mapping[str, str] | None = None,
    constraints_only: bool = False,
) -> list[ValidationError | None]:
    """What is wrong with each row of one model, None for those that are right.

    ``told_at`` names the field where a constraint is told, by the constraint's name.
    """
    rows = list(rows)
    if not rows:
        return []
    checks = _Checks(rows, told_at or {})
    if not constraints_only:
        checks.fields()
        checks.unique_fields()
    for constraint in rows[0]._meta.constraints:
        checks.constraint(constraint)
    return [ValidationError(errors) if errors else None for errors in checks.errors]


class _Checks:
    def __init__(self, rows: list[models.Model], told_at: Mapping[str, str]):
        self.rows, self.told_at = rows, told_at
        self.model = type(rows[0])
        self.errors: list[Errors] = [{} for _ in rows]
        self.own = {row.pk for row in rows if row.pk is not None}

    def _right(self, names: Iterable[str]) -> list[int]:
        """The rows where none of the fields is wrong already."""
        names = set(names)
        return [index for index, errors in enumerate(self.errors) if not names & errors.keys()]

    def _tell(self, index: int, error: ValidationError) -> None:
        self.errors[index] = error.update_error_dict(self.errors[index])

    def fields(self) -> None:
        """Each field by itself, and the model's own ``clean``."""
        there = self._related()
        for index, row in enumerate(self.rows):
            linked = {field.name: field for field in self._links() if _value(row, field.name) is not None}
            try:
                row.clean_fields(exclude=set(linked))
            except ValidationError as error:
                self._tell(index, error)
            for name, field in linked.items():
                value = _value(row, name)
                if value not in there[field.related_model]:
                    params = {
                        "model": field.related_model._meta.verbose_name,
                        "field": field.target_field.name,
                        "value": value,
                    }
                    reason = ValidationError(field.error_messages["invalid"], code="invalid", params=params)
                    self._tell(index, ValidationError({name: reason}))
            try:
                row.clean()
            except ValidationError as error:
                self._tell(index, error)

    def _links(self) -> list[models.ForeignKey]:
        return [field for field in self.model._meta.fields if isinstance(field, models.ForeignKey)]

    def _related(self) -> dict[type[models.Model], set]:
        """By related model the ids among the rows' that exist."""
        wanted: dict[type[models.Model], set] = {}
        for field in self._links():
            ids = {_value(row, field.name) for row in self.rows} - {None}
            wanted.setdefault(field.related_model, set()).update(ids)
        return {
            model: set(model._base_manager.filter(pk__in=ids).order_by().values_list("pk", flat=True))
            if ids
            else ids
            for model, ids in wanted.items()
        }

    def unique_fields(self) -> None:
        # Keys that are made and not written (uuid, digests) are the database's to hold.
        for field in self.model._meta.fields:
            if field.unique and field.editable and not field.primary_key:
                for index in self._taken((field.name,), self._right([field.name])):
                    reason = self.rows[index].unique_error_message(self.model, (field.name,))
                    self._tell(index, ValidationError({field.name: reason}))

    def constraint(self, constraint: models.BaseConstraint) -> None:
        try:
            if isinstance(constraint, RowCheck) and constraint.holds is not None:
                raise CannotTell
            if isinstance(constraint, models.CheckConstraint):
                self._condition(constraint)
            elif isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                self._unique(constraint)
            elif isinstance(constraint, NoOverlap):
                self._no_overlap(constraint)
            else:
                raise CannotTell
        except CannotTell:
            self._each_by_itself(constraint)

    def _violated(self, index: int, constraint, field: str = "") -> None:
        error = ValidationError(
            constraint.get_violation_error_message(), code=constraint.violation_error_code
        )
        field = self.told_at.get(constraint.name, field)
        self._tell(index, ValidationError({field or NON_FIELD_ERRORS: error}))

    def _each_by_itself(self, constraint) -> None:
        for index, row in enumerate(self.rows):
            try:
                constraint.validate(self.model, row, exclude=set(self.errors[index]))
            except ValidationError as error:
                whole = not hasattr(error, "error_dict")
                field = self.told_at.get(constraint.name)
                self._tell(index, ValidationError({field: error}) if whole and field else error)

    def _condition(self, constraint: models.CheckConstraint) -> None:
        wrong = [
            index
            for index in self._right(_names(constraint.condition))
            if holds(constraint.condition, self.rows[index]) is False
        ]
        for index in wrong:
            self._violated(index, constraint)

    def _unique(self, constraint: models.UniqueConstraint) -> None:
        condition = constraint.condition or Q()
        indexes = [
            index
            for index in self._right({*constraint.fields, *_names(condition)})
            if holds(condition, self.rows[index])
        ]
        nulls_alike = constraint.nulls_distinct is False
        default = constraint.violation_error_message == constraint.default_violation_error_message
        alone = constraint.fields[0] if len(constraint.fields) == 1 else ""
        for index in self._taken(constraint.fields, indexes, condition, nulls_alike=nulls_alike):
            if default and not constraint.condition:
                reason = self.rows[index].unique_error_message(self.model, constraint.fields)
                field = self.told_at.get(constraint.name, alone)
                self._tell(index, ValidationError({field or NON_FIELD_ERRORS: reason}))
            else:
                self._violated(index, constraint, alone)

    def _taken(
        self,
        names: tuple[str, ...],
        indexes: list[int],
        condition: Q | None = None,
        nulls_alike: bool = False,
    ) -> list[int]:
        """The rows whose values another row has: one of the table's, or an earlier one of these."""
        keys = {index: tuple(_value(self.rows[index], name) for name in names) for index in indexes}
        keys = {index: key for index, key in keys.items() if nulls_alike or None not in key}
        if not keys:
            return []
        query = self.model._default_manager.filter(condition or Q()).exclude(pk__in=self.own)
        for name, values in zip(names, map(set, zip(*keys.values(), strict=True)), strict=True):
            none = Q(**{f"{name}__isnull": True}) if None in values else Q()
            query = query.filter(Q(**{f"{name}__in": values - {None}}) | none)
        attnames = [self.model._meta.get_field(name).attname for name in names]
        seen = set(query.order_by().values_list(*attnames))
        wrong = []
        for index, key in keys.items():
            if key in seen:
                wrong.append(index)
            seen.add(key)
        return wrong

    def _no_overlap(self, constraint: NoOverlap) -> None:
        """As PostgreSQL's exclusion: no two periods of the same owners share a day."""
        owners, period, condition = constraint.owners, constraint.period, constraint.condition or Q()
        keys: dict[int, tuple] = {}
        for index in self._right({*owners, *map(outward, period), *period, *_names(condition)}):
            row = self.rows[index]
            key = tuple(_value(row, name) for name in owners)
            first, last = (getattr(row, name) for name in period)
            if None not in key and (first is None or last is None or first <= last) and holds(condition, row):
                keys[index] = key
        if not keys:
            return
        query = self.model._default_manager.filter(condition).exclude(pk__in=self.own)
        for name, values in zip(owners, map(set, zip(*keys.values(), strict=True)), strict=True):
            query = query.filter(**{f"{name}__in": values})
        attnames = [self.model._meta.get_field(name).attname for name in owners]
        there: dict[tuple, list[tuple]] = {}
        for *key, first, last in query.order_by().values_list(*attnames, *period):
            there.setdefault(tuple(key), []).append((first, last))
        for index, key in keys.items():
            mine = tuple(getattr(self.rows[index], name) for name in period)
            others = there.setdefault(key, [])
            if any(_share_a_day(mine, other) for other in others):
                self._violated(index, constraint, outward(period[0]))
            others.append(mine)


def _share_a_day(one: tuple, other: tuple) -> bool:
    """Whether two periods with open ends share a day."""
    (first, last), (other_first, other_last) = one, other
    return max(first or date.min, other_first or date.min) <= min(last or date.max, other_last or date.max)
