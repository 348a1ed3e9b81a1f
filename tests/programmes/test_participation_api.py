"""The API of participations: shape, scope, filters, masking and the number of queries."""

from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, frozen
from tests.factories import make_participation

pytestmark = pytest.mark.django_db

API = "/api/v1/"
LIST_QUERIES = 6


def rows(client, path) -> list[dict]:
    response = client.get(API + path)
    assert response.status_code == 200, response.content
    return response.json()["data"]


def test_a_participation_has_its_term_as_a_number(cast, api_for):
    with frozen(date(2018, 10, 1)):
        row = api_for(cast.rektor).get(f"{API}participations/{cast.participation.uuid}").json()
    assert row["term"] == {
        "kind": "term",
        "number": 2,
        "total": 6,
        "low": 2,
        "high": 2,
        "sentence": "Termin 2 av 6.",
        "term": "HT2018",
        "on": "2018-10-01",
    }
    assert (row["id"], row["start_term"], row["status"], row["huvudman"]) == (
        str(cast.participation.uuid),
        "VT2018",
        "active",
        str(cast.huvudman.uuid),
    )


def test_an_imprecise_start_gives_an_interval_on_the_last_known_day(cast, api_for):
    participation = make_participation(
        start_term=None, started=ImpreciseDate.year(2020), known_through=date(2022, 11, 15)
    )
    term = api_for(cast.coordinator).get(f"{API}participations/{participation.uuid}").json()["term"]
    assert (term["kind"], term["number"], term["low"], term["high"], term["on"]) == (
        "interval",
        None,
        5,
        6,
        "2022-11-15",
    )


def test_what_is_completed_stays_so_after_the_last_known_day(cast, api_for, client_for):
    participation = make_participation(
        start_term="VT2016", status="completed", known_through=date(2019, 6, 30)
    )
    with frozen(date(2022, 10, 1)):
        term = api_for(cast.coordinator).get(f"{API}participations/{participation.uuid}").json()["term"]
        page = client_for(cast.coordinator).get("/deltaganden/").content.decode()

    assert (term["kind"], term["on"]) == ("ended", "2022-10-01")
    assert "avslutad för åtta terminer sedan" in term["sentence"].lower()
    assert "avslutad för åtta terminer sedan" in page


def test_an_unknown_start_says_why_there_is_no_number(cast, api_for):
    participation = make_participation(start_term=None)
    term = api_for(cast.coordinator).get(f"{API}participations/{participation.uuid}").json()["term"]
    assert (term["kind"], term["low"]) == ("unknown", None)
    assert "Starttermin saknas." in term["sentence"]


def test_a_stranger_gets_neither_row_nor_count(cast, api_for):
    client = api_for(cast.stranger)
    assert client.get(f"{API}participations/{cast.participation.uuid}").status_code == 404
    assert client.get(f"{API}participations").json()["_meta"]["count"] == 1


@pytest.mark.parametrize(
    "resource",
    [
        "participations",
        "participating-units",
        "participation-phases",
        "participation-focus",
        "agreements",
        "supports",
        "participation-assignments",
        "status-changes",
    ],
)
def test_a_strangers_parts_are_their_own(cast, api_for, resource):
    client = api_for(cast.stranger)
    found = rows(client, f"{resource}?huvudman={cast.huvudman.uuid}")
    assert found == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=active", True),
        ("status=paused", False),
        ("start_term=VT2018", True),
        ("start_term=HT2018", False),
        ("starts_from=HT2017", True),
        ("starts_through=HT2017", False),
    ],
)
def test_participations_are_filtered(cast, api_for, query, found):
    ids = [row["id"] for row in rows(api_for(cast.editor), f"participations?{query}")]
    assert (str(cast.participation.uuid) in ids) is found


def test_participations_are_filtered_by_unit_and_huvudman(cast, api_for):
    client = api_for(cast.coordinator)
    for query in (f"unit={cast.unit.uuid}", f"huvudman={cast.huvudman.uuid}"):
        assert [row["id"] for row in rows(client, f"participations?{query}")] == [
            str(cast.participation.uuid)
        ]


def test_a_wrong_status_is_told_the_right_ones(cast, api_for):
    response = api_for(cast.editor).get(f"{API}participations?status=igang")
    assert response.status_code == 400
    assert "active" in response.json()["invalid_parameters"][0]["reason"]


def test_a_wrong_start_term_is_refused(cast, api_for):
    assert api_for(cast.editor).get(f"{API}participations?start_term=VT").status_code == 400


def test_units_with_us_on_a_day(cast, api_for):
    client = api_for(cast.editor)
    assert len(rows(client, "participating-units?on=2018-01-08")) == 2
    assert rows(client, "participating-units?on=2018-01-07") == []


def test_an_assignment_names_the_person_and_the_employer(cast, api_for):
    (row,) = rows(api_for(cast.editor), "participation-assignments")
    assert (row["role"], row["person_name"], row["employer_name"]) == (
        "process_leader",
        "Pia Processledare",
        "Björkby kommun",
    )


def test_a_protected_person_is_masked(cast, api_for):
    with bound(NATIONAL):
        cast.leader_person.security_marking = "protected"
        cast.leader_person.save()
    (row,) = rows(api_for(cast.editor), "participation-assignments")
    assert row["person_name"] == "Skyddad person"


def test_a_reader_gets_no_assignments(cast, api_for):
    assert rows(api_for(cast.reader), "participation-assignments") == []


def test_a_reader_is_not_told_who_changed_a_status(cast, api_for):
    with bound(NATIONAL):
        cast.participation.status_changes.update(by=cast.editor)
    assert {row["by_name"] for row in rows(api_for(cast.reader), "status-changes")} == {""}
    assert {row["by_name"] for row in rows(api_for(cast.rektor), "status-changes")} == {"Edit Redigerare"}


@pytest.mark.parametrize("resource", ["programmes", "cohorts", "focus-areas"])
def test_the_catalogues_are_read_by_all(cast, api_for, resource):
    assert api_for(cast.reader).get(API + resource).status_code == 200


def test_a_programme_is_found_by_its_code(cast, api_for):
    assert api_for(cast.reader).get(f"{API}programmes/sbs").json()["name"] == "Samverkan för bästa skola"


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_as_many_queries_for_one_row_as_for_thirty(
    cast, api_for, number, django_assert_num_queries
):
    for _ in range(number):
        make_participation(units=1)
    client = api_for(cast.coordinator)
    client.get(f"{API}participations?limit=200")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(f"{API}participations?limit=200")
