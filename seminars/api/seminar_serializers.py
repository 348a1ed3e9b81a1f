"""Seminars outward. What the huvudmän at a seminar share is read by all of them; delegations by their own."""

from rest_framework import serializers

from programmes.models import Participation
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
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
from seminars.services.seminar import PART_FIELDS, SEMINAR_FIELDS

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
            "start_time",
            "end_time",
            "mode",
            "place",
            "organiser",
            "topic",
            "purpose",
            "status",
            "cancelled_reason",
            "version",
            *TIMES,
        )
        read_only_fields = ("status", "cancelled_reason")


class SeminarChangeInput(StrictModelSerializer):
    class Meta:
        model = Seminar
        fields = tuple(name for name in SEMINAR_FIELDS if name != "status")


class SeminarInput(SeminarChangeInput):
    """With who is invited; more are added as seminar-huvudman."""

    participations = ScopedRelatedField(
        queryset=Participation.objects.all(),
        many=True,
        required=False,
        help_text="Id för de inbjudna deltagandena",
    )

    class Meta:
        model = Seminar
        fields = ("programme", *SeminarChangeInput.Meta.fields, "participations")


class CancelSeminarInput(StrictSerializer):
    reason = serializers.CharField(
        max_length=300, help_text="Varför det ställs in, eller varför ingen kommer"
    )


class SeminarHuvudmanInput(StrictModelSerializer):
    class Meta:
        model = SeminarHuvudman
        fields = ("seminar", "huvudman", "participation")
        validators = ()


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
            "came_count",
            "cancelled_on",
            "cancelled_reason",
            "version",
            *TIMES,
        )

    def get_named_count(self, delegation) -> int:
        return delegation.named_count


class DelegationChangeInput(StrictModelSerializer):
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=StaffRole.choices),
        required=False,
        max_length=len(StaffRole),
        help_text="Roller",
    )

    class Meta:
        model = Delegation
        fields = ("head_count", "roles", "trust", "note", "came_count")


class DelegationInput(DelegationChangeInput):
    class Meta:
        model = Delegation
        fields = ("seminar", "huvudman", "head_count", "roles", "trust", "note")
        # The service says it in its own words.
        validators = ()


class DelegateSerializer(StrictModelSerializer):
    name = serializers.CharField(
        source="person.shown_name", read_only=True, help_text="Namn, eller Skyddad person"
    )

    class Meta:
        model = Delegate
        fields = ("id", "delegation", "person", "name", "role", "unit", "status", *TIMES)


class DelegateChangeInput(StrictModelSerializer):
    class Meta:
        model = Delegate
        fields = ("role", "unit", "status")


class DelegateInput(StrictModelSerializer):
    class Meta:
        model = Delegate
        fields = ("delegation", "person", "role", "unit")
        validators = ()


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


class SessionChangeInput(StrictModelSerializer):
    class Meta:
        model = Session
        fields = PART_FIELDS[Session]


class SessionInput(StrictModelSerializer):
    class Meta:
        model = Session
        fields = ("seminar", *PART_FIELDS[Session])
        validators = ()


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


class PresentationChangeInput(StrictModelSerializer):
    presented_by = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="Utan: huvudmannens namn"
    )

    class Meta:
        model = Presentation
        fields = PART_FIELDS[Presentation]


class PresentationInput(StrictModelSerializer):
    presented_by = serializers.CharField(
        max_length=300, required=False, allow_blank=True, help_text="Utan: huvudmannens namn"
    )

    class Meta:
        model = Presentation
        fields = ("seminar", *PART_FIELDS[Presentation])
        validators = ()


class SeminarUnitSerializer(StrictModelSerializer):
    class Meta:
        model = SeminarUnit
        fields = ("id", "seminar", "huvudman", "unit", "is_represented", "trust", *TIMES)


class SeminarUnitChangeInput(StrictModelSerializer):
    class Meta:
        model = SeminarUnit
        fields = ("is_represented", "trust")


class SeminarUnitInput(StrictModelSerializer):
    """Said again of the same unit, the last word holds."""

    class Meta:
        model = SeminarUnit
        fields = ("seminar", "unit", "is_represented", "trust")
        validators = ()


class ReflectionWordSerializer(StrictModelSerializer):
    class Meta:
        model = ReflectionWord
        fields = ("id", "seminar", "word", "count", *TIMES)


class ReflectionWordChangeInput(StrictModelSerializer):
    class Meta:
        model = ReflectionWord
        fields = PART_FIELDS[ReflectionWord]


class ReflectionWordInput(StrictModelSerializer):
    class Meta:
        model = ReflectionWord
        fields = ("seminar", *PART_FIELDS[ReflectionWord])
        validators = ()


class LessonSerializer(NamesHidden, StrictModelSerializer):
    names = ("from_whom",)

    class Meta:
        model = Lesson
        fields = ("id", "seminar", "text", "from_whom", *TIMES)


class LessonChangeInput(StrictModelSerializer):
    class Meta:
        model = Lesson
        fields = PART_FIELDS[Lesson]


class LessonInput(StrictModelSerializer):
    class Meta:
        model = Lesson
        fields = ("seminar", *PART_FIELDS[Lesson])
        validators = ()
