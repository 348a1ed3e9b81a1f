"""Filters of the list of meetings."""

import django_filters
from django import forms
from django.db.models import Q

from sbs_portal.web.date_filters import ImpreciseDateFilter
from sbs_portal.web.filters import FilterSet
from seminars.models import Meeting, MeetingParticipation

STATES = [
    ("kommande", "Kommande"),
    ("hallna", "Hållna"),
    ("saknar", "Saknar anteckningar"),
    ("installda", "Inställda"),
]


class MeetingFilter(FilterSet):
    q = django_filters.CharFilter(method="search", label="Sök", max_length=100)
    lage = django_filters.ChoiceFilter(choices=STATES, method="in_state", label="Läge")
    deltagande = django_filters.UUIDFilter(
        "participation_links__participation__uuid", widget=forms.HiddenInput
    )
    nar = ImpreciseDateFilter("when", label="När")

    class Meta:
        model = Meeting
        fields = ()

    def search(self, queryset, name, value):
        links = MeetingParticipation.objects.filter(participation__huvudman__name__icontains=value)
        return queryset.filter(
            Q(title__icontains=value)
            | Q(place__icontains=value)
            | Q(pk__in=links.values("meeting_id"))
            | Q(unit_links__unit__name__icontains=value)
        ).distinct()

    def in_state(self, queryset, name, value):
        match value:
            case "kommande":
                return queryset.upcoming()
            case "hallna":
                return queryset.held()
            case "saknar":
                return queryset.overdue()
        return queryset.filter(status="cancelled")
