"""Forms of invitations, access and keys to the API."""

from datetime import datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.rights import GIVEN_BY_EDITORS, Action, Role
from sbs_portal.web.forms import Form, Segmented
from sbs_portal.web.words import PASSWORD_HINT
from schools.models import Access, Huvudman, Person, SchoolUnit


def roles_given_by(scope, *, invited: bool = False) -> list[tuple[str, str]]:
    """The roles that may be chosen. An integration is not invited: it opens no mail."""
    roles = [role for role in Role if scope.is_coordinator or role in GIVEN_BY_EDITORS]
    return [(role.value, role.label) for role in roles if not (invited and role == Role.INTEGRATION)]


def places_of(scope):
    """The huvudmän where access can be given."""
    return Huvudman.objects.editable_by(scope, Action.ACCESS_GRANT).order_by("sort_key")


class PlaceMixin:
    """Role and huvudman, and what is chosen at the huvudman once it is known.

    No role stands chosen, and the whole country is never what one gets by choosing nothing. A huvudman that is
    the only one stands chosen. Units are shown when the huvudman is: who chooses rektor for another first is
    asked for them when the form comes back.
    """

    at_huvudman: tuple[str, ...] = ()

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        roles = roles_given_by(scope, invited=isinstance(self, InviteForm))
        self.fields["role"].choices = [("", "Välj roll"), *roles]
        places = places_of(scope)
        field = self.fields["huvudman"]
        field.queryset = places
        only = None if scope.national else list(places[:2])
        if only is not None and len(only) == 1:
            field.initial, field.empty_label = only[0], None
        if scope.national:
            field.error_messages["required"] = "Välj en huvudman, eller kryssa i hela landet."
        else:
            del self.fields["whole_country"]
        self.huvudman = self._chosen(field)
        for name in self.at_huvudman:
            if self.huvudman is None:
                del self.fields[name]
            else:
                self.fields[name].queryset = self._choices(name, scope)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.pop("whole_country", False):
            return cleaned
        if cleaned.get("huvudman"):
            self.add_error("whole_country", "Välj antingen en huvudman eller hela landet.")
        elif self.has_error("huvudman", code="required"):
            del self.errors["huvudman"]
            cleaned["huvudman"] = None
        return cleaned

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
    field_order = [
        "email",
        "name",
        "role",
        "huvudman",
        "whole_country",
        "units",
        "person",
        "valid_from",
        "valid_to",
    ]

    email = forms.EmailField(
        label="E-postadress",
        max_length=254,
        help_text="Den som har adressen är den enda som kan använda länken.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Skriv e-postadressen till den du bjuder in."},
    )
    name = forms.CharField(
        label="Namn", max_length=200, required=False, help_text="Den inbjudna kan ändra det."
    )
    role = forms.ChoiceField(label="Roll", error_messages={"required": "Välj en roll."})
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        to_field_name="uuid",
        empty_label="Välj huvudman",
    )
    whole_country = forms.BooleanField(
        label="Hela landet", required=False, help_text="Bara för en samordnare. Då väljs ingen huvudman."
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
    field_order = ["role", "huvudman", "whole_country", "unit", "valid_from", "valid_to", "reason"]

    role = forms.ChoiceField(label="Roll", error_messages={"required": "Välj en roll."})
    huvudman = forms.ModelChoiceField(
        label="Huvudman",
        queryset=Huvudman.objects.none(),
        to_field_name="uuid",
        empty_label="Välj huvudman",
    )
    whole_country = forms.BooleanField(
        label="Hela landet",
        required=False,
        help_text="Bara för en samordnare eller en integration. Då väljs ingen huvudman.",
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
        help_text=PASSWORD_HINT,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Välj ett lösenord."},
    )


class KeyForm(Form):
    """A new key to the API. Whose it is, is a coordinator's to choose: an integration opens no browser."""

    user = forms.ModelChoiceField(
        label="Konto",
        queryset=User.objects.none(),
        to_field_name="uuid",
        empty_label=None,
        help_text="Ditt eget, eller ett som bara används av ett annat system.",
    )
    name = forms.CharField(
        label="Namn",
        max_length=100,
        help_text="Vad nyckeln används till, så att du känner igen den. Till exempel ”Verksamhetssystemet”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    can_write = forms.TypedChoiceField(
        label="Får",
        choices=(("nej", "Läsa"), ("ja", "Läsa och skriva")),
        coerce=lambda value: value == "ja",
        initial="nej",
        help_text="Ge bara rätt att skriva om det andra systemet ska ändra något här.",
        widget=Segmented,
    )
    huvudman_ids = forms.ModelMultipleChoiceField(
        label="Bara för de här huvudmännen",
        queryset=Huvudman.objects.none(),
        to_field_name="uuid",
        required=False,
        help_text="Väljer du ingen når nyckeln allt som kontot når.",
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateField(
        label="Gäller till och med", help_text="Högst två år fram. Sedan behövs en ny nyckel."
    )

    def __init__(self, *args, scope, **kwargs):
        super().__init__(*args, **kwargs)
        integrations = Access.objects.in_force().filter(role=Role.INTEGRATION).values("user")
        accounts = User.objects.filter(Q(pk=scope.user.pk) | Q(pk__in=integrations), is_active=True)
        places = Huvudman.objects.visible_to(scope).order_by("sort_key")
        if scope.is_coordinator and len(accounts.unprotected()) > 1:
            self.fields["user"].queryset = accounts.filter(Q(is_protected=False) | Q(pk=scope.user.pk))
            self.fields["user"].initial = scope.user.uuid
        else:
            del self.fields["user"]
        if len(places[:2]) > 1:
            self.fields["huvudman_ids"].queryset = places
        else:
            del self.fields["huvudman_ids"]

    def clean_huvudman_ids(self):
        """None, which narrows nothing, where none is chosen."""
        return [one.pk for one in self.cleaned_data["huvudman_ids"]] or None

    def clean_expires_at(self):
        """The end of the day: the key works on it."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["expires_at"], time(23, 59, 59)))
