"""Rows that PostgreSQL builds as finished JSON, of the serializer's own declaration and in one statement.

The page is chosen first, by an ordinary queryset; then its rows are made, each field by the expression that says
what the serializer's field shows. What is compiled of a serializer is kept, for each scope and day.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, singledispatch
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import models
from django.db.models import Expression, F, TextField
from django.db.models.sql.datastructures import BaseTable
from rest_framework import serializers

from sbs_portal.api.computed import Asked, Computed, Sql, Told, joined
from sbs_portal.api.conditions import version_column, with_version
from sbs_portal.api.fields import (
    ImpreciseDateSerializerField,
    SchoolYearSerializerField,
    TermSerializerField,
)
from sbs_portal.api.serializers import DateTimeField, ScopedRelatedField
from sbs_portal.db.fields import column_names
from sbs_portal.scope import ask_as
from sbs_portal.time import MONTHS, Precision

# Stands around facts in a row's JSON until they are told. PostgreSQL writes the unit separator as \u001f, and with
# a quotation mark beside it that is not escaped no text of a row can look the same.
_FACTS = "chr(31) || ({0})::text || chr(31)"
_UNKNOWN_DATE = "okänt datum"
# Statements a process keeps, about 10 kB each.
MOST_KEPT = 1_000
# From here on a page's ids are chosen before its rows are read: what is passed over is not carried along.
DEEP = 1_000
# Stands for the row's id in a statement that is kept.
ANY = UUID(int=0)


class Unsaid(TypeError):
    """The serializer shows something that is not said in a way PostgreSQL can build."""


@singledispatch
def value_of(shape: serializers.Field, value: Expression | F) -> Expression | F:
    """The value as PostgreSQL's JSON shows it when it is outward as this field. Unsaid for fields not known here."""
    raise Unsaid(f"{type(shape).__name__} is not said in SQL.")


def _as_it_is(shape, value):
    return value


for _kind in (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.BooleanField,
    serializers.IntegerField,
    serializers.UUIDField,
    serializers.DateField,
):
    value_of.register(_kind, _as_it_is)


@value_of.register
def _(shape: serializers.ListField, value):
    if value_of.dispatch(type(shape.child)) is not _as_it_is:
        raise Unsaid(f"A list of {type(shape.child).__name__} is not said in SQL.")
    return value


@value_of.register
def _(shape: serializers.DecimalField, value):
    return Sql("({0})::text", value)


@value_of.register
def _(shape: serializers.TimeField, value):
    return Sql("CASE WHEN {0} = {0}::time(0) THEN {0}::text ELSE to_char({0}, 'HH24:MI:SS.US') END", value)


@value_of.register
def _(shape: DateTimeField, value):
    return Sql("to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", value)


@value_of.register
def _(shape: TermSerializerField, value):
    return Sql("CASE {0} %% 2 WHEN 1 THEN 'HT' WHEN 0 THEN 'VT' END || {0} / 2", value)


@value_of.register
def _(shape: SchoolYearSerializerField, value):
    return Sql("{0} || '/' || lpad((({0} + 1) %% 100)::text, 2, '0')", value)


def _months(day: str) -> str:
    named = ",".join(f"'{name}'" for name in MONTHS)
    return f"(ARRAY[{named}])[extract(month from {day})::int]"


_YEAR = "extract(year from {0})"
_AUTUMN = "extract(month from {0}) > 6"
_DATE_CODE = f"""CASE {{1}}
 WHEN '{Precision.DAY}' THEN {{0}}::text
 WHEN '{Precision.MONTH}' THEN to_char({{0}}, 'YYYY-MM')
 WHEN '{Precision.TERM}' THEN CASE WHEN {_AUTUMN} THEN 'HT' ELSE 'VT' END || {_YEAR}
 WHEN '{Precision.YEAR}' THEN {_YEAR}::text END"""
_DATE_WORDS = f"""CASE WHEN {{2}} <> '' THEN {{2}} ELSE CASE {{1}}
 WHEN '{Precision.DAY}' THEN extract(day from {{0}}) || ' ' || {_months("{0}")} || ' ' || {_YEAR}
 WHEN '{Precision.MONTH}' THEN {_months("{0}")} || ' ' || {_YEAR}
 WHEN '{Precision.TERM}' THEN CASE WHEN {_AUTUMN} THEN 'höst' ELSE 'vår' END || 'terminen ' || {_YEAR}
 WHEN '{Precision.YEAR}' THEN {_YEAR}::text ELSE '{_UNKNOWN_DATE}' END END"""
