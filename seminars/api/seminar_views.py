"""Seminars and their parts, read by all within scope."""

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from programmes.models import Participation
from sbs_portal.api.views import ReadViewSet
from schools.models import Huvudman
from seminars.api import seminar_serializers as serializers
from seminars.filters import seminar as filters
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


def _own(view, model, column: str):
    """The uuid behind a foreign key where the caller reaches the row, else null: others' are not joined."""
    rows = model.objects.visible_to(view.request.scope).filter(pk=OuterRef(column))
    return Subquery(rows.values("uuid")[:1])


class SeminarViewSet(ReadViewSet):
    queryset = Seminar.objects.all()
    serializer_class = serializers.SeminarSerializer
    filterset_class = filters.SeminarFilter
    ordering_fields = {"starts": "starts_date", "kind": "kind", "status": "status"}
    ordering = ("-starts",)
    noun, nouns = "seminarium", "seminarier"
    about = "Ett seminarium för en eller flera huvudmän, med när, var och varför."

    def for_list(self, queryset):
        return queryset.select_related("programme")


class SeminarHuvudmanViewSet(ReadViewSet):
    queryset = SeminarHuvudman.objects.all()
    serializer_class = serializers.SeminarHuvudmanSerializer
    filterset_class = filters.SeminarHuvudmanFilter
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
    filterset_class = filters.DelegationFilter
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
    filterset_class = filters.DelegateFilter
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
    filterset_class = filters.SessionFilter
    ordering_fields = ("position",)
    ordering = ("position",)
    noun, nouns = "programpunkt", "programpunkter"
    about = "En del av ett seminariums program."


class PresentationViewSet(ReadViewSet):
    queryset = Presentation.objects.all()
    serializer_class = serializers.PresentationSerializer
    filterset_class = filters.PresentationFilter
    noun, nouns = "presentation", "presentationer"
    about = "Vad en huvudman berättar för andra på ett seminarium. Läses av alla som deltar."

    def for_list(self, queryset):
        return queryset.select_related("seminar", "session").annotate(
            huvudman_uuid=_own(self, Huvudman, "huvudman_id")
        )


class SeminarUnitViewSet(ReadViewSet):
    queryset = SeminarUnit.objects.all()
    serializer_class = serializers.SeminarUnitSerializer
    filterset_class = filters.SeminarUnitFilter
    noun, nouns = "enhet på plats", "enheter på plats"
    about = "Om en deltagande enhet hade någon på plats på ett seminarium, och hur säkert det är."

    def for_list(self, queryset):
        return queryset.select_related("seminar", "huvudman", "unit")


class ReflectionWordViewSet(_PartViewSet):
    queryset = ReflectionWord.objects.all()
    serializer_class = serializers.ReflectionWordSerializer
    filterset_class = filters.ReflectionWordFilter
    ordering_fields = ("count", "word")
    noun, nouns = "ord efteråt", "ord efteråt"
    about = (
        "Ett ord deltagarna tog med sig från ett seminarium. Antalet är null när ingen har sagt hur många."
    )


class LessonViewSet(_PartViewSet):
    queryset = Lesson.objects.all()
    serializer_class = serializers.LessonSerializer
    filterset_class = filters.LessonFilter
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
