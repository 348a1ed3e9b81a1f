"""Forms of invitations and access."""

from django import forms
from django.core.exceptions import ValidationError

from sbs_portal.rights import GIVEN_BY_EDITORS, Action, Role
from sbs_portal.web.forms import Form
from schools.models import Huvudman, Person, SchoolUnit


def roles_given_by(scope, *, invited: bool = False) -> list[tuple[str, str]]:
    """The roles that may be chosen. An integration is not invited: it opens no mail."""
    roles = [role for role in Role if scope.is_coordinator or role in GIVEN_BY_EDITORS]
    return [(role.value, role.label) for role in roles if not (invited and role == Role.INTEGRATION)]


def places_of(scope):
    """The huvudmän where access can be given."""
    return Huvudman.objects.editable_by(scope, Action.ACCESS_GRANT).order_by("sort_key")


class PlaceMixin:
    """Role and huvudman, and what is chosen at the huvudman once it is known.

    A huvudman that is the only one stands chosen. Units are shown when the huvudman is: who chooses rektor
    for another first is asked for them when the form comes back.
    """

    at_huvudman: tuple[str, ...] = ()

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_given_by(scope, invited=isinstance(self, InviteForm))
        places = places_of(scope)
        field = self.fields["huvudman"]
        field.queryset = places
        only = None if scope.national else list(places[:2])
        if only is not None and len(only) == 1:
            field.initial, field.empty_label = only[0], None
        field.required = not scope.national
        self.huvudman = self._chosen(field)
        for name in self.at_huvudman:
            if self.huvudman is None:
                del self.fields[name]
            else:
                self.fields[name].queryset = self._choices(name, scope)

    def _chosen(self, field):
        value = (
            self.data.get(self.add_prefix("huvudman"))
            if self.is_bound
            else self.get_initial_for_field(field, "huvudman")
        )
        if isinstance(value, Huvudman) or not value:
            return value or None
        try:
            return field.clean(value)
        except ValidationError:
            return None

    def _choices(self, name: str, scope):
        if name == "person":
            people = Person.objects.editable_by(scope).filter(user=None, roles__huvudman=self.huvudman)
            return people.distinct().with_shown_key().order_by("shown_key", "pk")
        return SchoolUnit.objects.visible_to(scope).of_huvudman(self.huvudman).order_by("sort_key")


class PeriodFields(Form):
    valid_from = forms.DateField(label="Från", required=False, help_text="Tomt betyder direkt.")
    valid_to = forms.DateField(
        label="Till och med", required=False, help_text="Tomt betyder tills någon avslutar den."
    )


class InviteForm(PlaceMixin, PeriodFields):
    at_huvudman = ("units", "person")
    field_order = ["email", "name", "role", "huvudman", "units", "person", "valid_from", "valid_to"]

    email = forms.EmailField(
        label="E-postadress",
        max_length=254,
        help_text="Den som har adressen är den enda som kan använda länken.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Namn", max_length=200, required=False, help_text="Den inbjudna kan ändra det."
    )
    role = forms.ChoiceField(label="Roll", initial=Role.READER)
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        to_field_name="uuid",
        empty_label="Hela landet (bara samordnare)",
    )
    units = forms.ModelMultipleChoiceField(
        label="Enheter",
        queryset=SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        help_text="Bara för en rektor.",
        widget=forms.CheckboxSelectMultiple,
    )
    person = forms.ModelChoiceField(
        label="Är en av personerna i registret",
        queryset=Person.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="Ingen, eller vet inte",
        help_text="Då hör kontot ihop med personens roller och uppdrag.",
    )


class GrantForm(PlaceMixin, PeriodFields):
    at_huvudman = ("unit",)
    field_order = ["role", "huvudman", "unit", "valid_from", "valid_to", "reason"]

    role = forms.ChoiceField(label="Roll", initial=Role.READER)
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        to_field_name="uuid",
        empty_label="Hela landet (bara samordnare och integrationer)",
    )
    unit = forms.ModelChoiceField(
        label="Enhet",
        queryset=SchoolUnit.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label="Ingen",
        help_text="Bara för en rektor.",
    )
    reason = forms.CharField(label="Grund", max_length=200, required=False, help_text="Varför den ges.")


class PeriodForm(PeriodFields):
    """The period of access that is there already."""


class ReasonForm(Form):
    reason = forms.CharField(label="Varför", max_length=200)


class AcceptForm(Form):
    """A new account: what one is called, and a password."""

    name = forms.CharField(
        label="Ditt namn", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Välj ett lösenord",
        help_text="Minst 8 tecken. Gärna flera ord efter varandra.",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
