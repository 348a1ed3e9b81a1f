"""The pills above a list. What a list can be filtered on is declared in sbs_portal.filters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from sbs_portal.filters import FilterSet as FilterSet
from sbs_portal.web.addresses import ListAddress
from sbs_portal.web.drawing import escaped
from sbs_portal.web.paging import COUNTED
from sbs_portal.web.words import thousands


@dataclass(frozen=True)
class Pill:
    """A filter in one click: what it sets in the address, and which rows it gives (None: not counted).

    Pills of a group exclude each other, those of different groups narrow together. One that sets nothing clears all.
    """

    label: str
    params: tuple[tuple[str, str], ...] = ()
    rows: Callable[[QuerySet], QuerySet] | None = None
    group: str = ""


@dataclass(frozen=True)
class ShownPill:
    label: str
    url: str
    current: bool
    count: int | None
    is_capped: bool = False


def drawn_pills(pills: Sequence[ShownPill]) -> SafeString:
    return SafeString(
        f'<ul class="pills" aria-label="Filter">{"".join(map(_drawn, pills))}</ul>' if pills else ""
    )


def _drawn(pill: ShownPill) -> str:
    count = ""
    if pill.count is not None:
        count = f" <span>{'fler än ' if pill.is_capped else ''}{thousands(pill.count)}</span>"
    current = ' aria-current="true"' if pill.current else ""
    return f'<li><a class="pill" href="{escaped(pill.url)}"{current}>{escaped(pill.label)}{count}</a></li>'


def shown_pills(pills: Sequence[Pill], address: ListAddress, counts: Mapping[Pill, int]) -> list[ShownPill]:
    """The pills as links. One that is on leads back to the list without it; a count of 0 is left out."""
    names = {name for pill in pills for name, _ in pill.params}
    shown = []
    for pill in pills:
        current = (
            all(address.query.get(name) == value for name, value in pill.params)
            if pill.params
            else not names.intersection(address.query)
        )
        beside = {name for other in pills if other.group == pill.group for name, _ in other.params}
        cleared = beside if pill.params else names
        changes = dict.fromkeys(cleared) | ({} if current else dict(pill.params))
        count = counts.get(pill)
        if count != 0 or current:
            capped = count is not None and count > COUNTED
            url = address.url(**changes)
            shown.append(
                ShownPill(pill.label, url, current, min(count, COUNTED) if capped else count, capped)
            )
    return shown
