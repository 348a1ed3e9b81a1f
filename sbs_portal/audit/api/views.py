"""Sources and statements: read by all within scope."""

import django_filters as df
from django.contrib.contenttypes.prefetch import GenericPrefetch

from sbs_portal.api.filters import FilterSet, RelatedFilter
from sbs_portal.api.views import ReadViewSet
from sbs_portal.audit.api.serializers import SourceSerializer, StatementSerializer
from sbs_portal.audit.models import Source, Statement
from sbs_portal.audit.subjects import subject_kinds


class SourceFilter(FilterSet):
    publisher = df.CharFilter(
        "publisher", lookup_expr="icontains", label="Utgivarens namn eller en del av det"
    )

    class Meta:
        model = Source
        fields = ("kind",)


class StatementFilter(FilterSet):
    source = RelatedFilter("source", label="Källans id")
    subject = df.UUIDFilter(method="about", label="Id för det uppgiften gäller")

    class Meta:
        model = Statement
        fields = ("what", "trust", "review")

    def about(self, queryset, name, value):
        """Whatever kind of row has the id; a row outside scope has no statements either."""
        matches = queryset.none()
        for kind in subject_kinds():
            pk = kind.model.objects.visible_to(self.request.scope).filter(uuid=value).values("pk")
            matches |= queryset.filter(
                subject_type__app_label=kind.model._meta.app_label,
                subject_type__model=kind.model._meta.model_name,
                subject_id__in=pk,
            )
        return matches


class SourceViewSet(ReadViewSet):
    queryset = Source.objects.all()
    serializer_class = SourceSerializer
    filterset_class = SourceFilter
    ordering_fields = {"title": "title", "publisher": "publisher"}
    ordering = ("publisher", "title")
    noun, nouns = "källa", "källor"
    about = "En sida, handling eller ett register som säger något."


class StatementViewSet(ReadViewSet):
    queryset = Statement.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilter
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
