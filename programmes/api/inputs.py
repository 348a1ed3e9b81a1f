"""What the API takes in: whole rows to create, and what of them can be changed."""

from rest_framework import serializers

from programmes.models import (
    Agreement,
    Cohort,
    FocusArea,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    ParticipationStatus,
    Programme,
    Support,
    TermExtension,
    TermPause,
)
from programmes.services import assignments, catalogue, parts, terms
from programmes.services.participation import CHANGEABLE
from sbs_portal.api.fields import ImpreciseDateSerializerField
from sbs_portal.api.serializers import ScopedRelatedField, StrictModelSerializer, StrictSerializer
from schools.models import SchoolUnit

UNIT_FACTS = ("joined", "left", "leave_reason")


def _input(model, name: str, *fields: str) -> type[StrictModelSerializer]:
    """A serializer of the model's fields, for a body."""
    meta = type("Meta", (), {"model": model, "fields": fields})
    return type(name, (StrictModelSerializer,), {"Meta": meta, "__module__": __name__})


def _part(model, name: str, settled: tuple[str, ...], facts: tuple[str, ...]):
    """The bodies of a part: to create it, and to change what is not settled."""
    whole = _input(model, f"{name}Input", "participation", *settled, *facts)
    return whole, _input(model, f"{name}ChangeInput", *facts)


UNIT = _part(ParticipatingUnit, "ParticipatingUnit", ("unit",), UNIT_FACTS)
PHASE = _part(ParticipationPhase, "ParticipationPhase", ("phase", "participating_unit"), parts.PHASE_DATES)
FOCUS = _part(ParticipationFocus, "ParticipationFocus", ("focus_area",), ("note",))
AGREEMENT = _part(Agreement, "Agreement", (), parts.AGREEMENT_FACTS)
SUPPORT = _part(Support, "Support", (), parts.SUPPORT_FACTS)
ASSIGNMENT = _part(
    ParticipationAssignment, "ParticipationAssignment", ("person", "role"), assignments.CHANGEABLE
)
PAUSE = _part(TermPause, "TermPause", (), terms.PAUSE_FACTS)
EXTENSION = _part(TermExtension, "TermExtension", (), terms.EXTENSION_FACTS)
PROGRAMME = _input(Programme, "ProgrammeInput", *catalogue.FIELDS[Programme])
COHORT = _input(Cohort, "CohortInput", *catalogue.FIELDS[Cohort])
FOCUS_AREA = _input(FocusArea, "FocusAreaInput", *catalogue.FIELDS[FocusArea])


class ParticipationChangeInput(StrictModelSerializer):
    class Meta:
        model = Participation
        fields = CHANGEABLE


class RegistrationInput(StrictModelSerializer):
    status = serializers.ChoiceField(
        choices=ParticipationStatus.choices, required=False, help_text="Hur långt deltagandet har kommit"
    )
    effective = ImpreciseDateSerializerField(required=False, help_text="Sedan när statusen gäller")
    units = ScopedRelatedField(
        many=True,
        queryset=SchoolUnit.objects.all(),
        natural_keys=("unit_code",),
        required=False,
        help_text="Enheterna som är med, med id eller skolenhetskod",
    )

    class Meta:
        model = Participation
        fields = ("programme", "status", "effective", "units", *CHANGEABLE)
        extra_kwargs = {"programme": {"required": False}}


class ParticipationInput(RegistrationInput):
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, help_text="Skäl till statusen"
    )

    class Meta:
        model = Participation
        fields = ("huvudman", "reason", *RegistrationInput.Meta.fields)


class StatusInput(StrictSerializer):
    to = serializers.ChoiceField(choices=ParticipationStatus.choices, help_text="Den nya statusen")
    reason = serializers.CharField(max_length=1000, help_text="Varför statusen ändras")
    effective = ImpreciseDateSerializerField(required=False, help_text="Sedan när; i dag om inget anges")


class CommentInput(StrictSerializer):
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000, help_text="Kommentar")


class ReturnInput(StrictSerializer):
    comment = serializers.CharField(max_length=2000, help_text="Vad huvudmannen behöver rätta")
