"""Forms of huvudmän and their administrations."""

from django import forms

from sbs_portal.web.forms import Form
from schools.models import HuvudmanKind, Municipality


class HuvudmanForm(Form):
    name = forms.CharField(label="Namn", max_length=200)
    kind = forms.ChoiceField(label="Slag", choices=[("", "Välj slag"), *HuvudmanKind.choices])
    municipality = forms.ModelChoiceField(
        label="Kommun",
        queryset=Municipality.objects.all(),
        required=False,
        empty_label="Ingen vald",
        help_text="Kommunen som är huvudman, eller där huvudmannen har sitt säte.",
    )
    organisation_number = forms.CharField(
        label="Organisationsnummer",
        max_length=13,
        required=False,
        help_text="Tio siffror, med eller utan bindestreck. Lämna tomt om numret inte är känt.",
    )
    is_fictional = forms.BooleanField(
        label="Påhittad", required=False, help_text="För övning och demonstration."
    )


class AdministrationForm(Form):
    name = forms.CharField(label="Förvaltningens namn", max_length=200)
    committee_name = forms.CharField(label="Nämnd", max_length=200, required=False)
    address = forms.CharField(label="Besöksadress", max_length=300, required=False)
    phone = forms.CharField(label="Telefon", max_length=40, required=False)
    valid_from = forms.DateField(label="Från", required=False, help_text="Lämna tomt om det inte är känt.")
    valid_to = forms.DateField(
        label="Till och med", required=False, help_text="Fylls i när förvaltningen inte finns längre."
    )