_DATE = f"json_build_object('date', {_DATE_CODE}, 'precision', {{1}}, 'text', {_DATE_WORDS})"


def imprecise_date(path: str) -> Sql:
    """An imprecise date at an ORM path, as the API shows it."""
    return Sql(_DATE, *(F(name) for name in column_names(path)))


def _column(model, path: list[str]):
    """The model's field at the path. Unsaid where the path leads through anything but columns."""
    found = None
    for name in path:
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            found = next((one for one in model._meta.private_fields if one.name == name), None)
        if found is None or found.many_to_many or found.one_to_many:
            raise Unsaid(f"{'.'.join(path)} is no column of {model.__name__}.")
        model = found.related_model or model
    return found


def expression_of(model, shown: serializers.Field, asked: Asked) -> Expression | F:
    """What a serializer's field shows of the model's row, as PostgreSQL says it."""
    if isinstance(shown, Told):
        return Sql(_FACTS, shown.expression(asked))
    if isinstance(shown, Computed):
        return value_of(shown.shape, shown.expression(asked))
    column, path = _column(model, shown.source_attrs), "__".join(shown.source_attrs)
    if isinstance(shown, ScopedRelatedField):
        return F(f"{path}__uuid")
    if isinstance(shown, ImpreciseDateSerializerField):
        return imprecise_date(path)
    if isinstance(shown, serializers.CharField) and not isinstance(column, models.CharField | TextField):
        raise Unsaid(f"{path} is no text.")
    return value_of(shown, F(path))


@dataclass(frozen=True)
class Rows:
    """How a page's rows are made: the SQL that reads them from ``page``, their columns there, the outward names, and
    what is told of facts."""

    sql: str
    params: tuple
    place: str
    read: dict[str, str]
    names: tuple[str, ...]
    told: dict[str, Callable[[str], str]] = field(default_factory=dict)

    def finished(self, text: str) -> str:
        """The rows' JSON with what Python tells in its place."""
        if not self.told:
            return text
        found = rf'"({"|".join(self.told)})":"\\u001f(.*?)\\u001f"'
        return re.sub(found, lambda one: f'"{one[1]}":{self.told[one[1]](one[2])}', text)


class FromPage(BaseTable):
    """The rows of the page, in the place of their table."""

    def as_sql(self, compiler, connection):
        return f"page {compiler.quote_name_unless_alias(self.table_alias)}", []


@lru_cache(maxsize=MOST_KEPT)
def rows_of(serializer_class, names: frozenset[str] | None, asked: Asked) -> Rows:
    """Compiled once for each serializer, choice of fields and asker. Raises Unsaid."""
    serializer, model = serializer_class(), serializer_class.Meta.model
    if serializer_class.to_representation is not serializers.Serializer.to_representation:
        raise Unsaid(f"{serializer_class.__name__} shapes its rows in Python.")
    shown = {
        name: one
        for name, one in serializer.fields.items()
        if not one.write_only and (names is None or name in names)
    }
    said = {f"column_{number}": expression_of(model, one, asked) for number, one in enumerate(shown.values())}
    rows = joined(model._base_manager.order_by(), serializer_class, asked)
    query = rows.annotate(**said).values_list(*said).query
    table = query.get_initial_alias()
    query.alias_map[table] = FromPage(model._meta.db_table, table)
    sql, params = query.sql_with_params()
    columns = {one.attname: f'"{table}"."{one.column}"' for one in model._meta.concrete_fields}
    read = {name: model._meta.get_field(name).column for name, said in columns.items() if said in sql}
    read[model._meta.pk.attname] = model._meta.pk.column
    told = {name: _teller(one, asked) for name, one in shown.items() if isinstance(one, Told)}
    return Rows(sql, tuple(params), f'"{table}".n', read, tuple(shown), told)


def _teller(one: Told, asked: Asked) -> Callable[[str], str]:
    @lru_cache(maxsize=4096)
    def tell(escaped: str) -> str:
        facts = json.loads(json.loads(f'"{escaped}"'))
        return dumped(one.tell(facts, asked))

    return tell


