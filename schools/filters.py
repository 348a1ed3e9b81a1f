"""Filters of the register's lists, in the browser and the API."""

import django_filters as df
from django.db.models import Exists, OuterRef, Q

from sbs_portal.accounts.models import User
from sbs_portal.filters import BooleanFilter, FilterSet, RelatedFilter, identified_by
from sbs_portal.web.date_filters import SchoolYearFilter
from schools.models import (
    Administration,
    County,
    Huvudman,
    Municipality,
    Person,
    PersonReveal,
    Provider,
    RoleAssignment,
    SchoolBreak,
    SchoolCalendar,
    SchoolForm,
    SchoolUnit,
    SchoolUnitVersion,
    StaffRole,
    UnitAlias,
    UnitStatus,
    UnitSuccession,
)

ORGANISATION = ("organisation_number",)
CODE = ("code",)
UNIT = ("unit_code",)


class HuvudmanRelatedFilter(RelatedFilter):
    """Rows of a huvudman, by id or organisationsnummer; a page offers those within reach."""

    def __init__(self, field_name="huvudman", **kwargs):
        kwargs.setdefault("label", "Huvudman")
        kwargs.setdefault("help_text", "Huvudmannens id eller organisationsnummer")
        kwargs.setdefault("options", Huvudman.objects.all)
        super().__init__(field_name, natural_keys=ORGANISATION, **kwargs)


class Searching(FilterSet):
    """``q``: what the model's ``matching`` finds."""

    q = df.CharFilter(method="search", max_length=200, label="Sök", help_text="Text att söka efter")

    def search(self, queryset, name, value):
        return queryset.matching(value)


class ActiveOn(FilterSet):
    """``active_on``: rows whose period covers the day."""

    active_on = df.DateFilter(
        method="on_day",
        label="Gäller den dagen",
        help_text="Dag som perioden omfattar, till exempel 2018-04-23",
    )

    def on_day(self, queryset, name, value):
        return queryset.active_on(value)


class MunicipalityFilter(FilterSet):
    county = RelatedFilter("county", natural_keys=CODE, label="Län", help_text="Länets id eller länskod")

    class Meta:
        model = Municipality
        fields = ()


class HuvudmanFilter(Searching):
    county = RelatedFilter(
        "municipality__county",
        natural_keys=CODE,
        options=County.objects.all,
        label="Län",
        help_text="Länets id eller länskod",
    )
    municipality = RelatedFilter(
        "municipality", natural_keys=CODE, label="Kommun", help_text="Kommunens id eller kommunkod"
    )
    off_page = ("is_fictional",)
    former = {"slag": ("kind", {}), "lan": ("county", {})}

    class Meta:
        model = Huvudman
        fields = ("kind", "is_fictional")


class AdministrationFilter(FilterSet):
    huvudman = HuvudmanRelatedFilter()

    class Meta:
        model = Administration
        fields = ()


class RunByFilter(HuvudmanRelatedFilter):
    """Units that the huvudman runs today."""

    def filter(self, queryset, value):
        if not value:
            return queryset
        huvudman = self.chosen(value, self.parent.scope)
        return queryset.of_huvudman(huvudman) if huvudman else queryset.none()


class SchoolUnitFilter(Searching):
    school_form = df.ChoiceFilter(
        method="with_form",
        choices=SchoolForm.choices,
        label="Skolform eller verksamhet",
        help_text="Skolform eller verksamhet i dag",
    )
    status = df.ChoiceFilter(
        method="with_status",
        choices=UnitStatus.choices,
        label="Status",
        help_text="Skolenhetsregistrets status i dag",
    )
    huvudman = RunByFilter(
        "versions__huvudman",
        help_text="Id eller organisationsnummer för huvudmannen som driver enheten i dag",
    )
    former = {"form": ("school_form", {})}

    class Meta:
        model = SchoolUnit
        fields = ()

    def with_form(self, queryset, name, value):
        return queryset.with_form(value)

    def with_status(self, queryset, name, value):
        return queryset.with_status(value)


class SchoolUnitVersionFilter(ActiveOn):
    unit = RelatedFilter(
        "unit", natural_keys=UNIT, label="Enhet", help_text="Enhetens id eller skolenhetskod"
    )
    huvudman = HuvudmanRelatedFilter()

    class Meta:
        model = SchoolUnitVersion
        fields = ("status",)


class UnitAliasFilter(FilterSet):
    unit = RelatedFilter(
        "unit", natural_keys=UNIT, label="Enhet", help_text="Enhetens id eller skolenhetskod"
    )

    class Meta:
        model = UnitAlias
        fields = ()


class UnitSuccessionFilter(FilterSet):
    huvudman = HuvudmanRelatedFilter()
    predecessor = RelatedFilter(
        "predecessor", natural_keys=UNIT, label="Föregångare", help_text="Enhetens id eller skolenhetskod"
    )
    successor = RelatedFilter(
        "successor", natural_keys=UNIT, label="Efterföljare", help_text="Enhetens id eller skolenhetskod"
    )

    class Meta:
        model = UnitSuccession
        fields = ("kind",)


class OfOneRole:
    """A filter that PersonFilter asks of one and the same role."""

    def filter(self, queryset, value):
        return queryset


