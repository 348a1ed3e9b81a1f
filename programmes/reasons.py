"""Why a participation is late, as the apps above say it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from programmes.models import Participation
from sbs_portal.api.computed import Asked, Sql
from sbs_portal.scope import Scope


class Reason(NamedTuple):
    """A sentence, and where its rows are."""

    text: str
    url: str


Source = Callable[[Iterable[Participation], Scope, date], dict[int, list[Reason]]]


class Facts(NamedTuple):
    """The same for lists that the database builds: what it is to give of a participation, and what that tells."""

    given: Callable[[Asked], Any]
    told: Callable[[Any, Asked], list[Reason]]


_sources: list[tuple[Source, Facts]] = []


def register_reasons(source: Source, facts: Facts) -> None:
    """Called once by an app, in ``AppConfig.ready()``."""
    _sources.append((source, facts))


def tell_reasons(rows: Iterable[Participation], scope: Scope, day: date) -> None:
    """Give each row ``late_reasons``, those of all of them in as many statements."""
    rows = list(rows)
    told = [source(rows, scope, day) for source, _ in _sources]
    for row in rows:
        row.late_reasons = [reason for found in told for reason in found.get(row.pk, ())]


def given(asked: Asked) -> Sql:
    """What the sources are to be given of a participation, as a JSON array."""
    found = [facts.given(asked) for _, facts in _sources]
    places = ", ".join(f"{{{number}}}" for number, _ in enumerate(found))
    return Sql(f"json_build_array({places})", *found)


def reasons_of(found: list, asked: Asked) -> list[Reason]:
    """What the sources tell of what they were given."""
    pairs = zip(_sources, found, strict=True)
    return [reason for (_, facts), one in pairs for reason in facts.told(one, asked)]
