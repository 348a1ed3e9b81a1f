"""Forms of the seminars' pages: the seminar, who is invited, its parts, delegations, and who came."""

from django import forms

from programmes.models import Participation, Programme
from sbs_portal.web.fields import ImpreciseDateFormField
from sbs_portal.web.forms import Form, PillCheckboxes, Segmented, TimeInput
from schools.models import Huvudman, Person, SchoolUnit, StaffRole
from seminars.models import DelegateStatus, MeetingMode, SeminarKind, Session, SessionKind

OUT_OF_LIST = {
    "invalid_choice": "Välj ur listan.",
    "invalid_pk_value": "Välj ur listan.",
    "invalid_list": "Välj ur listan.",
}
ROLES = [(role.value, role.label[:1].upper() + role.label[1:]) for role in StaffRole]
HERE, NOT_HERE = "ja", "nej"


def first_upper(choices) -> list:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


class OneOf(forms.ModelChoiceField):
    """One row of those the page offers, by its outward id."""

    def __init__(self, model, *, required_text: str = "Välj ur listan.", **kwargs):
        super().__init__(
            model._default_manager.none(),
            to_field_name="uuid",
            error_messages=OUT_OF_LIST | {"required": required_text},
            **kwargs,
        )


class SomeOf(forms.ModelMultipleChoiceField):
    """Rows to tick, of those the page offers."""

    def __init__(self, model, **kwargs):
        super().__init__(
            model._default_manager.none(),
            to_field_name="uuid",
            widget=forms.CheckboxSelectMultiple,
            error_messages=OUT_OF_LIST | {"required": "Välj minst en."},
            **kwargs,
        )


class SeminarFactsForm(Form):
    """What, when and where."""

    kind = forms.ChoiceField(
        choices=first_upper(SeminarKind.choices),
        label="Slag av seminarium",
        error_messages=OUT_OF_LIST | {"required": "Välj ett slag."},
    )
    title = forms.CharField(
        max_length=200,
        required=False,
        label="Rubrik",
        help_text="Utan rubrik heter det som sitt slag.",
    )
    starts = ImpreciseDateFormField(
        required=False,
        label="När",
        help_text="Dag, månad eller termin, till exempel 3 november 2026 eller vt 2027.",
    )
    ends = ImpreciseDateFormField(required=False, label="Till och med", help_text="Om det är flera dagar.")
    start_time = forms.TimeField(required=False, label="Börjar", widget=TimeInput)
    end_time = forms.TimeField(required=False, label="Slutar", widget=TimeInput)
    mode = forms.ChoiceField(
        choices=[("", "Inte bestämt"), *first_upper(MeetingMode.choices)], required=False, label="Form"
    )
    place = forms.CharField(max_length=200, required=False, label="Plats")
    organiser = forms.CharField(max_length=200, required=False, label="Arrangör")
    topic = forms.CharField(max_length=300, required=False, label="Ämne")
    purpose = forms.CharField(
        max_length=2000, required=False, label="Syfte", widget=forms.Textarea(attrs={"rows": 4})
    )


