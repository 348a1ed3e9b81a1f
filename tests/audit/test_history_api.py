"""History in the API: the same wall and the same words as on the pages."""

import uuid

import pytest

from sbs_portal.scope import NATIONAL, bound
from schools.models import Person
from seminars.models import Meeting
from tests import factories
from tests.audit.test_history import as_user

pytestmark = pytest.mark.django_db
API = "/api/v1/history"


@pytest.fixture
def meeting(cast) -> Meeting:
    meeting = factories.make_meeting(cast.participation, units=[cast.unit], attendees=[cast.rektor_person])
    as_user(cast.editor, lambda: Meeting.objects.filter(pk=meeting.pk).update(place="Rådhuset"), "admin")
    return meeting


def test_a_change_is_told_field_by_field(cast, api_for, meeting):
    body = (
        api_for(cast.rektor)
        .get(f"{API}?object_kind=meeting&object_id={meeting.uuid}&face=admin&cursor=*")
        .json()
    )
    [change] = body["data"]
    # Which request it was is for coordinators, as on the pages.
    assert change["request_id"] is None
    assert change["fields_changed"] == [
        {"name": "place", "label": "Plats", "old": None, "new": "Rådhuset", "is_hidden": False}
    ]
    assert {
        name: change[name] for name in ("action", "face", "actor", "object_kind", "row_kind", "row_id")
    } == {
        "action": "update",
        "face": "admin",
        "actor": "Edit Redigerare",
        "object_kind": "meeting",
        "row_kind": "träff",
        "row_id": str(meeting.uuid),
    }


def test_filters_narrow_and_a_wrong_value_is_refused(cast, api_for, meeting):
    as_user(cast.coordinator, lambda: Meeting.objects.filter(pk=meeting.pk).delete())

    def found(user, query) -> list[str]:
        rows = api_for(user).get(f"{API}?object_id={meeting.uuid}&limit=200&{query}").json()["data"]
        return sorted({row["action"] for row in rows if row["row_id"] == str(meeting.uuid)})

    assert found(cast.editor, "") == ["delete", "insert", "update"]
    assert found(cast.editor, "deleted=true") == ["delete"]
    assert found(cast.editor, f"actor={cast.editor.uuid}") == ["update"]
    # Whose account it is is for coordinators to ask.
    assert found(cast.editor, f"actor={cast.coordinator.uuid}") == []
    # Its links go first, and with them whose it is.
    assert found(cast.coordinator, f"actor={cast.coordinator.uuid}") == ["delete", "update"]
    assert found(cast.editor, "since=2099-01-01T00:00:00Z") == []
    client = api_for(cast.editor)
    for query in ("object_kind=banan", "face=x", "since=igår", "actor=x", "deleted=ja"):
        assert client.get(f"{API}?{query}").status_code == 400


def test_it_is_within_reach_of_those_who_read_history(cast, api_for, meeting):
    def count(user):
        return len(api_for(user).get(f"{API}?object_id={meeting.uuid}&cursor=*").json()["data"])

    assert count(cast.editor) == count(cast.rektor) == count(cast.coordinator) > 0
    assert count(cast.stranger) == count(cast.reader) == 0
    change = api_for(cast.editor).get(f"{API}?object_id={meeting.uuid}").json()["data"][0]["id"]
    assert api_for(cast.editor).get(f"{API}/{change}").status_code == 200
    assert api_for(cast.stranger).get(f"{API}/{change}").status_code == 404
    assert api_for(cast.stranger).get(f"{API}/{uuid.uuid4()}").status_code == 404


def test_what_is_masked_is_hidden_back_in_time(cast, api_for):
    rows = Person.objects.filter(pk=cast.rektor_person.pk)
    as_user(cast.coordinator, lambda: rows.update(name="Rita Gammelnamn"))
    with bound(NATIONAL):
        rows.update(security_marking="protected")
    for user in (cast.editor, cast.coordinator):
        answer = api_for(user).get(f"{API}?object_kind=person&object_id={cast.rektor_person.uuid}")
        assert "Rita" not in answer.content.decode()
        names = [
            line for row in answer.json()["data"] for line in row["fields_changed"] if line["name"] == "name"
        ]
        assert names
        assert all(line["is_hidden"] and line["new"] is None for line in names)


def test_nobody_writes_it(cast, api_for):
    client = api_for(cast.coordinator, write=True)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(API, {}, content_type="application/json").status_code == 405


@pytest.mark.parametrize("times", [1, 30])
def test_statements_do_not_grow_with_the_changes(cast, api_for, meeting, django_assert_num_queries, times):
    for number in range(times):
        as_user(
            cast.editor, lambda number=number: Meeting.objects.filter(pk=meeting.pk).update(place=f"{number}")
        )
    client = api_for(cast.editor)
    with django_assert_num_queries(9):
        client.get(f"{API}?object_id={meeting.uuid}&cursor=*&face=browser")
