"""Forms of a participation's parts. What a part is about is chosen once; the rest can be changed."""

from django import forms
from django.db.models import Q

from programmes.forms.base import RowForm
from programmes.models import (
    Agreement,
    AssignmentRole,
    ParticipatingUnit,
    ParticipationAssignment,
    ParticipationFocus,
    ParticipationPhase,
    Support,
    SupportLevel,
    SupportStatus,
    TermExtension,
    TermPause,
)
from programmes.services import parts
from programmes.services.assignments import SET_BY_COORDINATORS
from sbs_portal.rights import Action

IMPRECISE = "Dag, månad, termin eller år, till exempel maj 2025 eller vt 2025."


class PartForm(RowForm):
    """A form on a part; its participation is known from the part."""

    # Chosen when the part is added, and then settled.
    settled: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        self.participation = kwargs["instance"].participation
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.settled:
                del self.fields[name]


class UnitForm(PartForm):
    settled = ("unit",)

    class Meta:
        model = ParticipatingUnit
        fields = ("unit", "joined", "left", "leave_reason")
        labels = {"joined": "Med från", "left": "Lämnade"}
        error_messages = {"unit": {"invalid_choice": parts.NOT_RUN_BY_IT}}
        help_texts = {
            "joined": f"Tomt betyder från början. {IMPRECISE}",
            "left": f"Fyll i när enheten slutar. Tiden den var med finns kvar. {IMPRECISE}",
        }

    def narrow_unit(self, rows):
        return rows.filter(versions__huvudman=self.participation.huvudman_id).distinct()


class PhaseForm(PartForm):
    settled = ("phase", "participating_unit")

    class Meta:
        model = ParticipationPhase
        fields = ("phase", "participating_unit", *parts.PHASE_DATES)
        labels = {"participating_unit": "Gäller"}
        help_texts = {"participating_unit": "En enhet anges bara där det skiljer sig från resten."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "participating_unit" in self.fields:
            self.fields["participating_unit"].empty_label = "Hela deltagandet"

    def narrow_participating_unit(self, rows):
        return rows.filter(participation=self.participation).select_related("unit")


class FocusForm(PartForm):
    settled = ("focus_area",)

    class Meta:
        model = ParticipationFocus
        fields = ("focus_area", "note")

    def narrow_focus_area(self, rows):
        return rows.filter(is_active=True).exclude(uses__participation=self.participation)


class AgreementForm(PartForm):
    class Meta:
        model = Agreement
        fields = parts.AGREEMENT_FACTS
        help_texts = {"amount": "Bara siffror, i kronor.", "signed": IMPRECISE}


class SupportForm(PartForm):
    levels = forms.MultipleChoiceField(
        label="Nivåer", required=False, choices=SupportLevel.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Support
        fields = parts.SUPPORT_FACTS
        help_texts = {"period_words": "Källans ord, till exempel ”under läsåret”."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            now = SupportStatus(self.instance.status)
            self.fields["status"].choices = [(one.value, one.label) for one in (now, *now.next)]


class AssignmentForm(PartForm):
    settled = ("person", "role")

    class Meta:
        model = ParticipationAssignment
        fields = ("person", "role", "employer", "valid_from", "valid_to")
        help_texts = {"valid_to": "Fyll i den sista dagen när uppdraget slutar."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["employer"].empty_label = "Huvudmannen själv"
        may_all = self.scope.may(Action.PARTICIPATION_CHANGE, huvudman_id=self.participation.huvudman_id)
        if "role" in self.fields and not may_all:
            own = [role for role in AssignmentRole if role not in SET_BY_COORDINATORS]
            self.fields["role"].choices = [("", "Välj"), *((role.value, role.label) for role in own)]

    def narrow_person(self, rows):
        """The huvudman's own people, and those of providers."""
        own = Q(huvudman_ids__contains=[self.participation.huvudman_id])
        return rows.filter(own | Q(roles__provider__isnull=False)).distinct()


class PauseForm(PartForm):
    class Meta:
        model = TermPause
        fields = ("first_term", "last_term", "counts", "decided_on", "reason")
        labels = {"reason": "Varför pausas deltagandet?"}
        help_texts = {
            "last_term": "Tomt betyder tills vidare.",
            "counts": "Kryssa i om de pausade terminerna ändå räknas som terminer i programmet.",
        }


class ExtensionForm(PartForm):
    class Meta:
        model = TermExtension
        fields = ("terms", "decided_on", "reason")
