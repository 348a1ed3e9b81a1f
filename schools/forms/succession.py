"""Forms of units that are merged and split."""

from django import forms

from sbs_portal.rights import Action
from sbs_portal.web.forms import Form
from schools.forms.unit import GRADE_HINT, NewUnitForm
from schools.models import SchoolUnit

ONE_GOES_ON, ALL_NEW = "one", "new"


class SuccessionFields(Form):
    """What both have: how it happens, from when and why. A name is asked for by what was chosen."""

    outcome = forms.ChoiceField(label="Hur", widget=forms.RadioSelect, initial=ONE_GOES_ON)
    day = forms.DateField(label="Första dag med den nya ordningen")
    note = forms.CharField(label="Varför", max_length=300, required=False)

    def need(self, field: str, message: str) -> None:
        if not self.cleaned_data.get(field, "").strip() and field not in self.errors:
            self.add_error(field, message)

    @property
    def is_new(self) -> bool:
        return self.cleaned_data.get("outcome") == ALL_NEW


class MergeForm(SuccessionFields):
    """``unit`` is the one whose page it is; its huvudman's other units within ``scope`` can be chosen."""

    other = forms.ModelChoiceField(
        label="Slås ihop med",
        queryset=SchoolUnit.objects.none(),
        empty_label="Välj enhet",
        help_text="En enhet hos samma huvudman. Är de fler slår du ihop en i taget.",
    )
    name = forms.CharField(
        label="Den nya enhetens namn",
        max_length=200,
        required=False,
        help_text="Bara när en ny enhet bildas.",
    )
    unit_code = NewUnitForm.base_fields["unit_code"]
    field_order = ["other", "outcome", "name", "unit_code", "day", "note"]

    def __init__(self, *args, scope, unit, huvudman, **kwargs):
        super().__init__(*args, **kwargs)
        rows = SchoolUnit.objects.editable_by(scope, Action.REGISTER_CHANGE).in_use()
        self.fields["other"].queryset = rows.of_huvudman(huvudman).exclude(pk=unit.pk)
        self.fields["outcome"].choices = [
            (ONE_GOES_ON, f"{unit} finns kvar, och den andra går upp i den"),
            (ALL_NEW, "Båda upphör, och en ny enhet bildas"),
        ]

    def clean(self):
        cleaned = super().clean()
        if self.is_new:
            self.need("name", "Skriv vad den nya enheten heter.")
        elif cleaned.get("name"):
            self.add_error("name", "Namnet behövs bara när en ny enhet bildas. Ta bort det, eller välj det.")
        return cleaned


class SplitForm(SuccessionFields):
    name = forms.CharField(label="Den nya enhetens namn", max_length=200)
    unit_code = NewUnitForm.base_fields["unit_code"]
    grade_from = forms.IntegerField(
        label="Från årskurs", min_value=0, max_value=13, required=False, help_text=GRADE_HINT
    )
    grade_to = forms.IntegerField(label="Till årskurs", min_value=0, max_value=13, required=False)
    second_name = forms.CharField(
        label="Den andra nya enhetens namn",
        max_length=200,
        required=False,
        help_text="Bara när enheten upphör och blir två.",
    )
    second_unit_code = forms.CharField(label="Den andra enhetens skolenhetskod", max_length=8, required=False)
    second_grade_from = forms.IntegerField(
        label="Den andra, från årskurs", min_value=0, max_value=13, required=False
    )
    second_grade_to = forms.IntegerField(
        label="Den andra, till årskurs", min_value=0, max_value=13, required=False
    )
    field_order = ["outcome", "day", "note"]

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (ONE_GOES_ON, f"{unit} finns kvar, och en ny enhet bryts ut"),
            (ALL_NEW, f"{unit} upphör och blir två nya enheter"),
        ]

    def clean(self):
        cleaned = super().clean()
        if self.is_new:
            self.need("second_name", "Skriv vad den andra nya enheten heter.")
        elif cleaned.get("second_name"):
            self.add_error(
                "second_name", "Bara en ny enhet bryts ut. Ta bort namnet, eller välj att enheten upphör."
            )
        return cleaned

    @property
    def parts(self) -> list[dict]:
        """What the service takes: one part, or two where the unit ends."""
        prefixes = ("", "second_") if self.is_new else ("",)
        names = ("name", "unit_code", "grade_from", "grade_to")
        return [{name: self.cleaned_data[prefix + name] for name in names} for prefix in prefixes]
