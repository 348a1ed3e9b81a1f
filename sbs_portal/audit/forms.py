"""Forms of the review."""

from django import forms

from sbs_portal.audit.models import JournalEntry, JournalKind, Trust
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


class JournalForm(Form):
    """A line beside the history. Its ids are its own: it may stand on a page with other forms."""

    text = forms.CharField(
        label="Vad ska den som läser historiken veta?",
        max_length=JournalEntry._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Läses av alla som kan läsa historiken här. Skriv inte om elever, och namnge ingen i onödan.",
        error_messages={"required": "Skriv något."},
    )
    kind = forms.ChoiceField(
        label="Slag", choices=list(JournalKind.choices), initial=JournalKind.INFO, widget=Segmented
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="journal_%s", **kwargs)
