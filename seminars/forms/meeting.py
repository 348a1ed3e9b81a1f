"""Forms of a meeting: planning it, changing, moving and cancelling it, and who should be there."""

from django import forms

from sbs_portal.web.fields import ImpreciseDateFormField
from sbs_portal.web.forms import Form, Segmented, TimeInput
from schools.models import Person, SchoolUnit, StaffRole
from seminars.models import MeetingKind, MeetingMode


class MeetingForm(Form):
    """When, where and about what."""

    when = ImpreciseDateFormField(
        label="När", help_text="Dag eller månad, till exempel 26 november 2026 eller maj 2027."
    )
    start_time = forms.TimeField(required=False, label="Börjar", widget=TimeInput)
    end_time = forms.TimeField(required=False, label="Slutar", widget=TimeInput)
    mode = forms.ChoiceField(
        choices=MeetingMode.choices, widget=Segmented, label="Form", initial=MeetingMode.ON_SITE
    )
    place = forms.CharField(max_length=200, required=False, label="Plats")
    kind = forms.ChoiceField(choices=MeetingKind.choices, label="Slag av träff", initial=MeetingKind.PROCESS)
    title = forms.CharField(
        max_length=200,
        required=False,
        label="Rubrik",
        help_text="Behövs bara om träffen heter något särskilt.",
    )
    agenda = forms.CharField(
        max_length=4000,
        required=False,
        label="Dagordning",
        widget=forms.Textarea,
        help_text="En punkt per rad.",
    )
    units = forms.ModelMultipleChoiceField(
        SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Enheter",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "Välj enheter ur listan.",
            "invalid_pk_value": "Välj enheter ur listan.",
        },
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units


class PlanMeetingForm(MeetingForm):
    """A new meeting."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["units"].help_text = "Väljer du ingen är träffen med alla i deltagandet."


class CancelForm(Form):
    """Why a meeting is cancelled."""

    cancelled_reason = forms.CharField(
        max_length=300,
        label="Varför är träffen inställd?",
        error_messages={"required": "Skriv varför träffen är inställd."},
    )


class MoveForm(Form):
    """Another day for a meeting, and why."""

    when = ImpreciseDateFormField(
        label="Ny dag", help_text="Dag eller månad, till exempel 26 november 2026 eller maj 2027."
    )
    moved_reason = forms.CharField(
        max_length=300,
        label="Varför flyttas träffen?",
        error_messages={"required": "Skriv varför träffen flyttas."},
    )


class ExpectedForm(Form):
    """Someone who should be at a meeting; without ``people`` it is about one who is there already."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        to_field_name="uuid",
        label="Person",
        empty_label="Välj person",
        error_messages={"invalid_choice": "Välj en person ur listan.", "required": "Välj en person."},
    )
    role = forms.ChoiceField(
        choices=[("", "Enligt registret"), *StaffRole.choices], required=False, label="Roll på träffen"
    )
    unit = forms.ModelChoiceField(
        SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        label="Enhet",
        empty_label="Enligt registret",
        error_messages={"invalid_choice": "Välj en enhet ur listan."},
    )
    is_required = forms.BooleanField(required=False, label="Ska vara med")

    def __init__(self, *args, units, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if people is not None:
            self.fields["person"].queryset = people
            return
        del self.fields["person"]
        self.fields["role"].choices = StaffRole.choices
        self.fields["unit"].empty_label = "Ingen enhet"
