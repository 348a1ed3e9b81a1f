"""Filters of statements, in the browser."""

import django_filters
from django.db.models import Q

from sbs_portal.audit.models import Review, Statement, Trust, What
from sbs_portal.web.filters import FilterSet, Pill


class StatementFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search")
    what = django_filters.ChoiceFilter(label="Gäller", choices=What.choices)
    trust = django_filters.ChoiceFilter(label="Säkerhet", choices=Trust.choices)
    review = django_filters.ChoiceFilter(label="Granskning", choices=Review.choices)

    class Meta:
        model = Statement
        fields = ["q", "what", "trust", "review"]

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(text__icontains=value)
            | Q(source__title__icontains=value)
            | Q(source__publisher__icontains=value)
        )


PILLS = (
    Pill("Väntar", (("review", "waiting"),), lambda rows: rows.filter(review="waiting").count()),
    Pill("Godtagna", (("review", "accepted"),)),
    Pill("Avvisade", (("review", "rejected"),)),
)
