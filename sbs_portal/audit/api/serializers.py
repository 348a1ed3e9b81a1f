"""Sources and statements outward."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sbs_portal.api.serializers import StrictModelSerializer, StrictSerializer
from sbs_portal.audit.models import JournalEntry, JournalKind, Source, Statement
from sbs_portal.audit.pages import history_page
from sbs_portal.audit.subjects import name_of


class SourceSerializer(StrictModelSerializer):
    class Meta:
        model = Source
        fields = (
            "id",
            "publisher",
            "title",
            "kind",
            "published",
            "updated",
            "address",
            "retrieved_on",
            "note",
            "created_at",
            "updated_at",
        )


class StatementSerializer(StrictModelSerializer):
    """``subject`` says what the statement is about, null while nobody has said."""

    subject = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = (
            "id",
            "source",
            "subject",
            "what",
            "value",
            "text",
            "as_of",
            "trust",
            "reasoning",
            "review",
            "review_reason",
            "reviewed_at",
            "version",
            "created_at",
            "updated_at",
        )

    @extend_schema_field(
        {
            "type": ["object", "null"],
            "description": "Vad uppgiften gäller.",
            "properties": {"type": {"type": "string"}, "id": {"type": "string", "format": "uuid"}},
            "required": ["type", "id"],
        }
    )
    def get_subject(self, statement) -> dict | None:
        subject = statement.subject
        return None if subject is None else {"type": name_of(statement.subject_type), "id": str(subject.uuid)}


class JournalEntrySerializer(StrictModelSerializer):
    """A line of the journal, as the reader may see it: the view holds the notes of its rows."""

    object_kind = serializers.SerializerMethodField(help_text="Vad anteckningen gäller")
    object_id = serializers.UUIDField(
        source="subject_uuid", read_only=True, help_text="Id för det anteckningen gäller"
    )
    text = serializers.SerializerMethodField(
        help_text="Texten, null om den är återkallad eller gäller någon med skyddade personuppgifter"
    )
    author = serializers.SerializerMethodField(
        help_text="Vem som skrev: namn eller roll, så långt du får veta det"
    )

    class Meta:
        model = JournalEntry
        fields = (
            "id",
            "object_kind",
            "object_id",
            "kind",
            "text",
            "author",
            "withdrawn_at",
            "created_at",
            "updated_at",
        )

    def get_object_kind(self, entry) -> str:
        return history_page(entry.subject_model).kind

    def get_text(self, entry) -> str | None:
        return self.context["view"].note(entry).text or None

    def get_author(self, entry) -> str:
        return self.context["view"].note(entry).who


class JournalEntryInput(StrictSerializer):
    object_kind = serializers.CharField(
        max_length=40, help_text="Vad anteckningen gäller, till exempel meeting"
    )
    object_id = serializers.UUIDField(help_text="Id för det anteckningen gäller")
    kind = serializers.ChoiceField(choices=JournalKind.choices, default=JournalKind.INFO, help_text="Slag")
    text = serializers.CharField(max_length=2000, help_text="Texten")


class NothingInput(StrictSerializer):
    """An empty body."""
