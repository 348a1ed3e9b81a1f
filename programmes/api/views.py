"""The API's resources of participations. All are read here; they are changed in the admin."""

from programmes import filters
from programmes.api import serializers
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
)
from sbs_portal.api.views import ReadViewSet


class ProgrammeViewSet(ReadViewSet):
    queryset = Programme.objects.all()
    serializer_class = serializers.ProgrammeSerializer
    filterset_class = filters.ProgrammeFilter
    natural_keys = ("code",)
    ordering_fields = ("name", "code")
    ordering = ("name",)
    noun, nouns = "program", "program"
    about = "Ett program som huvudmän deltar i, till exempel Samverkan för bästa skola."


class CohortViewSet(ReadViewSet):
    queryset = Cohort.objects.all()
    serializer_class = serializers.CohortSerializer
    filterset_class = filters.CohortFilter
    ordering_fields = ("start_term",)
    ordering = ("-start_term",)
    noun, nouns = "omgång", "omgångar"
    about = "En intagning till ett program, med starttermin."

    def for_list(self, queryset):
        return queryset.select_related("programme")


class FocusAreaViewSet(ReadViewSet):
    queryset = FocusArea.objects.all()
    serializer_class = serializers.FocusAreaSerializer
    filterset_class = filters.FocusAreaFilter
    natural_keys = ("code",)
    ordering_fields = {"name": "sort_key"}
    ordering = ("name",)
    noun, nouns = "fokusområde", "fokusområden"
    about = "Vad ett deltagande kan arbeta med, ur en katalog som samordnarna sköter."


class ParticipationViewSet(ReadViewSet):
    queryset = Participation.objects.all()
    serializer_class = serializers.ParticipationSerializer
    filterset_class = filters.ParticipationFilter
    ordering_fields = {
        "huvudman": "huvudman__sort_key",
        "start_term": "start_term",
        "status": "status",
        "updated_at": "updated_at",
    }
    ordering = ("huvudman",)
    noun, nouns = "deltagande", "deltaganden"
    about = (
        "En huvudmans deltagande i ett program. term säger vilken termin det är: ett tal, ett intervall "
        "eller okänt med skäl, den sista dag som något är känt om."
    )

    def for_list(self, queryset):
        return queryset.with_head().select_related("previous")


class PartViewSet(ReadViewSet):
    """A part of a participation, in the order of its participation."""

    ordering_fields = {"created_at": "created_at", "updated_at": "updated_at"}
    ordering = ("created_at",)
    joined: tuple[str, ...] = ()

    def for_list(self, queryset):
        return queryset.select_related("participation", *self.joined)


class ParticipatingUnitViewSet(PartViewSet):
    queryset = ParticipatingUnit.objects.all()
    serializer_class = serializers.ParticipatingUnitSerializer
    filterset_class = filters.ParticipatingUnitFilter
    joined = ("unit",)
    noun, nouns = "deltagande enhet", "deltagande enheter"
    about = "En enhets tid i ett deltagande: när den kom med och när den lämnade."


class ParticipationPhaseViewSet(PartViewSet):
    queryset = ParticipationPhase.objects.all()
    serializer_class = serializers.ParticipationPhaseSerializer
    filterset_class = filters.ParticipationPhaseFilter
    joined = ("participating_unit",)
    noun, nouns = "fas", "faser"
    about = "En fas, planerad och verklig, för hela deltagandet eller för en enhet där det skiljer."


class ParticipationFocusViewSet(PartViewSet):
    queryset = ParticipationFocus.objects.all()
    serializer_class = serializers.ParticipationFocusSerializer
    filterset_class = filters.ParticipationFocusFilter
    joined = ("focus_area",)
    noun, nouns = "fokus i ett deltagande", "fokus i deltaganden"
    about = "Ett fokusområde som ett deltagande arbetar med."


class AgreementViewSet(PartViewSet):
    queryset = Agreement.objects.all()
    serializer_class = serializers.AgreementSerializer
    filterset_class = filters.AgreementFilter
    noun, nouns = "överenskommelse eller beslut", "överenskommelser och beslut"
    about = "En undertecknad överenskommelse eller ett beslut, med belopp och målgrupp där de finns."


class SupportViewSet(PartViewSet):
    queryset = Support.objects.all()
    serializer_class = serializers.SupportSerializer
    filterset_class = filters.SupportFilter
    joined = ("provider",)
    noun, nouns = "stöd", "stöd"
    about = "Stöd från ett lärosäte eller en annan aktör: föreslaget, överenskommet, pågående eller avslutat."


class ParticipationAssignmentViewSet(PartViewSet):
    queryset = ParticipationAssignment.objects.all()
    serializer_class = serializers.ParticipationAssignmentSerializer
    filterset_class = filters.ParticipationAssignmentFilter
    joined = ("participation__huvudman", "person", "employer")
    noun, nouns = "uppdrag i ett deltagande", "uppdrag i deltaganden"
    about = "Vem som är processledare, samordnare eller kontaktperson. Den som inte får se personer ser inga."


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
