"""Sources and statements, read by all within scope; the journal, read and written by those who work there."""

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from sbs_portal.api.serializers import NOT_FOUND
from sbs_portal.api.views import CreateMixin, ReadViewSet
from sbs_portal.audit import filters, journal
from sbs_portal.audit.api.serializers import (
    JournalEntryInput,
    JournalEntrySerializer,
    NothingInput,
    SourceSerializer,
    StatementSerializer,
)
from sbs_portal.audit.models import JournalEntry, Source, Statement
from sbs_portal.audit.pages import history_pages, page_of_kind
from sbs_portal.audit.subjects import subject_kinds
from sbs_portal.rows import found


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
    plain = "a statement may be about rows of many kinds, each read through its own reach"
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


class JournalEntryViewSet(CreateMixin, ReadViewSet):
    queryset = JournalEntry.objects.all()
    serializer_class = JournalEntrySerializer
    input_serializer_class = JournalEntryInput
    filterset_class = filters.JournalFilter
    plain = "what a reader may know of an entry is asked of its subject, its author and the people it names"
    ordering_fields = ("created_at",)
    ordering = ("-created_at",)
    noun, nouns = "journalanteckning", "journalanteckningar"
    about = "Vad någon har skrivit om varför, vid sidan av historiken. Återkallas, men ändras och tas aldrig bort."

    def get_serializer(self, *args, **kwargs):
        """What a reader may know of the rows is asked for all of them at once."""
        if args:
            rows = args[0] if kwargs.get("many") else [args[0]]
            self.notes = {note.entry.pk: note for note in journal.notes_of(rows, self.request.scope)}
        return super().get_serializer(*args, **kwargs)

    def note(self, entry) -> journal.Note:
        return self.notes[entry.pk]

    def perform_create(self, serializer):
        return self._written(**serializer.validated_data)

    def _written(self, *, object_kind: str, object_id, **given):
        page = page_of_kind(object_kind)
        if page is None:
            kinds = ", ".join(sorted(page.kind for page in history_pages()))
            raise ValidationError({"object_kind": f"Okänt värde. Kända: {kinds}."})
        subject = yield found(page.model, object_id, self.request.scope)
        if subject is None:
            raise ValidationError({"object_id": NOT_FOUND.format(value=object_id)})
        steps = journal.add_journal_entry.steps(subject=subject, by=self.request.scope, **given)
        return (yield from steps)

    @extend_schema(
        summary="Återkalla anteckningen",
        description="Den som skrev den och samordnare får återkalla. Anteckningen finns kvar, utan sin text.",
        request=NothingInput,
        responses=JournalEntrySerializer,
    )
    @action(detail=True, methods=["post"], url_path="withdraw")
    def withdraw(self, request, *args, **kwargs):
        entry = self.get_object()
        NothingInput(data=request.data).is_valid(raise_exception=True)
        return self.became(journal.withdraw_journal_entry(entry=entry, by=request.user))
