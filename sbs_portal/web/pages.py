"""The web's own pages: accessibility, personal data, cookies, the components."""

from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from sbs_portal.time import ImpreciseDate
from sbs_portal.web.addresses import ListAddress
from sbs_portal.web.filters import Pill, drawn_pills, shown_pills
from sbs_portal.web.forms import Form, ModelForm, PillRadio, Segmented
from sbs_portal.web.models import AccessibilityReport
from sbs_portal.web.services import report_accessibility
from sbs_portal.web.tables import Column, Table
from sbs_portal.web.views import PageView, ServiceFormView

# When the statement below was last tested against and last changed; a change of the text changes these.
ASSESSED_ON = date(2026, 11, 22)
STATEMENT_CHANGED_ON = date(2026, 11, 22)


class AccessibilityReportForm(ModelForm):
    """What someone could not do. Only the description is needed; no log-in, no name."""

    class Meta:
        model = AccessibilityReport
        fields = ["description", "page", "technology", "email"]
        help_texts = {
            "description": "Skriv vad du ville göra och vad som hände.",
            "page": "Adressen, eller vad sidan heter.",
            "technology": "Till exempel Safari på Iphone med Voiceover.",
            "email": "Om du vill ha svar.",
        }
        error_messages = {
            "description": {
                "required": "Skriv vad som inte fungerade, gärna med några ord om vad du ville göra."
            }
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }


@method_decorator(login_not_required, name="dispatch")
class AccessibilityView(ServiceFormView):
    """The accessibility statement, with the form to report what does not work."""

    title = "Tillgänglighet"
    template_name = "web/accessibility.html"
    form_class = AccessibilityReportForm
    submit_label = "Skicka rapporten"
    success_url = reverse_lazy("accessibility_receipt")

    def get_initial(self):
        return {"page": self.request.GET.get("sida", "")[:300]}

    def perform(self, form):
        report = report_accessibility(
            **{name: form.cleaned_data[name] for name in ("description", "page", "technology", "email")}
        )
        self.request.session["accessibility_report"] = report.reference
        return report

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            assessed_on=ASSESSED_ON, statement_changed_on=STATEMENT_CHANGED_ON, **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class AccessibilityReceiptView(PageView):
    """The receipt for the report this browser has just sent."""

    title = "Rapporten är skickad"
    template_name = "web/accessibility_receipt.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            reference=self.request.session.get("accessibility_report", ""), **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class PrivacyView(PageView):
    """How personal data is handled (articles 13 and 14)."""

    title = "Så hanterar vi personuppgifter"
    template_name = "web/privacy.html"
    takes_date = False


@method_decorator(login_not_required, name="dispatch")
class CookiesView(PageView):
    """The two cookies."""

    title = "Kakor"
    template_name = "web/cookies.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            session_cookie=settings.SESSION_COOKIE_NAME, csrf_cookie=settings.CSRF_COOKIE_NAME, **kwargs
        )


