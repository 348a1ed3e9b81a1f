"""Archive, restore and delete in the browser, the API and the admin, over units."""

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman, SchoolUnit
from tests import factories

pytestmark = pytest.mark.django_db


def there(unit) -> SchoolUnit | None:
    with bound(NATIONAL):
        return SchoolUnit.objects.filter(pk=unit.pk).first()


def test_archive_says_what_happens_and_can_be_undone(cast, client_for):
    client = client_for(cast.editor)
    page = client.get(reverse("unit_archive", args=[cast.unit.uuid])).content.decode()
    assert "Här finns 1 behörighet, 1 deltagande och 2 roller." in page
    answer = client.post(reverse("unit_archive", args=[cast.unit.uuid]), follow=True)
    body = answer.content.decode()
    assert answer.redirect_chain == [(reverse("unit_list"), 302)]
    assert "Björkskolan ligger nu i arkivet." in body
    assert f'action="{reverse("unit_restore", args=[cast.unit.uuid])}"' in body
    assert f'href="{cast.unit.get_absolute_url()}"' not in body
    assert (
        cast.unit.get_absolute_url()
        in client.get(reverse("unit_list"), {"archived": "only"}).content.decode()
    )
    assert "Arkiverad" in client.get(cast.unit.get_absolute_url()).content.decode()
    client.post(reverse("unit_restore", args=[cast.unit.uuid]))
    assert cast.unit.get_absolute_url() in client.get(reverse("unit_list")).content.decode()


def test_delete_of_what_is_used_is_refused_with_the_reason(cast, client_for):
    client, address = client_for(cast.editor), reverse("unit_delete", args=[cast.unit.uuid])
    assert "går inte att ta bort" in client.get(address).content.decode()
    answer = client.post(address)
    assert answer.status_code == 422
    assert "Arkivera i stället" in answer.content.decode()
    assert there(cast.unit)


def test_delete_of_what_is_unused(cast, client_for):
    unit = factories.make_unit(cast.huvudman, "<script>alert(1)</script>")
    client, address = client_for(cast.editor), reverse("unit_delete", args=[unit.uuid])
    page = client.get(address).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in client.post(address, follow=True).content.decode()
    assert there(unit) is None


def test_a_rektor_sees_no_buttons_and_presses_none(cast, client_for):
    client = client_for(cast.rektor)
    assert "/arkivera/" not in client.get(cast.unit.get_absolute_url()).content.decode()
    assert client.post(reverse("unit_archive", args=[cast.unit.uuid])).status_code == 403


def test_the_api_archives_restores_and_deletes(cast, api_for):
    client, address = api_for(cast.editor, write=True), f"/api/v1/school-units/{cast.unit.uuid}"
    refused = client.delete(address, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/problems/conflict")
    assert "1 deltagande" in refused.json()["detail"]
    archived = client.post(f"{address}/archive")
    assert archived.status_code == 200
    assert archived.json()["archived_at"]

    def listed(query=""):
        rows = client.get(f"/api/v1/school-units{query}").json()["data"]
        return str(cast.unit.uuid) in {row["id"] for row in rows}

    assert [listed(), listed("?archived=only"), listed("?archived=include")] == [False, True, True]
    assert client.get("/api/v1/school-units?archived=ja").status_code == 400
    assert client.post(f"{address}/restore").json()["archived_at"] is None
    unit = factories.make_unit(cast.huvudman, "Felskolan")
    assert client.delete(f"/api/v1/school-units/{unit.uuid}", headers={"If-Match": "*"}).status_code == 204
    assert there(unit) is None


def test_the_api_asks_for_the_right(cast, api_for):
    address = f"/api/v1/school-units/{cast.unit.uuid}"
    for user, status in ((cast.rektor, 403), (cast.stranger, 404)):
        client = api_for(user, write=True)
        assert [
            client.delete(address, headers={"If-Match": "*"}).status_code,
            client.post(f"{address}/archive").status_code,
        ] == [status] * 2


def test_the_admin_deletes_only_what_is_unused_and_archives_the_rest(cast, client_for):
    client = client_for(cast.coordinator)
    wrong = factories.make_huvudman("Felhuvudmannen")
    used, unused = (reverse("admin:schools_huvudman_delete", args=[row.pk]) for row in (cast.huvudman, wrong))
    assert [client.get(used).status_code, client.get(unused).status_code] == [403, 200]
    assert client.post(unused, {"post": "yes"}).status_code == 302
    with bound(NATIONAL):
        assert not Huvudman.objects.filter(pk=wrong.pk).exists()
    listed = reverse("admin:schools_huvudman_changelist")
    client.post(listed, {"action": "archive", "_selected_action": [cast.huvudman.pk], "confirmed": "1"})
    with bound(NATIONAL):
        cast.huvudman.refresh_from_db()
    assert cast.huvudman.is_archived
