"""Several querysets put together into one statement."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet, prefetch_related_objects

from sbs_portal.db.questions import Objects, Statement, told


def counting(several: list[QuerySet], *, most: int) -> Statement:
    """How many rows each has, counted to ``most``: one statement, however many are counted. None where all are empty."""
    asked, params = [], []
    for rows in several:
        try:
            sql, given = rows.order_by().values("pk")[:most].query.sql_with_params()
        except EmptyResultSet:
            asked.append("0")
        else:
            asked.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")
            params += given
    return Statement(f"SELECT {', '.join(asked)}", tuple(params)) if {*asked} - {"0"} else Statement()


@dataclass(frozen=True)
class Run:
    """A part of a list, for an order that no index has as a whole: which rows, and their order, which one has."""

    rows: Q
    order: tuple[str, ...]


def ids_in_runs(rows: QuerySet, runs: tuple[Run, ...], first: int, last: int) -> Statement:
    """The ids of the rows from place ``first`` up to ``last``, run after run."""
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
        return Statement()
    return Statement(
        f"SELECT id FROM ({' UNION ALL '.join(parts)}) AS runs ORDER BY place, number LIMIT %s OFFSET %s",
        (*params, last - first, first),
    )


# What JSON has no form of its own for, by the field's kind; all else is as the driver gives it.
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "TimeField": time.fromisoformat,
    "UUIDField": UUID,
    "JSONField": json.dumps,
}


class _Rows:
    """How the rows that one query gives are made of JSON: objects with what is joined to them, or tuples of values."""

    def __init__(self, rows: QuerySet):
        compiler = rows.query.get_compiler(rows.db)
        self.sql, self.params = compiler.as_sql()
        self.after = rows._prefetch_related_lookups
        shown = [expression for expression, *_ in compiler.select]
        # Columns of joined tables may have the same names, and a key of JSON is there once.
        self.names = ", ".join(f"c{number}" for number in range(len(shown)))
        self.width = len(shown)
        reads: dict[int, list[Callable]] = defaultdict(list)
        for place, expression in enumerate(shown):
            if read := _FROM_JSON.get(expression.output_field.get_internal_type()):
                reads[place].append(read)
        for place, (converters, expression) in compiler.get_converters(shown).items():
            reads[place] += [_converted(converter, expression) for converter in converters]
        self.reads = list(reads.items())
        self.objects = Objects(compiler) if rows._fields is None else None

    def made(self, text: str | None) -> list:
        values = [list(row.values())[: self.width] for row in json.loads(text or "[]", parse_float=Decimal)]
        for place, reads in self.reads:
            for row in values:
                if (value := row[place]) is not None:
                    for read in reads:
                        value = read(value)
                    row[place] = value
        found = [self.objects.made(row) if self.objects else tuple(row) for row in values]
        prefetch_related_objects(found, *self.after)
        return found


def _converted(converter: Callable, expression) -> Callable:
    return lambda value: converter(value, expression, connection)


class Together:
    """Several querysets compiled as one statement, that can be kept and read with other values in ``Given``'s place.

    It gives what they would have given one by one. What they prefetch is read after, as usual. For pages that tell of
    many small tables: each row comes as JSON, which is dear for thousands of them.

    alone: PostgreSQL's own processes beside are not asked for; to start them takes longer than a short question does.
    """

    def __init__(self, asked: Mapping[str, QuerySet], *, alone: bool = False):
        self.names = list(asked)
        self.rows: dict[str, _Rows] = {}
        for name, rows in asked.items():
            with suppress(EmptyResultSet):
                self.rows[name] = _Rows(rows)
        parts = [
            f"(SELECT json_agg(x)::text FROM ({one.sql}) AS x ({one.names}))" for one in self.rows.values()
        ]
        first = "SET LOCAL max_parallel_workers_per_gather = 0; " if alone else ""
        self.sql = f"{first}SELECT {', '.join(parts)}"
        self.params = [param for one in self.rows.values() for param in one.params]

    def read(self, **given) -> dict[str, list]:
        """The rows of each, by its name."""
        found = {name: [] for name in self.names}
        if self.rows:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, told(self.params, given))
                for (name, rows), text in zip(self.rows.items(), cursor.fetchone(), strict=True):
                    found[name] = rows.made(text)
        return found


def hang(rows: Iterable[Model], name: str, parts: Iterable[Model], *, by: str) -> None:
    """Gives rows their parts that have been read, as if they had been prefetched under the name."""
    of_row = defaultdict(list)
    for part in parts:
        of_row[getattr(part, by)].append(part)
    for row in rows:
        row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = of_row[row.pk]
