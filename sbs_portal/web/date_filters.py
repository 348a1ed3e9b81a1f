"""django-filter filters for terms, school years and dates with a precision."""

import django_filters
from django import forms
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from sbs_portal.db.fields import SchoolYearField, TermField, overlapping
from sbs_portal.time import ImpreciseDate
from sbs_portal.web.fields import ImpreciseDateFormField, SchoolYearFormField, TermFormField


class TermFilter(django_filters.Filter):
    """``?start_term=HT2018``; with ``lookup_expr`` gte or lte from or through a term.

    ``options`` (terms) makes it a list to choose from.
    """

    field_class = TermFormField


class SchoolYearFilter(django_filters.Filter):
    """``?school_year=2018/19``."""

    field_class = SchoolYearFormField


@extend_schema_field(OpenApiTypes.STR)
class ImpreciseDateFilter(django_filters.Filter):
    """``?when=2018-05``: rows whose date can have been in that day, month, term or year.

    ``field_name`` is the name of the imprecise date, through relations if need be. Rows with an unknown
    date are found only without the filter.
    """

    field_class = ImpreciseDateFormField

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: ImpreciseDate | None) -> QuerySet:
        if value is None or not value.is_known:
            return qs
        found = self.get_method(qs)(overlapping(self.field_name, value.first, value.last))
        return found.distinct() if self.distinct else found


# For a FilterSet's Meta.filter_overrides; imprecise dates are declared, since they are no single column.
CALENDAR_FILTERS = {
    TermField: {"filter_class": TermFilter},
    SchoolYearField: {"filter_class": SchoolYearFilter},
}
