"""Writing through the API: the same services, rights and errors as on the pages."""

import pytest

from programmes.models import Participation
from sbs_portal.scope import NATIONAL, bound
from tests.factories import make_programme
from tests.programmes.test_part_pages import KINDS, bodies, only

pytestmark = pytest.mark.django_db

API = "/api/v1/"
RESOURCES = {
    "participating_unit": "participating-units",
    "phase": "participation-phases",
    "focus": "participation-focus",
    "support": "supports",
    "agreement": "agreements",
    "assignment": "participation-assignments",
    "pause": "term-pauses",
    "extension": "term-extensions",
}


def send(client, verb: str, address: str, body=None):
    options = {"headers": {"If-Match": "*"}} if verb == "delete" else {}
    return getattr(client, verb)(f"{API}{address}", body or {}, content_type="application/json", **options)


def reasons(response) -> dict:
    assert response.status_code == 400, response.content
    return {one["property"]: one["reason"] for one in response.json()["invalid_parameters"]}


@pytest.fixture
def programme():
    return make_programme("nyanlanda", "Riktade insatser för nyanlända")


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_created_changed_and_deleted(cast, api_for, kind):
    model, typed, expected = bodies(cast)[kind]
    client, resource = api_for(cast.coordinator, write=True), RESOURCES[kind]
    body = {name: str(value) if hasattr(value, "hex") else value for name, value in typed.items()}
    for name, value in body.items():
        if value in ("ht 2019", "ht 2018"):
            body[name] = value.upper().replace(" ", "")
        elif value == "maj 2018":
            body[name] = "2018-05"
    made = send(client, "post", resource, body | {"participation": str(cast.participation.uuid)})
    assert made.status_code == 201, made.content
    row = only(model, participation=cast.participation, **expected)
    address = f"{resource}/{row.uuid}"
    assert send(client, "patch", address).status_code == 200
    settled = send(client, "patch", address, {"participation": str(cast.other_participation.uuid)})
    assert list(reasons(settled)) == ["participation"]
    for role, status in (("reader", 403 if kind != "assignment" else 404), ("stranger", 404)):
        assert send(api_for(getattr(cast, role), write=True), "delete", address).status_code == status
    gone = send(client, "delete", address)
    assert gone.status_code == (409 if kind == "support" else 204)


def test_overlaps_and_illegal_steps_are_told_at_their_fields(cast, api_for):
    client, participation = api_for(cast.coordinator, write=True), str(cast.participation.uuid)
    again = {"participation": participation, "unit": str(cast.unit.uuid), "joined": "VT2019"}
    assert list(reasons(send(client, "post", "participating-units", again))) == ["joined"]
    foreign = again | {"unit": str(cast.other_unit.uuid)}
    assert reasons(send(client, "post", "participating-units", foreign)) == {
        "unit": "Enheten drivs inte av huvudmannen."
    }
    illegal = send(
        client, "post", f"participations/{participation}/status", {"to": "offered", "reason": "Nej"}
    )
    assert list(reasons(illegal)) == ["status"]
    moved = send(
        client, "post", f"participations/{participation}/status", {"to": "paused", "reason": "Ny skolchef"}
    )
    assert (moved.status_code, moved.json()["status"]) == (200, "paused")


def test_an_editors_entry_waits_is_returned_put_right_and_approved(cast, programme, api_for):
    editor, coordinator = api_for(cast.editor, write=True), api_for(cast.coordinator, write=True)
    body = {
        "huvudman": str(cast.huvudman.uuid),
        "programme": str(programme.uuid),
        "status": "active",
        "effective": "2025-01",
        "units": [str(cast.unit.uuid)],
    }
    made = send(editor, "post", "participations", body)
    assert (made.status_code, made.json()["registration"]) == (201, "waiting")
    address = f"participations/{made.json()['id']}"
    assert send(editor, "post", f"{address}/approve").status_code == 403
    assert list(reasons(send(coordinator, "post", f"{address}/return"))) == ["comment"]
    returned = send(coordinator, "post", f"{address}/return", {"comment": "När började ni?"})
    assert returned.json()["registration"] == "returned"
    foreign = send(editor, "post", f"{address}/registration", {"units": [str(cast.other_unit.uuid)]})
    assert foreign.status_code == 400
    sent = send(editor, "post", f"{address}/registration", {"start_term": "VT2025", "units": []})
    assert (sent.json()["registration"], sent.json()["start_term"]) == ("waiting", "VT2025")
    assert send(editor, "patch", address, {"aims": "Läsning"}).json()["aims"] == "Läsning"
    assert send(coordinator, "post", f"{address}/approve").json()["registration"] == "approved"
    assert send(editor, "patch", address, {"aims": "För sent"}).status_code == 403
    with bound(NATIONAL):
        made = Participation.objects.get(programme=programme)
        assert [step.to_state for step in made.registration_steps.all()] == [
            "waiting",
            "returned",
            "waiting",
            "approved",
        ]


def test_a_participation_with_nothing_on_it_is_deleted_and_another_archived(cast, programme, api_for):
    client = api_for(cast.coordinator, write=True)
    body = {"huvudman": str(cast.huvudman.uuid), "programme": str(programme.uuid)}
    made = send(client, "post", "participations", body).json()
    assert send(client, "delete", f"participations/{made['id']}").status_code == 204
    used = f"participations/{cast.participation.uuid}"
    assert send(client, "delete", used).status_code == 409
    assert send(client, "post", f"{used}/archive").status_code == 200


def test_an_editor_registers_for_no_other_huvudman(cast, programme, api_for):
    body = {"huvudman": str(cast.other_huvudman.uuid), "programme": str(programme.uuid)}
    sent = send(api_for(cast.editor, write=True), "post", "participations", body)
    assert list(reasons(sent)) == ["huvudman"]
