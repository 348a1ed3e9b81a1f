"""Forms of the admin: a participation and its parts; saving is the services' work."""

from django import forms

from programmes.models import (
    Agreement,
    ParticipatingUnit,
    Participation,
    ParticipationAssignment,
    ParticipationPhase,
    ParticipationStatus,
    Support,
    SupportLevel,
)
from sbs_portal.web.fields import ImpreciseDateFormField, ImpreciseDateModelFormMixin

STATUS_HINT = "Statusen ändras bara till det som kan följa. Skriv varför; ändringen står sedan i historiken."


class ParticipationForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    """A participation's facts, and the next step of its status with its reason."""

    new_status = forms.ChoiceField(label="Ny status", required=False, help_text=STATUS_HINT)
    effective = ImpreciseDateFormField(label="Gäller från", required=False)
    reason = forms.CharField(
        label="Skäl", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Participation
        fields = (
            "huvudman",
            "programme",
            "cohort",
            "administration",
            "selection_basis",
            "aims",
            "decided",
            "start_term",
            "started",
            "total_terms",
            "known_through",
            "previous",
        )
        help_texts = {"start_term": "Till exempel HT2026. Lämna tomt om den inte är känd."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = self.instance.pk is not None
        steps = ParticipationStatus(self.instance.status).next if known else tuple(ParticipationStatus)
        empty = "oförändrad" if known else "utvald"
        self.fields["new_status"].choices = [("", empty), *((step.value, step.label) for step in steps)]


class PartForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    """A part in an inline, with the dates' constraints checked too."""


class ParticipatingUnitForm(PartForm):
    class Meta:
        model = ParticipatingUnit
        fields = ("unit", "joined", "left", "leave_reason")


class ParticipationPhaseForm(PartForm):
    class Meta:
        model = ParticipationPhase
        fields = ("phase", "participating_unit", "planned_start", "planned_end", "actual_start", "actual_end")


class AgreementForm(PartForm):
    class Meta:
        model = Agreement
        fields = (
            "kind",
            "title",
            "signed",
            "decided_by",
            "record_number",
            "amount",
            "target_count",
            "target_group",
        )


class SupportForm(PartForm):
    levels = forms.MultipleChoiceField(
        label="Nivåer", required=False, choices=SupportLevel.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Support
        fields = (
            "provider",
            "status",
            "description",
            "levels",
            "starts",
            "ends",
            "period_words",
            "process_leader_count",
        )


class AssignmentForm(PartForm):
    class Meta:
        model = ParticipationAssignment
        fields = ("person", "role", "employer", "valid_from", "valid_to")
