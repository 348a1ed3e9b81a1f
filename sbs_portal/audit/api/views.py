"""Sources and statements: read by all within scope."""

from django.contrib.contenttypes.prefetch import GenericPrefetch

from sbs_portal.api.views import ReadViewSet
from sbs_portal.audit import filters
from sbs_portal.audit.api.serializers import SourceSerializer, StatementSerializer
from sbs_portal.audit.models import Source, Statement
from sbs_portal.audit.subjects import subject_kinds


class SourceViewSet(ReadViewSet):
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = filters.SourceFilter
    ordering_fields = {"title": "title", "publisher": "publisher"}
    ordering = ("publisher", "title")
    noun, nouns = "källa", "källor"
    about = "En sida, handling eller ett register som säger något."


class StatementViewSet(ReadViewSet):
    queryset = Statement.objects.all()
    serializer_class = StatementSerializer
    filterset_class = filters.StatementFilter
    ordering_fields = {"created_at": "created_at", "what": "what"}
    ordering = ("created_at",)
    noun, nouns = "uppgift", "uppgifter"
    about = "Något som en källa säger, med källans ord och hur säkert det är."

    def for_list(self, queryset):
        # A subject the caller does not reach (a delegation, for a reader) is left out.
        subjects = [kind.model.objects.visible_to(self.request.scope) for kind in subject_kinds()]
        return queryset.select_related("source", "subject_type").prefetch_related(
            GenericPrefetch("subject", subjects)
        )
