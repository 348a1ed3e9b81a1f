"""The main navigation. Apps put their items here in ``AppConfig.ready()``; the web shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString

from sbs_portal.addressing import address
from sbs_portal.web.drawing import escaped


def _everyone(request: HttpRequest) -> bool:
    return True


ROOM = 7  # entries beside each other in the page head of a laptop


@dataclass(frozen=True)
class Item:
    """One entry: where it leads and who is shown it. ``seldom`` stands under "Mer" where there are many."""

    name: str
    title: str
    url_name: str
    order: int
    visible: Callable[[HttpRequest], bool] = _everyone
    seldom: bool = False


@dataclass(frozen=True)
class Link:
    """An item as one request sees it."""

    name: str
    title: str
    url: str
    current: bool
    under_more: bool = False

    @property
    def drawn(self) -> str:
        current = ' aria-current="page"' if self.current else ""
        return f'<li><a href="{escaped(self.url)}"{current}>{escaped(self.title)}</a></li>'


_items: dict[str, Item] = {}


def register_item(
    *,
    name: str,
    title: str,
    url_name: str,
    order: int,
    visible: Callable[[HttpRequest], bool] = _everyone,
    seldom: bool = False,
) -> None:
    """Add an item, or replace the one of the same name. Lower order comes first."""
    _items[name] = Item(name, title, url_name, order, visible, seldom)


def links(request: HttpRequest, active: str = "") -> list[Link]:
    """The items this request is shown, in order; those whose address does not exist are left out.

    ``active`` names the current item; without it the longest address the path starts with is current.
    """
    shown = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.name)):
        try:
            url = address(item.url_name)
        except NoReverseMatch:
            continue
        if item.visible(request):
            shown.append((item, url))
    if not active:
        under = [(len(url), item.name) for item, url in shown if _is_under(request.path, url)]
        active = max(under)[1] if under else ""
    crowded = len(shown) > ROOM
    return [
        Link(item.name, item.title, url, item.name == active, crowded and item.seldom) for item, url in shown
    ]


def drawn(links: list[Link]) -> SafeString:
    """The links as items of a list."""
    return SafeString("".join(link.drawn for link in links))


def _is_under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))
