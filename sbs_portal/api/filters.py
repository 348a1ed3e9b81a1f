"""Filtering and ordering of the API's lists: declared names only, wrong values named, in Swedish.

What can be filtered on is declared once for both faces, in sbs_portal.filters.
"""

from django.core.exceptions import ImproperlyConfigured
from django_filters import rest_framework as drf_filters
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from sbs_portal.api.parsers import UNUSABLE, has_unusable
from sbs_portal.filters import BooleanFilter as BooleanFilter
from sbs_portal.filters import FilterSet as FilterSet
from sbs_portal.filters import RelatedFilter as RelatedFilter
from sbs_portal.filters import as_uuid as as_uuid
from sbs_portal.filters import identified_by as identified_by
from sbs_portal.filters import known


class FilterBackend(drf_filters.DjangoFilterBackend):
    """Applies the view's ``filterset_class``."""

    def filter_queryset(self, request, queryset, view):
        filters = view.filterset_class
        if filters is None:
            return queryset
        if filters.base_filters.keys().isdisjoint(request.query_params):
            return filters.unasked(queryset)
        filterset = self.get_filterset(request, queryset, view)
        if not filterset.is_valid():
            raise ValidationError(filterset.invalid_parameters())
        return filterset.qs

    def get_filterset_kwargs(self, request, queryset, view):
        kwargs = super().get_filterset_kwargs(request, queryset, view)
        return {**kwargs, "only": request.query_params.keys()}


class OrderingBackend(BaseFilterBackend):
    """``ordering=-starts_at,name`` over the view's declared names; pk always last, so pages hold still."""

    parameter = "ordering"

    def filter_queryset(self, request, queryset, view):
        if "cursor" in request.query_params:
            # A cursor has an order of its own.
            return queryset
        columns = ordering_columns(view)
        given = request.query_params.get(self.parameter)
        names = [name.strip() for name in given.split(",") if name.strip()] if given else view.ordering
        unknown = [name for name in names if name.removeprefix("-") not in columns]
        if unknown and not given:
            raise ImproperlyConfigured(f"{type(view).__name__}.ordering has undeclared {unknown}.")
        if unknown:
            raise ValidationError(
                {self.parameter: [f"Okänd ordning: {', '.join(unknown)}. {known(columns)}"]}
            )
        order = [f"-{columns[name[1:]]}" if name[0] == "-" else columns[name] for name in names]
        return queryset.order_by(*order, "pk")

    def get_schema_operation_parameters(self, view) -> list[dict]:
        names = sorted(ordering_columns(view))
        return [
            {
                "name": self.parameter,
                "in": "query",
                "required": False,
                "description": "Ordning: ett eller flera fält med komma emellan, med - framför för fallande. "
                f"{known(names)}",
                "schema": {"type": "string", "examples": [",".join(view.ordering) or names[0]]},
            }
        ]


def ordering_columns(view) -> dict[str, str]:
    """Outward names of orderings and the columns they mean. By id goes everywhere."""
    declared = view.ordering_fields
    named = declared if isinstance(declared, dict) else {name: name for name in declared}
    return {**named, "id": "uuid"}


def refuse_unknown_parameters(request, names: set[str], repeatable: frozenset[str] = frozenset()) -> None:
    """Raise a 400 for parameters that are not known here, are given twice, or hold control characters."""
    reasons = {}
    for name, values in request.query_params.lists():
        if name not in names:
            reasons["" if has_unusable(name) else name] = [f"Okänd parameter. {known(names)}"]
        elif any(has_unusable(value) for value in values):
            reasons[name] = [UNUSABLE]
        elif len(values) > 1 and name not in repeatable:
            reasons[name] = ["Ange parametern en gång."]
    if reasons:
        raise ValidationError(reasons)
