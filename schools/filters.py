"""Filters of the register's lists."""

import django_filters

from sbs_portal.web.filters import FilterSet
from schools.models import County, Huvudman, HuvudmanKind, SchoolForm, SchoolUnit, UnitStatus


class HuvudmanFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    slag = django_filters.ChoiceFilter(field_name="kind", label="Slag", choices=HuvudmanKind.choices)
    lan = django_filters.ModelChoiceFilter(
        field_name="municipality__county", label="Län", queryset=County.objects.all(), to_field_name="code"
    )

    class Meta:
        model = Huvudman
        fields = ()

    def search(self, queryset, name, value):
        return queryset.matching(value)


def _reached(request):
    return Huvudman.objects.visible_to(request.scope)


class UnitFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    form = django_filters.ChoiceFilter(
        label="Skolform eller verksamhet", choices=SchoolForm.choices, method="with_form"
    )
    status = django_filters.ChoiceFilter(label="Status", choices=UnitStatus.choices, method="with_status")
    huvudman = django_filters.ModelChoiceFilter(
        label="Huvudman", queryset=_reached, to_field_name="uuid", method="of_huvudman"
    )

    class Meta:
        model = SchoolUnit
        fields = ()

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def with_form(self, queryset, name, value):
        return queryset.with_form(value)

    def with_status(self, queryset, name, value):
        return queryset.with_status(value)

    def of_huvudman(self, queryset, name, value):
        return queryset.of_huvudman(value)
