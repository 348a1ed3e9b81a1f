"""Keyset pages: from one row on, whatever has been added before it, as fast on the last page as on the first.

A cursor holds the order, the filters and the row it stands at, and is signed: it is taken as it was given or
not at all. Orders are the resource's own that an index of the model serves and that are never null, and
``id``, which every resource has; ties are broken by id.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import BooleanField, F, Func, Value
from rest_framework.exceptions import ValidationError

from sbs_portal.api.filters import known, ordering_columns

CURSOR = "cursor"
START = "*"
_SALT = "sbs_portal.api.cursor"
# What may differ from page to page: how much of which rows is shown, not which rows there are.
_FREE = {CURSOR, "limit", "fields", "expand", "ordering"}


class Beyond(Func):
    """``(column, uuid) > (…)`` in row form, which an index on the column serves."""

    output_field = BooleanField()
    arity = 4

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(part) for part in self.source_expressions]
        column, tie, value, tie_value = (sql for sql, _ in parts)
        params = [param for _, params in parts for param in params]
        return f"({column}, {tie}) {self.extra['operator']} ({value}, {tie_value})", params


@dataclass(frozen=True)
class Order:
    """One declared order: its outward name, the column, and which way."""

    name: str
    column: str
    descending: bool = False

    @property
    def outward(self) -> str:
        return f"-{self.name}" if self.descending else self.name

    def of(self, queryset, *, backwards: bool):
        sign = "-" if self.descending != backwards else ""
        return queryset.order_by(f"{sign}{self.column}", *([f"{sign}uuid"] if self.column != "uuid" else []))


@dataclass(frozen=True)
class Position:
    """Where a cursor stands: at a row of an order, looking ahead or back. No row: at the beginning."""

    order: Order
    value: str | None = None
    uuid: str | None = None
    backwards: bool = False


def _field(model, column: str):
    field = model._meta.get_field(column)
    return getattr(field, "output_field", None) or field


def _indexed(model) -> set[str]:
    """The columns that some index of the model begins with."""
    names = {field.name for field in model._meta.fields if field.unique or field.db_index}
    for one in (*model._meta.indexes, *model._meta.constraints):
        if getattr(one, "fields", None) and not getattr(one, "condition", None):
            names.add(one.fields[0].removeprefix("-"))
    return names


def keyset_columns(view) -> dict[str, str]:
    """Outward names of the orders a cursor can follow, and their columns."""
    model = view.queryset.model
    indexed = _indexed(model)
    never_null = {field.name for field in model._meta.fields if not field.null and not field.is_relation}
    declared = ordering_columns(view)
    return {name: column for name, column in declared.items() if column in indexed & never_null}


def _order(given: str | None, view) -> Order:
    """The order asked for, else the resource's own where a cursor can follow it, else by id."""
    columns = keyset_columns(view)
    if given is None:
        usual = view.ordering[0] if len(view.ordering) == 1 else ""
        given = usual if usual.removeprefix("-") in columns else "id"
    name = given.removeprefix("-")
    if name not in columns:
        raise ValidationError(
            {"ordering": [f"Ordningen går inte att använda med cursor. {known(columns)} Med - fallande."]}
        )
    return Order(name, columns[name], given.startswith("-"))


def _filters(request) -> list[list]:
    """The filters of a request, as they are bound to its cursor."""
    return sorted(
        [name, sorted(values)] for name, values in request.query_params.lists() if name not in _FREE
    )


def position_of(request, view) -> Position:
    """What the request's cursor says. Raises a 400 that names what the cursor can be used with."""
    given = request.query_params[CURSOR]
    if "page" in request.query_params:
        raise ValidationError({CURSOR: ["Ange cursor eller page, inte båda."]})
    if given in ("", START):
        return Position(_order(request.query_params.get("ordering"), view))
    try:
        held = json.loads(signing.Signer(salt=_SALT).unsign_object(given))
        order, filters, value, uuid, backwards = held
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValidationError(
            {CURSOR: ["Ange en cursor ur _links, eller * för att börja från början."]}
        ) from error
    if request.query_params.get("ordering", order) != order:
        raise ValidationError({CURSOR: [f"Gjord för ordering={order}. Börja om med cursor=* för en annan."]})
    if _filters(request) != filters:
        said = "&".join(f"{name}={one}" for name, values in filters for one in values) or "inga filter"
        raise ValidationError({CURSOR: [f"Gjord för {said}. Börja om med cursor=* för andra filter."]})
    return Position(_order(order, view), value, uuid, backwards)


def cursor_at(row, order: Order, request, *, backwards: bool) -> str:
    """A cursor that goes on from the row."""
    value = None if order.column == "uuid" else row._meta.get_field(order.column).value_to_string(row)
    held = [order.outward, _filters(request), value, str(row.uuid), backwards]
    return signing.Signer(salt=_SALT).sign_object(json.dumps(held), compress=True)


def beyond(queryset, position: Position, limit: int):
    """The next rows from the position, the nearest first, and one more where there is one."""
    order = position.order
    queryset = order.of(queryset, backwards=position.backwards)
    if position.uuid is not None:
        ahead = order.descending == position.backwards
        queryset = queryset.filter(_beyond(queryset.model, position, ">" if ahead else "<"))
    return queryset[: limit + 1]


def rows_from(queryset, position: Position, limit: int) -> tuple[list, bool]:
    """The next rows from the position, in the order's direction, and whether there are more beyond them."""
    rows = list(beyond(queryset, position, limit))
    more = len(rows) > limit
    rows = rows[:limit]
    return (rows[::-1] if position.backwards else rows), more


def ends_of(answer, model, order: Order, limit: int, *, backwards: bool) -> tuple[list, bool]:
    """As ``rows_from``, of a finished page: its first and last row, with what a cursor needs of them."""
    columns = columns_of(order)
    ends = [_row(model, columns, values) for values in (answer.first, answer.last)] if answer.found else []
    return (ends[::-1] if backwards else ends), answer.found > limit


def columns_of(order: Order) -> tuple[str, ...]:
    """What a cursor needs of a row."""
    return ("uuid",) if order.column == "uuid" else (order.column, "uuid")


def _row(model, columns: tuple[str, ...], values: tuple):
    row = model()
    for name, value in zip(columns, values, strict=True):
        setattr(row, name, _field(model, name).to_python(value))
    return row


def _beyond(model, position: Position, operator: str) -> Beyond:
    column = position.order.column
    field = _field(model, column)
    value: Any = position.uuid if position.value is None else position.value
    tie = model._meta.get_field("uuid")
    return Beyond(
        F(column),
        F("uuid"),
        Value(field.to_python(value), output_field=field),
        Value(tie.to_python(position.uuid), output_field=tie),
        operator=operator,
    )


def described(names: Iterable[str]) -> str:
    return (
        "Bläddra från en rad i stället för per sida: * börjar från början, sedan används adresserna i _links. "
        f"Filtren ska vara desamma hela vägen. Ordningar som går att använda: {', '.join(sorted(names))}."
    )