def dumped(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Answer:
    """A page as the database gave it: its rows' JSON and how many there are in all where that was asked; where columns
    were, how many the page's query found, and those of its first and last row."""

    rows: str = "[]"
    count: int | None = 0
    found: int | None = 0
    first: tuple = ()
    last: tuple = ()


@dataclass(frozen=True)
class Page:
    """Which rows are asked for: a sliced queryset, of which no more than limit are shown, turned or as they come.

    counted: the whole list, where it is to be counted. columns: what is told of the first and the last row.
    """

    rows: models.QuerySet
    limit: int
    counted: models.QuerySet | None = None
    columns: tuple[str, ...] = ()
    turned: bool = False


@dataclass(frozen=True)
class Statement:
    """A page and its rows as one statement; without any SQL there are none to ask for."""

    rows: Rows | None = None
    sql: str = ""
    params: tuple = ()
    counts: bool = False

    def asked(self, view, uuid: UUID | None = None) -> Answer:
        """What it gives the view's caller; uuid: of this row, where the statement was made for any."""
        if self.rows is None:
            return Answer(count=0 if self.counts else None)
        scope, request_id = view.request.scope, view.request_id
        params = self.params if uuid is None else [uuid if one == ANY else one for one in self.params]
        text, count, found, *ends = ask_as(scope, self.sql, params, face="api", request_id=request_id)
        half = len(ends) // 2
        return Answer(self.rows.finished(text), count, found, tuple(ends[:half]), tuple(ends[half:]))


def statement_of(serializer_class, names: frozenset[str] | None, asked: Asked, page: Page) -> Statement:
    """The page's rows in its order, and how many there are in all where that is asked."""
    counts = page.counted is not None
    try:
        rows = rows_of(serializer_class, names, asked)
        page_sql, page_params = _page_of(page, rows)
        count_sql, count_params = "NULL::bigint", ()
        if counts:
            sql, count_params = page.counted.order_by().values("pk").query.sql_with_params()
            count_sql = f"(SELECT count(*) FROM ({sql}) counted)"
    except EmptyResultSet:
        return Statement(counts=counts)
    named = ", ".join(f'"{name}"' for name in rows.names)
    chosen, found = f"page AS MATERIALIZED ({page_sql})", "NULL::bigint"
    if page.columns:
        # A cursor asks for one more than is shown.
        chosen = f"found AS MATERIALIZED ({page_sql}), page AS (SELECT * FROM found WHERE n <= {page.limit})"
        found = "(SELECT count(*) FROM found)"
    ends = "".join(
        f", (SELECT {name} FROM page ORDER BY n {way} LIMIT 1)"
        for way in ("ASC", "DESC")
        for name in page.columns
    )
    sql = (
        f"WITH {chosen} SELECT (SELECT '[' || coalesce(string_agg(row_to_json(x)::text, ','), '') || ']'"
        f" FROM ({rows.sql} ORDER BY {rows.place} {'DESC' if page.turned else 'ASC'}) x({named})),"
        f" {count_sql}, {found}{ends}"
    )
    return Statement(rows, sql, (*page_params, *rows.params, *count_params), counts)


def _page_of(page: Page, rows: Rows) -> tuple[str, tuple]:
    """The rows that are chosen, numbered, with their columns that are read."""
    query, model = page.rows.query, page.rows.model
    ends, pk = {name: name for name in page.columns}, model._meta.pk
    passes_over = query.distinct or query.low_mark >= DEEP
    chosen = {pk.attname: pk.column} | ends if passes_over else rows.read | ends
    sql, params = page.rows.values_list(*chosen).query.sql_with_params()
    columns = ", ".join(f'"{column}"' for column in chosen.values())
    # Where rows are distinct the query has what they are ordered by too.
    numbered = f"SELECT {columns}, row_number() OVER () AS n FROM ({sql}) q({columns})"
    if passes_over:
        beside = "".join(f', beside."{one}"' for one in rows.read.values() if one not in chosen.values())
        columns = ", ".join(f'chosen."{column}"' for column in chosen.values())
        numbered = (
            f"SELECT {columns}, n{beside} FROM ({numbered}) chosen"
            f' JOIN "{model._meta.db_table}" beside ON beside."{pk.column}" = chosen."{pk.column}"'
        )
    return numbered, params


def single_of(
    serializer_class, names: frozenset[str] | None, asked: Asked, rows: models.QuerySet
) -> Statement:
    """The one row, and its version as the page's first column."""
    columns = (version_column(rows.model),)
    return statement_of(
        serializer_class, names, asked, Page(with_version(rows).order_by()[:2], 2, columns=columns)
    )


_kept: dict[tuple, Statement] = {}


def kept(key: tuple | None, make: Callable[[], Statement]) -> Statement:
    """The statement as it was made for this key before; without a key it is made anew."""
    if key is None:
        return make()
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = make()
    return _kept[key]
