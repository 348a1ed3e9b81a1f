"""Lärosäten and other providers in the browser: coordinators keep them."""

import pytest
from django.urls import reverse

from schools.models import Provider
from tests.factories import make_provider

pytestmark = pytest.mark.django_db
TYPED = {"name": "Åsens lärosäte", "short_name": "ÅL", "kind": "university"}


def test_a_coordinator_adds_changes_and_deletes(cast, client_for):
    client = client_for(cast.coordinator)
    assert client.post(reverse("provider_add"), TYPED).status_code == 302
    row = Provider.objects.get(name=TYPED["name"])
    change = reverse("provider_change", args=[row.uuid])
    assert change in client.get(reverse("provider_list")).content.decode()
    client.post(change, TYPED | {"short_name": "Åsen"})
    row.refresh_from_db()
    assert row.short_name == "Åsen"
    assert client.post(reverse("provider_delete", args=[row.uuid])).status_code == 302
    assert not Provider.objects.filter(pk=row.pk).exists()


def test_the_same_name_twice_is_refused_at_the_name(cast, client_for):
    make_provider(TYPED["name"])
    refused = client_for(cast.coordinator).post(reverse("provider_add"), TYPED)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"name"})


@pytest.mark.parametrize("role", ["process_leader", "editor", "rektor", "reader"])
def test_nobody_else_keeps_them(cast, client_for, role):
    client, row = client_for(getattr(cast, role)), make_provider("Åsens lärosäte")
    addresses = [reverse("provider_list"), reverse("provider_add")]
    addresses += [reverse(f"provider_{verb}", args=[row.uuid]) for verb in ("change", "delete", "archive")]
    assert {client.get(address).status_code for address in addresses} == {403}
