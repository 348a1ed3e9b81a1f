"""The kinds of rows that can be found. Apps register theirs in ``AppConfig.ready()``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from rapidfuzz import fuzz, process, utils

from sbs_portal.scope import Scope
from sbs_portal.search.text import Asked

CLOSE_ENOUGH = 70
SUGGESTED = 3


@dataclass(frozen=True)
class Hit:
    """One row that was found: its name, where it is, and a line that tells it from others of the name."""

    id: str
    title: str
    note: str
    url: str
    is_exact: bool = False


@dataclass(frozen=True)
class Kind:
    """What can be found. ``find(scope, asked, limit)`` → hits within the scope, the best first."""

    name: str
    title: str
    order: int
    find: Callable[[Scope, Asked, int], list[Hit]]
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

    One question or a few a kind, whatever is found.
    """
    if asked.is_too_short:
        return []
    wanted, groups = set(only), []
    for kind in kinds():
        if wanted and kind.name not in wanted:
            continue
        if hits := kind.find(scope, asked, limit + 1):
            groups.append(Group(kind, hits[:limit], len(hits) > limit, asked))
    return sorted(groups, key=lambda group: not any(hit.is_exact for hit in group.hits))


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
