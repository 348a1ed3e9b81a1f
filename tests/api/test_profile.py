"""Digg's REST API-profil, rule by rule: checked over openapi.json, held by another test, or deviated from.

The deviations and why are in docs/decisions/0007.
"""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from sbs_portal.api import schema
from sbs_portal.config import BASE_DIR

RULES = re.findall(
    r"\S+",
    """
MOG.01 MOG.02 MOG.03 UFN.01 UFN.02 UFN.03 UFN.04 UFN.05 UFN.07 UFN.08 UFN.09 RES.01 RES.02 RES.03 RES.04 RES.06
VER.01 VER.02 VER.03 VER.04 VER.05 VER.06 VER.07 VER.08 VER.09 VER.10 VER.11 VER.12 DOK.01 DOK.03 DOK.04 DOK.05
DOK.07 DOK.08 DOK.09 DOK.11 DOK.13 DOK.15 DOK.16 DOK.17 DOK.18 DOK.19 DOK.20 DOK.22 DOK.23 DOK.24 DOT.01 DOT.02
DOT.03 DOT.04 ARQ.01 ARQ.02 ARQ.03 ARQ.04 ARQ.05 ARQ.06 ARP.02 ARP.03 ARP.04 AME.01 AME.02 AME.03 AME.04 AME.05
AME.06 AME.07 FEL.01 FEL.02 FNS.01 FNS.03 FNS.05 FNS.06 FNS.07 FNS.08 FNS.09 FNS.10 FNS.11 HYP.02 HYP.03 HYP.05
HYP.07 HYP.11 HYP.19 SAK.01 SAK.02 SAK.03 SAK.08 SAK.12 SAK.16 SAK.17 SAK.18 SAK.25 SAK.26
""",
)
# Rules that say what answers do rather than what is described: the test that holds each.
HELD = {
    "MOG.03": "tests/api/test_profile.py::test_nothing_is_read_by_post",
    "VER.06": "tests/api/test_developers.py::test_api_info_is_open_and_named_as_the_profile_names_it",
    "VER.07": "tests/api/test_developers.py::test_api_info_is_open_and_named_as_the_profile_names_it",
    "VER.08": "tests/api/test_developers.py::test_a_resource_on_its_way_out_says_so_in_every_answer",
    "VER.09": "tests/api/test_developers.py::test_a_resource_on_its_way_out_says_so_in_every_answer",
    "VER.10": "tests/api/test_developers.py::test_api_info_is_open_and_named_as_the_profile_names_it",
    "VER.03": "tests/api/test_errors.py::test_an_unknown_field_is_named_with_the_known",
    "DOK.01": "tests/api/test_developers.py::test_every_resource_has_its_page",
    "DOK.04": "tests/matrix/test_contract.py::test_every_operation_does_what_it_says",
    "DOK.05": "tests/matrix/test_contract.py::test_every_operation_does_what_it_says",
    "DOK.15": "tests/api/test_developers.py::test_a_page_tells_operations_names_and_examples",
    "DOT.02": "tests/api/test_views.py::test_a_row_is_shown_with_outward_ids_utc_times_and_precision",
    "DOT.03": "tests/api/test_views.py::test_a_row_is_shown_with_outward_ids_utc_times_and_precision",
    "DOT.04": "tests/api/test_views.py::test_a_row_is_shown_with_outward_ids_utc_times_and_precision",
    "ARQ.01": "tests/api/test_errors.py::test_malformed_json_is_400",
    "ARQ.03": "tests/api/test_conditions.py::test_what_is_unchanged_is_304_without_a_body",
    "ARQ.04": "tests/api/test_errors.py::test_another_format_than_json_is_406",
    "ARQ.06": "tests/api/test_idempotency.py",
    "AME.02": "tests/api/test_errors.py::test_another_format_than_json_is_406",
    "FNS.08": "tests/api/test_pagination.py::test_a_page_that_cannot_be_used_is_400",
    "HYP.02": "tests/matrix/test_api.py",
    "SAK.08": "tests/api/test_authentication.py::test_a_key_that_no_longer_holds_is_401",
    "SAK.25": "tests/api/test_errors.py::test_an_unforeseen_error_is_500_tells_nothing_and_saves_nothing",
    "SAK.26": "tests/api/test_errors.py::test_an_unforeseen_error_is_500_tells_nothing_and_saves_nothing",
}
# What there is nothing of here, or is said of whoever installs or calls the portal.
NOT_OURS = {
    "RES.04": "no address has an id inside another's",
    "ARP.04": "nothing is answered with 202",
    "AME.03": "other formats are allowed and not needed",
    "SAK.02": "the proxy's",
    "SAK.03": "the proxy's",
    "SAK.17": "no CORS header is sent at all",
    "HYP.11": "links lead to GET alone",
    "HYP.19": "the same",
}
# Looks in several resources and answers with the best few of each: no pages, no rows of its own, and a q that is needed.
SEARCH = "/api/v1/search"
NAME = re.compile(r"_?[a-z][a-z0-9]*(_[a-z0-9]+)*")


