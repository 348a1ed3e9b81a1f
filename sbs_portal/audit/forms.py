"""Forms of the review."""

from django import forms

from sbs_portal.audit.models import Trust
from sbs_portal.web.forms import Form, Segmented


class AcceptForm(Form):
    trust = forms.ChoiceField(label="Hur säker är uppgiften?", choices=list(Trust.choices), widget=Segmented)
    reason = forms.CharField(
        label="Kommentar", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class RejectForm(Form):
    reason = forms.CharField(
        label="Varför avvisas uppgiften?",
        max_length=1000,
        help_text="Till exempel: gäller ett annat projekt, eller går inte att knyta till någon huvudman.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Skriv varför uppgiften avvisas."},
    )
