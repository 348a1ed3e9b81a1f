"""A small API over sources and statements, to test the base by itself."""

from django.db import connection
from django.urls import include, path, re_path
from django_filters import CharFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from sbs_portal.api.about import Root, problem_kind
from sbs_portal.api.errors import not_found
from sbs_portal.api.schema import OpenApi
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer
from sbs_portal.api.views import DeleteMixin, ReadViewSet, WriteViewSet
from sbs_portal.api_urls import Router
from sbs_portal.audit.models import Source, Statement
from sbs_portal.filters import FilterSet, RelatedFilter
from sbs_portal.health import healthz, readyz


class SourceSerializer(StrictModelSerializer):
    class Meta:
        model = Source
        fields = ("id", "title", "publisher", "kind", "published", "note", "created_at")


class SourceFilter(FilterSet):
    publisher = CharFilter(label="Utgivare")

    class Meta:
        model = Source
        fields = ("kind",)


class SourceViewSet(WriteViewSet):
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    natural_keys = ("title",)
    ordering_fields = {"title": "title", "published": "published_date"}
    ordering = ("title",)
    noun, nouns = "källa", "källor"
    about = "Det som en uppgift kommer från."

    def perform_create(self, serializer):
        source = Source(**serializer.validated_data)
        source.save()
        if source.title == "går sönder":
            raise RuntimeError("secret inside")
        return source

    def perform_update(self, serializer):
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        serializer.instance.full_clean()
        serializer.instance.save()
        return serializer.instance

    @extend_schema(summary="Bryt sent", responses=SourceSerializer)
    @action(detail=False, methods=["post"])
    def late(self, request):
        """Breaks a rule that is only looked at when the transaction ends."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_admin_log (action_time, object_repr, action_flag, change_message, user_id)"
                " VALUES (now(), '', 1, '', -1)"
            )
        return self.answer(self.get_queryset().first())


class StatementSerializer(StrictModelSerializer):
    source = ScopedRelatedField(queryset=Source.objects.all(), natural_keys=("title",))

    class Meta:
        model = Statement
        fields = ("id", "source", "what", "text", "trust", "reasoning", "as_of", "version", "updated_at")


class StatementFilter(FilterSet):
    source = RelatedFilter("source", natural_keys=("title",), label="Källans id eller titel")

    class Meta:
        model = Statement
        fields = ("what", "trust")


class StatementViewSet(DeleteMixin, WriteViewSet):
    queryset = Statement.objects.select_related("source")
    serializer_class = StatementSerializer
    filterset_class = StatementFilter
    ordering_fields = ("what", "review")
    ordering = ("what",)
    noun, nouns = "uppgift", "uppgifter"
    about = "Något som en källa säger."
    examples = {"what": "since", "text": "Med sedan 2020"}

    def perform_create(self, serializer):
        return Statement.objects.create(**serializer.validated_data)

    def perform_update(self, serializer):
        for name, value in serializer.validated_data.items():
            setattr(serializer.instance, name, value)
        serializer.instance.save()
        return serializer.instance

    def perform_destroy(self, row):
        row.delete()


class ReadOnlyViewSet(ReadViewSet):
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    noun, nouns = "läst källa", "lästa källor"


RESOURCES = (
    ("sources", SourceViewSet),
    ("statements", StatementViewSet),
    ("read-sources", ReadOnlyViewSet),
)
router = Router()
for _prefix, _viewset in RESOURCES:
    router.register(_prefix, _viewset, basename=_prefix)

api = (
    [
        path("v1/", Root.as_view(resources=RESOURCES), name="root"),
        path("v1/openapi.json", OpenApi.as_view(), name="openapi"),
        path("v1/", include(router.urls)),
        path("problems/<slug:slug>", problem_kind, name="problem"),
        re_path(r"", not_found),
    ],
    "api",
)
urlpatterns = [path("api/", include(api)), path("healthz", healthz), path("readyz", readyz)]
