"""Seminars and their parts: read within scope, written through the same services as the pages."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from sbs_portal.api.removing import ArchiveMixin
from sbs_portal.api.views import ReadViewSet
from sbs_portal.api.writing import CreateMixin, DeleteMixin, UpdateMixin, read_body
from seminars.api import seminar_serializers as serializers
from seminars.api.meeting_serializers import NothingInput
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
from seminars.services import seminar as services


class Inputs:
    """``input_classes``: the serializers that read a body, of a create and of a change."""

    input_classes: tuple[type, type]

    @property
    def input_serializer_class(self):
        return self.input_classes[0 if self.action == "create" else 1]


class SeminarViewSet(ArchiveMixin, Inputs, CreateMixin, UpdateMixin, ReadViewSet):
    queryset = Seminar.objects.all()
    serializer_class = serializers.SeminarSerializer
    filterset_class = filters.SeminarFilter
    ordering_fields = {"starts": "starts_date", "kind": "kind", "status": "status"}
    ordering = ("-starts",)
    noun, nouns = "seminarium", "seminarier"
    about = "Ett seminarium för en eller flera huvudmän, med när, var och varför."
    input_classes = (serializers.SeminarInput, serializers.SeminarChangeInput)

    def for_list(self, queryset):
        return queryset.select_related("programme")

    def perform_create(self, serializer):
        return services.plan_seminar.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        return services.change_seminar.steps(
            seminar=serializer.instance, by=self.request.scope, **serializer.validated_data
        )

    @extend_schema(
        summary="Seminariet har hållits",
        description="Går inte för ett seminarium som ligger framåt, är inställt eller saknar datum.",
        request=NothingInput,
        responses=serializers.SeminarSerializer,
    )
    @action(detail=True, methods=["post"], url_path="finish")
    def finish(self, request, *args, **kwargs):
        seminar = self.get_object()
        read_body(self, NothingInput)
        return self.became(services.finish_seminar(seminar=seminar, by=request.scope))

    @extend_schema(
        summary="Ställ in seminariet",
        request=serializers.CancelSeminarInput,
        responses=serializers.SeminarSerializer,
    )
    @action(detail=True, methods=["post"], url_path="cancel")
    def cancel(self, request, *args, **kwargs):
        seminar = self.get_object()
        reason = read_body(self, serializers.CancelSeminarInput)["reason"]
        return self.became(services.cancel_seminar(seminar=seminar, reason=reason, by=request.scope))

    @extend_schema(
        summary="Seminariet är planerat igen",
        description="Tar tillbaka att det är inställt, eller att det har hållits.",
        request=NothingInput,
        responses=serializers.SeminarSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reopen")
    def reopen(self, request, *args, **kwargs):
        seminar = self.get_object()
        read_body(self, NothingInput)
        return self.became(services.reopen_seminar(seminar=seminar, by=request.scope))


class SeminarHuvudmanViewSet(CreateMixin, DeleteMixin, ReadViewSet):
    queryset = SeminarHuvudman.objects.all()
    serializer_class = serializers.SeminarHuvudmanSerializer
    filterset_class = filters.SeminarHuvudmanFilter
    ordering_fields = ("name",)
    ordering = ("name",)
    noun, nouns = "huvudman på seminarium", "huvudmän på seminarier"
    about = "Vilka huvudmän som deltar i ett seminarium. Alla som deltar ser de andras namn."
    input_serializer_class = serializers.SeminarHuvudmanInput

    def perform_create(self, serializer):
        return services.add_huvudman.steps(by=self.request.scope, **serializer.validated_data)

    def perform_destroy(self, row):
        services.remove_huvudman(link=row, by=self.request.scope)

    def for_list(self, queryset):
        return queryset.select_related("seminar")


class DelegationViewSet(DeleteMixin, Inputs, CreateMixin, UpdateMixin, ReadViewSet):
    queryset = Delegation.objects.all()
    serializer_class = serializers.DelegationSerializer
    filterset_class = filters.DelegationFilter
    ordering_fields = ("head_count",)
    noun, nouns = "delegation", "delegationer"
    about = (
        "En huvudmans deltagare på ett seminarium: hur många, i vilka roller, och hur många som är namngivna."
    )
    input_classes = (serializers.DelegationInput, serializers.DelegationChangeInput)

    def perform_create(self, serializer):
        return services.register_delegation.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        data = dict(serializer.validated_data)
        came = {"came_count": data.pop("came_count")} if "came_count" in data else {}
        by = self.request.scope
        row = yield from services.change_delegation.steps(delegation=serializer.instance, by=by, **data)
        return (yield from services.record_arrivals.steps(delegation=row, by=by, **came)) if came else row

    def perform_destroy(self, row):
        services.remove_delegation(delegation=row, by=self.request.scope)

    @extend_schema(
        summary="Lämna återbud för delegationen",
        request=serializers.CancelSeminarInput,
        responses=serializers.DelegationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="cancel")
    def cancel(self, request, *args, **kwargs):
        row = self.get_object()
        reason = read_body(self, serializers.CancelSeminarInput)["reason"]
        return self.became(services.cancel_delegation(delegation=row, reason=reason, by=request.scope))

    @extend_schema(
        summary="Delegationen kommer ändå",
        request=NothingInput,
        responses=serializers.DelegationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="reopen")
    def reopen(self, request, *args, **kwargs):
        row = self.get_object()
        read_body(self, NothingInput)
        return self.became(services.restore_delegation(delegation=row, by=request.scope))

    def for_list(self, queryset):
        return queryset.select_related("seminar", "huvudman", "participation")


class DelegateViewSet(DeleteMixin, Inputs, CreateMixin, UpdateMixin, ReadViewSet):
    queryset = Delegate.objects.all()
    serializer_class = serializers.DelegateSerializer
    filterset_class = filters.DelegateFilter
    noun, nouns = "deltagare i delegation", "deltagare i delegationer"
    about = "En namngiven person i en delegation. Läses av den egna huvudmannen och arrangören."
    input_classes = (serializers.DelegateInput, serializers.DelegateChangeInput)

    def perform_create(self, serializer):
        return services.add_delegate.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row, data = serializer.instance, dict(serializer.validated_data)
        if "status" in data:
            statuses = {row: data.pop("status")}
            yield from services.record_arrivals.steps(
                delegation=row.delegation, statuses=statuses, by=self.request.scope
            )
        return (yield from services.change_delegate.steps(delegate=row, by=self.request.scope, **data))

    def perform_destroy(self, row):
        services.remove_delegate(delegate=row, by=self.request.scope)

    def for_list(self, queryset):
        return queryset.select_related("delegation", "person", "unit")


class _PartViewSet(DeleteMixin, Inputs, CreateMixin, UpdateMixin, ReadViewSet):
    """A part of the programme: ``add`` is the service that makes one."""

    add = None

    def for_list(self, queryset):
        return queryset.select_related("seminar")

    def perform_create(self, serializer):
        return type(self).add.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        return services.change_part.steps(
            part=serializer.instance, by=self.request.scope, **serializer.validated_data
        )

    def perform_destroy(self, row):
        services.remove_part(part=row, by=self.request.scope)


class SessionViewSet(_PartViewSet):
    queryset = Session.objects.all()
    serializer_class = serializers.SessionSerializer
    input_classes = (serializers.SessionInput, serializers.SessionChangeInput)
    add = services.add_session
    filterset_class = filters.SessionFilter
    ordering_fields = ("position",)
    ordering = ("position",)
    noun, nouns = "programpunkt", "programpunkter"
    about = "En del av ett seminariums program."


class PresentationViewSet(_PartViewSet):
    queryset = Presentation.objects.all()
    serializer_class = serializers.PresentationSerializer
    input_classes = (serializers.PresentationInput, serializers.PresentationChangeInput)
    add = services.add_presentation
    filterset_class = filters.PresentationFilter
    noun, nouns = "presentation", "presentationer"
    about = "Vad en huvudman berättar för andra på ett seminarium. Läses av alla som deltar."

    def for_list(self, queryset):
        return queryset.select_related("seminar", "session")


class SeminarUnitViewSet(Inputs, CreateMixin, UpdateMixin, ReadViewSet):
    queryset = SeminarUnit.objects.all()
    serializer_class = serializers.SeminarUnitSerializer
    filterset_class = filters.SeminarUnitFilter
    noun, nouns = "enhet på plats", "enheter på plats"
    about = "Om en deltagande enhet hade någon på plats på ett seminarium, och hur säkert det är."
    input_classes = (serializers.SeminarUnitInput, serializers.SeminarUnitChangeInput)

    def perform_create(self, serializer):
        return services.mark_unit.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row = serializer.instance
        said = {"is_represented": row.is_represented, "trust": row.trust} | serializer.validated_data
        return services.mark_unit.steps(seminar=row.seminar, unit=row.unit, by=self.request.scope, **said)

    def for_list(self, queryset):
        return queryset.select_related("seminar", "huvudman", "unit")


class ReflectionWordViewSet(_PartViewSet):
    queryset = ReflectionWord.objects.all()
    serializer_class = serializers.ReflectionWordSerializer
    input_classes = (serializers.ReflectionWordInput, serializers.ReflectionWordChangeInput)
    add = services.add_word
    filterset_class = filters.ReflectionWordFilter
    ordering_fields = ("count", "word")
    noun, nouns = "ord efteråt", "ord efteråt"
    about = (
        "Ett ord deltagarna tog med sig från ett seminarium. Antalet är null när ingen har sagt hur många."
    )


class LessonViewSet(_PartViewSet):
    queryset = Lesson.objects.all()
    serializer_class = serializers.LessonSerializer
    input_classes = (serializers.LessonInput, serializers.LessonChangeInput)
    add = services.add_lesson
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
