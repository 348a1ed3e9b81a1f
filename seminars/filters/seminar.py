"""Filters of seminars, in the browser, and the search that other pages share."""

import django_filters
from django.db.models import Q

from sbs_portal.web.filters import FilterSet, Pill
from schools.models import Huvudman
from seminars.models import Seminar, SeminarHuvudman, SeminarKind, SeminarStatus


def matching(seminars, text: str):
    """Seminars whose kind, title, topic, place or one of the huvudmän's names holds the text."""
    text = text.strip()
    kinds = [kind for kind in SeminarKind if text.lower() in kind.label]
    links = SeminarHuvudman.objects.filter(name__icontains=text).values("seminar_id")
    return seminars.filter(
        Q(title__icontains=text)
        | Q(topic__icontains=text)
        | Q(place__icontains=text)
        | Q(kind__in=kinds)
        | Q(pk__in=links)
    )


def _reached(request):
    return Huvudman.objects.visible_to(request.scope)


class SeminarFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    slag = django_filters.ChoiceFilter(field_name="kind", label="Slag", choices=SeminarKind.choices)
    status = django_filters.ChoiceFilter(label="Status", choices=SeminarStatus.choices)
    huvudman = django_filters.ModelChoiceFilter(
        label="Huvudman", queryset=_reached, to_field_name="uuid", method="of_huvudman"
    )

    class Meta:
        model = Seminar
        fields = ()

    def search(self, queryset, name, value):
        return matching(queryset, value)

    def of_huvudman(self, queryset, name, value):
        return queryset.filter(huvudman_ids__contains=[value.pk])


PILLS = (
    Pill("Alla"),
    Pill("Planerade", (("status", "planned"),)),
    Pill("Hållna", (("status", "held"),)),
    Pill("Inställda", (("status", "cancelled"),)),
)
