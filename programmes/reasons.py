"""Why a participation is late, as the apps above say it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from programmes.models import Participation
from sbs_portal.scope import Scope


class Reason(NamedTuple):
    """A sentence, and where its rows are."""

    text: str
    url: str


Source = Callable[[Iterable[Participation], Scope, date], dict[int, list[Reason]]]
_sources: list[Source] = []


def register_reasons(source: Source) -> None:
    """Called once by an app, in ``AppConfig.ready()``."""
    _sources.append(source)


def tell_reasons(rows: Iterable[Participation], scope: Scope, day: date) -> None:
    """Give each row ``late_reasons``, those of all of them in as many statements."""
    rows = list(rows)
    told = [source(rows, scope, day) for source in _sources]
    for row in rows:
        row.late_reasons = [reason for found in told for reason in found.get(row.pk, ())]
