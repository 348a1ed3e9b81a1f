"""The kinds of rows that can be found. Apps register theirs in ``AppConfig.ready()``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse
from rapidfuzz import fuzz, process, utils

from sbs_portal.db.statements import Together
from sbs_portal.scope import Scope
from sbs_portal.search.text import Asked, Seeking, ids_given

CLOSE_ENOUGH = 70
SUGGESTED = 3
# A search of more words is compiled anew.
KEPT_WORDS = 6


@dataclass(frozen=True)
class Hit:
    """One row that was found: its name, where it is, and a line that tells it from others of the name."""

    id: str
    title: str
    note: str
    url: str
    is_exact: bool = False


@dataclass(frozen=True)
class Found:
    """What was read of a search: the rows of each kind, and what is told beside them."""

    scope: Scope
    asked: Asked
    limit: int
    rows: dict[str, list]


@dataclass(frozen=True)
class Kind:
    """What can be found.

    rows: those within the scope, the best first, no more than its limit. beside: what else is told of rows, by their
    ids. tell: the hits. All kinds are read in one statement, and what is beside them in another.
    """

    name: str
    title: str
    order: int
    rows: Callable[[Seeking], QuerySet]
    tell: Callable[[list, Found], list[Hit]]
    beside: dict[str, Callable[[Seeking, RawSQL], QuerySet]] = field(default_factory=dict)
    list_url_name: str = ""
    # Names that may have been meant where nothing was found.
    names: Callable[[Scope], Iterable[str]] | None = None


@dataclass(frozen=True)
class Group:
    """The hits of one kind, and whether there are more than are shown."""

    kind: Kind
    hits: list[Hit]
    has_more: bool
    asked: Asked

    @property
    def list_url(self) -> str:
        if not self.kind.list_url_name:
            return ""
        return f"{reverse(self.kind.list_url_name)}?{urlencode({'q': self.asked.text})}"


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Let rows of the kind be found; one of the same name is replaced."""
    _kinds[kind.name] = kind


def kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.name))


def find(scope: Scope, asked: Asked, *, limit: int, only: Iterable[str] = ()) -> list[Group]:
    """What the scope may see of each kind, those with an exact code first; kinds with nothing are left out.

    Two statements, and a few of the kind's own, whatever is found.
    """
    if asked.is_too_short:
        return []
    wanted = set(only)
    chosen = [kind for kind in kinds() if not wanted or kind.name in wanted]
    found = _read(Seeking.of(scope, asked, limit + 1), asked, chosen)
    groups = []
    for kind in chosen:
        rows = found.rows[kind.name]
        if rows and (hits := kind.tell(rows, found)):
            groups.append(Group(kind, hits[:limit], len(hits) > limit, asked))
    return sorted(groups, key=lambda group: not any(hit.is_exact for hit in group.hits))


def _read(seeking: Seeking, asked: Asked, chosen: list[Kind]) -> Found:
    make = _statements if seeking.number <= KEPT_WORDS else _statements.__wrapped__
    hits, beside = make(seeking, tuple(kind.name for kind in chosen))
    rows = hits.read(**asked.values)
    if any(kind.beside and rows[kind.name] for kind in chosen):
        rows |= beside.read(**{kind.name: [row.pk for row in rows[kind.name]] for kind in chosen})
    return Found(seeking.scope, asked, seeking.limit, rows)


@lru_cache(maxsize=64)
def _statements(seeking: Seeking, names: tuple[str, ...]) -> tuple[Together, Together]:
    """Compiled once for each who asks, day and number of words."""
    chosen = [_kinds[name] for name in names]
    beside = {
        name: rows(seeking, ids_given(kind.name)) for kind in chosen for name, rows in kind.beside.items()
    }
    hits = {kind.name: kind.rows(seeking) for kind in chosen}
    return Together(hits, alone=True), Together(beside)


def suggestions(scope: Scope, asked: Asked) -> list[str]:
    """Names the scope may see that are spelled almost as what was asked for, the closest first."""
    if asked.is_too_short or asked.digits:
        return []
    names = dict.fromkeys(name for kind in kinds() if kind.names for name in kind.names(scope))
    close = process.extract(
        asked.text,
        names.keys(),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=CLOSE_ENOUGH,
        limit=SUGGESTED,
    )
    return [name for name, _, _ in close]
