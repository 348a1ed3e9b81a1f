"""Filters of the register's resources."""

import django_filters as df

from sbs_portal.api.filters import FilterSet, RelatedFilter
from schools.models import (
    Administration,
    Huvudman,
    Municipality,
    Person,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolForm,
    SchoolUnit,
    SchoolUnitVersion,
    StaffRole,
    UnitAlias,
)

ORGANISATION = ("organisation_number",)
CODE = ("code",)
UNIT = ("unit_code",)


class Searching(FilterSet):
    """``q``: what the model's ``matching`` finds."""

    q = df.CharFilter(method="search", max_length=200, label="Text att söka efter")

    def search(self, queryset, name, value):
        return queryset.matching(value)


class ActiveOn(FilterSet):
    """``active_on``: rows whose period covers the day."""

    active_on = df.DateFilter(method="on_day", label="Dag som perioden omfattar, till exempel 2018-04-23")

    def on_day(self, queryset, name, value):
        return queryset.active_on(value)


class MunicipalityFilter(FilterSet):
    county = RelatedFilter("county", natural_keys=CODE, label="Länets id eller länskod")

    class Meta:
        model = Municipality
        fields = ()


class HuvudmanFilter(Searching):
    municipality = RelatedFilter("municipality", natural_keys=CODE, label="Kommunens id eller kommunkod")
    county = RelatedFilter("municipality__county", natural_keys=CODE, label="Länets id eller länskod")

    class Meta:
        model = Huvudman
        fields = ("kind", "is_fictional")


class AdministrationFilter(FilterSet):
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )

    class Meta:
        model = Administration
        fields = ()


class SchoolUnitFilter(Searching):
    huvudman = df.UUIDFilter(method="of_huvudman", label="Id för huvudmannen som driver enheten i dag")
    school_form = df.ChoiceFilter(
        method="with_form", choices=SchoolForm.choices, label="Skolform eller verksamhet i dag"
    )

    class Meta:
        model = SchoolUnit
        fields = ()

    def of_huvudman(self, queryset, name, value):
        return queryset.of_huvudman(
            Huvudman.objects.visible_to(self.request.scope).filter(uuid=value).first()
        )

    def with_form(self, queryset, name, value):
        return queryset.with_form(value)


class SchoolUnitVersionFilter(ActiveOn):
    unit = RelatedFilter("unit", natural_keys=UNIT, label="Enhetens id eller skolenhetskod")
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )

    class Meta:
        model = SchoolUnitVersion
        fields = ("status",)


class UnitAliasFilter(FilterSet):
    unit = RelatedFilter("unit", natural_keys=UNIT, label="Enhetens id eller skolenhetskod")

    class Meta:
        model = UnitAlias
        fields = ()


class PersonFilter(Searching):
    huvudman = RelatedFilter(
        "roles__huvudman",
        natural_keys=ORGANISATION,
        distinct=True,
        label="Id eller organisationsnummer för en huvudman där personen har eller har haft en roll",
    )
    unit = RelatedFilter(
        "roles__unit",
        natural_keys=UNIT,
        distinct=True,
        label="Id eller skolenhetskod för en enhet där personen har eller har haft en roll",
    )
    role = df.ChoiceFilter(
        "roles__role", choices=StaffRole.choices, distinct=True, label="Roll som personen har eller har haft"
    )

    class Meta:
        model = Person
        fields = ()


class RoleAssignmentFilter(ActiveOn):
    person = RelatedFilter("person", label="Personens id")
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )
    unit = RelatedFilter("unit", natural_keys=UNIT, label="Enhetens id eller skolenhetskod")
    provider = RelatedFilter("provider", label="Arbetsgivarens id")

    class Meta:
        model = RoleAssignment
        fields = ("role",)


class ProviderFilter(FilterSet):
    class Meta:
        model = Provider
        fields = ("kind", "is_fictional")


class SchoolCalendarFilter(FilterSet):
    municipality = RelatedFilter("municipality", natural_keys=CODE, label="Kommunens id eller kommunkod")

    class Meta:
        model = SchoolCalendar
        fields = ()


class SchoolBreakFilter(FilterSet):
    calendar = RelatedFilter("calendar", label="Läsårskalenderns id")
    municipality = RelatedFilter(
        "calendar__municipality", natural_keys=CODE, label="Kommunens id eller kommunkod"
    )

    class Meta:
        model = SchoolBreak
        fields = ()
