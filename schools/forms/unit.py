"""Forms of units: what stays, what holds in a period, and what becomes of them."""

from django import forms

from sbs_portal.rights import Action
from sbs_portal.web.forms import Form
from schools.models import Huvudman, Municipality, SchoolForm, UnitStatus

GRADE_HINT = "0 är förskoleklass."


class PeriodFields(Form):
    """What holds of a unit in a period. ``scope`` decides which huvudmän can be chosen."""

    name = forms.CharField(label="Namn", max_length=200)
    huvudman = forms.ModelChoiceField(
        label="Huvudman", queryset=Huvudman.objects.none(), empty_label="Välj huvudman"
    )
    status = forms.ChoiceField(label="Status", choices=UnitStatus.choices, initial=UnitStatus.ACTIVE)
    school_forms = forms.MultipleChoiceField(
        label="Skolformer och verksamheter",
        choices=SchoolForm.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    grade_from = forms.IntegerField(
        label="Från årskurs", min_value=0, max_value=13, required=False, help_text=GRADE_HINT
    )
    grade_to = forms.IntegerField(label="Till årskurs", min_value=0, max_value=13, required=False)
    street_address = forms.CharField(label="Gatuadress", max_length=200, required=False)
    municipality = forms.ModelChoiceField(
        label="Kommun där enheten ligger",
        queryset=Municipality.objects.all(),
        required=False,
        empty_label="Ingen vald",
    )

    def __init__(self, *args, scope, kept_huvudman=None, **kwargs):
        super().__init__(*args, **kwargs)
        choices = Huvudman.objects.editable_by(scope, Action.REGISTER_CHANGE).in_use(kept_huvudman)
        self.fields["huvudman"].queryset = choices


class NewUnitForm(PeriodFields):
    unit_code = forms.CharField(
        label="Skolenhetskod",
        max_length=8,
        required=False,
        help_text="Åtta siffror ur Skolenhetsregistret. Förskolor saknar kod.",
    )
    school_name = forms.CharField(
        label="Skolans namn",
        max_length=200,
        required=False,
        help_text="När skolan består av flera enheter, till exempel Kronan.",
    )
    valid_from = forms.DateField(
        label="Gäller från", required=False, help_text="Lämna tomt om det inte är känt."
    )
    field_order = ["name", "huvudman", "unit_code", "school_name", "school_forms"]


class UnitForm(Form):
    """What does not change over time."""

    unit_code = NewUnitForm.base_fields["unit_code"]
    school_name = NewUnitForm.base_fields["school_name"]


class UnitChangeForm(PeriodFields):
    """What is true from a day on: a new period, and the former ends the day before."""

    day = forms.DateField(label="Gäller från")
    note = forms.CharField(
        label="Vad som ändras",
        max_length=300,
        required=False,
        help_text="Till exempel: byter namn, flyttar, får ny huvudman.",
    )
    field_order = ["day", "note"]


class PeriodForm(PeriodFields):
    """A period as it was entered."""

    valid_from = forms.DateField(
        label="Från", required=False, help_text="Tomt betyder så långt tillbaka det är känt."
    )
    valid_to = forms.DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")
    change_note = forms.CharField(label="Vad som ändrades", max_length=300, required=False)
    field_order = ["valid_from", "valid_to"]


class CloseForm(Form):
    last_day = forms.DateField(label="Sista dag")
    note = forms.CharField(label="Varför", max_length=300, required=False)


class AliasForm(Form):
    name = forms.CharField(
        label="Annat namn", max_length=200, help_text="Ett namn eller en stavning som enheten också kallas."
    )
    note = forms.CharField(label="Anmärkning", max_length=300, required=False)
