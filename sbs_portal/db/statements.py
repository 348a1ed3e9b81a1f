"""Several querysets put together into one statement."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet


def count_together(several: list[QuerySet], *, most: int) -> list[int]:
    """How many rows each has, counted to ``most``: one statement, however many are counted."""
    numbers, asked, params = [0] * len(several), [], []
    for place, rows in enumerate(several):
        try:
            sql, given = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        asked.append((place, f"(SELECT COUNT(*) FROM ({sql}) AS counted)"))
        params += given
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for _, sql in asked)}", params)
            for (place, _), number in zip(asked, cursor.fetchone(), strict=True):
                numbers[place] = number
    return numbers


@dataclass(frozen=True)
class Run:
    """A part of a list, for an order that no index has as a whole: which rows, and their order, which one has."""

    rows: Q
    order: tuple[str, ...]


def ids_in_runs(rows: QuerySet, runs: tuple[Run, ...], first: int, last: int) -> list[int]:
    """The ids of the rows from place ``first`` up to ``last``, run after run; one statement."""
    parts, params = [], []
    for place, run in enumerate(runs):
        part = rows.filter(run.rows).order_by(*run.order).values("pk")
        try:
            sql, given = part[:last].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT id, {place} AS place, row_number() OVER () AS number FROM ({sql}) AS run (id)")
        params += given
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS runs ORDER BY place, number LIMIT %s OFFSET %s",
            [*params, last - first, first],
        )
        return [pk for (pk,) in cursor.fetchall()]


# What JSON has no form of its own for, by the field's kind; all else is as the driver gives it.
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
    "JSONField": json.dumps,
}


def read_together(*several: QuerySet) -> None:
    """Reads querysets that have not been read, as they would have been one by one, in one statement.

    What they prefetch is read after, as usual. For pages that tell of many small tables: each row comes as JSON,
    which is dear for thousands of them.
    """
    asked, params = [], []
    for rows in several:
        compiler = rows.query.get_compiler(rows.db)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            rows._result_cache = []
            continue
        # Columns of joined tables may have the same names, and a key of JSON is there once.
        names = ", ".join(f"c{number}" for number in range(len(compiler.select)))
        asked.append((rows, compiler, f"(SELECT json_agg(x)::text FROM ({sql}) AS x ({names}))"))
        params += given
    if not asked:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for _, _, sql in asked)}", params)
        found = cursor.fetchone()
    for (rows, compiler, _), text in zip(asked, found, strict=True):
        _give(rows, compiler, _parsed(compiler, text or "[]"))


def _parsed(compiler, text: str) -> list[tuple]:
    """The rows as the driver would have given them."""
    width = len(compiler.select)
    kinds = [expression.output_field.get_internal_type() for expression, *_ in compiler.select]
    reads = [(place, _FROM_JSON[kind]) for place, kind in enumerate(kinds) if kind in _FROM_JSON]
    found = []
    for row in json.loads(text, parse_float=Decimal):
        values = list(row.values())[:width]
        for place, read in reads:
            if values[place] is not None:
                values[place] = read(values[place])
        found.append(tuple(values))
    return found


def _give(rows: QuerySet, compiler, found: list[tuple]) -> None:
    """Let the queryset make its objects of rows that are at hand; it asks its compiler, which has them."""
    compiler.execute_sql = lambda *args, **kwargs: [found]
    rows.query.get_compiler = lambda *args, **kwargs: compiler
    try:
        rows._fetch_all()
    finally:
        del rows.query.get_compiler
