"""Forms of the admin: a seminar and a delegation; saving is the services' work. The pages' are in their own module."""

from django import forms

from sbs_portal.web.fields import ImpreciseDateFormField, ImpreciseDateModelFormMixin
from schools.models import StaffRole
from seminars.models import Delegation, Seminar


class SeminarForm(ImpreciseDateModelFormMixin, forms.ModelForm):
    """A seminar's facts, with the source's own words beside its dates."""

    starts = ImpreciseDateFormField(label="när", required=False, with_text=True)
    ends = ImpreciseDateFormField(label="till och med", required=False)

    class Meta:
        model = Seminar
        fields = (
            "programme",
            "kind",
            "title",
            "starts",
            "ends",
            "start_time",
            "end_time",
            "mode",
            "place",
            "organiser",
            "topic",
            "purpose",
            "status",
        )


class DelegationForm(forms.ModelForm):
    """How many and in which roles; the named are lines of their own."""

    roles = forms.MultipleChoiceField(
        label="roller", choices=StaffRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Delegation
        fields = ("seminar", "huvudman", "head_count", "roles", "trust", "note")
