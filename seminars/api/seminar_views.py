"""Seminars and their parts, read by all within scope."""

import django_filters as df
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from programmes.models import Participation
from sbs_portal.api.filters import BooleanFilter, FilterSet, RelatedFilter
from sbs_portal.api.views import ReadViewSet
from sbs_portal.web.date_filters import ImpreciseDateFilter
from schools.models import Huvudman
from seminars.api import seminar_serializers as serializers
from seminars.filters.seminar import matching
from seminars.models import (
    Delegate,
    Delegation,
    Lesson,
    Presentation,
    ReflectionWord,
    Seminar,
    SeminarHuvudman,
    SeminarUnit,
    Session,
)

ORGANISATION = ("organisation_number",)


@extend_schema_field(OpenApiTypes.STR)
class StartsFilter(ImpreciseDateFilter):
    """As its base: a day, month, term or year, written as text."""


class SeminarFilter(FilterSet):
    q = df.CharFilter(method="search", max_length=200, label="Text att söka efter")
    huvudman = RelatedFilter(
        "huvudman_links__huvudman",
        natural_keys=ORGANISATION,
        distinct=True,
        label="Huvudmannens id eller organisationsnummer",
    )
    participation = RelatedFilter("huvudman_links__participation", distinct=True, label="Deltagandets id")
    starts = StartsFilter("starts", label="Dag, månad, termin eller år då seminariet kan ha börjat")

    class Meta:
        model = Seminar
        fields = ("kind", "status")

    def search(self, queryset, name, value):
        return matching(queryset, value)


class OfSeminar(FilterSet):
    seminar = RelatedFilter("seminar", label="Seminariets id")


class SeminarHuvudmanFilter(OfSeminar):
    huvudman = RelatedFilter(
        "huvudman", natural_keys=ORGANISATION, label="Huvudmannens id eller organisationsnummer"
    )

    class Meta:
        model = SeminarHuvudman
        fields = ()


class DelegationFilter(SeminarHuvudmanFilter):
    class Meta:
        model = Delegation
        fields = ("trust",)


class DelegateFilter(FilterSet):
    delegation = RelatedFilter("delegation", label="Delegationens id")
    seminar = RelatedFilter("delegation__seminar", label="Seminariets id")
    unit = RelatedFilter("unit", natural_keys=("unit_code",), label="Skolenhetens id eller kod")

    class Meta:
        model = Delegate
        fields = ("role",)


class SessionFilter(OfSeminar):
    class Meta:
        model = Session
        fields = ("kind",)


class PresentationFilter(SeminarHuvudmanFilter):
    session = RelatedFilter("session", label="Programpunktens id")

    class Meta:
        model = Presentation
        fields = ()


class SeminarUnitFilter(SeminarHuvudmanFilter):
    unit = RelatedFilter("unit", natural_keys=("unit_code",), label="Skolenhetens id eller kod")
    is_represented = BooleanFilter(label="Om enheten hade någon på plats")

    class Meta:
        model = SeminarUnit
        fields = ("trust",)


class ReflectionWordFilter(OfSeminar):
    class Meta:
        model = ReflectionWord
        fields = ()


class LessonFilter(OfSeminar):
    class Meta:
        model = Lesson
        fields = ()


def _own(view, model, column: str):
    """The uuid behind a foreign key where the caller reaches the row, else null: others' are not joined."""
    rows = model.objects.visible_to(view.request.scope).filter(pk=OuterRef(column))
    return Subquery(rows.values("uuid")[:1])


class SeminarViewSet(ReadViewSet):
    queryset = Seminar.objects.all()
    serializer_class = serializers.SeminarSerializer
    filterset_class = SeminarFilter
    ordering_fields = {"starts": "starts_date", "kind": "kind", "status": "status"}
    ordering = ("-starts",)
    noun, nouns = "seminarium", "seminarier"
    about = "Ett seminarium för en eller flera huvudmän, med när, var och varför."

    def for_list(self, queryset):
        return queryset.select_related("programme")


