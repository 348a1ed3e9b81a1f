"""Meetings outward. Readers get held meetings without the agenda, and decisions only."""

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from programmes.models import Participation
from sbs_portal.api.computed import Asked, Computed, Sql, Told, ids_of, nothing, part_of_outer, where
from sbs_portal.api.fields import ImpreciseDateSerializerField
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from sbs_portal.rights import Action
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from schools.models.person import shown_name
from seminars.models import (
    Attendance,
    AttendanceStatus,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingParticipation,
    MeetingSeries,
    MeetingUnit,
    Outcome,
    OutcomeKind,
    SeriesAttendee,
)

TIMES = ("created_at", "updated_at")
UNIT_KEYS = ("unit_code",)
IDS = serializers.ListField(child=serializers.UUIDField())


class MeetingSeriesSerializer(StrictModelSerializer):
    class Meta:
        model = MeetingSeries
        fields = (
            "id",
            "participation",
            "title",
            "interval_weeks",
            "skips_breaks",
            "starts",
            "ends",
            "start_time",
            "end_time",
            "place",
            "mode",
            "version",
            *TIMES,
        )


class MeetingSeriesChangeInput(StrictModelSerializer):
    class Meta:
        model = MeetingSeries
        fields = (
            "title",
            "interval_weeks",
            "skips_breaks",
            "starts",
            "ends",
            "start_time",
            "end_time",
            "place",
            "mode",
        )


class MeetingSeriesInput(MeetingSeriesChangeInput):
    plan_through = serializers.DateField(
        required=False,
        help_text="Till och med när träffar planeras. Annars till slutet av terminen efter seriens första.",
    )

    other_participations = ScopedRelatedField(
        queryset=Participation.objects.all(),
        many=True,
        required=False,
        help_text="Id för fler deltaganden som träffarna är med",
    )
    units = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=UNIT_KEYS,
        many=True,
        required=False,
        help_text="Enheternas id eller kod. Utan dem är träffarna med alla enheter i deltagandena.",
    )
    kind = serializers.ChoiceField(choices=MeetingKind.choices, required=False, help_text="Slag av träff")

    class Meta:
        model = MeetingSeries
        fields = (
            "participation",
            "other_participations",
            *MeetingSeriesChangeInput.Meta.fields,
            "plan_through",
            "units",
            "kind",
        )


class ExtendSeriesInput(StrictSerializer):
    through = serializers.DateField(help_text="Till och med när fler träffar planeras")
    units = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=UNIT_KEYS,
        many=True,
        required=False,
        help_text="Enheternas id eller kod. Utan dem är träffarna med alla enheter i deltagandena.",
    )


class ChangeSeriesFromInput(MeetingSeriesChangeInput):
    meeting = ScopedRelatedField(
        queryset=Meeting.objects.all(), help_text="Den första träffen som ändras; de före står kvar"
    )
    starts = serializers.DateField(required=False, help_text="Ny dag för den träffen; annars ändras den inte")

    class Meta:
        model = MeetingSeries
        fields = ("meeting", *MeetingSeriesChangeInput.Meta.fields)


class SeveralMeetingsInput(StrictSerializer):
    meetings = ScopedRelatedField(
        queryset=Meeting.objects.all(), many=True, allow_empty=False, help_text="Id för seriens träffar"
    )
    reason = serializers.CharField(max_length=300, help_text="Varför")


class MoveSeveralInput(SeveralMeetingsInput):
    weeks = serializers.IntegerField(
        min_value=-26, max_value=26, help_text="Hur många veckor de flyttas; negativt är bakåt"
    )


class EndSeriesInput(StrictSerializer):
    on = serializers.DateField(help_text="Seriens sista dag")
    reason = serializers.CharField(max_length=300, help_text="Varför; det som var planerat senare ställs in")


class MoveInput(StrictSerializer):
    when = ImpreciseDateSerializerField()
    reason = serializers.CharField(max_length=300, help_text="Varför träffen flyttas")


class SeriesAttendeeChangeInput(StrictModelSerializer):
    class Meta:
        model = SeriesAttendee
        fields = ("role", "unit", "is_required", "note")


class SeriesAttendeeInput(StrictModelSerializer):
    class Meta:
        model = SeriesAttendee
        fields = ("series", "person", "role", "unit", "is_required", "note")
        validators = ()


class SeriesAttendeeSerializer(StrictModelSerializer):
    class Meta:
        model = SeriesAttendee
        fields = ("id", "series", "person", "role", "unit", "is_required", "note", *TIMES)


def _participations(asked: Asked):
    links = MeetingParticipation.objects.visible_to(asked.scope).filter(meeting=OuterRef("pk"))
    return ids_of(links, "participation")


def _units(asked: Asked):
    return ids_of(part_of_outer(MeetingUnit, asked.scope, "meeting"), "unit")


def _agenda(asked: Asked):
    return where(asked.scope.may_at(Action.ATTENDANCE_READ, "huvudman_ids"), "agenda")


class AttendanceCountSerializer(StrictSerializer):
    """How many were expected at a meeting and how many came, of those the reader may see."""

    expected = serializers.IntegerField(help_text="Antal som väntades")
    present = serializers.IntegerField(help_text="Antal av dem som kom, ersättare medräknade")


def _attendance(asked: Asked):
    if not asked.scope.may(Action.ATTENDANCE_READ):
        return nothing()
    lines = part_of_outer(Attendance, asked.scope, "meeting")
    both = Sql(
        "json_build_array(count(*), count(*) FILTER (WHERE {0} IN ('present', 'substitute')))", F("status")
    )
    return Subquery(lines.order_by().annotate(both=both).values("both"))


def _counted(both: list, asked: Asked) -> dict:
    return dict(zip(("expected", "present"), both, strict=True))


