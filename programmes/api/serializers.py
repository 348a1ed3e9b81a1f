"""Shapes of participations and their parts in the API."""

from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from rest_framework import serializers

from programmes import reasons
from programmes.models import (
    Agreement,
    Cohort,
    FocusArea,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Phase,
    Programme,
    RegistrationStep,
    StatusChange,
    Support,
    TermExtension,
    TermPause,
    last_known_day,
)
from programmes.services.terms import EXTENSION_FACTS, PAUSE_FACTS
from programmes.terms import Extension, Pause, PositionKind, term_number
from sbs_portal.api.computed import Asked, Computed, Sql, Told
from sbs_portal.api.fields import TermSerializerField
from sbs_portal.api.serializers import StrictModelSerializer, StrictSerializer
from sbs_portal.db.fields import column_names
from sbs_portal.rights import Action
from sbs_portal.time import ImpreciseDate, Term
from schools.models.person import shown_name

TIMES = ("created_at", "updated_at")


class ProgrammeSerializer(StrictModelSerializer):
    class Meta:
        model = Programme
        fields = ("id", "code", "name", "terms", "mandates", "description", *TIMES)


def _cohort_name(asked: Asked) -> Sql:
    return Sql(
        "CASE WHEN {0} <> '' THEN {0} ELSE 'Omgång ' || CASE {1} %% 2 WHEN 1 THEN 'ht ' ELSE 'vt ' END || {1} / 2 END",
        F("name"),
        F("start_term"),
    )


class CohortSerializer(StrictModelSerializer):
    name = Computed(_cohort_name, serializers.CharField(), help_text="Omgångens namn")

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


def _clock(asked: Asked) -> Sql:
    """What a participation's term is reckoned from, on the last day of which anything is known."""

    def parts(model, *names):
        rows = model.objects.visible_to(asked.scope).filter(participation=OuterRef("pk")).order_by("pk")
        places = ", ".join(f"{{{number}}}" for number, _ in enumerate(names))
        said = Sql(f"json_build_array({places})", *(F(name) for name in names))
        return Sql("to_json({0})", ArraySubquery(rows.annotate(said=said).values("said")))

    return Sql(
        "json_build_array({0}, {1}, {2}, {3}, {4}, {5}, {6}, {7})",
        last_known_day(asked.day),
        F("start_term"),
        F("total_terms"),
        *(F(name) for name in column_names("started")),
        parts(TermPause, "first_term", "last_term", "counts"),
        parts(TermExtension, "terms"),
    )


def _term(index: int | None) -> Term | None:
    return None if index is None else Term.from_index(index)


def _position(clock: list, asked: Asked) -> dict:
    day, start, total, since, precision, text, pauses, extensions = clock
    position = term_number(
        date.fromisoformat(day),
        start=_term(start),
        total=total,
        pauses=[Pause(_term(first), _term(last), counts) for first, last, counts in pauses],
        extensions=[Extension(terms) for [terms] in extensions],
        since=ImpreciseDate(since and date.fromisoformat(since), precision, text),
    )
    numbers = position.numbers
    return {
        "kind": position.kind.value,
        "number": position.number,
        "total": position.total,
        "low": numbers[0] if numbers else None,
        "high": numbers[-1] if numbers else None,
        "sentence": position.sentence,
        "term": position.on.code,
        "on": day,
    }


def _phase(asked: Asked) -> Subquery:
    phases = ParticipationPhase.objects.visible_to(asked.scope)
    phases = phases.under_way_on(last_known_day(asked.day, OuterRef))
    own = phases.filter(participation=OuterRef("pk"), participating_unit=None)
    return Subquery(own.latest_first().values("phase")[:1])


def _late(found: list, asked: Asked) -> list[dict]:
    return [{"text": one.text, "href": one.url} for one in reasons.told(found, asked)]


class ParticipationSerializer(StrictModelSerializer):
    term = Told(_clock, _position, TermPositionSerializer(), help_text="Vilken termin av programmet det är")
    phase = Computed(
        _phase,
        serializers.ChoiceField(choices=Phase.choices),
        allow_null=True,
        help_text="Fasen som hela deltagandet är i, den sista om de är flera; null om ingen är känd",
    )
    late_reasons = Told(
        reasons.given,
        _late,
        ReasonSerializer(many=True),
        help_text="Vad som är sent i dag, en mening var, som i portalens listor",
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
            "phase",
            "late_reasons",
            "version",
            *TIMES,
        )


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


def _employer(asked: Asked) -> Case:
    """As the models' names are: a provider's short name where it has one."""
    return Case(
        When(employer=None, then=F("participation__huvudman__name")),
        When(employer__short_name="", then=F("employer__name")),
        default=F("employer__short_name"),
    )


class ParticipationAssignmentSerializer(StrictModelSerializer):
    person_name = Computed(
        lambda asked: shown_name("person"),
        serializers.CharField(),
        help_text="Namnet, eller Skyddad person",
    )
    employer_name = Computed(
        _employer,
        serializers.CharField(),
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


def _by_name(asked: Asked) -> Case:
    """Who took a step, as ``sections.steps.who_changed`` tells it on the pages."""
    scope = asked.scope
    named = F("by__name") if scope.national else Value("")
    read = scope.may_of(Action.PEOPLE_READ, "participation__huvudman_id")
    return Case(
        When(read & Q(by__person__isnull=False), then=shown_name("by__person")),
        When(read & Q(by__isnull=False), then=named),
        default=Value(""),
    )


class StatusChangeSerializer(StrictModelSerializer):
    by_name = Computed(
        _by_name, serializers.CharField(), help_text="Vem som ändrade, där du får se det; annars tomt"
    )

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


class RegistrationStepSerializer(StrictModelSerializer):
    by_name = Computed(
        _by_name, serializers.CharField(), help_text="Vem det var, där du får se det; annars tomt"
    )

    class Meta:
        model = RegistrationStep
        fields = ("id", "participation", "to_state", "comment", "by_name", "created_at")