class SeminarHuvudmanViewSet(ReadViewSet):
    queryset = SeminarHuvudman.objects.all()
    serializer_class = serializers.SeminarHuvudmanSerializer
    filterset_class = SeminarHuvudmanFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "huvudman på seminarium", "huvudmän på seminarier"
    about = "Vilka huvudmän som deltar i ett seminarium. Alla som deltar ser de andras namn."

    def for_list(self, queryset):
        return queryset.select_related("seminar").annotate(
            huvudman_uuid=_own(self, Huvudman, "huvudman_id"),
            participation_uuid=_own(self, Participation, "participation_id"),
        )


class DelegationViewSet(ReadViewSet):
    queryset = Delegation.objects.all()
    serializer_class = serializers.DelegationSerializer
    filterset_class = DelegationFilter
    ordering_fields = ("head_count",)
    noun, nouns = "delegation", "delegationer"
    about = (
        "En huvudmans deltagare på ett seminarium: hur många, i vilka roller, och hur många som är namngivna."
    )

    def for_list(self, queryset):
        named = Delegate.objects.visible_to(self.request.scope).filter(delegation=OuterRef("pk"))
        named = named.order_by().values("delegation").annotate(number=Count("pk")).values("number")
        return queryset.select_related("seminar", "huvudman", "participation").annotate(
            named_count=Coalesce(Subquery(named), 0)
        )


class DelegateViewSet(ReadViewSet):
    queryset = Delegate.objects.all()
    serializer_class = serializers.DelegateSerializer
    filterset_class = DelegateFilter
    noun, nouns = "deltagare i delegation", "deltagare i delegationer"
    about = "En namngiven person i en delegation. Läses av den egna huvudmannen och arrangören."

    def for_list(self, queryset):
        return queryset.select_related("delegation", "person", "unit")


class _PartViewSet(ReadViewSet):
    def for_list(self, queryset):
        return queryset.select_related("seminar")


class SessionViewSet(_PartViewSet):
    queryset = Session.objects.all()
    serializer_class = serializers.SessionSerializer
    filterset_class = SessionFilter
    ordering_fields = ("position",)
    ordering = ("position",)
    noun, nouns = "programpunkt", "programpunkter"
    about = "En del av ett seminariums program."


class PresentationViewSet(ReadViewSet):
    queryset = Presentation.objects.all()
    serializer_class = serializers.PresentationSerializer
    filterset_class = PresentationFilter
    noun, nouns = "presentation", "presentationer"
    about = "Vad en huvudman berättar för andra på ett seminarium. Läses av alla som deltar."

    def for_list(self, queryset):
        return queryset.select_related("seminar", "session").annotate(
            huvudman_uuid=_own(self, Huvudman, "huvudman_id")
        )


class SeminarUnitViewSet(ReadViewSet):
    queryset = SeminarUnit.objects.all()
    serializer_class = serializers.SeminarUnitSerializer
    filterset_class = SeminarUnitFilter
    noun, nouns = "enhet på plats", "enheter på plats"
    about = "Om en deltagande enhet hade någon på plats på ett seminarium, och hur säkert det är."

    def for_list(self, queryset):
        return queryset.select_related("seminar", "huvudman", "unit")


class ReflectionWordViewSet(_PartViewSet):
    queryset = ReflectionWord.objects.all()
    serializer_class = serializers.ReflectionWordSerializer
    filterset_class = ReflectionWordFilter
    ordering_fields = ("count", "word")
    noun, nouns = "ord efteråt", "ord efteråt"
    about = (
        "Ett ord deltagarna tog med sig från ett seminarium. Antalet är null när ingen har sagt hur många."
    )


class LessonViewSet(_PartViewSet):
    queryset = Lesson.objects.all()
    serializer_class = serializers.LessonSerializer
    filterset_class = LessonFilter
    noun, nouns = "lärdom", "lärdomar"
    about = "Vad ett seminarium lärde, som någon uttryckte det."


ROUTES = (
    ("seminars", SeminarViewSet),
    ("seminar-huvudman", SeminarHuvudmanViewSet),
    ("delegations", DelegationViewSet),
    ("delegates", DelegateViewSet),
    ("sessions", SessionViewSet),
    ("presentations", PresentationViewSet),
    ("seminar-units", SeminarUnitViewSet),
    ("reflection-words", ReflectionWordViewSet),
    ("lessons", LessonViewSet),
)
