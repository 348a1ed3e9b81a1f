"""Filters of lists: a base for filter sets with Swedish words, and the pills above a list."""

from collections.abc import Callable
from dataclasses import dataclass

import django_filters
from django import forms
from django.http import HttpRequest

from sbs_portal.web.forms import Form


class FilterSet(django_filters.FilterSet):
    """A filter set of the portal's. A choice not made is called "Alla"; optional is not said, all are."""

    class Meta:
        abstract = True

    def get_form_class(self):
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        for field in fields.values():
            if isinstance(field, forms.ChoiceField) and getattr(field, "empty_label", None):
                field.empty_label = "Alla"
        return type("FilterForm", (Form,), {**fields, "marks_optional": False})


@dataclass(frozen=True)
class Pill:
    """A filter in one click: what it sets in the address, and how many rows it gives (None: not counted)."""

    label: str
    params: tuple[tuple[str, str], ...] = ()
    count: Callable[[object], int] | None = None


@dataclass(frozen=True)
class ShownPill:
    label: str
    url: str
    current: bool
    count: int | None


def shown_pills(pills: tuple[Pill, ...], request: HttpRequest, queryset) -> list[ShownPill]:
    """The pills as links. One that is on leads back to the list without it; a count of 0 is left out."""
    names = {name for pill in pills for name, _ in pill.params}
    shown = []
    for pill in pills:
        current = (
            all(request.GET.get(name) == value for name, value in pill.params)
            if pill.params
            else not names.intersection(request.GET)
        )
        query = request.GET.copy()
        for name in (*names, "sida"):
            query.pop(name, None)
        if not current:
            for name, value in pill.params:
                query[name] = value
        count = pill.count(queryset) if pill.count else None
        if count != 0 or current:
            shown.append(ShownPill(pill.label, f"?{query.urlencode()}", current, count))
    return shown
