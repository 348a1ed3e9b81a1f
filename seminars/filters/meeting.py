"""Filters of meetings and their lines, in the browser and the API."""

import django_filters as df
from django.db.models import Q

from sbs_portal.filters import BooleanFilter, FilterSet, RelatedFilter
from sbs_portal.web.date_filters import ImpreciseDateFilter
from schools.filters import UNIT, HuvudmanRelatedFilter
from schools.models import Person, SchoolUnit
from seminars.models import (
    Attendance,
    Meeting,
    MeetingParticipation,
    MeetingSeries,
    MeetingUnit,
    Outcome,
    SeriesAttendee,
)

STATES = [
    ("upcoming", "Kommande"),
    ("held", "Hållna"),
    ("unrecorded", "Saknar anteckningar"),
    ("cancelled", "Inställda"),
]
ACTION_STATES = [("open", "Öppna"), ("late", "Sena"), ("done", "Klara")]


class MeetingSeriesFilter(FilterSet):
    participation = RelatedFilter("participation", label="Deltagande", help_text="Deltagandets id")

    class Meta:
        model = MeetingSeries
        fields = ("mode",)


class SeriesAttendeeFilter(FilterSet):
    series = RelatedFilter("series", label="Träffserie", help_text="Träffseriens id")
    person = RelatedFilter("person", label="Person", help_text="Personens id")

    class Meta:
        model = SeriesAttendee
        fields = ("role",)


class MeetingFilter(FilterSet):
    q = df.CharFilter(
        method="search", max_length=100, label="Sök", help_text="Text i rubrik, plats, huvudman eller enhet"
    )
    state = df.ChoiceFilter(
        choices=STATES,
        method="in_state",
        label="Läge",
        help_text="upcoming, held, cancelled, eller unrecorded: har varit men saknar anteckningar",
    )
    when = ImpreciseDateFilter(
        "when", label="När", help_text="Dag, månad, termin eller år då träffen kan ha varit"
    )
    from_date = df.DateFilter("when_date", lookup_expr="gte", label="Börjar tidigast den dagen")
    to_date = df.DateFilter("when_date", lookup_expr="lte", label="Börjar senast den dagen")
    huvudman = HuvudmanRelatedFilter("participation_links__participation__huvudman", distinct=True)
    participation = RelatedFilter(
        "participation_links__participation", distinct=True, label="Deltagande", help_text="Deltagandets id"
    )
    unit = RelatedFilter(
        "unit_links__unit",
        natural_keys=UNIT,
        distinct=True,
        label="Enhet",
        help_text="Enhetens id eller kod",
    )
    series = RelatedFilter("series", label="Träffserie", help_text="Träffseriens id")
    off_page = ("status",)
    former = {
        "lage": (
            "state",
            {"kommande": "upcoming", "hallna": "held", "saknar": "unrecorded", "installda": "cancelled"},
        ),
        "deltagande": ("participation", {}),
        "nar": ("when", {}),
    }

    class Meta:
        model = Meeting
        fields = ("status", "kind", "mode")

    def search(self, queryset, name, value):
        links = MeetingParticipation.objects.filter(participation__huvudman__name__icontains=value)
        units = SchoolUnit.objects.visible_to(self.scope).filter(name__icontains=value)
        with_units = MeetingUnit.objects.filter(unit__in=units)
        return queryset.filter(
            Q(title__icontains=value)
            | Q(place__icontains=value)
            | Q(pk__in=links.values("meeting_id"))
            | Q(pk__in=with_units.values("meeting_id"))
        )

    def in_state(self, queryset, name, value):
        match value:
            case "upcoming":
                return queryset.upcoming()
            case "held":
                return queryset.held()
            case "unrecorded":
                return queryset.overdue()
        return queryset.filter(status="cancelled")


class AttendanceFilter(FilterSet):
    meeting = RelatedFilter("meeting", label="Träff", help_text="Träffens id")
    person = RelatedFilter("person", label="Person", help_text="Personens id")
    participation = RelatedFilter(
        "meeting__participation_links__participation",
        distinct=True,
        label="Deltagande",
        help_text="Deltagandets id",
    )

    class Meta:
        model = Attendance
        fields = ("status",)


class OutcomeFilter(FilterSet):
    q = df.CharFilter(
        method="search", max_length=100, label="Sök", help_text="Text i raden, ansvarig eller huvudman"
    )
    state = df.ChoiceFilter(
        choices=ACTION_STATES,
        method="in_state",
        label="Läge",
        help_text="Åtgärder: open (inte klara), late (inte klara i tid) eller done (klara)",
    )
    mine = BooleanFilter(method="of_mine", label="Mina", help_text="Åtgärder som frågeställaren ansvarar för")
    huvudman = HuvudmanRelatedFilter(
        "meeting__participation_links__participation__huvudman",
        distinct=True,
        help_text="Id eller organisationsnummer för en huvudman på träffen",
    )
    meeting = RelatedFilter("meeting", label="Träff", help_text="Träffens id")
    participation = RelatedFilter(
        "meeting__participation_links__participation",
        distinct=True,
        label="Deltagande",
        help_text="Deltagandets id",
    )
    owner = RelatedFilter("owner", label="Ansvarig", help_text="Den ansvariga personens id")
    is_done = BooleanFilter("done_on", lookup_expr="isnull", exclude=True, label="Om åtgärden är klar")
    due_before = df.DateFilter("due_on", lookup_expr="lt", label="Ska vara klar före den dagen")
    due_from = df.DateFilter("due_on", lookup_expr="gte", label="Ska vara klar tidigast den dagen")
    due_to = df.DateFilter("due_on", lookup_expr="lte", label="Ska vara klar senast den dagen")
    off_page = ("kind", "is_done", "due_before")

    class Meta:
        model = Outcome
        fields = ("kind",)

    def search(self, queryset, name, value):
        people = Person.objects.visible_to(self.scope).matching(value)
        links = MeetingParticipation.objects.visible_to(self.scope).filter(
            participation__huvudman__name__icontains=value
        )
        return queryset.filter(
            Q(text__icontains=value)
            | Q(owner_party__icontains=value)
            | Q(owner__in=people)
            | Q(meeting__in=links.values("meeting_id"))
        )

    def in_state(self, queryset, name, value):
        match value:
            case "open":
                return queryset.open_actions()
            case "late":
                return queryset.late()
        return queryset.filter(done_on__isnull=False)

    def of_mine(self, queryset, name, value):
        user = self.scope.user
        mine = Q(owner__in=Person.objects.visible_to(self.scope).filter(user=user)) if user else Q(pk__in=[])
        return queryset.filter(mine) if value else queryset.exclude(mine)
