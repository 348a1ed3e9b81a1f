"""Seminars in the API: the shape, and whose rows are whose."""

import pytest
from django.urls import reverse

from tests.factories import make_seminar
from tests.seminars.seminar_data import shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]

PARTS = (
    "seminar-huvudman",
    "delegations",
    "delegates",
    "sessions",
    "presentations",
    "seminar-units",
    "reflection-words",
    "lessons",
)


def rows(client, resource: str, **query) -> list[dict]:
    answer = client.get(reverse(f"api:{resource}-list"), query)
    assert answer.status_code == 200
    return answer.json()["data"]


def test_a_seminar_has_its_facts_and_a_date_with_precision(cast, api_for, shared):
    answer = api_for(cast.editor).get(reverse("api:seminars-detail", args=[shared.seminar.uuid]))
    found = answer.json()
    assert found["id"] == str(shared.seminar.uuid)
    assert (found["kind"], found["place"], found["status"]) == ("closing", "Folkets Hus", "held")
    assert found["starts"]["precision"] == "day"
    assert "huvudman_ids" not in found


def test_a_seminar_of_others_does_not_exist(cast, api_for):
    seminar = make_seminar(cast.other_participation)
    client = api_for(cast.editor)
    assert client.get(reverse("api:seminars-detail", args=[seminar.uuid])).status_code == 404
    assert rows(client, "seminars") == []


def test_seminars_are_filtered_by_huvudman_and_month(cast, api_for, shared):
    make_seminar(cast.other_participation)
    client = api_for(cast.coordinator)
    assert len(rows(client, "seminars", huvudman=str(cast.huvudman.uuid), starts="2026-11")) == 1


def test_the_others_at_a_seminar_are_names_without_ids(cast, api_for, shared):
    found = {row["name"]: row for row in rows(api_for(cast.editor), "seminar-huvudman")}
    assert found["Björkby kommun"]["huvudman"] == str(cast.huvudman.uuid)
    assert found["Björkby kommun"]["participation"] == str(cast.participation.uuid)
    assert found["Granby kommun"]["huvudman"] is None
    assert found["Granby kommun"]["participation"] is None


def test_presentations_of_all_are_read_by_all(cast, api_for, shared):
    found = {row["presented_by"]: row["huvudman"] for row in rows(api_for(cast.editor), "presentations")}
    assert found == {"Björkby kommun": str(cast.huvudman.uuid), "Granby kommun": None}


def test_a_delegation_says_how_many_are_named(cast, api_for, shared):
    (found,) = rows(api_for(cast.editor), "delegations")
    assert (found["head_count"], found["named_count"], found["roles"]) == (10, 2, ["teacher"])


def test_delegates_are_the_own_and_masked(cast, api_for, shared):
    names = sorted(row["name"] for row in rows(api_for(cast.editor), "delegates"))
    assert names == ["Rita Rektor", "Skyddad person"]


@pytest.mark.parametrize("resource", ["delegations", "delegates", "seminar-units"])
def test_a_reader_reads_no_delegations(cast, api_for, shared, resource):
    assert rows(api_for(cast.reader), resource) == []


@pytest.mark.parametrize(
    ("resource", "field"),
    [("sessions", "leaders"), ("presentations", "presented_by"), ("lessons", "from_whom")],
)
def test_a_reader_reads_no_names_in_the_programme(cast, api_for, shared, resource, field):
    assert {row[field] for row in rows(api_for(cast.reader), resource)} == {""}
    assert "" not in {row[field] for row in rows(api_for(cast.editor), resource)}


def test_anothers_units_are_not_read(cast, api_for, shared):
    found = rows(api_for(cast.editor), "seminar-units")
    assert [row["unit"] for row in found] == [str(cast.unit.uuid)]


def test_the_coordinator_reads_everyones(cast, api_for, shared):
    client = api_for(cast.coordinator)
    assert len(rows(client, "delegations")) == 2
    assert len(rows(client, "seminar-units")) == 2


@pytest.mark.parametrize("resource", PARTS)
def test_parts_are_filtered_by_seminar(cast, api_for, shared, resource):
    elsewhere = make_seminar(cast.participation)
    client = api_for(cast.coordinator)
    assert rows(client, resource, seminar=str(shared.seminar.uuid))
    expected = 1 if resource == "seminar-huvudman" else 0
    assert len(rows(client, resource, seminar=str(elsewhere.uuid))) == expected


@pytest.mark.parametrize("resource", ["seminars", *PARTS])
def test_a_body_that_lacks_everything_is_refused(cast, api_for, shared, resource):
    client = api_for(cast.coordinator, write=True)
    answer = client.post(reverse(f"api:{resource}-list"), "{}", content_type="application/json")
    assert answer.status_code == 400


def test_a_lesson_is_written_by_coordinators_only(cast, api_for, shared):
    body = {"seminar": str(shared.seminar.uuid), "text": "Håll ut."}
    for user, status in ((cast.editor, 403), (cast.coordinator, 201)):
        client = api_for(user, write=True)
        answer = client.post(reverse("api:lessons-list"), body, content_type="application/json")
        assert answer.status_code == status


@pytest.mark.parametrize("seminars", [1, 30])
def test_a_list_takes_as_many_queries_for_one_as_for_thirty(
    cast, api_for, django_assert_num_queries, seminars
):
    for _ in range(seminars):
        make_seminar(cast.participation, cast.other_participation)
    client = api_for(cast.editor)
    for resource in ("seminars", "seminar-huvudman"):
        client.get(reverse(f"api:{resource}-list"), {"limit": 100})
        with django_assert_num_queries(6):
            client.get(reverse(f"api:{resource}-list"), {"limit": 100})


@pytest.mark.parametrize("resource", PARTS)
def test_a_list_of_parts_takes_six_queries(cast, api_for, django_assert_num_queries, shared, resource):
    client = api_for(cast.editor)
    client.get(reverse(f"api:{resource}-list"))
    with django_assert_num_queries(6):
        client.get(reverse(f"api:{resource}-list"))
