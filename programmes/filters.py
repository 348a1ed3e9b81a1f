"""Filters of participations and their parts, in the browser and the API."""

import django_filters as df
from django.db.models import Q

from programmes.models import (
    Agreement,
    Cohort,
    FocusArea,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    ParticipationStatus,
    Programme,
    Registration,
    RegistrationStep,
    StatusChange,
    Support,
    TermExtension,
    TermPause,
)
from sbs_portal.filters import BooleanFilter, FilterSet, RelatedFilter
from sbs_portal.time import Term
from sbs_portal.web.date_filters import TermFilter
from sbs_portal.web.filters import Pill
from schools.filters import UNIT, HuvudmanRelatedFilter

STATUS_PILLS = (
    Pill("Alla"),
    Pill("Pågår", (("status", "active"),)),
    Pill("Pausade", (("status", "paused"),)),
    Pill("Före start", (("status", "before"),)),
    Pill("Avslutade", (("status", "over"),)),
    Pill("Väntar på samordnare", (("registration", "waiting"),), lambda rows: rows.waiting()),
)
GROUPS = {
    "before": ("selected", "offered", "accepted"),
    "over": ("declined", "completed", "discontinued"),
}


# Who began earlier is most often done, and found by the filter: there are two start terms a year.
RECENT_TERMS = 8


def cohort_pills(terms: list[Term]) -> tuple[Pill, ...]:
    """One for each of the latest start terms there are, the latest first."""
    recent = sorted(terms, reverse=True)[:RECENT_TERMS]
    return tuple(Pill(term.short, (("start_term", term.code),), group="cohort") for term in recent)


class ProgrammeFilter(FilterSet):
    code = df.CharFilter("code", label="Programmets kod")

    class Meta:
        model = Programme
        fields: list[str] = []


class CohortFilter(FilterSet):
    programme = RelatedFilter(
        "programme", natural_keys=("code",), label="Program", help_text="Programmets id eller kod"
    )
    start_term = TermFilter("start_term", label="Starttermin", help_text="Starttermin, till exempel VT2018")

    class Meta:
        model = Cohort
        fields: list[str] = []


class FocusAreaFilter(FilterSet):
    is_active = BooleanFilter("is_active", label="Går att välja (true) eller inte (false)")

    class Meta:
        model = FocusArea
        fields: list[str] = []


class ParticipationFilter(FilterSet):
    q = df.CharFilter(
        method="search", max_length=200, label="Sök", help_text="Text i huvudman, enhet eller diarienummer"
    )
    status = df.ChoiceFilter(
        method="of_status",
        label="Status",
        choices=[
            *ParticipationStatus.choices,
            ("before", "före start"),
            ("over", "avslutade, avbrutna och nej"),
        ],
        help_text="Status på det som en samordnare har godkänt, om inget registration anges; before är alla före "
        "start och over alla som är avslutade, avbrutna eller tackat nej",
    )
    registration = df.ChoiceFilter(
        choices=Registration.choices,
        label="Granskning",
        help_text="Om en samordnare har godkänt deltagandet",
    )
    start_term = TermFilter("start_term", label="Starttermin", help_text="Starttermin, till exempel VT2018")
    starts_from = TermFilter("start_term", lookup_expr="gte", label="Starttermin, tidigast")
    starts_through = TermFilter("start_term", lookup_expr="lte", label="Starttermin, senast")
    programme = RelatedFilter(
        "programme",
        natural_keys=("code",),
        options=Programme.objects.all,
        label="Program",
        help_text="Programmets id eller kod",
    )
    huvudman = HuvudmanRelatedFilter()
    cohort = RelatedFilter("cohort", label="Omgång", help_text="Omgångens id")
    unit = RelatedFilter(
        "units__unit",
        natural_keys=UNIT,
        distinct=True,
        label="Enhet",
        help_text="Enhetens id eller skolenhetskod",
    )
    former = {"omgang": ("start_term", {}), "granskning": ("registration", {})}

    class Meta:
        model = Participation
        fields: list[str] = []

    def search(self, queryset, name, value):
        units = ParticipatingUnit.objects.filter(unit__name__icontains=value)
        agreements = Agreement.objects.filter(record_number__icontains=value)
        return queryset.filter(
            Q(huvudman__name__icontains=value)
            | Q(pk__in=units.values("participation_id"))
            | Q(pk__in=agreements.values("participation_id"))
        )

    def of_status(self, queryset, name, value):
        """What a huvudman has entered itself is under no status until it is approved, unless it is asked for."""
        rows = queryset if self.data.get("registration") else queryset.approved()
        return rows.filter(status__in=GROUPS.get(value, (value,)))


class PartFilter(FilterSet):
    """What every part can be asked for: its participation, and the huvudman."""

    participation = RelatedFilter("participation", label="Deltagande", help_text="Deltagandets id")
    huvudman = HuvudmanRelatedFilter("participation__huvudman")


class ParticipatingUnitFilter(PartFilter):
    unit = RelatedFilter(
        "unit", natural_keys=UNIT, label="Enhet", help_text="Enhetens id eller skolenhetskod"
    )
    on = df.DateFilter(method="with_us_on", label="Med i deltagandet den dagen")

    class Meta:
        model = ParticipatingUnit
        fields: list[str] = []

    def with_us_on(self, queryset, name, value):
        return queryset.with_us_on(value)


class ParticipationPhaseFilter(PartFilter):
    participating_unit = RelatedFilter(
        "participating_unit", label="Deltagande enhet", help_text="Den deltagande enhetens id"
    )

    class Meta:
        model = ParticipationPhase
        fields = ("phase",)


class ParticipationFocusFilter(PartFilter):
    focus_area = RelatedFilter(
        "focus_area", natural_keys=("code",), label="Fokusområde", help_text="Fokusområdets id eller kod"
    )

    class Meta:
        model = ParticipationFocus
        fields: list[str] = []


class AgreementFilter(PartFilter):
    record_number = df.CharFilter("record_number", label="Diarienummer")

    class Meta:
        model = Agreement
        fields = ("kind",)


class SupportFilter(PartFilter):
    provider = RelatedFilter("provider", label="Aktör", help_text="Aktörens id")

    class Meta:
        model = Support
        fields = ("status",)


class ParticipationAssignmentFilter(PartFilter):
    person = RelatedFilter("person", label="Person", help_text="Personens id")
    on = df.DateFilter(method="active_on", label="Gäller den dagen")

    class Meta:
        model = ParticipationAssignment
        fields = ("role",)

    def active_on(self, queryset, name, value):
        return queryset.active_on(value)


class TermPauseFilter(PartFilter):
    class Meta:
        model = TermPause
        fields: list[str] = []


class TermExtensionFilter(PartFilter):
    class Meta:
        model = TermExtension
        fields: list[str] = []


class StatusChangeFilter(PartFilter):
    class Meta:
        model = StatusChange
        fields = ("to_status",)


class RegistrationStepFilter(PartFilter):
    class Meta:
        model = RegistrationStep
        fields = ("to_state",)
