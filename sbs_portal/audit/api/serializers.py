"""Sources and statements outward."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from sbs_portal.api.serializers import StrictModelSerializer
from sbs_portal.audit.models import Source, Statement
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
