"""Places on a page that apps further up fill: a page below does not know what stands above it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest

Loader = Callable[[HttpRequest, object], dict | None]


@dataclass(frozen=True)
class Section:
    """A registered part of a page."""

    page: str
    name: str
    title: str
    order: int
    loader: Loader
    template: str


@dataclass(frozen=True)
class LoadedSection:
    """A section with what it shows of one object."""

    name: str
    title: str
    template: str
    context: dict = field(default_factory=dict)

    @property
    def count(self):
        """A number or a few words beside the title; None when the section gives none."""
        return self.context.get("count")

    @property
    def action(self) -> dict | None:
        """What one may do here: ``{"url": …, "label": …}``."""
        return self.context.get("action")


_sections: dict[tuple[str, str], Section] = {}


def register_section(*, page: str, name: str, title: str, order: int, loader: Loader, template: str) -> None:
    """Fill a place on a page. The name is the section's id on the page; a second registration replaces."""
    _sections[page, name] = Section(page, name, title, order, loader, template)


def sections_for(page: str, request: HttpRequest, obj) -> list[LoadedSection]:
    """The page's sections in order, loaded for one object; a loader that returns None leaves its out."""
    loaded = []
    for section in sorted(_sections.values(), key=lambda section: (section.order, section.name)):
        if section.page != page:
            continue
        context = section.loader(request, obj)
        if context is not None:
            loaded.append(LoadedSection(section.name, section.title, section.template, context))
    return loaded
