import json
import uuid

import pytest
from django.http import Http404
from django.test import RequestFactory

from sbs_portal.api import errors
from sbs_portal.api.problems import PROBLEMS
from sbs_portal.audit.models import Source
from sbs_portal.scope import NATIONAL, bound

pytestmark = pytest.mark.urls("tests.api.urls")

NEW = {"title": "Nyhet", "kind": "news"}


def problem_of(response, status: int, slug: str) -> dict:
    """The body, after checking what every problem has."""
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (response.status_code, body["status"], body["type"]) == (status, status, f"/api/problems/{slug}")
    assert body["title"] == PROBLEMS[slug].title
    assert uuid.UUID(body["request_id"])
    return body


def reasons_of(response, slug: str = "validation-error") -> dict[str, str]:
    body = problem_of(response, 400, slug)
    return {pair["property"]: pair["reason"] for pair in body["invalid_parameters"]}


def test_without_a_key_401_says_how_to_log_in(anonymous, db):
    response = anonymous.get("/api/v1/sources")
    body = problem_of(response, 401, "authentication-required")
    assert response["WWW-Authenticate"] == 'Bearer realm="SBS-portalen"'
    assert body["instance"] == "/api/v1/sources"


def test_a_row_outside_scope_answers_exactly_like_a_row_that_is_not(nobody, make_source):
    hidden = problem_of(nobody.get(f"/api/v1/sources/{make_source().uuid}"), 404, "not-found")
    missing = problem_of(nobody.get(f"/api/v1/sources/{uuid.uuid4()}"), 404, "not-found")
    vary = ("instance", "request_id")
    assert {k: v for k, v in hidden.items() if k not in vary} == {
        k: v for k, v in missing.items() if k not in vary
    }
    assert hidden["title"] == "Finns inte, eller så saknar du behörighet"


def test_inside_scope_without_the_right_is_403(process_leader, huvudman, make_source):
    source = make_source(huvudman_ids=[huvudman.pk])
    response = process_leader.patch(f"/api/v1/sources/{source.uuid}", {"title": "Annat"})
    assert problem_of(response, 403, "forbidden")["detail"] == "Du saknar behörighet att ändra det här."
    with bound(NATIONAL):
        assert Source.objects.get().title == "Nyhet om Uddevalla"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_method_that_is_not_there_is_405_with_allow(coordinator, method):
    response = coordinator.send(method, "/api/v1/read-sources", NEW)
    assert method in problem_of(response, 405, "method-not-allowed")["detail"]
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_another_format_than_json_is_406(coordinator):
    problem_of(coordinator.get("/api/v1/sources", Accept="text/csv"), 406, "not-acceptable")


