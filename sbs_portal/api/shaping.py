"""What of a row is shown: ``fields=`` leaves the rest out, ``expand=`` puts related rows in place of their ids.

Nothing is declared for it: a field that reads as a related row's id can be expanded where the related model has
a resource of its own, and is then shown as that resource shows it. Related rows are read through the resource's
own queryset and ``visible_to``, one reading per name whatever the number of rows; one outside stays an id.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import URLPattern, get_resolver, get_urlconf
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from sbs_portal.api.filters import known

FIELDS, EXPAND = "fields", "expand"
PARAMETERS = (FIELDS, EXPAND)
# A related row, and a row related to that.
DEPTH = 2
MOST = 10


@lru_cache(maxsize=8)
def _resources(urlconf: str) -> dict:
    """Each model's resource: the first view that is registered for it."""
    found: dict = {}

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns)
            elif hasattr(getattr(pattern.callback, "cls", None), "serializer_class"):
                view = pattern.callback.cls
                if view.queryset is not None:
                    found.setdefault(view.queryset.model, view)

    walk(get_resolver(urlconf).url_patterns)
    return found


def resource_of(model) -> Any:
    """The view class of the model's resource in the current address table, None without one."""
    return _resources(get_urlconf() or settings.ROOT_URLCONF).get(model)


def _related_model(name: str, one: serializers.Field, serializer_class):
    """The model a serializer field shows the id of."""
    one = getattr(one, "child_relation", one)
    if not isinstance(one, serializers.RelatedField):
        return None
    if one.queryset is not None:
        return one.queryset.model
    try:
        return serializer_class.Meta.model._meta.get_field(one.source or name).related_model
    except LookupError:
        return None


@lru_cache(maxsize=256)
def expandable_of(view_class, serializer_class, urlconf: str) -> dict:
    """Names that ``expand`` takes for this output of the resource, and the resource each leads to."""
    fields = serializer_class().fields
    models = {name: _related_model(name, one, serializer_class) for name, one in fields.items()}
    models.update(view_class.related)
    found = {name: resource_of(model) for name, model in models.items() if model is not None}
    return {name: view for name, view in found.items() if view is not None}


def expandable(view) -> dict:
    """As ``expandable_of``, for a view at work."""
    return expandable_of(type(view), view.get_serializer_class(), get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def field_names(serializer_class) -> tuple[str, ...]:
    """What ``fields`` takes."""
    return tuple(serializer_class().fields)


def _names(request, parameter: str) -> list[str] | None:
    given = request.query_params.get(parameter)
    return None if given is None else [name.strip() for name in given.split(",") if name.strip()]


@dataclass
class Shape:
    """What one request asks to see of each row."""

    names: list[str] | None = None
    tree: dict = field(default_factory=dict)

    @classmethod
    def asked(cls, view) -> "Shape":
        """As the request says; unknown names are a 400 with the known."""
        shape = cls(_names(view.request, FIELDS))
        if shape.names is not None:
            there = field_names(view.get_serializer_class())
            if not shape.names or (unknown := set(shape.names) - set(there)):
                wrong = f"Okänt: {', '.join(sorted(unknown))}. " if shape.names else "Ange minst ett fält. "
                raise ValidationError({FIELDS: [wrong + known(there)]})
        paths = _names(view.request, EXPAND) or []
        if len(paths) > MOST:
            raise ValidationError({EXPAND: [f"Ange högst {MOST}."]})
        for path in paths:
            shape._grow(view, path)
        return shape

    def _grow(self, view, path: str) -> None:
        steps = path.split(".")
        if len(steps) > DEPTH:
            raise ValidationError({EXPAND: [f"Högst {DEPTH} nivåer: {path}."]})
        if self.names is not None and steps[0] not in self.names:
            raise ValidationError({EXPAND: [f"{steps[0]} finns inte bland de fält som fields anger."]})
        branch = self.tree
        for step in steps:
            there = expandable(view)
            if step not in there:
                raise ValidationError({EXPAND: [f"Okänt: {path}. {known(there)}"]})
            branch = branch.setdefault(step, {})
            view = as_list(there[step], view)

    @property
    def only(self) -> frozenset[str] | None:
        """The fields that are shown where not all are."""
        return None if self.names is None else frozenset(self.names)

    def of(self, view, rows: list[dict]) -> list[dict]:
        """The rows, serialized in full, as they were asked for."""
        if self.names is not None:
            rows = [{name: value for name, value in row.items() if name in self.names} for row in rows]
        _expand(view, rows, self.tree)
        return rows


def as_list(view_class, view):
    """The resource as if its list had been asked for in the view's request."""
    other = view_class()
    other.request, other.format_kwarg, other.args, other.kwargs = view.request, None, (), {}
    other.action = "list"
    return other


def _expand(view, rows: list[dict], tree: dict) -> None:
    for name, inner in tree.items():
        ids = {one for row in rows for one in _ids(row[name])}
        other = as_list(expandable(view)[name], view)
        found = other.get_queryset().filter(uuid__in=ids) if ids else []
        related = [dict(row) for row in other.get_serializer(found, many=True).data] if ids else []
        _expand(other, related, inner)
        by_id = {row["id"]: row for row in related}
        for row in rows:
            value = row[name]
            row[name] = (
                [by_id.get(one, one) for one in value] if isinstance(value, list) else by_id.get(value, value)
            )


def _ids(value) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]
