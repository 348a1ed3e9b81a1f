"""Fields that are no columns, said once: as an expression of the database, with the shape it has outward.

A single row is annotated with the expression; a list is built of it by PostgreSQL (sbs_portal.api.finished).
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from sbs_portal.scope import NOBODY, Scope
from sbs_portal.time import today

_PLACE = re.compile(r"\{(\d)\}")


@dataclass(frozen=True)
class Asked:
    """Who asks, and on which day: all that a computed field may depend on beside the row."""

    scope: Scope = NOBODY
    day: date | None = None

    @classmethod
    def by(cls, request) -> "Asked":
        return cls(getattr(request, "scope", NOBODY), today())


class Sql(Func):
    """A template over expressions, as text or whatever the template makes of them."""

    output_field = TextField()
    arg_joiner = ", "

    def __init__(self, template: str, *expressions):
        super().__init__(*expressions)
        self.said = template

    def as_sql(self, compiler, connection, **extra):
        parts = [compiler.compile(part) for part in self.source_expressions]
        params = [param for number in _PLACE.findall(self.said) for param in parts[int(number)][1]]
        return _PLACE.sub(lambda found: parts[int(found[1])][0], self.said), params


class Computed(serializers.Field):
    """What the expression gives, outward as ``shape``.

    expression: a function of ``Asked``; it starts from ``visible_to(asked.scope)`` where it reads other rows. It
    gives what the shape is of: text for a CharField, an array for a ListField.
    """

    def __init__(self, expression: Callable[[Asked], Expression | F], shape: serializers.Field, **kwargs):
        super().__init__(read_only=True, **kwargs)
        self.expression, self.shape = expression, shape

    @property
    def annotation(self) -> str:
        """Under what name a row carries it."""
        return f"computed_{self.field_name}"

    def annotated_as(self, asked: Asked):
        return self.expression(asked)

    def get_attribute(self, row):
        return getattr(row, self.annotation)

    def to_representation(self, value):
        return self.shape.to_representation(value)


class Told(Computed):
    """What Python tells of facts that the database gives: a sentence, a reckoning with rules of its own.

    expression: the facts as JSON. tell: from the facts and ``Asked`` to what is shown, told anew only for facts
    that have not been met before; ``shape`` is for OpenAPI alone.
    """

    def __init__(self, expression, tell: Callable[[Any, Asked], Any], shape: serializers.Field, **kwargs):
        super().__init__(expression, shape, **kwargs)
        self.tell = tell

    def annotated_as(self, asked: Asked):
        # As text, which can be compared where the rows are to be distinct.
        return Cast(self.expression(asked), TextField())

    def to_representation(self, value):
        return self.tell(json.loads(value), Asked.by(self.context.get("request")))


@lru_cache(maxsize=256)
def computed_fields(serializer_class) -> list[Computed]:
    return [field for field in serializer_class().fields.values() if isinstance(field, Computed)]


def joined(queryset, serializer_class, asked: Asked):
    """The rows with what several of the serializer's computed fields are read of.

    ``joined(asked)`` on a serializer names them: a FilteredRelation of at most one row.
    """
    return (
        queryset.alias(**serializer_class.joined(asked)) if hasattr(serializer_class, "joined") else queryset
    )


def with_computed(queryset, serializer_class, request):
    """The rows with what the serializer's computed fields show."""
    fields = computed_fields(serializer_class)
    if not fields:
        return queryset
    asked = Asked.by(request)
    queryset = joined(queryset, serializer_class, asked)
    return queryset.annotate(**{field.annotation: field.annotated_as(asked) for field in fields})


def ids_of(rows: QuerySet, path: str) -> ArraySubquery:
    """The uuids at the path of the rows, in the order they were added; the rows refer to the outer one."""
    return ArraySubquery(rows.order_by("pk").values(f"{path}__uuid"))


class Held(Sql):
    """A template that is a condition."""

    output_field = BooleanField()


# How a lookup is said of the outer row.
_HELD = {"": "{0} = {1}", "overlap": "{0} && {1}", "in": "{0} = ANY({1})"}


def part_of_outer(model, scope: Scope, parent: str) -> QuerySet:
    """Visible parts of the outer row, which is their parent: what is asked of the parent is asked of that row, and
    not joined anew for each.
    """
    rows = model._default_manager.filter(**{parent: OuterRef("pk")})
    return rows if scope.system else rows.filter(_asked_of_outer(scope.q(model, model.scoping.read), parent))


def _asked_of_outer(condition: Q, parent: str) -> Q:
    children = []
    for child in condition.children:
        if not isinstance(child, tuple):
            children.append(_asked_of_outer(child, parent) if isinstance(child, Q) else child)
            continue
        lookup, value = child
        name, _, kind = lookup.removeprefix(f"{parent}__").partition("__")
        if lookup.startswith(f"{parent}__") and kind in _HELD:
            value = Value(value, output_field=ArrayField(BigIntegerField())) if kind else Value(value)
            children.append(Held(_HELD[kind], OuterRef(name), value))
        else:
            children.append(child)
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def count_of(rows: QuerySet) -> Subquery:
    """How many the rows are, which refer to the outer one."""
    number = Func(template="count(*)", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(number=number).values("number"))


def where(condition: Q, column: str) -> Case:
    """The text of a column where the condition holds, and nothing elsewhere."""
    return Case(When(condition, then=F(column)), default=Value(""), output_field=TextField())


def few(column: str) -> Sql:
    """An order of rows that are few and found by what they belong to. For the first of them in an index's own order
    PostgreSQL would walk the index through everybody's.
    """
    return Sql("({0} + 0)", F(column))


def nothing() -> Value:
    return Value(None, output_field=IntegerField())


def prefixed(condition: Q, relation: str) -> Q:
    """A condition on rows as one on those that the relation leads to."""
    children = [
        prefixed(child, relation) if isinstance(child, Q) else (f"{relation}__{child[0]}", child[1])
        for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


class ComputedExtension(OpenApiSerializerFieldExtension):
    target_class = Computed
    match_subclasses = True

    def map_serializer_field(self, auto_schema, direction):
        said = auto_schema._map_serializer_field(self.target.shape, direction)
        if self.target.allow_null and "enum" in said:
            # That it may be null is said of every field; an enum has it among its values too.
            said = {**said, "enum": [*said["enum"], None]}
        return said
