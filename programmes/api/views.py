"""The API's resources of participations, their parts and the catalogues: written through the services."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from programmes import filters
from programmes.api import inputs, serializers
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
from programmes.services import assignments, catalogue, entries, parts, registration, terms
from programmes.services import participation as services
from sbs_portal.api.removing import ArchiveMixin, RemoveMixin
from sbs_portal.api.views import ReadViewSet, WriteViewSet
from sbs_portal.api.writing import read_body
from sbs_portal.rights import Action


class CatalogueViewSet(RemoveMixin, WriteViewSet):
    """A catalogue that coordinators keep."""

    def perform_create(self, serializer):
        model = self.queryset.model
        return catalogue.add_entry.steps(model, by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row = serializer.instance
        return catalogue.change_entry.steps(row=row, by=self.request.scope, **serializer.validated_data)


class ProgrammeViewSet(ArchiveMixin, CatalogueViewSet):
    queryset = Programme.objects.all()
    serializer_class = serializers.ProgrammeSerializer
    input_serializer_class = inputs.PROGRAMME
    filterset_class = filters.ProgrammeFilter
    natural_keys = ("code",)
    ordering_fields = ("name", "code")
    ordering = ("name",)
    noun, nouns = "program", "program"
    about = "Ett program som huvudmän deltar i, till exempel Samverkan för bästa skola."


class CohortViewSet(ArchiveMixin, CatalogueViewSet):
    queryset = Cohort.objects.all()
    serializer_class = serializers.CohortSerializer
    input_serializer_class = inputs.COHORT
    filterset_class = filters.CohortFilter
    ordering_fields = ("start_term",)
    ordering = ("-start_term",)
    noun, nouns = "omgång", "omgångar"
    about = "En intagning till ett program, med starttermin."

    def for_list(self, queryset):
        return queryset.select_related("programme")


class FocusAreaViewSet(CatalogueViewSet):
    queryset = FocusArea.objects.all()
    serializer_class = serializers.FocusAreaSerializer
    input_serializer_class = inputs.FOCUS_AREA
    filterset_class = filters.FocusAreaFilter
    natural_keys = ("code",)
    ordering_fields = {"name": "sort_key"}
    ordering = ("name",)
    noun, nouns = "fokusområde", "fokusområden"
    about = "Vad ett deltagande kan arbeta med, ur en katalog som samordnarna sköter."


class ParticipationViewSet(ArchiveMixin, WriteViewSet):
    queryset = Participation.objects.all()
    serializer_class = serializers.ParticipationSerializer
    filterset_class = filters.ParticipationFilter
    ordering_fields = {
        "huvudman": "huvudman__sort_key",
        "start_term": "start_term",
        "status": "status",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    ordering = ("huvudman",)
    noun, nouns = "deltagande", "deltaganden"
    about = (
        "En huvudmans deltagande i ett program. term säger vilken termin det är: ett tal, ett intervall "
        "eller okänt med skäl, den sista dag som något är känt om."
    )

    def for_list(self, queryset):
        return queryset.select_related("huvudman", "programme", "cohort", "administration", "previous")

    @property
    def input_serializer_class(self):
        creates = self.action == "create"
        return inputs.ParticipationInput if creates else inputs.ParticipationChangeInput

    def require_right(self, row, message):
        """The huvudman may put its own entry right until a coordinator has approved it."""
        own = Action.PARTICIPATION_REGISTER
        if row.is_approved or not self.request.scope.may(own, huvudman_id=row.huvudman_id):
            super().require_right(row, message)

    def perform_create(self, serializer):
        return services.register_participation.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row = serializer.instance
        change = services.change_participation if row.is_approved else registration.change_registration
        return change.steps(participation=row, by=self.request.scope, **serializer.validated_data)

    def _act(self, service, body):
        """Call the service on the row with what the body holds, and answer with the row as it became."""
        row, data = self.get_object(), read_body(self, body)
        service(participation=row, by=self.request.scope, **data)
        return self.became(row)

    @extend_schema(
        summary="Ändra status",
        description="Bara till en status som kan följa. Steget står sedan bland statusändringarna.",
        request=inputs.StatusInput,
        responses=serializers.ParticipationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="status")
    def change_status(self, request, *args, **kwargs):
        return self._act(services.change_status, inputs.StatusInput)

    @extend_schema(
        summary="Rätta en uppgift som inte är godkänd",
        description="Skickar den till samordnaren igen, om den var skickad tillbaka.",
        request=inputs.RegistrationInput,
        responses=serializers.ParticipationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="registration")
    def rewrite(self, request, *args, **kwargs):
        return self._act(registration.change_registration, inputs.RegistrationInput)

    @extend_schema(
        summary="Dra tillbaka huvudmannens uppgift",
        description="Innan den är godkänd. Den arkiveras, och kan rättas och skickas igen.",
        request=inputs.CommentInput,
        responses=serializers.ParticipationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="withdraw")
    def withdraw(self, request, *args, **kwargs):
        return self._act(registration.withdraw_registration, inputs.CommentInput)

    @extend_schema(
        summary="Godkänn huvudmannens uppgift",
        request=inputs.CommentInput,
        responses=serializers.ParticipationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="approve")
    def approve(self, request, *args, **kwargs):
        return self._act(registration.approve_registration, inputs.CommentInput)

    @extend_schema(
        summary="Skicka tillbaka huvudmannens uppgift",
        description="Med vad som behöver rättas. Allt som är inlagt finns kvar.",
        request=inputs.ReturnInput,
        responses=serializers.ParticipationSerializer,
    )
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, *args, **kwargs):
        return self._act(registration.return_registration, inputs.ReturnInput)


class PartViewSet(ReadViewSet):
    """A part of a participation, in the order of its participation."""

    ordering_fields = {"created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("created_at",)
    joined: tuple[str, ...] = ()

    def for_list(self, queryset):
        return queryset.select_related("participation", *self.joined)


class PartWriteViewSet(RemoveMixin, PartViewSet, WriteViewSet):
    """A part that is written: ``add`` and ``change`` are its services, ``subject`` what ``change`` calls the row."""

    inputs: tuple
    subject = ""
    add: Any
    change: Any
    # The service where deleting means more.
    take_away: Any = None

    @property
    def input_serializer_class(self):
        return self.inputs[0] if self.action == "create" else self.inputs[1]

    def require_right(self, row, message):
        """What its huvudman has stated in an entry it may put right until a coordinator has approved it."""
        if not entries.is_own_entry(self.request.scope, row.participation, type(row)):
            super().require_right(row, message)

    def perform_create(self, serializer):
        return self.add.steps(by=self.request.scope, **serializer.validated_data)

    def perform_update(self, serializer):
        row = {self.subject: serializer.instance}
        return self.change.steps(**row, by=self.request.scope, **serializer.validated_data)

    def remove(self, row):
        if self.take_away is None:
            super().remove(row)
        else:
            self.take_away(row=row, by=self.request.scope)


class ParticipatingUnitViewSet(PartWriteViewSet):
    queryset = ParticipatingUnit.objects.all()
    serializer_class = serializers.ParticipatingUnitSerializer
    inputs = inputs.UNIT
    subject = "participating_unit"
    add = staticmethod(parts.add_unit)
    change = staticmethod(parts.change_unit)
    filterset_class = filters.ParticipatingUnitFilter
    joined = ("unit",)
    noun, nouns = "deltagande enhet", "deltagande enheter"
    about = "En enhets tid i ett deltagande: när den kom med och när den lämnade."


class ParticipationPhaseViewSet(PartWriteViewSet):
    queryset = ParticipationPhase.objects.all()
    serializer_class = serializers.ParticipationPhaseSerializer
    inputs = inputs.PHASE
    subject = "phase"
    add = staticmethod(parts.add_phase)
    change = staticmethod(parts.change_phase)
    filterset_class = filters.ParticipationPhaseFilter
    joined = ("participating_unit",)
    noun, nouns = "fas", "faser"
    about = "En fas, planerad och verklig, för hela deltagandet eller för en enhet där det skiljer."


class ParticipationFocusViewSet(PartWriteViewSet):
    queryset = ParticipationFocus.objects.all()
    serializer_class = serializers.ParticipationFocusSerializer
    inputs = inputs.FOCUS
    subject = "focus"
    add = staticmethod(parts.add_focus)
    change = staticmethod(parts.change_focus)
    filterset_class = filters.ParticipationFocusFilter
    joined = ("focus_area",)
    noun, nouns = "fokus i ett deltagande", "fokus i deltaganden"
    about = "Ett fokusområde som ett deltagande arbetar med."


class AgreementViewSet(PartWriteViewSet):
    queryset = Agreement.objects.all()
    serializer_class = serializers.AgreementSerializer
    inputs = inputs.AGREEMENT
    subject = "agreement"
    add = staticmethod(parts.record_agreement)
    change = staticmethod(parts.change_agreement)
    filterset_class = filters.AgreementFilter
    noun, nouns = "överenskommelse eller beslut", "överenskommelser och beslut"
    about = "En undertecknad överenskommelse eller ett beslut, med belopp och målgrupp där de finns."


class SupportViewSet(PartWriteViewSet):
    queryset = Support.objects.all()
    serializer_class = serializers.SupportSerializer
    inputs = inputs.SUPPORT
    subject = "support"
    add = staticmethod(parts.propose_support)
    change = staticmethod(parts.change_support)
    take_away = staticmethod(parts.delete_support)
    filterset_class = filters.SupportFilter
    joined = ("provider",)
    noun, nouns = "stöd", "stöd"
    about = "Stöd från ett lärosäte eller en annan aktör: föreslaget, överenskommet, pågående eller avslutat."


class ParticipationAssignmentViewSet(PartWriteViewSet):
    queryset = ParticipationAssignment.objects.all()
    serializer_class = serializers.ParticipationAssignmentSerializer
    inputs = inputs.ASSIGNMENT
    subject = "assignment"
    add = staticmethod(assignments.assign_person)
    change = staticmethod(assignments.change_assignment)
    take_away = staticmethod(assignments.delete_assignment)
    filterset_class = filters.ParticipationAssignmentFilter
    joined = ("participation__huvudman", "person", "employer")
    noun, nouns = "uppdrag i ett deltagande", "uppdrag i deltaganden"
    about = "Vem som är processledare, samordnare eller kontaktperson. Den som inte får se personer ser inga."


class TermPauseViewSet(PartWriteViewSet):
    queryset = TermPause.objects.all()
    serializer_class = serializers.TermPauseSerializer
    inputs = inputs.PAUSE
    subject = "pause"
    add = staticmethod(terms.pause_terms)
    change = staticmethod(terms.change_pause)
    filterset_class = filters.TermPauseFilter
    noun, nouns = "paus", "pauser"
    about = "Terminer som deltagandet är pausat, efter beslut. counts säger om de räknas ändå."


class TermExtensionViewSet(PartWriteViewSet):
    queryset = TermExtension.objects.all()
    serializer_class = serializers.TermExtensionSerializer
    inputs = inputs.EXTENSION
    subject = "extension"
    add = staticmethod(terms.extend_terms)
    change = staticmethod(terms.change_extension)
    filterset_class = filters.TermExtensionFilter
    noun, nouns = "förlängning", "förlängningar"
    about = "Terminer utöver programmets egna, efter beslut."


class StatusChangeViewSet(PartViewSet):
    queryset = StatusChange.objects.all()
    serializer_class = serializers.StatusChangeSerializer
    filterset_class = filters.StatusChangeFilter
    ordering_fields = {"created_at": "created_at"}
    joined = ("by__person",)
    noun, nouns = "statusändring", "statusändringar"
    about = "Ett steg i ett deltagandes status: från, till, från när och varför."


class RegistrationStepViewSet(PartViewSet):
    queryset = RegistrationStep.objects.all()
    serializer_class = serializers.RegistrationStepSerializer
    filterset_class = filters.RegistrationStepFilter
    ordering_fields = {"created_at": "created_at"}
    joined = ("by__person",)
    noun, nouns = "granskning av ett deltagande", "granskningar av deltaganden"
    about = "Ett steg i en huvudmans egen uppgift: skickad, tillbaka med en kommentar, eller godkänd."
