"""Forms of a meeting series: agreeing on one, changing it from a meeting on, ending it, and who should come."""

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.time import Term, today
from sbs_portal.web.fields import ImpreciseDateFormField
from sbs_portal.web.forms import DateInput, Form, PillCheckboxes, Segmented, TimeInput
from schools.models import Person, SchoolUnit, StaffRole
from schools.validators import usable_day
from seminars.models import Meeting, MeetingKind, MeetingMode, MeetingSeries
from seminars.overview import heading

DAY_ERRORS = {
    "required": "Välj en dag.",
    "invalid": "Skriv dagen som år, månad och dag, till exempel 2026-11-26.",
}
OUT_OF_LIST = {
    "invalid_choice": "Välj ur listan.",
    "invalid_pk_value": "Välj ur listan.",
    "invalid_list": "Välj ur listan.",
}
ROLES = [(role.value, role.label[:1].upper() + role.label[1:]) for role in StaffRole if role != "not_stated"]
CANCEL, MOVE = "cancel", "move"


class UnitsField(forms.ModelMultipleChoiceField):
    """Units to tick; the form fills in which."""

    def __init__(self, **kwargs):
        super().__init__(
            SchoolUnit.objects.none(),
            to_field_name="uuid",
            widget=forms.CheckboxSelectMultiple,
            error_messages=OUT_OF_LIST,
            **kwargs,
        )


class MeetingsField(forms.ModelMultipleChoiceField):
    """Meetings to tick, by their day."""

    def label_from_instance(self, meeting):
        return heading(meeting)


class OneMeetingField(forms.ModelChoiceField):
    """One of the coming meetings, by its day."""

    def label_from_instance(self, meeting):
        return heading(meeting)


