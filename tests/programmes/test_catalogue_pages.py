"""The catalogues in the browser and the API: for coordinators only, and what is used is not deleted."""

import pytest
from django.urls import reverse

from programmes.models import Cohort, FocusArea, Programme
from sbs_portal.scope import NATIONAL, bound

pytestmark = pytest.mark.django_db

QUERIES = 10
BODIES = {
    "programme": (Programme, {"code": "nyanlanda", "name": "Riktade insatser", "terms": 4}),
    "focus_area": (FocusArea, {"code": "lasning", "name": "läsning", "is_active": "on"}),
}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_a_coordinator_adds_changes_and_deletes(cast, client_for, kind):
    model, typed = BODIES[kind]
    client = client_for(cast.coordinator)
    assert client.post(reverse(f"{kind}_add"), typed).status_code == 302
    row = model.objects.get(code=typed["code"])
    assert reverse(f"{kind}_change", args=[row.uuid]) in client.get(reverse("catalogue")).content.decode()
    client.post(reverse(f"{kind}_change", args=[row.uuid]), typed | {"name": "Nytt namn"})
    row.refresh_from_db()
    assert row.name == "Nytt namn"
    assert client.post(reverse(f"{kind}_delete", args=[row.uuid])).status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()


def test_the_same_round_twice_is_refused_at_the_term(cast, client_for):
    client, programme = client_for(cast.coordinator), cast.participation.programme
    typed = {"programme": programme.uuid, "start_term": "VT2018", "name": "Min omgång"}
    assert client.post(reverse("cohort_add"), typed).status_code == 302
    again = client.post(reverse("cohort_add"), typed)
    assert again.status_code == 422
    assert again.context["form"].errors["start_term"] == ["Programmet har redan en omgång den terminen."]
    assert "Min omgång" in again.content.decode()


def test_a_programme_in_use_is_archived_and_not_deleted(cast, client_for):
    client, programme = client_for(cast.coordinator), cast.participation.programme
    refused = client.post(reverse("programme_delete", args=[programme.uuid]))
    assert refused.status_code == 422
    archived = client.post(reverse("programme_archive", args=[programme.uuid]), follow=True)
    assert "ligger nu i arkivet" in archived.content.decode()
    assert str(programme.uuid) not in client.get(reverse("catalogue")).content.decode()
    assert str(programme.uuid) in client.get(reverse("catalogue"), {"arkiverade": 1}).content.decode()
    form = client.get(reverse("participation_register", args=[cast.huvudman.uuid])).content.decode()
    assert str(programme.uuid) not in form
    client.post(reverse("programme_restore", args=[programme.uuid]))
    assert str(programme.uuid) in client.get(reverse("catalogue")).content.decode()


@pytest.mark.parametrize("role", ["process_leader", "editor", "rektor", "reader", "stranger"])
def test_nobody_else_keeps_catalogues(cast, client_for, api_for, role):
    client, programme = client_for(getattr(cast, role)), cast.participation.programme
    addresses = [reverse("catalogue"), reverse("programme_add")]
    addresses += [
        reverse(f"programme_{verb}", args=[programme.uuid]) for verb in ("change", "delete", "archive")
    ]
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.post(reverse("programme_restore", args=[programme.uuid])).status_code == 403
    api = api_for(getattr(cast, role), write=True)
    sent = api.post("/api/v1/programmes", {"code": "x", "name": "X"}, content_type="application/json")
    assert sent.status_code == 403


def test_the_page_takes_as_many_queries_for_one_row_as_for_thirty(
    cast, client_for, django_assert_num_queries
):
    client = client_for(cast.coordinator)
    client.get(reverse("catalogue"))
    for extra in (0, 30):
        with bound(NATIONAL):
            for number in range(extra):
                FocusArea.objects.create(code=f"f{number}", name=f"Fokus {number}")
                Cohort.objects.create(programme=cast.participation.programme, start_term=f"VT{2018 + number}")
        with django_assert_num_queries(QUERIES):
            client.get(reverse("catalogue"))


def test_the_api_writes_them_with_the_same_errors(cast, api_for):
    api, programme = api_for(cast.coordinator, write=True), cast.participation.programme
    body = {"programme": "sbs", "start_term": "HT2018", "name": "Hösten"}
    body["programme"] = str(programme.uuid)
    made = api.post("/api/v1/cohorts", body, content_type="application/json")
    assert (made.status_code, made.json()["name"]) == (201, "Hösten")
    again = api.post("/api/v1/cohorts", body, content_type="application/json")
    assert again.status_code == 400
    assert again.json()["invalid_parameters"][0]["property"] == "start_term"
    address = f"/api/v1/cohorts/{made.json()['id']}"
    changed = api.patch(address, {"name": "Andra"}, content_type="application/json")
    assert changed.json()["name"] == "Andra"
    assert api.post(f"{address}/archive", content_type="application/json").status_code == 200
    gone = api.delete(address, headers={"If-Match": "*"})
    assert gone.status_code == 204
    used = api.delete(f"/api/v1/programmes/{programme.uuid}", headers={"If-Match": "*"})
    assert used.status_code == 409
