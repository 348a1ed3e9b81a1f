"""Filters of who has access, who is invited, and the keys to the API."""

import django_filters
from django.db.models import Q

from sbs_portal.accounts.models import ApiToken, User
from sbs_portal.accounts.second_step import is_set_up
from sbs_portal.rights import Role
from sbs_portal.web.filters import FilterSet, Pill
from schools.access.forms import places_of
from schools.models import Access, Invitation, InvitationState

STATES = (("now", "Gäller"), ("coming", "Kommande"), ("over", "Avslutad"), ("closed", "Avstängt konto"))
SECOND_STEP = (("yes", "Inlagd"), ("no", "Saknas"))
KEY_STATES = (("works", "Fungerar"), ("over", "Gäller inte längre"))


def _places(request):
    return places_of(request.scope)


def in_state(rows, state: str):
    """Access in one of STATES."""
    if state == "closed":
        return rows.filter(user__is_active=False)
    if state == "now":
        return rows.in_force().filter(user__is_active=True)
    return rows.coming() if state == "coming" else rows.over()


class AccessFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    lage = django_filters.ChoiceFilter(label="Läge", choices=STATES, method="with_state")
    roll = django_filters.ChoiceFilter(field_name="role", label="Roll", choices=Role.choices)
    huvudman = django_filters.ModelChoiceFilter(label="Huvudman", queryset=_places, to_field_name="uuid")
    tvasteg = django_filters.ChoiceFilter(
        label="Tvåstegsinloggning", choices=SECOND_STEP, method="with_second_step"
    )

    class Meta:
        model = Access
        fields = ()

    def search(self, queryset, name, value):
        found = Q(user__in=User.objects.matching(value).values("pk"))
        return queryset.filter(
            found | Q(huvudman__name__icontains=value.strip()) | Q(unit__name__icontains=value.strip())
        )

    def with_state(self, queryset, name, value):
        return in_state(queryset, value)

    def with_second_step(self, queryset, name, value):
        return queryset.filter(is_set_up() if value == "yes" else ~is_set_up())


class InvitationFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    lage = django_filters.ChoiceFilter(label="Läge", choices=InvitationState.choices, method="with_state")
    roll = django_filters.ChoiceFilter(field_name="role", label="Roll", choices=Role.choices)
    huvudman = django_filters.ModelChoiceFilter(label="Huvudman", queryset=_places, to_field_name="uuid")

    class Meta:
        model = Invitation
        fields = ()

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def with_state(self, queryset, name, value):
        return queryset.in_state(value)


class KeyFilter(FilterSet):
    q = django_filters.CharFilter(label="Sök", method="search", max_length=200)
    lage = django_filters.ChoiceFilter(label="Läge", choices=KEY_STATES, method="with_state")

    class Meta:
        model = ApiToken
        fields = ()

    def search(self, queryset, name, value):
        found = Q(name__icontains=value.strip()) | Q(prefix=value.strip()[:12])
        return queryset.filter(found | Q(user__in=User.objects.matching(value).values("pk")))

    def with_state(self, queryset, name, value):
        return queryset.working() if value == "works" else queryset.over()


ACCESS_PILLS = (
    Pill("Gäller", (("lage", "now"),), lambda rows: in_state(rows, "now")),
    Pill("Kommande", (("lage", "coming"),), lambda rows: in_state(rows, "coming")),
    Pill("Avslutade", (("lage", "over"),)),
    Pill("Avstängda konton", (("lage", "closed"),), lambda rows: in_state(rows, "closed")),
)
INVITATION_PILLS = (
    Pill("Väntar", (("lage", "waiting"),), lambda rows: rows.in_state("waiting")),
    Pill("Har gått ut", (("lage", "expired"),), lambda rows: rows.in_state("expired")),
    Pill("Använda", (("lage", "accepted"),)),
    Pill("Återkallade", (("lage", "revoked"),)),
)
KEY_PILLS = (
    Pill("Fungerar", (("lage", "works"),), lambda rows: rows.working()),
    Pill("Gäller inte längre", (("lage", "over"),), lambda rows: rows.over()),
)
