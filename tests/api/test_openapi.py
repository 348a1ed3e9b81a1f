import json
import re

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from sbs_portal.api import schema

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db]


PORTAL = "sbs_portal.urls"
OPEN = ("/api/v1/", "/api/v1/api-info")
NAME = re.compile(r"_?[a-z][a-z0-9]*(_[a-z0-9]+)*")


def described(urlconf: str) -> dict:
    schema.document.cache_clear()
    return json.loads(schema.document(urlconf, "https://sbs.example.se")[0])


@pytest.fixture
def document() -> dict:
    """The small API of these tests."""
    return described("tests.api.urls")


@pytest.fixture(params=["tests.api.urls", PORTAL])
def any_document(request) -> dict:
    """The small API, and the portal's own."""
    return described(request.param)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_description_is_valid_openapi_31_and_made_without_a_warning(any_document):
    assert any_document["openapi"].startswith("3.1")
    validate_schema(any_document)
    assert not GENERATOR_STATS, "see the warnings on stderr"


def test_it_says_who_what_and_on_which_terms(document):
    info = document["info"]
    assert {"title", "version", "description", "contact", "license"} <= set(info)
    assert {"name", "email", "url"} <= set(info["contact"])
    assert {"name", "url"} <= set(info["license"])


def test_every_operation_and_answer_is_described(any_document):
    for _path, _method, operation in operations(any_document):
        assert operation["summary"]
        assert operation["description"]
        assert all(answer["description"] for answer in operation["responses"].values())


def test_every_operation_behind_log_in_tells_its_problems(any_document):
    for path, _method, operation in operations(any_document):
        if path not in OPEN:
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
        "/api/v1/sources/bulk",
        "/api/v1/sources/late",
        "/api/v1/sources/{id}",
        "/api/v1/statements",
        "/api/v1/statements/bulk",
        "/api/v1/statements/{id}",
    }


def test_every_parameter_is_described(any_document):
    for path, method, operation in operations(any_document):
        bare = [one["name"] for one in operation.get("parameters", ()) if one["description"] == one["name"]]
        assert (path, method, bare) == (path, method, [])


def test_paths_are_lower_case_with_hyphens(any_document):
    for path in any_document["paths"]:
        assert re.fullmatch(r"/api/v1(/[a-z0-9-]+|/\{id\})*/?", path)


def test_every_name_of_a_field_is_snake_case(any_document):
    for name, component in any_document["components"]["schemas"].items():
        odd = [field for field in component.get("properties", ()) if not NAME.fullmatch(field)]
        assert (name, odd) == (name, [])


def test_no_inner_key_is_shown(any_document):
    for name, component in any_document["components"]["schemas"].items():
        assert (name, "pk" in component.get("properties", ())) == (name, False)


def test_lists_tell_their_parameters(document):
    parameters = document["paths"]["/api/v1/statements"]["get"]["parameters"]
    assert {one["name"] for one in parameters} == {
        *("limit", "page", "cursor", "fields", "expand", "ordering", "modified_since"),
        *("source", "trust", "what"),
    }
    assert all(one["description"] for one in parameters)


def test_a_field_may_be_left_out_and_an_id_be_the_row(document):
    component = document["components"]["schemas"]["Statement"]
    assert "required" not in component
    assert component["properties"]["source"]["oneOf"] == [
        {"type": "string", "format": "uuid"},
        {"$ref": "#/components/schemas/Source"},
    ]


def test_many_rows_are_a_list_and_each_change_says_its_id(document):
    operations = document["paths"]["/api/v1/statements/bulk"]
    assert set(operations) == {"post", "patch"}
    sent = operations["patch"]["requestBody"]["content"]["application/json"]["schema"]
    assert sent == {"type": "array", "items": {"$ref": "#/components/schemas/StatementBulkChangeRequest"}}
    assert document["components"]["schemas"]["StatementBulkChangeRequest"]["required"] == ["id"]


def test_a_replacement_needs_every_field_and_the_version(document):
    operation = document["paths"]["/api/v1/sources/{id}"]["put"]
    condition = next(one for one in operation["parameters"] if one["name"] == "If-Match")
    assert condition["required"]
    assert {"412", "428"} <= set(operation["responses"])
    component = document["components"]["schemas"]["SourceReplacementRequest"]
    assert set(component["required"]) == set(component["properties"])


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