class SeminarNewForm(SeminarFactsForm):
    """A new seminar: in which programme, and who is invited."""

    programme = OneOf(
        Programme, label="Program", empty_label="Välj program", required_text="Välj ett program."
    )
    participations = SomeOf(
        Participation,
        required=False,
        label="Vilka är inbjudna?",
        help_text="Pågående deltaganden. Alla som är med ser varandras namn, programmet och presentationerna.",
    )
    field_order = ("kind", "programme")

    def __init__(self, *args, programmes, participations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        self.fields["participations"].queryset = participations

    def clean(self):
        data = super().clean()
        programme = data.get("programme")
        others = [one for one in data.get("participations") or () if one.programme != programme]
        if programme and others:
            self.add_error("participations", f"Hör till ett annat program: {', '.join(map(str, others))}.")
        return data


class InviteForm(Form):
    """More who are invited."""

    participations = SomeOf(Participation, label="Bjud in fler")

    def __init__(self, *args, participations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["participations"].queryset = participations


class CancelSeminarForm(Form):
    """Why a seminar is cancelled."""

    cancelled_reason = forms.CharField(
        max_length=300,
        label="Varför är seminariet inställt?",
        error_messages={"required": "Skriv varför seminariet är inställt."},
    )


class PartForm(Form):
    """A part of a seminar. ``facts`` are what the form starts with."""

    def __init__(self, *args, overview, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(overview)

    def offer(self, overview) -> None:
        """Fill what there is to choose from."""

    @classmethod
    def facts(cls, part) -> dict:
        """A part's values as the form shows them."""
        found = {name: getattr(part, name) for name in cls.base_fields}
        return {name: getattr(value, "uuid", value) for name, value in found.items()}


class SessionForm(PartForm):
    kind = forms.ChoiceField(choices=first_upper(SessionKind.choices), label="Slag")
    title = forms.CharField(max_length=200, label="Rubrik", error_messages={"required": "Skriv en rubrik."})
    time_words = forms.CharField(
        max_length=100, required=False, label="När på dagen", help_text="Till exempel 09.30–10.15."
    )
    room = forms.CharField(max_length=100, required=False, label="Rum")
    leaders = forms.CharField(
        max_length=300, required=False, label="Leds av", help_text="Namn ser bara de som får se personer."
    )
    description = forms.CharField(
        max_length=2000, required=False, label="Innehåll", widget=forms.Textarea(attrs={"rows": 4})
    )
    listeners_stated = forms.IntegerField(
        min_value=0, max_value=5000, required=False, label="Åhörare, enligt uppgift"
    )
    position = forms.IntegerField(
        min_value=1,
        max_value=500,
        required=False,
        label="Ordning i programmet",
        help_text="Tomt: sist.",
    )


class PresentationForm(PartForm):
    title = forms.CharField(max_length=300, label="Rubrik", error_messages={"required": "Skriv en rubrik."})
    huvudman = OneOf(Huvudman, required=False, label="Huvudman", empty_label="Ingen av dem som är med")
    presented_by = forms.CharField(
        max_length=300,
        required=False,
        label="Presenteras av",
        help_text="Tomt: huvudmannens namn.",
    )
    session = OneOf(Session, required=False, label="Programpunkt", empty_label="Ingen särskild")
    group_words = forms.CharField(max_length=100, required=False, label="För grupp")
    description = forms.CharField(
        max_length=2000, required=False, label="Innehåll", widget=forms.Textarea(attrs={"rows": 4})
    )
    listeners_stated = forms.IntegerField(
        min_value=0, max_value=5000, required=False, label="Åhörare, enligt uppgift"
    )

    def offer(self, overview):
        owners = [link.huvudman_id for link in overview.links]
        self.fields["huvudman"].queryset = (
            Huvudman.objects.visible_to(overview.scope).filter(pk__in=owners).order_by("sort_key", "pk")
        )
        self.fields["session"].queryset = Session.objects.visible_to(overview.scope).filter(
            seminar=overview.seminar
        )

    def clean(self):
        data = super().clean()
        if not data.get("huvudman") and not data.get("presented_by") and not self.errors:
            self.add_error("presented_by", "Skriv vem som presenterar, eller välj en huvudman.")
        return data


class WordForm(PartForm):
    word = forms.CharField(max_length=60, label="Ord", error_messages={"required": "Skriv ett ord."})
    count = forms.IntegerField(
        min_value=0,
        max_value=5000,
        required=False,
        label="Hur många gav ordet?",
        help_text="Tomt när ingen har räknat.",
    )


class LessonForm(PartForm):
    text = forms.CharField(
        max_length=2000,
        label="Lärdom",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Skriv vad seminariet lärde."},
    )
    from_whom = forms.CharField(
        max_length=200, required=False, label="Från", help_text="Namn ser bara de som får se personer."
    )


class DelegationForm(Form):
    """Who comes from a huvudman: how many and in which roles."""

    head_count = forms.IntegerField(
        min_value=0,
        max_value=5000,
        required=False,
        label="Hur många kommer?",
        help_text="Alla, också de som inte är namngivna än.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    roles = forms.MultipleChoiceField(
        choices=ROLES[:-1],
        required=False,
        label="I vilka roller?",
        widget=PillCheckboxes,
        error_messages=OUT_OF_LIST,
    )
    note = forms.CharField(max_length=500, required=False, label="Anmärkning")


class DelegationNewForm(DelegationForm):
    """Also for which huvudman, of those the writer registers for."""

    huvudman = OneOf(
        Huvudman, label="Huvudman", empty_label="Välj huvudman", required_text="Välj en huvudman."
    )
    field_order = ("huvudman",)

    def __init__(self, *args, huvudman_list, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["huvudman"].queryset = huvudman_list
        if len(huvudman_list) == 1:
            self.fields["huvudman"].empty_label = None


class DelegateForm(Form):
    """A named person; without ``people`` it is about one who is named already."""

    person = OneOf(Person, label="Person", empty_label="Välj person", required_text="Välj en person.")
    role = forms.ChoiceField(choices=ROLES, label="Roll", initial=StaffRole.NOT_STATED)
    unit = OneOf(SchoolUnit, required=False, label="Enhet", empty_label="Ingen enhet")

    def __init__(self, *args, units, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people


class CancelDelegationForm(Form):
    """Why a delegation does not come."""

    cancelled_reason = forms.CharField(
        max_length=300,
        label="Varför kommer ni inte?",
        error_messages={"required": "Skriv varför delegationen inte kommer."},
    )


class ArrivalsForm(Form):
    """Who came of a delegation: a choice for each named, and how many in all."""

    came_count = forms.IntegerField(
        min_value=0,
        max_value=5000,
        required=False,
        label="Antal på plats",
        help_text="Alla som kom, också de som inte är namngivna.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    marks_optional = False

    def __init__(self, *args, delegation, delegates, whole: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.delegates = {f"namngiven-{one.uuid}": one for one in delegates}
        for name, delegate in self.delegates.items():
            self.fields[name] = forms.ChoiceField(
                choices=DelegateStatus.choices, required=False, widget=Segmented, label=str(delegate.person)
            )
            self.initial[name] = delegate.status
        self.initial["came_count"] = delegation.came_count
        if not whole:
            del self.fields["came_count"]
        self.order_fields([*self.delegates, "came_count"])

    def statuses(self) -> dict:
        """What is said of each named person."""
        return {delegate: self.cleaned_data[name] for name, delegate in self.delegates.items()}


class UnitsOnSiteForm(Form):
    """Whether each unit has someone on site; what nobody has said stays unsaid."""

    marks_optional = False

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = {f"enhet-{row.unit.uuid}": row for row in rows}
        said = {"here": HERE, "absent": NOT_HERE}
        for name, row in self.rows.items():
            self.fields[name] = forms.ChoiceField(
                choices=[(HERE, "Någon på plats"), (NOT_HERE, "Ingen på plats")],
                required=False,
                widget=Segmented,
                label=row.name,
            )
            self.initial[name] = said.get(row.state)

    def changed(self) -> list:
        """Unit and whether it is represented, for those that were said something new of."""
        return [
            (row.unit, self.cleaned_data[name] == HERE)
            for name, row in self.rows.items()
            if self.cleaned_data[name] and self.cleaned_data[name] != self.initial[name]
        ]
