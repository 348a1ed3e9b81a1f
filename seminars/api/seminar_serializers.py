"""Seminars outward. What the huvudmän at a seminar share is read by all of them; delegations by their own."""

from django.db.models import OuterRef, Q, Subquery
from rest_framework import serializers

from programmes.models import Participation
from sbs_portal.api.computed import Asked, Computed, count_of, where
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from sbs_portal.rights import Action
from schools.models import Huvudman, StaffRole
from schools.models.person import shown_name
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
HIDDEN = "{}; tomt för den som inte får läsa om personer"
OWN_HUVUDMAN = "Huvudmannens id, null när det är en huvudman du inte når"


def _names(column: str):
    """A field that may hold names of staff: empty for who sees no people at the seminar."""

    def expression(asked: Asked):
        read = asked.scope.may_at(Action.PEOPLE_READ, "seminar__huvudman_ids")
        if asked.scope.may(Action.PEOPLE_READ):
            read |= Q(seminar__huvudman_ids=[])
        return where(read, column)

    return expression


def _own(model, column: str):
    """The uuid behind a foreign key where the caller reaches the row, else null: others' are not joined."""

    def expression(asked: Asked):
        return Subquery(
            model.objects.visible_to(asked.scope).filter(pk=OuterRef(column)).order_by().values("uuid")
        )

    return expression


def _named(asked: Asked):
    return count_of(Delegate.objects.visible_to(asked.scope).filter(delegation=OuterRef("pk")))


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

    huvudman = Computed(
        _own(Huvudman, "huvudman_id"), serializers.UUIDField(), allow_null=True, help_text=OWN_HUVUDMAN
    )
    participation = Computed(
        _own(Participation, "participation_id"),
        serializers.UUIDField(),
        allow_null=True,
        help_text="Deltagandets id, null när du inte når det eller inget är angivet",
    )

    class Meta:
        model = SeminarHuvudman
        fields = ("id", "seminar", "huvudman", "participation", "name", *TIMES)


class DelegationSerializer(StrictModelSerializer):
    named_count = Computed(
        _named, serializers.IntegerField(), help_text="Hur många i delegationen som är namngivna"
    )
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
    name = Computed(
        lambda asked: shown_name("person"), serializers.CharField(), help_text="Namn, eller Skyddad person"
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


class SessionSerializer(StrictModelSerializer):
    leaders = Computed(_names("leaders"), serializers.CharField(), help_text=HIDDEN.format("Ledare"))

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


class PresentationSerializer(StrictModelSerializer):
    presented_by = Computed(
        _names("presented_by"), serializers.CharField(), help_text=HIDDEN.format("Vem som berättar")
    )
    session = ScopedRelatedField(read_only=True)
    huvudman = Computed(
        _own(Huvudman, "huvudman_id"), serializers.UUIDField(), allow_null=True, help_text=OWN_HUVUDMAN
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


class LessonSerializer(StrictModelSerializer):
    from_whom = Computed(_names("from_whom"), serializers.CharField(), help_text=HIDDEN.format("Från vem"))

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
