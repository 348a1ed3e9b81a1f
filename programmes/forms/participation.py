"""Forms of a participation: entering one, its facts, its status, and a coordinator's answer to an entry."""

from django import forms

from programmes.forms.base import RowForm
from programmes.models import Participation, ParticipationStatus
from sbs_portal.scope import Scope
from sbs_portal.web.fields import ImpreciseDateFormField
from sbs_portal.web.forms import Form
from schools.models import Huvudman, SchoolUnit

UNKNOWN_START = "Lämna tomt om ni inte vet. Terminerna räknas från den."
WHEN = "Dag, månad, termin eller år, till exempel maj 2025 eller vt 2025."


class HuvudmanForm(Form):
    """Whose participation it is, where the user has more than one to choose from."""

    huvudman = forms.ModelChoiceField(
        Huvudman.objects.none(),
        to_field_name="uuid",
        label="Huvudman",
        empty_label="Välj huvudman",
        error_messages={"required": "Välj en huvudman.", "invalid_choice": "Välj en huvudman ur listan."},
    )

    def __init__(self, *args, huvudman_list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["huvudman"].queryset = huvudman_list


class ParticipationForm(RowForm):
    """The facts of a participation that is approved."""

    class Meta:
        model = Participation
        fields = (
            "start_term",
            "started",
            "total_terms",
            "decided",
            "cohort",
            "administration",
            "aims",
            "selection_basis",
            "previous",
            "known_through",
        )

    def __init__(self, *args, huvudman, **kwargs):
        self.huvudman = huvudman
        super().__init__(*args, **kwargs)
        self.fields["start_term"].help_text = UNKNOWN_START
        self.fields["started"].help_text = f"När det började, om det är känt på annat sätt. {WHEN}"
        self.fields["decided"].help_text = WHEN
        for name in ("administration", "previous"):
            if name in self.fields and not self.fields[name].queryset.exists():
                del self.fields[name]
        for name in ("aims", "selection_basis"):
            self.fields[name].widget.attrs["rows"] = 3

    def narrow_cohort(self, rows):
        return rows.select_related("programme")

    def narrow_administration(self, rows):
        return rows.filter(huvudman=self.huvudman)

    def narrow_previous(self, rows):
        return (
            rows.filter(huvudman=self.huvudman)
            .exclude(pk=self.instance.pk)
            .select_related("huvudman", "programme")
        )


class RegistrationForm(ParticipationForm):
    """A whole participation at once: what it is, how far it has come, and its units."""

    status = forms.ChoiceField(label="Status", choices=[("", "Välj"), *ParticipationStatus.choices])
    effective = ImpreciseDateFormField(label="Statusen gäller från", required=False, help_text=WHEN)
    units = forms.ModelMultipleChoiceField(
        SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Enheter som är med",
        help_text="Kryssa i dem som är med. Fler kan läggas till senare, och när var och en kom med anger du sedan.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Välj enheter ur listan.",
            "invalid_pk_value": "Välj enheter ur listan.",
        },
    )
    field_order = ("programme", "status", "effective", "start_term", "started", "units")

    class Meta(ParticipationForm.Meta):
        fields = ("programme", *ParticipationForm.Meta.fields)

    def __init__(self, *args, scope: Scope, **kwargs):
        super().__init__(*args, scope=scope, **kwargs)
        self.fields["total_terms"].required = False
        self.fields["total_terms"].help_text = "Tomt betyder så många som programmet har."
        if not self.instance.pk:
            self.initial["total_terms"] = None
            programmes = list(self.fields["programme"].queryset[:2])
            self.initial["programme"] = programmes[0] if len(programmes) == 1 else None
        if not self.fields["units"].queryset.exists():
            self.fields["units"].help_text = "Huvudmannen har inga enheter i portalen än."

    def narrow_units(self, rows):
        return rows.filter(versions__huvudman=self.huvudman).distinct()


class StatusForm(Form):
    """The next step of the status: only what may follow."""

    status = forms.ChoiceField(label="Ny status", widget=forms.RadioSelect)
    effective = ImpreciseDateFormField(
        label="Gäller från", required=False, help_text=f"Tomt betyder i dag. {WHEN}"
    )
    reason = forms.CharField(
        label="Varför?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Står sedan i historiken.",
        error_messages={"required": "Skriv varför statusen ändras."},
    )

    def __init__(self, *args, participation, **kwargs):
        super().__init__(*args, **kwargs)
        steps = ParticipationStatus(participation.status).next
        self.fields["status"].choices = [(step.value, step.label) for step in steps]


class WithdrawForm(Form):
    """Why an entry is taken back, where the huvudman wants to say."""

    comment = forms.CharField(
        label="Varför?", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class JoinedForm(Form):
    """When each unit of a participation came with, a field for each."""

    marks_optional = False

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = {f"med-{part.uuid}": part for part in parts}
        for name, part in self.parts.items():
            self.fields[name] = ImpreciseDateFormField(label=str(part.unit), required=False)
            # Said once for all of them, above.
            self.fields[name].help_text = ""
            self.initial[name] = part.joined

    def changed(self) -> list[tuple]:
        """(field, part, when) of those that say something else than before."""
        found = ((name, part, self.cleaned_data[name]) for name, part in self.parts.items())
        return [(name, part, when) for name, part, when in found if when != part.joined]


class ReturnForm(Form):
    """What the förvaltning is to put right."""

    comment = forms.CharField(
        label="Vad behöver förvaltningen rätta?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Förvaltningen läser det du skriver. Allt de har lagt in finns kvar.",
        error_messages={"required": "Skriv vad förvaltningen behöver rätta."},
    )