class SampleForm(Form):
    """Every kind of field, on the component page."""

    measure = forms.CharField(
        label="Insats", help_text="Skriv vad som ska göras, inte varför.", max_length=200
    )
    until = forms.CharField(
        label="Klar senast",
        help_text="Dag, månad eller termin, till exempel ”maj 2027” eller ”vt 2027”.",
        max_length=40,
    )
    level = forms.ChoiceField(
        label="Nivå",
        choices=[("politics", "Politisk ledning"), ("administration", "Förvaltning"), ("unit", "Enhet")],
        widget=Segmented,
    )
    unit = forms.ChoiceField(
        label="Enhet", choices=[("", "Välj enhet"), ("1", "Björkskolan F–6"), ("2", "Strandskolan 7–9")]
    )
    day = forms.DateField(label="Nästa uppföljning", required=False)
    what = forms.ChoiceField(
        label="Vad är det?",
        choices=[("info", "Info"), ("decision", "Beslut"), ("action", "Åtgärd")],
        widget=forms.RadioSelect,
    )
    shown = forms.ChoiceField(
        label="När?",
        choices=[("next", "Nästa träff"), ("other", "Annan dag")],
        widget=PillRadio,
        required=False,
    )
    tell = forms.BooleanField(label="Skicka till de ansvariga när insatsen är klar", required=False)
    note = forms.CharField(label="Anteckning", widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean_until(self):
        until = self.cleaned_data["until"]
        try:
            ImpreciseDate.parse(until)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return until


@dataclass(frozen=True)
class SampleRow:
    """A row of the component page's table."""

    name: str
    round: str
    term: str
    met_on: date
    weeks: int
    kind: str
    words: str
    reasons: tuple[str, ...] = ()

    def get_absolute_url(self) -> str:
        return "#tabell"


class SampleTable(Table):
    """The component page's table."""

    caption = "Deltaganden"
    columns = (
        Column("name", "Huvudman", link="get_absolute_url"),
        Column("round", "Omgång", phone="fact"),
        Column("term", "Termin", phone="fact"),
        Column("met_on", "Senaste träff"),
        Column("weeks", "Skolveckor sedan dess", numeric=True),
        Column("words", "Att se över", template="web/_sample_status.html", phone="line"),
    )


STATUSES = (
    (
        "Deltagande",
        (
            ("selected", "Utvald"),
            ("offered", "Erbjuden"),
            ("accepted", "Tackat ja"),
            ("declined", "Tackat nej"),
            ("active", "Pågår"),
            ("paused", "Pausad"),
            ("ended", "Avslutad"),
            ("aborted", "Avbruten"),
        ),
    ),
    (
        "Analys, plan, rapport",
        (
            ("not_started", "Inte påbörjad"),
            ("draft", "Utkast"),
            ("submitted", "Inlämnad"),
            ("returned", "Återsänd"),
            ("approved", "Godkänd"),
            ("late", "Försenad"),
        ),
    ),
    ("Träff, seminarium", (("planned", "Planerad"), ("held", "Hållen"), ("cancelled", "Inställd"))),
    (
        "Insats, åtgärd",
        (
            ("not_started", "Inte påbörjad"),
            ("ongoing", "Pågår"),
            ("done", "Klar"),
            ("late", "Försenad 4 dagar"),
            ("aborted", "Avbruten"),
        ),
    ),
    ("Varning", (("risk", "Att se över"), ("late", "Försenad"))),
)

# The look's colours by the class that draws them, for the component page.
SWATCHES = (
    ("ink", "Bläck", "#1b2527"),
    ("ink-2", "Bläck 2", "#465255"),
    ("ink-3", "Bläck 3", "#5b6669"),
    ("petrol", "Petrol", "#0a5563"),
    ("late", "Sent", "#a3241f"),
    ("risk", "Att se över", "#7d4a00"),
    ("done", "Klart", "#1f5d38"),
    ("ground", "Grund", "#f6f4ef"),
    ("line-3", "Ram", "#827c70"),
)


class ComponentsView(PageView):
    """Every part that pages are built of, on one page."""

    title = "Komponenter"
    template_name = "web/components.html"
    takes_date = False

    def get_context_data(self, **kwargs):
        rows = (
            SampleRow("Granhult", "vt 2025", "termin 4 av 6", self.today - timedelta(days=130), 12, "late",
                      "Försenad", ("Ingen träff på 12 skolveckor.", "Delredovisning 2 skulle ha kommit 15 juni.")),
            SampleRow("Exempelby", "ht 2025", "termin 3 av 6", self.today - timedelta(days=4), 3, "risk",
                      "Att se över", ("Två sena åtgärder på Strandskolan.",)),
            SampleRow("Lindåkra", "vt 2024", "termin 6 av 6", self.today - timedelta(days=12), 1, "", ""),
        )  # fmt: skip
        wrong = SampleForm(
            {
                "measure": "Gemensam planeringstid",
                "until": "31 november 2026",
                "level": "unit",
                "unit": "1",
                "what": "action",
                "shown": "next",
            }
        )
        pills = (
            Pill("Alla"),
            Pill("Pågår", (("sample", "1"),)),
            Pill("Försenad", (("sample", "2"),)),
        )
        return super().get_context_data(
            form=wrong,
            table=SampleTable(rows, request=self.request),
            statuses=STATUSES,
            swatches=SWATCHES,
            pills=drawn_pills(shown_pills(pills, ListAddress(self.request.GET), {pills[2]: 2})),
            soon=self.today + timedelta(days=3),
            past=self.today - timedelta(days=4),
            **kwargs,
        )
