"""The form of a lärosäte or another provider."""

from django import forms

from sbs_portal.web.forms import Form
from schools.models import ProviderKind


class ProviderForm(Form):
    name = forms.CharField(label="Namn", max_length=200)
    short_name = forms.CharField(
        label="Kort namn", max_length=60, required=False, help_text="Som det står i listor."
    )
    kind = forms.ChoiceField(label="Slag", choices=ProviderKind.choices)