def test_a_body_that_is_not_json_is_415(coordinator, anonymous):
    response = anonymous.post(
        "/api/v1/sources",
        "title=x",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {coordinator.key}"},
    )
    problem_of(response, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body", [b'{"title": ', b"\xff\xfe", b"NaN", b"[" * 100_000, b"1" * 5000], ids=lambda b: repr(b[:6])
)
def test_malformed_json_is_400(coordinator, anonymous, body):
    response = anonymous.post(
        "/api/v1/sources",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {coordinator.key}"},
    )
    problem_of(response, 400, "malformed-request")


def test_malformed_json_says_where(coordinator, anonymous):
    response = anonymous.post(
        "/api/v1/sources",
        '{"title":\n "x" "kind": 1}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {coordinator.key}"},
    )
    body = problem_of(response, 400, "malformed-request")
    assert body["detail"] == "Innehållet är inte giltig JSON (rad 2, tecken 6)."


@pytest.mark.parametrize("data", [[], "text", 7, None, True])
def test_a_body_that_is_not_an_object_is_400(coordinator, anonymous, data):
    response = anonymous.post(
        "/api/v1/sources",
        json.dumps(data),
        content_type="application/json",
        headers={"Authorization": f"Bearer {coordinator.key}"},
    )
    assert reasons_of(response) == {"": "Ange ett JSON-objekt."}


def test_an_oversized_body_is_413(coordinator, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = coordinator.post("/api/v1/sources", {"title": "x" * 1000, "kind": "news"})
    problem_of(response, 413, "body-too-large")


def test_an_unknown_field_is_named_with_the_known(coordinator):
    found = reasons_of(coordinator.post("/api/v1/sources", {**NEW, "titel": "x"}))
    assert found == {"titel": "Okänt fält. Kända: kind, note, published, publisher, title."}


def test_a_field_that_is_only_read_is_refused(coordinator):
    found = reasons_of(coordinator.post("/api/v1/sources", {**NEW, "id": str(uuid.uuid4())}))
    assert found["id"].startswith("Fältet går inte att ändra.")


def test_every_wrong_field_is_told_at_once(coordinator):
    found = reasons_of(coordinator.post("/api/v1/sources", {"kind": "gossip", "x": 1, "published": {"y": 2}}))
    assert set(found) == {"kind", "published", "title", "x"}


@pytest.mark.parametrize("text", ["a\x00b", "bell\x07", "\ud800"])
def test_unusable_characters_are_400_at_their_field(coordinator, text):
    found = reasons_of(coordinator.post("/api/v1/sources", {**NEW, "title": text}))
    assert found == {"title": "Texten innehåller styrtecken som inte går att spara."}


@pytest.mark.parametrize("text", ["😀 å ä ö", "rad ett\nrad två\tflik"])
def test_ordinary_text_is_kept_as_it_is(coordinator, text):
    assert coordinator.post("/api/v1/sources", {**NEW, "title": text}).json()["title"] == text


def test_a_null_byte_in_the_address_is_400(coordinator):
    problem_of(coordinator.get("/api/v1/sources/a%00b"), 400, "malformed-request")


def test_a_null_byte_in_a_parameter_is_400(coordinator):
    assert set(reasons_of(coordinator.get("/api/v1/sources?publisher=a%00b"))) == {"publisher"}


def test_too_long_text_is_400_at_its_field(coordinator):
    found = reasons_of(coordinator.post("/api/v1/sources", {**NEW, "title": "x" * 10_000}))
    assert set(found) == {"title"}


def test_a_named_constraint_answers_with_its_own_words(coordinator, make_source):
    make_source("Källan")
    data = {"source": "Källan", "what": "since", "text": "x", "trust": "derived"}
    assert reasons_of(coordinator.post("/api/v1/statements", data)) == {"": "Skriv hur uppgiften är härledd."}


@pytest.mark.django_db(transaction=True)
def test_a_foreign_key_that_breaks_at_the_commit_is_409(coordinator, make_source):
    make_source()
    problem_of(coordinator.post("/api/v1/sources/late", {}), 409, "conflict")


def test_an_unforeseen_error_is_500_tells_nothing_and_saves_nothing(coordinator):
    response = coordinator.post("/api/v1/sources", {"title": "går sönder", "kind": "news"})
    problem_of(response, 500, "internal-error")
    assert "secret" not in response.content.decode()
    with bound(NATIONAL):
        assert not Source.objects.exists()


def test_a_refused_write_saves_nothing(process_leader):
    # The row is written and then found to be outside what the writer sees.
    problem_of(process_leader.post("/api/v1/sources", NEW), 403, "forbidden")
    with bound(NATIONAL):
        assert not Source.objects.exists()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing", "/api/v2/sources", "/api/v1/sources/x/y"])
def test_unknown_addresses_are_problems(anonymous, method, path):
    problem_of(anonymous.generic(method, path), 404, "not-found")


def test_every_problem_type_has_an_address_that_explains_it(anonymous):
    for kind in PROBLEMS.values():
        body = anonymous.get(kind.address).json()
        assert (body["type"], body["title"], body["status"]) == (kind.address, kind.title, kind.status)


def test_an_unknown_problem_type_is_404(anonymous):
    problem_of(anonymous.get("/api/problems/nothing"), 404, "not-found")


@pytest.mark.parametrize(
    ("handler", "arguments", "status", "slug"),
    [
        (errors.handler400, (ValueError(),), 400, "malformed-request"),
        (errors.handler403, (PermissionError(),), 403, "forbidden"),
        (errors.handler404, (Http404(),), 404, "not-found"),
        (errors.handler500, (), 500, "internal-error"),
    ],
)
def test_handlers_for_errors_outside_the_views_are_problems(handler, arguments, status, slug):
    request = RequestFactory().get("/api/v1/x")
    request.request_id = str(uuid.uuid4())
    response = handler(request, *arguments)
    body = json.loads(response.content)
    assert (response.status_code, body["type"]) == (status, f"/api/problems/{slug}")


def test_nested_errors_are_dotted_paths():
    detail = {
        "sessions": [{}, {"title": ["saknas"]}],
        "place": {"non_field_errors": ["fel"]},
        "x": ["a", "b"],
    }
    assert errors.flattened(detail) == [
        ("sessions.1.title", "saknas"),
        ("place", "fel"),
        ("x", "a"),
        ("x", "b"),
    ]


def test_reasons_are_plain_swedish(coordinator):
    found = reasons_of(coordinator.post("/api/v1/sources", {"title": "", "kind": "gossip", "note": []}))
    assert found == {
        "title": "Skriv något här.",
        "kind": "Okänt värde. Kända: document, news, register, scraped, web_page.",
        "note": "Ange text.",
    }


def test_what_is_missing_is_told(coordinator):
    assert reasons_of(coordinator.post("/api/v1/sources", {"title": None})) == {
        "title": "Uppgiften behövs; null går inte att använda.",
        "kind": "Uppgiften behövs.",
    }
