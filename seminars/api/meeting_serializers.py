"""Meetings outward. Readers get held meetings without the agenda, and decisions only."""

from rest_framework import serializers

from programmes.models import Participation
from sbs_portal.api.fields import ImpreciseDateSerializerField
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from sbs_portal.rights import Action
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models import (
    Attendance,
    AttendanceStatus,
    Meeting,
    MeetingKind,
    MeetingMode,
    MeetingSeries,
    Outcome,
    OutcomeKind,
    SeriesAttendee,
)

TIMES = ("created_at", "updated_at")
UNIT_KEYS = ("unit_code",)


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


class MeetingSerializer(StrictModelSerializer):
    participations = serializers.SerializerMethodField(help_text="Id för deltagandena träffen är med")
    units = serializers.SerializerMethodField(help_text="Id för enheterna träffen är med")

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
            "version",
            *TIMES,
        )

    def get_participations(self, row) -> list[str]:
        return [str(link.participation.uuid) for link in row.participation_links.all()]

    def get_units(self, row) -> list[str]:
        return [str(link.unit.uuid) for link in row.unit_links.all()]

    def to_representation(self, row):
        shown = super().to_representation(row)
        scope = self.context["request"].scope
        if not any(scope.may(Action.ATTENDANCE_READ, huvudman_id=pk) for pk in row.huvudman_ids):
            shown["agenda"] = ""
        return shown


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
    person_name = serializers.CharField(
        source="person.shown_name", read_only=True, help_text="Namnet, eller ”Skyddad person”"
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
    owner_name = serializers.CharField(
        source="shown_owner",
        read_only=True,
        help_text="Ansvarig person eller part, ”Skyddad person” för den som är det",
    )
    is_done = serializers.SerializerMethodField(help_text="Om åtgärden är klar")

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

    def get_is_done(self, row) -> bool:
        return row.done_on is not None


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