class MeetingSerializer(StrictModelSerializer):
    participations = Computed(_participations, IDS, help_text="Id för deltagandena träffen är med")
    units = Computed(_units, IDS, help_text="Id för enheterna träffen är med")
    agenda = Computed(
        _agenda, serializers.CharField(), help_text="Dagordning; tom för den som inte läser närvaron"
    )
    attendance = Told(
        _attendance,
        _counted,
        AttendanceCountSerializer(),
        allow_null=True,
        help_text="Hur många som väntades och kom, av dem du får se; null för den som inte läser närvaron",
    )

    class Meta:
        model = Meeting
        fields = (
            "id",
            "series",
            "number",
            "participations",
            "units",
            "kind",
            "title",
            "when",
            "start_time",
            "end_time",
            "mode",
            "place",
            "status",
            "cancelled_reason",
            "moved_reason",
            "agenda",
            "total_on_site",
            "attendance",
            "version",
            *TIMES,
        )


class MeetingChangeInput(StrictSerializer):
    units = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(),
        natural_keys=UNIT_KEYS,
        many=True,
        required=False,
        help_text="Enheternas id eller kod. Utan dem är träffen med alla enheter i deltagandet.",
    )
    kind = serializers.ChoiceField(choices=MeetingKind.choices, required=False)
    title = serializers.CharField(max_length=200, allow_blank=True, required=False)
    when = ImpreciseDateSerializerField(required=False)
    start_time = serializers.TimeField(allow_null=True, required=False)
    end_time = serializers.TimeField(allow_null=True, required=False)
    mode = serializers.ChoiceField(choices=MeetingMode.choices, required=False)
    place = serializers.CharField(max_length=200, allow_blank=True, required=False)
    agenda = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    total_on_site = serializers.IntegerField(min_value=0, max_value=5000, allow_null=True, required=False)


class MeetingInput(MeetingChangeInput):
    participations = ScopedRelatedField(
        queryset=Participation.objects.all(),
        many=True,
        allow_empty=False,
        help_text="Id för deltagandena träffen är med",
    )
    series = ScopedRelatedField(queryset=MeetingSeries.objects.all(), required=False, allow_null=True)


class CancelInput(StrictSerializer):
    reason = serializers.CharField(max_length=300, help_text="Varför träffen ställs in")


class NothingInput(StrictSerializer):
    """An empty object."""


class AttendanceSerializer(StrictModelSerializer):
    person_name = Computed(
        lambda asked: shown_name("person"),
        serializers.CharField(),
        help_text="Namnet, eller ”Skyddad person”",
    )

    class Meta:
        model = Attendance
        fields = (
            "id",
            "meeting",
            "huvudman",
            "person",
            "person_name",
            "role",
            "unit",
            "status",
            "is_required",
            "substitute_name",
            "version",
            *TIMES,
        )


class AttendanceChangeInput(StrictSerializer):
    status = serializers.ChoiceField(
        choices=AttendanceStatus.choices, allow_null=True, required=False, help_text="Null: inte antecknad"
    )
    substitute_name = serializers.CharField(max_length=200, allow_blank=True, required=False)
    role = serializers.ChoiceField(
        choices=StaffRole.choices, required=False, help_text="Rollen på träffen; från början registrets"
    )
    unit = ScopedRelatedField(
        queryset=SchoolUnit.objects.all(), natural_keys=UNIT_KEYS, required=False, allow_null=True
    )
    is_required = serializers.BooleanField(required=False)


class AttendanceInput(AttendanceChangeInput):
    meeting = ScopedRelatedField(queryset=Meeting.objects.all())
    person = ScopedRelatedField(queryset=Person.objects.all())


class OutcomeSerializer(StrictModelSerializer):
    owner_name = Computed(
        lambda asked: Coalesce(shown_name("owner"), F("owner_party")),
        serializers.CharField(),
        help_text="Ansvarig person eller part, ”Skyddad person” för den som är det",
    )
    is_done = Computed(
        lambda asked: ExpressionWrapper(Q(done_on__isnull=False), BooleanField()),
        serializers.BooleanField(),
        help_text="Om åtgärden är klar",
    )

    class Meta:
        model = Outcome
        fields = (
            "id",
            "meeting",
            "huvudman",
            "kind",
            "text",
            "owner",
            "owner_party",
            "owner_name",
            "due_on",
            "due_next_meeting",
            "is_done",
            "done_on",
            "not_done_reason",
            "version",
            *TIMES,
        )


class OutcomeChangeInput(StrictSerializer):
    kind = serializers.ChoiceField(choices=OutcomeKind.choices)
    text = serializers.CharField(max_length=4000)
    owner = ScopedRelatedField(queryset=Person.objects.all(), required=False, allow_null=True)
    owner_party = serializers.CharField(max_length=200, allow_blank=True, required=False)
    due_on = serializers.DateField(allow_null=True, required=False)
    due_next_meeting = serializers.BooleanField(
        required=False, help_text="Till nästa träff; det gäller när varken dag eller detta anges"
    )


class OutcomeInput(OutcomeChangeInput):
    meeting = ScopedRelatedField(queryset=Meeting.objects.all())
    huvudman = ScopedRelatedField(
        queryset=Huvudman.objects.all(),
        natural_keys=("organisation_number",),
        required=False,
        allow_null=True,
        help_text="På en träff med flera huvudmän: vems rad det är. Null är allas.",
    )
    client_key = serializers.UUIDField(
        required=False, help_text="Eget id för försöket: samma skickat igen ger samma rad, inte en till"
    )


class CompleteInput(StrictSerializer):
    done_on = serializers.DateField(required=False, help_text="Annars i dag")
