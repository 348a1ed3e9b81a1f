import json

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from sbs_portal.api import schema

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


@pytest.fixture
def document(anonymous) -> dict:
    schema.document.cache_clear()
    return anonymous.get("/api/v1/openapi.json").json()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_is_valid_openapi_31_and_made_without_a_warning(document):
    assert document["openapi"].startswith("3.1")
    validate_schema(document)
    assert not GENERATOR_STATS


def test_it_says_who_what_and_on_which_terms(document):
    info = document["info"]
    assert {"title", "version", "description", "contact", "license"} <= set(info)
    assert {"name", "email", "url"} <= set(info["contact"])
    assert {"name", "url"} <= set(info["license"])


def test_every_operation_and_answer_is_described(document):
    for _path, _method, operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert all(answer["description"] for answer in operation["responses"].values())


def test_every_operation_behind_log_in_tells_its_problems(document):
    for path, _method, operation in operations(document):
        if path != "/api/v1/":
            assert {"400", "401", "403", "406", "500"} <= set(operation["responses"])
            content = operation["responses"]["403"]["content"]
            assert content == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }


def test_paths_have_no_slash_at_the_end_and_ids_outward(document):
    assert set(document["paths"]) == {
        "/api/v1/",
        "/api/v1/read-sources",
        "/api/v1/read-sources/{id}",
        "/api/v1/sources",
        "/api/v1/sources/late",
        "/api/v1/sources/{id}",
        "/api/v1/statements",
        "/api/v1/statements/{id}",
    }


def test_lists_tell_their_parameters(document):
    parameters = document["paths"]["/api/v1/statements"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == {"limit", "page", "ordering", "source", "trust", "what"}
    assert all(one["description"] for one in parameters)


def test_input_and_output_are_apart(document):
    schemas = document["components"]["schemas"]
    assert "id" in schemas["Source"]["properties"]
    assert "id" not in schemas["SourceRequest"]["properties"]
    assert schemas["Source"]["properties"]["id"]["format"] == "uuid"


def test_the_bearer_scheme_is_declared(document):
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_asked_again_with_its_etag_nothing_is_sent(anonymous):
    first = anonymous.get("/api/v1/openapi.json")
    again = anonymous.get("/api/v1/openapi.json", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_whatever_is_accepted_the_document_is_json(anonymous):
    response = anonymous.get("/api/v1/openapi.json", headers={"Accept": "text/html"})
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["info"]["version"] == "1.0.0"
