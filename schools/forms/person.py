"""Forms of people and their roles."""

from django import forms

from sbs_portal.rights import Action
from sbs_portal.time import today
from sbs_portal.web.forms import Form
from schools.models import (
    Administration,
    Huvudman,
    Provider,
    SchoolUnit,
    SecurityMarking,
    StaffRole,
)

ROLES = [("", "Välj roll"), *StaffRole.choices]


class ContactFields(Form):
    name = forms.CharField(label="Namn", max_length=200)
    email = forms.EmailField(label="E-postadress", required=False)
    phone = forms.CharField(label="Telefon", max_length=40, required=False)


class ContactForm(ContactFields):
    """How someone is reached, and whether the name is protected."""

    security_marking = forms.ChoiceField(
        label="Skyddade personuppgifter",
        choices=SecurityMarking.choices,
        help_text="Namnet på den som är skyddad visas inte någonstans i portalen.",
    )


class PlaceFields(Form):
    """A role and where: at a unit, an administration, a huvudman, or another employer.

    ``scope`` decides what can be chosen: where the user may change people; ``at`` narrows the units to a
    huvudman's. The unit says the huvudman.
    """

    role = forms.ChoiceField(label="Roll", choices=ROLES)
    title = forms.CharField(
        label="Titel",
        max_length=120,
        required=False,
        help_text="Som det står på platsen, om rollen inte räcker.",
    )
    unit = forms.ModelChoiceField(
        label="Enhet", queryset=SchoolUnit.objects.none(), required=False, empty_label="Ingen enhet"
    )
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        required=False,
        empty_label="Enhetens huvudman",
        help_text="Behövs bara när rollen inte är på en enhet.",
    )
    administration = forms.ModelChoiceField(
        label="Förvaltning",
        queryset=Administration.objects.none(),
        required=False,
        empty_label="Ingen förvaltning",
    )
    provider = forms.ModelChoiceField(
        label="Annan arbetsgivare", queryset=Provider.objects.none(), required=False, empty_label="Ingen"
    )
    valid_from = forms.DateField(label="Från", required=False, help_text="Lämna tomt om det inte är känt.")
    valid_to = forms.DateField(label="Till och med", required=False, help_text="Tomt betyder tills vidare.")

    def __init__(self, *args, scope, at=None, **kwargs):
        super().__init__(*args, **kwargs)
        units = SchoolUnit.objects.editable_by(scope, Action.PEOPLE_CHANGE).in_use()
        if at is not None:
            units = units.of_huvudman(at)
        self.fields["unit"].queryset = units
        if scope.may(Action.PEOPLE_CHANGE, unit_ids=[]):
            huvudman = Huvudman.objects.editable_by(scope, Action.PEOPLE_CHANGE).in_use()
            self.fields["huvudman"].queryset = huvudman
            administrations = Administration.objects.editable_by(scope, Action.PEOPLE_CHANGE)
            self.fields["administration"].queryset = administrations.select_related("huvudman")
        else:
            # A rektor sets people at the own unit and nowhere else.
            del self.fields["huvudman"], self.fields["administration"]
            self.fields["unit"].required = True
        if scope.national:
            self.fields["provider"].queryset = Provider.objects.visible_to(scope).in_use()
        else:
            del self.fields["provider"]

    def clean(self):
        data = super().clean()
        for name in ("huvudman", "administration", "provider"):
            data.setdefault(name, None)
        if data["huvudman"] is None and data["provider"] is None:
            if unit := data.get("unit"):
                version = unit.version_on(data.get("valid_from") or today()) or unit.versions.last()
                data["huvudman"] = version.huvudman if version else None
            elif data["administration"]:
                data["huvudman"] = data["administration"].huvudman
        return data


class NewPersonForm(PlaceFields, ContactFields):
    """Someone new, with a first role."""

    is_another = forms.BooleanField(label="Det är en annan person: lägg till", required=False)
    field_order = ["name", "email", "phone", "role", "title", "unit"]


class RoleForm(PlaceFields):
    """A further role."""


class RoleChangeForm(Form):
    """Correct or end a role; where it was is not changed: end it, and add the new one."""

    role = forms.ChoiceField(label="Roll", choices=StaffRole.choices)
    title = PlaceFields.base_fields["title"]
    valid_from = PlaceFields.base_fields["valid_from"]
    valid_to = forms.DateField(
        label="Till och med", required=False, help_text="Sista dagen i rollen. Tomt betyder tills vidare."
    )