class RoleFilter(OfOneRole, df.ChoiceFilter):
    pass


class RoleHuvudmanFilter(OfOneRole, HuvudmanRelatedFilter):
    pass


class RoleUnitFilter(OfOneRole, RelatedFilter):
    pass


class HasRoleFilter(OfOneRole, BooleanFilter):
    pass


class PersonFilter(Searching):
    """``role``, ``huvudman`` and ``unit`` together: people with a role that meets all of it, now or before."""

    role = RoleFilter(
        "roles__role",
        choices=StaffRole.choices,
        label="Roll",
        help_text="Roll som personen har eller har haft",
    )
    huvudman = RoleHuvudmanFilter(
        "roles__huvudman",
        help_text="Id eller organisationsnummer för en huvudman där personen har eller har haft en roll",
    )
    unit = RoleUnitFilter(
        "roles__unit",
        natural_keys=UNIT,
        label="Enhet",
        help_text="Id eller skolenhetskod för en enhet där personen har eller har haft en roll",
    )
    has_role = HasRoleFilter(
        label="Har rollen i dag",
        help_text="Om rollen gäller i dag (true), eller om personen inte har någon sådan i dag (false)",
    )

    class Meta:
        model = Person
        fields = ()

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        asked = self.form.cleaned_data
        roles = RoleAssignment.objects.visible_to(self.scope).filter(person=OuterRef("pk"))
        if asked.get("role"):
            roles = roles.filter(role=asked["role"])
        for name in ("huvudman", "unit"):
            if asked.get(name):
                keys = self.filters[name].natural_keys
                roles = roles.filter(identified_by(asked[name], keys, f"{name}__"))
        now = asked.get("has_role")
        if now:
            return queryset.filter(Exists(roles.active_on()))
        if now is False:
            queryset = queryset.exclude(Exists(roles.active_on()))
        if any(asked.get(name) for name in ("role", "huvudman", "unit")):
            queryset = queryset.filter(Exists(roles))
        return queryset


class RoleAssignmentFilter(ActiveOn):
    person = RelatedFilter("person", label="Person", help_text="Personens id")
    huvudman = HuvudmanRelatedFilter()
    unit = RelatedFilter(
        "unit", natural_keys=UNIT, label="Enhet", help_text="Enhetens id eller skolenhetskod"
    )
    provider = RelatedFilter("provider", label="Arbetsgivare", help_text="Arbetsgivarens id")

    class Meta:
        model = RoleAssignment
        fields = ("role",)


class ProviderFilter(FilterSet):
    class Meta:
        model = Provider
        fields = ("kind", "is_fictional")


class SchoolCalendarFilter(FilterSet):
    school_year = SchoolYearFilter("school_year", label="Läsår", help_text="Läsår, till exempel 2026/27")
    municipality = RelatedFilter(
        "municipality",
        natural_keys=CODE,
        options=Municipality.objects.all,
        label="Kommun",
        help_text="Kommunens id eller kommunkod",
    )

    class Meta:
        model = SchoolCalendar
        fields = ()


class SchoolBreakFilter(FilterSet):
    calendar = RelatedFilter("calendar", label="Läsårskalender", help_text="Läsårskalenderns id")
    municipality = RelatedFilter(
        "calendar__municipality", natural_keys=CODE, label="Kommun", help_text="Kommunens id eller kommunkod"
    )

    class Meta:
        model = SchoolBreak
        fields = ()


class RevealHuvudmanFilter(HuvudmanRelatedFilter):
    """Of people who are the huvudman's now."""

    def filter(self, queryset, value):
        if not value:
            return queryset
        huvudman = self.chosen(value, self.parent.scope)
        if huvudman is None:
            return queryset.none()
        return queryset.filter(person__huvudman_ids__contains=[huvudman.pk])


class PersonRevealFilter(FilterSet):
    q = df.CharFilter(method="search", max_length=200, label="Sök", help_text="Text i skälet")
    shown_to = df.CharFilter(
        method="shown_to_like",
        max_length=200,
        label="Visad för",
        help_text="Namn eller e-postadress, eller en del av det, på den som uppgifterna visades för",
    )
    huvudman = RevealHuvudmanFilter(
        "person__roles__huvudman",
        help_text="Id eller organisationsnummer för en huvudman som personen hör till",
    )
    person = RelatedFilter("person", label="Person", help_text="Den skyddade personens id")
    since = df.DateFilter("created_at", lookup_expr="date__gte", label="Från och med")
    until = df.DateFilter("created_at", lookup_expr="date__lte", label="Till och med")

    class Meta:
        model = PersonReveal
        fields = ()

    def search(self, queryset, name, value):
        return queryset.filter(reason__icontains=value)

    def shown_to_like(self, queryset, name, value):
        """As far as the reader is told who: by the names of people within reach, for coordinators by accounts."""
        people = Person.objects.visible_to(self.scope).unprotected().filter(user__isnull=False)
        found = Q(by__in=people.filter(name__icontains=value).values("user_id"))
        if self.scope.national and self.scope.is_coordinator:
            users = User.objects.filter(Q(name__icontains=value) | Q(email__icontains=value))
            users = users.filter(is_protected=False)
            found |= Q(by__in=users.values("pk"))
        return queryset.filter(found)
