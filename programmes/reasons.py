"""Why a participation is late, as the apps above say it."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from programmes.models import Participation
from sbs_portal.api.computed import Asked, Sql
from sbs_portal.scope import Scope


class Reason(NamedTuple):
    """A sentence, and where its rows are."""

    text: str
    url: str


class Source(NamedTuple):
    """What the database is to give of a participation, and what that tells."""

    given: Callable[[Asked], Any]
    told: Callable[[Any, Asked], list[Reason]]


_sources: list[Source] = []


def register_reasons(given: Callable[[Asked], Any], told: Callable[[Any, Asked], list[Reason]]) -> None:
    """Called once by an app, in ``AppConfig.ready()``."""
    _sources.append(Source(given, told))


def given(asked: Asked) -> Sql:
    """What the sources are to be given of a participation, as a JSON array."""
    found = [source.given(asked) for source in _sources]
    places = ", ".join(f"{{{number}}}" for number, _ in enumerate(found))
    return Sql(f"json_build_array({places})", *found)


def told(found: list, asked: Asked) -> list[Reason]:
    """What the sources tell of what they were given."""
    pairs = zip(_sources, found, strict=True)
    return [reason for source, one in pairs for reason in source.told(one, asked)]


@lru_cache(maxsize=256)
def _statement(asked: Asked) -> tuple[str, tuple]:
    """Compiled once for each asker and day."""
    rows = Participation.objects.visible_to(asked.scope).filter(pk=RawSQL("page.id", ())).order_by()
    sql, params = rows.values_list("pk", Cast(given(asked), TextField())).query.sql_with_params()
    return f"SELECT late.* FROM unnest(%s) page (id) CROSS JOIN LATERAL ({sql}) late", params


def reasons_of(ids: Iterable[int], scope: Scope, day: date) -> dict[int, list[Reason]]:
    """Participation → why it is late, of those the scope reaches that are; one statement, however many."""
    ids, asked = list(ids), Asked(scope, day)
    try:
        sql, params = _statement(asked)
    except EmptyResultSet:
        return {}
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql, (ids, *params))
        found = cursor.fetchall()
    return {pk: said for pk, given in found if (said := told(json.loads(given), asked))}


def tell_reasons(rows: Iterable[Participation], scope: Scope, day: date) -> None:
    """Give each row ``late_reasons``."""
    rows = list(rows)
    found = reasons_of([row.pk for row in rows], scope, day)
    for row in rows:
        row.late_reasons = found.get(row.pk, [])
