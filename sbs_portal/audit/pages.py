"""Which objects have a page with history: the apps above register their models here."""

from dataclasses import dataclass

from django.db import models
from django.urls import reverse

from sbs_portal.rights import Action
from sbs_portal.web.sections import register_section

ORDER = 150


@dataclass(frozen=True)
class HistoryPage:
    """A model whose objects have a page, and the name of its address."""

    model: type[models.Model]
    kind: str
    page: str

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def title(self) -> str:
        name = str(self.model._meta.verbose_name)
        return name[:1].upper() + name[1:]

    def url(self, uuid) -> str:
        return reverse(f"{self.page}_history", args=[uuid])


_pages: dict[str, HistoryPage] = {}


def register_history(model: type[models.Model], *, kind: str, page: str) -> None:
    """Give the model's objects a section "Historik" on their page, and a page of its own.

    ``kind`` is the outward word of the API; ``page`` the page's name in sections and addresses: there must be
    an address ``<page>_history`` led to HistoryView.
    """
    _pages[model._meta.label] = HistoryPage(model, kind, page)
    register_section(
        page=page,
        name="historik",
        title="Historik",
        order=ORDER,
        loader=_section(_pages[model._meta.label]),
        template="audit/_history_section.html",
    )


def _section(page: HistoryPage):
    def load(request, obj) -> dict | None:
        """Nothing is read until the section is looked at: the browser asks for the latest itself."""
        if not request.scope.may(Action.HISTORY_READ):
            return None
        return {"url": page.url(obj.uuid)}

    return load


def history_pages() -> tuple[HistoryPage, ...]:
    return tuple(_pages.values())


def history_page(label: str) -> HistoryPage | None:
    return _pages.get(label)


def page_of_kind(kind: str) -> HistoryPage | None:
    return next((page for page in _pages.values() if page.kind == kind), None)
