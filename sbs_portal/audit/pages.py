"""Which objects have a page with history: the apps above register their models here."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.urls import reverse

from sbs_portal.db.ledger import root_of
from sbs_portal.db.security import event_models
from sbs_portal.rights import Action
from sbs_portal.web.sections import register_section

ORDER = 150


@dataclass(frozen=True)
class HistoryPage:
    """A model whose objects have a page, and the name of its address.

    parts: of an object that is itself told on a larger one's page (a series on its participation's), the parts
    it has: their model and the key to it. Others' changes are found by their root.
    """

    model: type[models.Model]
    kind: str
    page: str
    parts: tuple[tuple[type[models.Model], str], ...] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def title(self) -> str:
        name = str(self.model._meta.verbose_name)
        return name[:1].upper() + name[1:]

    def url(self, uuid) -> str:
        return reverse(f"{self.page}_history", args=[uuid])

    def within(self, changes):
        """Changes of objects of this kind."""
        if root_of(self.model) is self.model:
            return changes.filter(root_model=self.label)
        return changes.filter(model__in=[self.label, *(model._meta.label for model, _ in self.parts)])

    def of(self, changes, uuid):
        """Changes of one object and its parts."""
        if root_of(self.model) is self.model:
            return changes.of(self.label, uuid)
        own = changes.filter(model=self.label, object_uuid=uuid)
        found = Q(pk__in=own.values("pk"))
        for model, key in self.parts:
            rows = event_models()[model].objects.filter(**{f"{key}__in": own.values("object_id")})
            found |= Q(model=model._meta.label, object_id__in=rows.values("pgh_obj_id"))
        return changes.filter(found)


_pages: dict[str, HistoryPage] = {}


def register_history(
    model: type[models.Model],
    *,
    kind: str,
    page: str,
    parts: tuple[tuple[type[models.Model], str], ...] = (),
) -> None:
    """Give the model's objects a section "Historik" on their page, and a page of its own.

    ``kind`` is the outward word of the API; ``page`` the page's name in sections and addresses: there must be
    an address ``<page>_history`` led to HistoryView.
    """
    _pages[model._meta.label] = HistoryPage(model, kind, page, parts)
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
