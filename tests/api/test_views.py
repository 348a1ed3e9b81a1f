import uuid

import pytest

from sbs_portal.audit.models import Source
from tests.api.test_errors import problem_of, reasons_of

pytestmark = pytest.mark.urls("tests.api.urls")


def test_a_row_is_found_by_uuid_and_natural_key(coordinator, make_source):
    source = make_source("Källan")
    by_id = coordinator.get(f"/api/v1/sources/{source.uuid}").json()
    assert by_id["id"] == str(source.uuid)
    assert coordinator.get("/api/v1/sources/Källan").json() == by_id


def test_a_slash_at_the_end_leads_to_the_same_place(coordinator, make_source):
    make_source()
    assert (
        coordinator.get("/api/v1/sources/").json()["data"]
        == coordinator.get("/api/v1/sources").json()["data"]
    )


def test_a_natural_key_that_two_rows_have_finds_neither(coordinator, make_source):
    make_source("Samma")
    make_source("Samma")
    problem_of(coordinator.get("/api/v1/sources/Samma"), 404, "not-found")


def test_a_row_is_shown_with_outward_ids_utc_times_and_precision(coordinator, make_statement):
    statement = make_statement(as_of="2018-05")
    row = coordinator.get(f"/api/v1/statements/{statement.uuid}").json()
    assert row == {
        "id": str(statement.uuid),
        "source": str(statement.source.uuid),
        "what": "since",
        "text": "Med sedan 2020",
        "trust": "stated",
        "reasoning": "",
        "as_of": {"date": "2018-05", "precision": "month", "text": "maj 2018"},
        "version": 1,
        "updated_at": f"{statement.updated_at:%Y-%m-%dT%H:%M:%S}Z",
    }


def test_creating_answers_201_with_the_row_and_its_address(coordinator):
    response = coordinator.post("/api/v1/sources", {"title": "Ny", "kind": "news"})
    assert response.status_code == 201
    assert response["Location"] == f"http://testserver/api/v1/sources/{response.json()['id']}"
    assert coordinator.get(response["Location"]).json() == response.json()


@pytest.mark.parametrize("key", ["uuid", "title"])
def test_a_related_row_is_named_by_uuid_or_natural_key(coordinator, make_source, key):
    source = make_source("Källan")
    data = {"source": str(getattr(source, key)), "what": "since", "text": "x", "trust": "stated"}
    response = coordinator.post("/api/v1/statements", data)
    assert response.json()["source"] == str(source.uuid)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (str(uuid.UUID(int=7)), f"Finns inte, eller så saknar du behörighet: {uuid.UUID(int=7)}."),
        (7, "Ange ett id (UUID)."),
        (None, "Uppgiften behövs; null går inte att använda."),
    ],
)
def test_a_related_row_that_is_not_there_is_400(coordinator, value, reason):
    data = {"source": value, "what": "since", "text": "x", "trust": "stated"}
    assert reasons_of(coordinator.post("/api/v1/statements", data)) == {"source": reason}


def test_changing_touches_only_what_is_sent(coordinator, make_statement):
    statement = make_statement()
    response = coordinator.patch(f"/api/v1/statements/{statement.uuid}", {"text": "Annat"})
    assert (response.status_code, response.json()["text"], response.json()["trust"]) == (
        200,
        "Annat",
        "stated",
    )


def test_the_root_lists_every_resource_without_log_in(anonymous, db):
    body = anonymous.get("/api/v1/").json()
    assert [row["name"] for row in body["data"]] == ["read-sources", "sources", "statements"]
    assert body["data"][1]["href"] == "http://testserver/api/v1/sources"
    assert body["_links"]["service-desc"]["href"] == "http://testserver/api/v1/openapi.json"


def test_head_answers_like_get_without_a_body(coordinator, make_source):
    make_source()
    response = coordinator.send("HEAD", "/api/v1/sources")
    assert (response.status_code, response.content) == (200, b"")


def test_options_tells_the_methods(coordinator):
    response = coordinator.send("OPTIONS", "/api/v1/sources")
    assert (response.status_code, response["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


@pytest.mark.django_db(transaction=True)
def test_a_write_that_is_refused_afterwards_is_not_committed(coordinator, make_source):
    make_source("Kvar")
    problem_of(
        coordinator.post("/api/v1/sources", {"title": "går sönder", "kind": "news"}), 500, "internal-error"
    )
    titles = [row["title"] for row in coordinator.get("/api/v1/sources").json()["data"]]
    assert titles == ["Kvar"]


@pytest.mark.django_db(transaction=True)
def test_the_next_request_on_the_connection_is_nobody_again(coordinator, nobody, make_source):
    make_source()
    assert coordinator.get("/api/v1/sources").json()["_meta"]["count"] == 1
    # Unbound, in autocommit: what the first request was bound to must be gone.
    assert not Source.objects.exists()
    assert nobody.get("/api/v1/sources").json()["_meta"]["count"] == 0
