"""Seminars outward. What the huvudmän at a seminar share is read by all of them; delegations by their own."""

from rest_framework import serializers

from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer
from sbs_portal.rights import Action
from schools.models import StaffRole
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

TIMES = ("created_at", "updated_at")
OWN_HUVUDMAN = "Huvudmannens id, null när det är en huvudman du inte når"


class NamesHidden:
    """Mixin: fields that may hold names of staff are empty for who sees no people at the seminar."""

    names: tuple[str, ...] = ()

    def to_representation(self, row):
        shown = super().to_representation(row)
        scope = self.context["request"].scope
        owners = row.seminar.huvudman_ids or [None]
        if not any(scope.may(Action.PEOPLE_READ, huvudman_id=owner) for owner in owners):
            shown |= dict.fromkeys(self.names, "")
        return shown


class SeminarSerializer(StrictModelSerializer):
    class Meta:
        model = Seminar
        fields = (
            "id",
            "programme",
            "kind",
            "title",
            "starts",
            "ends",
            "place",
            "organiser",
            "topic",
            "purpose",
            "status",
            "version",
            *TIMES,
        )


class SeminarHuvudmanSerializer(StrictModelSerializer):
    """``huvudman`` and ``participation`` are null for huvudmän the caller does not reach."""

    huvudman = serializers.UUIDField(
        source="huvudman_uuid", read_only=True, allow_null=True, help_text=OWN_HUVUDMAN
    )
    participation = serializers.UUIDField(
        source="participation_uuid",
        read_only=True,
        allow_null=True,
        help_text="Deltagandets id, null när du inte når det eller inget är angivet",
    )

    class Meta:
        model = SeminarHuvudman
        fields = ("id", "seminar", "huvudman", "participation", "name", *TIMES)


class DelegationSerializer(StrictModelSerializer):
    named_count = serializers.SerializerMethodField(help_text="Hur många i delegationen som är namngivna")
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=StaffRole.choices), read_only=True, help_text="Roller"
    )

    class Meta:
        model = Delegation
        fields = (
            "id",
            "seminar",
            "huvudman",
            "participation",
            "head_count",
            "named_count",
            "roles",
            "trust",
            "note",
            "version",
            *TIMES,
        )

    def get_named_count(self, delegation) -> int:
        return delegation.named_count


class DelegateSerializer(StrictModelSerializer):
    name = serializers.CharField(
        source="person.shown_name", read_only=True, help_text="Namn, eller Skyddad person"
    )

    class Meta:
        model = Delegate
        fields = ("id", "delegation", "person", "name", "role", "unit", *TIMES)


class SessionSerializer(NamesHidden, StrictModelSerializer):
    names = ("leaders",)

    class Meta:
        model = Session
        fields = (
            "id",
            "seminar",
            "kind",
            "title",
            "time_words",
            "room",
            "description",
            "leaders",
            "listeners_stated",
            "position",
            *TIMES,
        )


class PresentationSerializer(NamesHidden, StrictModelSerializer):
    names = ("presented_by",)
    session = ScopedRelatedField(read_only=True)
    huvudman = serializers.UUIDField(
        source="huvudman_uuid", read_only=True, allow_null=True, help_text=OWN_HUVUDMAN
    )

    class Meta:
        model = Presentation
        fields = (
            "id",
            "seminar",
            "session",
            "huvudman",
            "presented_by",
            "title",
            "description",
            "group_words",
            "listeners_stated",
            *TIMES,
        )


class SeminarUnitSerializer(StrictModelSerializer):
    class Meta:
        model = SeminarUnit
        fields = ("id", "seminar", "huvudman", "unit", "is_represented", "trust", *TIMES)


class ReflectionWordSerializer(StrictModelSerializer):
    class Meta:
        model = ReflectionWord
        fields = ("id", "seminar", "word", "count", *TIMES)


class LessonSerializer(NamesHidden, StrictModelSerializer):
    names = ("from_whom",)

    class Meta:
        model = Lesson
        fields = ("id", "seminar", "text", "from_whom", *TIMES)