class SeriesFactsForm(Form):
    """How often, when and where."""

    interval_weeks = forms.IntegerField(
        min_value=1,
        max_value=26,
        initial=3,
        label="Skolveckor emellan",
        help_text="3 betyder var tredje vecka när det är skola.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    skips_breaks = forms.BooleanField(required=False, initial=True, label="Räkna inte med veckor som är lov")
    start_time = forms.TimeField(required=False, label="Börjar", widget=TimeInput)
    end_time = forms.TimeField(required=False, label="Slutar", widget=TimeInput)
    mode = forms.ChoiceField(
        choices=MeetingMode.choices, widget=Segmented, label="Form", initial=MeetingMode.ON_SITE
    )
    place = forms.CharField(max_length=200, required=False, label="Plats")
    title = forms.CharField(
        max_length=200,
        label="Namn på serien",
        initial=MeetingSeries._meta.get_field("title").default,
        error_messages={"required": "Skriv vad serien heter."},
    )

    def clean(self):
        data = super().clean()
        start, end = data.get("start_time"), data.get("end_time")
        if start and end and end <= start:
            self.add_error("end_time", "Träffen kan inte sluta före den börjar.")
        return data


class SeriesForm(SeriesFactsForm):
    """A new series, with the meetings to plan."""

    starts = forms.DateField(
        label="Första träffen",
        help_text="De andra blir på samma veckodag.",
        widget=DateInput,
        validators=[usable_day],
        error_messages=DAY_ERRORS,
    )
    plan_through = forms.DateField(
        label="Planera träffar till och med",
        help_text="Du kan planera fler senare.",
        widget=DateInput,
        validators=[usable_day],
        error_messages=DAY_ERRORS,
    )
    ends = ImpreciseDateFormField(
        required=False, label="Serien slutar", help_text="Om det är bestämt, till exempel juni 2027."
    )
    kind = forms.ChoiceField(choices=MeetingKind.choices, label="Slag av träff", initial=MeetingKind.PROCESS)
    units = UnitsField(
        label="Enheter", required=False, help_text="Väljer du ingen är träffarna med alla i deltagandet."
    )
    roles = forms.MultipleChoiceField(
        choices=ROLES,
        required=False,
        label="Roller som ska vara med varje gång",
        help_text="De som har rollen sätts upp på träffarna. Personer lägger du till efteråt.",
        widget=PillCheckboxes,
        error_messages=OUT_OF_LIST,
    )
    field_order = (
        "starts",
        "plan_through",
        "interval_weeks",
        "skips_breaks",
        "start_time",
        "end_time",
        "mode",
        "place",
        "units",
        "roles",
        "kind",
        "title",
        "ends",
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units
        self.initial.setdefault("plan_through", (Term.of(today()) + 1).end)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts"), data.get("plan_through")
        if first and last and last < first:
            self.add_error("plan_through", "Välj en dag efter den första träffen.")
        return data


class SeriesChangeForm(SeriesFactsForm):
    """The agreement changed, and the planned meetings from one of them on."""

    from_meeting = OneMeetingField(
        Meeting.objects.none(),
        to_field_name="uuid",
        label="Från och med träffen",
        empty_label=None,
        help_text="Träffar före den står kvar som de är.",
        error_messages=OUT_OF_LIST | {"required": "Välj en träff."},
    )
    starts = forms.DateField(
        required=False,
        label="Ny dag för den träffen",
        help_text="Tomt: dagen ändras inte. De följande blir på samma veckodag.",
        widget=DateInput,
        validators=[usable_day],
        error_messages=DAY_ERRORS,
    )
    field_order = ("from_meeting", "starts")

    def __init__(self, *args, meetings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_meeting"].queryset = meetings
        if not meetings:
            del self.fields["from_meeting"], self.fields["starts"]


class SeriesEndForm(Form):
    """When and why a series ends."""

    on = forms.DateField(
        label="Serien slutar", widget=DateInput, validators=[usable_day], error_messages=DAY_ERRORS
    )
    reason = forms.CharField(
        max_length=300,
        label="Varför avslutas serien?",
        help_text="Planerade träffar efter dagen ställs in med det skälet.",
        error_messages={"required": "Skriv varför serien avslutas."},
    )


class SeriesExtendForm(Form):
    """More meetings at the agreed interval."""

    through = forms.DateField(
        label="Planera träffar till och med",
        widget=DateInput,
        validators=[usable_day],
        error_messages=DAY_ERRORS,
    )
    units = UnitsField(label="Enheter", required=False)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class SeveralForm(Form):
    """Several meetings moved or cancelled for one reason."""

    meetings = MeetingsField(
        Meeting.objects.none(),
        to_field_name="uuid",
        label="Träffar",
        widget=forms.CheckboxSelectMultiple,
        error_messages=OUT_OF_LIST | {"required": "Välj minst en träff."},
    )
    what = forms.ChoiceField(
        choices=[(MOVE, "Flytta"), (CANCEL, "Ställ in")],
        widget=Segmented,
        label="Vad ska hända?",
        initial=MOVE,
    )
    weeks = forms.IntegerField(
        required=False,
        min_value=-26,
        max_value=26,
        initial=1,
        label="Flytta så här många veckor",
        help_text="Ett minustecken flyttar bakåt.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.CharField(max_length=300, label="Varför?", error_messages={"required": "Skriv varför."})
    marks_optional = False

    def __init__(self, *args, meetings, some_are_shared, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meetings"].queryset = meetings
        if some_are_shared:
            self.fields[
                "meetings"
            ].help_text = "Träffar som ni delar med andra huvudmän står inte här. En samordnare flyttar dem."

    def clean(self):
        data = super().clean()
        if data.get("what") == MOVE and not data.get("weeks") and "weeks" not in self.errors:
            self.add_error("weeks", "Skriv hur många veckor träffarna flyttas.")
        return data

    def add_validation_error(self, error: ValidationError) -> None:
        """A meeting's own reasons are said at the one box there is for them."""
        if hasattr(error, "error_dict"):
            named = {"moved_reason": "reason", "cancelled_reason": "reason", "when": "meetings"}
            error = ValidationError(
                {named.get(name, name): found for name, found in error.error_dict.items()}
            )
        super().add_validation_error(error)


class WhoForm(Form):
    """Who should be there: a person, or whoever has the role."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Person",
        empty_label="Den som har rollen",
        error_messages=OUT_OF_LIST,
    )
    role = forms.ChoiceField(
        choices=[("", "Välj roll"), *ROLES], label="Roll", error_messages={"required": "Välj en roll."}
    )
    unit = forms.ModelChoiceField(
        SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Enhet",
        empty_label="Ingen särskild",
        error_messages=OUT_OF_LIST,
    )
    is_required = forms.BooleanField(required=False, label="Ska vara med varje gång")
    note = forms.CharField(max_length=200, required=False, label="Anmärkning")

    def __init__(self, *args, people, units, fixed=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["person"].queryset = people
        if fixed:
            del self.fields["person"]
