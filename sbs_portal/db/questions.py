"""Questions to the database that are put together once.

To make a queryset and its SQL takes longer than PostgreSQL takes to answer many a list. What is asked depends on
little: who asks, what stands in the address, the day. It is kept under that, and asked anew each time: what is kept
is a question, never an answer.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Expression,
    F,
    Field,
    ForeignKey,
    Func,
    Model,
    Prefetch,
    QuerySet,
    prefetch_related_objects,
)
from django.db.models.query import ModelIterable, get_related_populators

# Questions a process keeps, about 10 kB each.
MOST_KEPT = 500

T = TypeVar("T")


class Given(Expression):
    """A value that is told when the statement is asked: what is compiled holds nothing of it, and can be kept."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


def told(params: Iterable, given: Mapping[str, Any]) -> list:
    """The parameters with what is given in place of what stands for it."""
    return [given[one.name] if isinstance(one, Given) else one for one in params]


def is_among(path: str, name: str) -> Func:
    """The rows whose id at the path is among those given."""
    return Func(
        F(path),
        Given(name, ArrayField(BigIntegerField())),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters, some of them to be given. Without SQL nothing can be found."""

    sql: str = ""
    params: tuple = ()

    @classmethod
    def of(cls, rows: QuerySet) -> "Statement":
        """What a queryset of values asks, as the driver gives it."""
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:
            return cls()
        return cls(sql, tuple(params))

    def asked(self, **given) -> list[tuple]:
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, told(self.params, given))
            return cursor.fetchall()

    @property
    def is_timeless(self) -> bool:
        """Whether it asks the same whenever it is asked: a moment among its parameters may be that of now."""
        return not any(isinstance(one, datetime) for one in self.params)


class Objects:
    """How objects are made of the rows that a compiled query gives, with what is joined to them, as Django makes them."""

    def __init__(self, compiler):
        select, about = compiler.select, compiler.klass_info
        own = about["select_fields"]
        self.model, self.using = about["model"], compiler.using or connection.alias
        self.columns = slice(own[0], own[-1] + 1)
        self.names = [column.target.attname for column, *_ in select[self.columns]]
        self.joined = get_related_populators(about, select, self.using)
        self.added = list((compiler.annotation_col_map or {}).items())

    def made(self, values: Sequence) -> Model:
        row = self.model.from_db(self.using, self.names, values[self.columns])
        for populator in self.joined:
            populator.populate(values, row)
        for name, place in self.added:
            setattr(row, name, values[place])
        return row


class Question:
    """A queryset that is compiled, and asked as it stands."""

    def __init__(self, rows: QuerySet):
        if rows._iterable_class is not ModelIterable or rows._known_related_objects:
            raise TypeError("Only a queryset of objects is kept.")
        self.parts, self.lookups = _parts_of(rows)
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            self.statement = Statement()
            return
        self.statement = Statement(sql, tuple(params))
        self.objects = Objects(compiler)
        shown = [expression for expression, *_ in compiler.select]
        self.reads = [
            (place, converters, expression)
            for place, (converters, expression) in compiler.get_converters(shown).items()
        ]

    def asked(self, **given) -> list[Model]:
        """The rows as they are now."""
        found = [self._made(values) for values in self.statement.asked(**given)]
        if found:
            for part in self.parts:
                part.give(found)
            prefetch_related_objects(found, *self.lookups)
        return found

    def _made(self, values: tuple) -> Model:
        if self.reads:
            values = list(values)
            for place, converters, expression in self.reads:
                for convert in converters:
                    values[place] = convert(values[place], expression, connection)
        return self.objects.made(values)


@dataclass(frozen=True)
class Parts:
    """What is prefetched of rows that point at those found, or at a row joined to each: compiled too."""

    path: tuple[str, ...]
    name: str
    to_attr: str | None
    key: ForeignKey
    question: Question
    empty: QuerySet

    def give(self, rows: list[Model]) -> None:
        wholes = [whole for row in rows if (whole := reduce(getattr, self.path, row)) is not None]
        found = {whole.pk: whole for whole in wholes}
        of_whole = defaultdict(list)
        for part in self.question.asked(ids=list(found)) if found else ():
            pk = getattr(part, self.key.attname)
            of_whole[pk].append(part)
            if not self.key.is_cached(part):
                self.key.set_cached_value(part, found[pk])
        for whole in wholes:
            if self.to_attr:
                setattr(whole, self.to_attr, of_whole[whole.pk])
                continue
            own = type(self.empty)(self.empty.model)
            own._result_cache, own._prefetch_done = of_whole[whole.pk], True
            whole.__dict__.setdefault("_prefetched_objects_cache", {})[self.name] = own


def _parts_of(rows: QuerySet) -> tuple[list[Parts], list]:
    """What a queryset prefetches: as parts as far as those are rows that point at its own, and the rest."""
    parts, others = [], []
    for lookup in rows._prefetch_related_lookups:
        asked = lookup if isinstance(lookup, Prefetch) else Prefetch(lookup)
        *path, name = asked.prefetch_through.split("__")
        relation = None if others else _relation(rows, path, name)
        if relation is None:
            others.append(lookup)
            continue
        wanted = relation.related_model._default_manager.all() if asked.queryset is None else asked.queryset
        to_attr = asked.to_attr if asked.to_attr != name else None
        question = Question(wanted.filter(is_among(relation.field.attname, "ids")))
        parts.append(Parts(tuple(path), name, to_attr, relation.field, question, wanted))
    return parts, others


def _relation(rows: QuerySet, path: list[str], name: str):
    """The key by which rows point at those found, or at what is joined to them along the path; None for all else."""
    model, joined = rows.model, rows.query.select_related
    for step in path:
        if not isinstance(joined, dict) or step not in joined:
            return None
        model, joined = model._meta.get_field(step).related_model, joined[step]
    keys = (one for one in model._meta.related_objects if one.one_to_many)
    return next((one for one in keys if one.get_accessor_name() == name), None)


_kept: dict[Hashable, Any] = {}


def kept(key: Hashable, make: Callable[[], T]) -> T:
    """What was made for this key before. What asks the database while it is made is not kept: it may be another
    thing the next time; nor is what says a moment."""
    found = _kept.get(key)
    if found is None:
        with _watched() as asked:
            found = make()
        if not asked and _is_timeless(found):
            if len(_kept) >= MOST_KEPT:
                _kept.clear()
            _kept[key] = found
    return found


def _is_timeless(made) -> bool:
    if isinstance(made, Question):
        return made.statement.is_timeless and all(_is_timeless(part.question) for part in made.parts)
    if isinstance(made, Statement):
        return made.is_timeless
    return all(_is_timeless(one) for one in made if one is not None)


@contextmanager
def _watched():
    """Which statements are sent meanwhile."""
    asked: list[str] = []

    def noted(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        yield asked


def forget() -> None:
    """Keep nothing of what has been made."""
    _kept.clear()
