"""Forms of school calendars: a läsår's lov, written a line each."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.audit.models import Source
from sbs_portal.time import SchoolYear, today
from sbs_portal.web.conflicts import NOTHING, Conflict
from sbs_portal.web.fields import SchoolYearFormField
from sbs_portal.web.forms import Form
from schools.lov_text import read_lov, write_lov
from schools.models import Municipality

WHOLE_COUNTRY = "landet"
MOST_TEXT = 4000


def years_to_choose() -> list[SchoolYear]:
    """From the programme's first läsår to three years ahead, the latest first."""
    ahead = SchoolYear.of(today()) + 3
    return [ahead - back for back in range(ahead - SchoolYear(2015) + 1)]


class LovForm(Form):
    """The lov of a läsår that is there already. ``seen`` marks what its writer saw."""

    breaks = forms.CharField(
        label="Lov, ett på varje rad",
        required=False,
        max_length=MOST_TEXT,
        strip=False,
        help_text="Namnet först och sedan dagarna eller veckan, till exempel ”Höstlov 26–30 oktober” eller "
        "”Sportlov vecka 8”. Det går bra att klistra in från kommunens webbsida. Helgdagar räknas av sig själva.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Källa",
        empty_label="Ingen vald",
        help_text="Var det står, om källan är inlagd.",
        error_messages={"invalid_choice": "Välj en källa ur listan."},
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args, scope, school_year: SchoolYear | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.school_year = school_year
        sources = Source.objects.visible_to(scope).order_by("title", "pk")
        self.fields["source"].queryset = sources
        if not sources.exists():
            del self.fields["source"]
        self.initial["seen"] = mark(self.initial.get("breaks", ""))

    def clean(self):
        data = super().clean()
        year = data.get("school_year") or self.school_year
        text = data.get("breaks") or ""
        if year is not None and "breaks" not in self.errors:
            try:
                data["breaks"] = read_lov(text, year)
            except ValidationError as error:
                self.add_error("breaks", error)
        return data

    def conflicts_with(self, now: str) -> list[Conflict]:
        """What stands there now beside what was typed, where it is not what the writer saw."""
        seen = self.cleaned_data["seen"]
        if not seen or seen == mark(now):
            return []
        self.data = self.data.copy()
        self.data["seen"] = mark(now)
        typed = write_lov(self.cleaned_data["breaks"])
        return [Conflict("Lov", now or NOTHING, typed or NOTHING)] if now != typed else []

    def values(self) -> dict:
        """What the service takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class CalendarForm(LovForm):
    """A läsår that is not entered yet: which, and whose."""

    school_year = SchoolYearFormField(label="Läsår", options=[SchoolYear(2015)])
    place = forms.ChoiceField(
        label="Gäller",
        help_text="En kommuns egna lov går före dem för hela landet.",
        error_messages={"required": "Välj en kommun eller hela landet.", "invalid_choice": "Välj ur listan."},
    )
    field_order = ("school_year", "place", "breaks", "source")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_year"] = SchoolYearFormField(label="Läsår", options=years_to_choose())
        kommuner = Municipality.objects.order_by("sort_key")
        self.fields["place"].choices = [
            ("", "Välj"),
            (WHOLE_COUNTRY, "Hela landet"),
            *((str(row.uuid), row.name) for row in kommuner),
        ]

    def values(self):
        place = self.cleaned_data["place"]
        municipality = None if place == WHOLE_COUNTRY else Municipality.objects.get(uuid=place)
        values = {name: value for name, value in super().values().items() if name != "place"}
        return {**values, "municipality": municipality}
