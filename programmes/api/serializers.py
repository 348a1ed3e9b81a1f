"""Shapes of participations and their parts in the API."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programmes import words
from programmes.models import (
    Agreement,
    Cohort,
    FocusArea,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Programme,
    RegistrationStep,
    StatusChange,
    Support,
    TermExtension,
    TermPause,
)
from programmes.sections.steps import who_changed
from programmes.services.terms import EXTENSION_FACTS, PAUSE_FACTS
from programmes.terms import PositionKind
from sbs_portal.api.fields import TermSerializerField
from sbs_portal.api.serializers import StrictModelSerializer, StrictSerializer
from sbs_portal.time import today

TIMES = ("created_at", "updated_at")


class ProgrammeSerializer(StrictModelSerializer):
    class Meta:
        model = Programme
        fields = ("id", "code", "name", "terms", "mandates", "description", *TIMES)


class CohortSerializer(StrictModelSerializer):
    name = serializers.CharField(source="__str__", read_only=True, help_text="Omgångens namn")

    class Meta:
        model = Cohort
        fields = ("id", "programme", "start_term", "name", *TIMES)


class FocusAreaSerializer(StrictModelSerializer):
    class Meta:
        model = FocusArea
        fields = ("id", "code", "name", "is_active", *TIMES)


class TermPositionSerializer(StrictSerializer):
    """Which term of the programme it was on a day: a number, an interval, or unknown with its reason."""

    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.value) for kind in PositionKind], help_text="Vad som går att säga"
    )
    number = serializers.IntegerField(allow_null=True, help_text="Terminens nummer, när det är ett")
    total = serializers.IntegerField(help_text="Antal terminer, med förlängning")
    low = serializers.IntegerField(allow_null=True, help_text="Lägsta möjliga nummer")
    high = serializers.IntegerField(allow_null=True, help_text="Högsta möjliga nummer")
    sentence = serializers.CharField(help_text="Samma sak med ord")
    term = TermSerializerField(help_text="Terminen dagen ligger i")
    on = serializers.DateField(help_text="Dagen: i dag, eller den sista som något är känt om")


class ReasonSerializer(StrictSerializer):
    """Something that is late in a participation."""

    text = serializers.CharField(read_only=True, help_text="Vad som är sent, i en mening")
    href = serializers.CharField(source="url", read_only=True, help_text="Var i portalen raderna står")


class ParticipationSerializer(StrictModelSerializer):
    term = serializers.SerializerMethodField(help_text="Vilken termin av programmet det är")
    late_reasons = ReasonSerializer(
        many=True, read_only=True, help_text="Vad som är sent i dag, en mening var, som i portalens listor"
    )

    class Meta:
        model = Participation
        fields = (
            "id",
            "huvudman",
            "programme",
            "cohort",
            "administration",
            "status",
            "registration",
            "selection_basis",
            "aims",
            "decided",
            "start_term",
            "started",
            "total_terms",
            "known_through",
            "previous",
            "term",
            "late_reasons",
            "version",
            *TIMES,
        )

    @extend_schema_field(TermPositionSerializer)
    def get_term(self, participation) -> dict:
        day = words.known_day(participation, today())
        position = participation.term_number(day)
        numbers = position.numbers
        return {
            "kind": position.kind.value,
            "number": position.number,
            "total": position.total,
            "low": numbers[0] if numbers else None,
            "high": numbers[-1] if numbers else None,
            "sentence": position.sentence,
            "term": position.on.code,
            "on": day.isoformat(),
        }


class ParticipatingUnitSerializer(StrictModelSerializer):
    class Meta:
        model = ParticipatingUnit
        fields = ("id", "participation", "unit", "joined", "left", "leave_reason", *TIMES)


class ParticipationPhaseSerializer(StrictModelSerializer):
    class Meta:
        model = ParticipationPhase
        fields = (
            "id",
            "participation",
            "participating_unit",
            "phase",
            "planned_start",
            "planned_end",
            "actual_start",
            "actual_end",
            *TIMES,
        )


class ParticipationFocusSerializer(StrictModelSerializer):
    class Meta:
        model = ParticipationFocus
        fields = ("id", "participation", "focus_area", "note", *TIMES)


class AgreementSerializer(StrictModelSerializer):
    class Meta:
        model = Agreement
        fields = (
            "id",
            "participation",
            "kind",
            "title",
            "signed",
            "decided_by",
            "record_number",
            "amount",
            "target_count",
            "target_group",
            *TIMES,
        )


class SupportSerializer(StrictModelSerializer):
    class Meta:
        model = Support
        fields = (
            "id",
            "participation",
            "provider",
            "status",
            "description",
            "levels",
            "starts",
            "ends",
            "period_words",
            "process_leader_count",
            *TIMES,
        )


class ParticipationAssignmentSerializer(StrictModelSerializer):
    person_name = serializers.CharField(
        source="person.shown_name", read_only=True, help_text="Namnet, eller Skyddad person"
    )
    employer_name = serializers.CharField(
        source="shown_employer",
        read_only=True,
        help_text="Arbetsgivaren; huvudmannen själv där ingen annan är angiven",
    )

    class Meta:
        model = ParticipationAssignment
        fields = (
            "id",
            "participation",
            "person",
            "person_name",
            "role",
            "employer",
            "employer_name",
            "valid_from",
            "valid_to",
            *TIMES,
        )


class TermPauseSerializer(StrictModelSerializer):
    class Meta:
        model = TermPause
        fields = ("id", "participation", *PAUSE_FACTS, *TIMES)


class TermExtensionSerializer(StrictModelSerializer):
    class Meta:
        model = TermExtension
        fields = ("id", "participation", *EXTENSION_FACTS, *TIMES)


class StatusChangeSerializer(StrictModelSerializer):
    by_name = serializers.SerializerMethodField(help_text="Vem som ändrade, där du får se det; annars tomt")

    class Meta:
        model = StatusChange
        fields = (
            "id",
            "participation",
            "from_status",
            "to_status",
            "effective",
            "reason",
            "by_name",
            "created_at",
        )

    def get_by_name(self, change) -> str:
        return who_changed(change.by, self.context["request"].scope, change.participation.huvudman_id)


class RegistrationStepSerializer(StrictModelSerializer):
    by_name = serializers.SerializerMethodField(help_text="Vem det var, där du får se det; annars tomt")

    class Meta:
        model = RegistrationStep
        fields = ("id", "participation", "to_state", "comment", "by_name", "created_at")

    def get_by_name(self, step) -> str:
        return who_changed(step.by, self.context["request"].scope, step.participation.huvudman_id)
