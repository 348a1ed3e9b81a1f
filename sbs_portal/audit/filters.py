"""Filters of sources and statements, in the browser and the API."""

import django_filters as df
from django.db.models import Q

from sbs_portal.audit.models import JournalEntry, Source, Statement
from sbs_portal.audit.pages import history_pages, page_of_kind
from sbs_portal.audit.subjects import subject_kinds
from sbs_portal.filters import FilterSet, RelatedFilter
from sbs_portal.web.filters import Pill


class SourceFilter(FilterSet):
    publisher = df.CharFilter(
        "publisher",
        lookup_expr="icontains",
        label="Utgivare",
        help_text="Utgivarens namn eller en del av det",
    )

    class Meta:
        model = Source
        fields = ("kind",)


class StatementFilter(FilterSet):
    q = df.CharFilter(method="search", max_length=200, label="Sök", help_text="Text i uppgiften eller källan")
    source = RelatedFilter("source", label="Källa", help_text="Källans id")
    subject = df.UUIDFilter(method="about", label="Om", help_text="Id för det uppgiften gäller")
    off_page = ("subject",)

    class Meta:
        model = Statement
        fields = ("what", "trust", "review")

    def search(self, queryset, name, value):
        return queryset.filter(
            Q(text__icontains=value)
            | Q(source__title__icontains=value)
            | Q(source__publisher__icontains=value)
        )

    def about(self, queryset, name, value):
        """Whatever kind of row has the id; a row outside scope has no statements either."""
        matches = queryset.none()
        for kind in subject_kinds():
            pk = kind.model.objects.visible_to(self.scope).filter(uuid=value).values("pk")
            matches |= queryset.filter(
                subject_type__app_label=kind.model._meta.app_label,
                subject_type__model=kind.model._meta.model_name,
                subject_id__in=pk,
            )
        return matches


class ObjectKindFilter(df.ChoiceFilter):
    """Rows about objects of one kind, of those that have a history."""

    def __init__(self, field_name, **kwargs):
        super().__init__(field_name, choices=_kinds, label="Vad", **kwargs)

    def filter(self, queryset, value):
        return super().filter(queryset, page_of_kind(value).label) if value else queryset


def _kinds() -> list[tuple[str, str]]:
    return [(page.kind, page.title) for page in history_pages()]


class JournalFilter(FilterSet):
    object_kind = ObjectKindFilter("subject_model", help_text="Slag av objekt")
    object_id = df.UUIDFilter("subject_uuid", label="Objekt", help_text="Objektets id")
    since = df.IsoDateTimeFilter(
        "created_at", lookup_expr="gte", label="Från och med", help_text="Skrivna tidigast"
    )

    class Meta:
        model = JournalEntry
        fields = ("kind",)


PILLS = (
    Pill("Alla"),
    Pill("Väntar", (("review", "waiting"),), lambda rows: rows.filter(review="waiting")),
    Pill("Godtagna", (("review", "accepted"),)),
    Pill("Avvisade", (("review", "rejected"),)),
)