@pytest.fixture(scope="module")
def described() -> dict:
    schema.document.cache_clear()
    return json.loads(schema.document("sbs_portal.urls", "https://sbs.example.se")[0])


def operations(described: dict) -> list[tuple[str, str, dict]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def query(described: dict) -> list[dict]:
    return [
        one
        for path, _, operation in operations(described)
        for one in operation.get("parameters", ())
        if one["in"] == "query" and path != SEARCH
    ]


def lists(described: dict) -> list[tuple[str, dict]]:
    return [
        (path, said)
        for path, _, said in operations(described)
        if said["operationId"].endswith("_list") and path != SEARCH
    ]


def fields(described: dict) -> list[tuple[str, dict]]:
    components = described["components"]["schemas"].values()
    return [pair for component in components for pair in component.get("properties", {}).items()]


def answers(described: dict) -> list[tuple[str, str, str, dict]]:
    return [
        (path, method, status, answer)
        for path, method, operation in operations(described)
        for status, answer in operation["responses"].items()
    ]


def word(name: str) -> Callable[[dict], list]:
    """Places of the document that must not be empty."""

    def strays(described: dict) -> list:
        found = described
        for step in name.split("."):
            found = found.get(step)
        return [] if found else [name]

    return strays


def _methods(described):
    allowed = {"get", "post", "put", "patch", "delete"}
    return [(path, method) for path, method, _ in operations(described) if method not in allowed]


def _paths(described):
    return [path for path in described["paths"] if not re.fullmatch(r"/api/v1(/[a-z0-9-]+|/\{id\})*/?", path)]


def _plural(described):
    apart = {"", "huvudman", "seminar-huvudman", "people", "api-info", "search", "history"}
    names = {path.split("/")[3] for path in described["paths"]} - apart
    return [name for name in names if not name.endswith("s")]


_UUID = {"format": "uuid"}


def _ids(described):
    """Outward ids are UUIDs; what is sent may be a natural key as well."""
    components = described["components"]["schemas"]
    return [
        name
        for name, one in components.items()
        if not name.endswith("Request") and one.get("properties", {}).get("id", _UUID).get("format") != "uuid"
    ]


def _info(described):
    wanted = ("version", "title", "description", "contact", "license")
    found = [name for name in wanted if not described["info"].get(name)]
    found += [name for name in ("name", "url", "email") if not described["info"]["contact"].get(name)]
    return found + [name for name in ("name", "url") if not described["info"]["license"].get(name)]


def _semver(described):
    return [] if re.fullmatch(r"[1-9]\d*\.\d+\.\d+", described["info"]["version"]) else ["version"]


def _described(described):
    bare = [(p, m) for p, m, said in operations(described) if not said["description"] or not said["summary"]]
    return bare + [(p, m, s) for p, m, s, answer in answers(described) if not answer["description"]]


def _problems(described):
    return [
        (path, method, status)
        for path, method, status, answer in answers(described)
        if status >= "400" and list(answer["content"]) != ["application/problem+json"]
    ]


def _statuses(described):
    wanted = {"400", "401", "403", "406", "429", "500", "503"}
    return [
        (path, method, wanted - set(said["responses"]))
        for path, method, said in operations(described)
        if said.get("security") and not wanted <= set(said["responses"])
    ]


def _times(described):
    odd = [
        name for name, one in fields(described) if name.endswith("_at") and one.get("format") != "date-time"
    ]
    return odd + [
        one["example"] for _, one in fields(described) if one.get("format") == "date" and not _is_date(one)
    ]


def _is_date(one: dict) -> bool:
    return "example" not in one or bool(date.fromisoformat(one["example"]))


def _json(described):
    bodies = [said.get("requestBody", {}).get("content", {}) for *_, said in operations(described)]
    return [content for content in bodies if content and list(content) != ["application/json"]]


def _security(described):
    kinds = described["components"]["securitySchemes"]
    return [name for name, one in kinds.items() if one.get("in") == "query"] or (
        [] if kinds["bearer"] == kinds["bearer"] | {"type": "http", "scheme": "bearer"} else ["bearer"]
    )


def _headers(described):
    """What is sent in headers is about the request, never the matter."""
    known = {"If-Match", "If-None-Match", "Idempotency-Key"}
    return [
        one["name"]
        for *_, said in operations(described)
        for one in said.get("parameters", ())
        if one["in"] == "header" and one["name"] not in known
    ]


def _location(described):
    return [
        (path, status)
        for path, method, status, answer in answers(described)
        if (method, status) == ("post", "201")
        and not path.endswith("/bulk")
        and "Location" not in answer.get("headers", {})
    ]


def _names(described):
    return [name for name, _ in fields(described) if not NAME.fullmatch(name)]


def _lists_plural(described):
    named = {"data", "_deleted", "fields_changed"}
    return [
        n for n, one in fields(described) if one.get("type") == "array" and n not in named and n[-1] != "s"
    ]


def _parameters(described):
    return [one["name"] for one in query(described) if not re.fullmatch(r"[a-z][a-z0-9_]*", one["name"])]


def _optional(described):
    return [one["name"] for one in query(described) if one.get("required")]


def _paged(described):
    found = []
    for path, said in lists(described):
        by_name = {one["name"]: one["schema"] for one in said["parameters"]}
        if not {"limit", "page"} <= set(by_name) or by_name["limit"]["default"] != 20:
            found.append(path)
    return found


def _meta(described):
    found = []
    for path, said in lists(described):
        ref = said["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        page = described["components"]["schemas"][ref.rpartition("/")[2]]
        if not {"_meta", "_links"} <= set(page["required"]) or page["properties"]["_links"]["required"] != [
            "self"
        ]:
            found.append(path)
    return found


CHECKED: dict[str, Callable[[dict], list]] = {
    "MOG.01": _methods,
    **dict.fromkeys(("UFN.01", "UFN.05", "UFN.07", "UFN.08", "UFN.09", "VER.05"), _paths),
    **dict.fromkeys(("RES.01", "RES.02", "RES.03"), _ids),
    **dict.fromkeys(("UFN.04", "FNS.01", "FNS.03", "FNS.06"), _parameters),
    **dict.fromkeys(("VER.04", "VER.11", "VER.12"), _semver),
    **dict.fromkeys(("DOK.03", "DOK.07"), _info),
    **dict.fromkeys(("DOK.08", "DOK.09", "VER.01", "VER.02"), word("info.description")),
    **dict.fromkeys(("DOK.11", "DOK.19", "DOK.20"), _described),
    **dict.fromkeys(("DOK.13", "ARP.02"), _statuses),
    **dict.fromkeys(("DOK.16", "DOK.17", "DOK.18", "DOK.22", "DOK.23", "DOK.24"), word("openapi")),
    "DOT.01": _times,
    **dict.fromkeys(("ARQ.02", "SAK.16"), _security),
    "ARQ.05": _headers,
    "ARP.03": _location,
    "AME.01": _json,
    **dict.fromkeys(("AME.04", "AME.07"), _names),
    "AME.06": _lists_plural,
    **dict.fromkeys(("FEL.01", "FEL.02"), _problems),
    "FNS.05": _optional,
    **dict.fromkeys(("FNS.07", "FNS.09"), _paged),
    **dict.fromkeys(("FNS.10", "FNS.11", "HYP.03", "HYP.05"), _meta),
}


def deviations() -> set[str]:
    [page] = (BASE_DIR / "docs" / "decisions").glob("0007-*.md")
    rows = [line for line in page.read_text().splitlines() if line.startswith("| ")]
    return {rule for row in rows for rule in re.findall(r"[A-Z]{3}\.\d\d", row.split("|")[1])}


def test_every_rule_is_checked_held_or_deviated_from_and_only_once():
    said = [*CHECKED, *HELD, *NOT_OURS, *deviations()]
    assert sorted(said) == sorted(RULES)


@pytest.mark.parametrize("rule", CHECKED)
def test_rule(described, rule):
    assert CHECKED[rule](described) == []


@pytest.mark.parametrize("rule", HELD)
def test_what_holds_a_rule_is_there(rule):
    path, _, name = HELD[rule].partition("::")
    assert f"def {name or 'test_'}" in (BASE_DIR / path).read_text()


def test_plural_names_of_resources(described):
    """RES.06, apart from the words in 0007."""
    assert _plural(described) == []


def test_nothing_is_read_by_post(described):
    """MOG.03: a POST adds or changes; what it answers is what it did."""
    reading = ("search", "query", "find")
    assert [
        path for path, method, _ in operations(described) if method == "post" and path.endswith(reading)
    ] == []
