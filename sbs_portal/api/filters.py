"""Filtering and ordering of lists: declared names only, wrong values named, in Swedish."""

import re
import uuid

import django_filters
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db.models import BooleanField, Q
from django_filters import rest_framework as drf_filters
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend

from sbs_portal.api.parsers import UNUSABLE, has_unusable
from sbs_portal.db.archive import is_archivable

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def as_uuid(value: str) -> uuid.UUID | None:
    """The UUID in its usual form with hyphens, else None."""
    return uuid.UUID(value) if _UUID.fullmatch(value) else None


def identified_by(value: str, natural_keys: tuple[str, ...] = (), prefix: str = "") -> Q | None:
    """The filter on an outward id: a uuid, else any of the natural keys; None when it can be neither."""
    found = as_uuid(value)
    if found is not None:
        return Q(**{f"{prefix}uuid": found})
    if not natural_keys or not value:
        return None
    matches = Q()
    for key in natural_keys:
        matches |= Q(**{f"{prefix}{key}": value})
    return matches


def known(names) -> str:
    """The known names as the end of a reason."""
    names = sorted(names)
    return f"Kända: {', '.join(names)}." if names else "Här finns inga."


class BooleanFormField(forms.Field):
    """true or false, and nothing else."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if value.lower() not in ("true", "false"):
            raise forms.ValidationError("Ange true eller false.")
        return value.lower() == "true"


class BooleanFilter(django_filters.BooleanFilter):
    field_class = BooleanFormField


class RelatedFormField(forms.CharField):
    def __init__(self, *, natural_keys=(), **kwargs):
        self.natural_keys = natural_keys
        super().__init__(**kwargs)

    def clean(self, value):
        value = super().clean(value)
        if not value:
            return None
        condition = identified_by(value, self.natural_keys)
        if condition is None:
            raise forms.ValidationError("Ange ett id (UUID).")
        return value


class RelatedFilter(django_filters.CharFilter):
    """Rows whose related row has this uuid, or this natural key. Unknown: an empty list, which tells nothing."""

    field_class = RelatedFormField

    def __init__(self, field_name, *, natural_keys: tuple[str, ...] = (), **kwargs):
        self.natural_keys = natural_keys
        super().__init__(field_name, natural_keys=natural_keys, max_length=200, **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        queryset = queryset.filter(identified_by(value, self.natural_keys, f"{self.field_name}__"))
        return queryset.distinct() if self.distinct else queryset


class ArchivedFilter(django_filters.ChoiceFilter):
    """What is laid aside: left out unless asked for."""

    def __init__(self, **kwargs):
        choices = [("exclude", "utan"), ("include", "med"), ("only", "bara")]
        label = (
            "Arkiverade: exclude (utan dem, det som gäller om inget anges), include (med) eller only (bara)"
        )
        super().__init__(choices=choices, label=label, empty_label=None, **kwargs)

    def filter(self, queryset, value):
        if value == "include":
            return queryset
        return queryset.archived() if value == "only" else queryset.in_use()


class FilterSet(drf_filters.FilterSet):
    """Base of every filter of the API. Rows that can be archived have ``archived`` by themselves."""

    FILTER_DEFAULTS = {
        **drf_filters.FilterSet.FILTER_DEFAULTS,
        BooleanField: {"filter_class": BooleanFilter},
    }

    @classmethod
    def filter_for_field(cls, field, field_name, lookup_expr=None):
        """A filter from ``Meta.fields`` is described by its column's own name."""
        made = super().filter_for_field(field, field_name, lookup_expr)
        name = str(field.verbose_name)
        made.label = name[:1].upper() + name[1:]
        return made

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        if cls._meta.model and is_archivable(cls._meta.model):
            filters["archived"] = ArchivedFilter(field_name="archived_at")
        return filters

    def invalid_parameters(self) -> dict[str, list[str]]:
        """Reasons by parameter; a wrong choice is told the right ones."""
        reasons = {}
        for name, errors in self.form.errors.as_data().items():
            choices = [
                str(value) for value, _ in getattr(self.form.fields[name], "choices", ()) if value != ""
            ]
            reasons[name] = [
                f"Okänt värde. {known(choices)}"
                if choices and error.code in ("invalid_choice", "invalid_list")
                else error.messages[0]
                for error in errors
            ]
        return reasons


class FilterBackend(drf_filters.DjangoFilterBackend):
    """Applies the view's ``filterset_class``."""

    def filter_queryset(self, request, queryset, view):
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise ValidationError(filterset.invalid_parameters())
        return filterset.qs


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
