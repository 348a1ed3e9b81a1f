"""The list of people: who is on it, what is told of them, and what they can be asked for by."""

import re
from datetime import date, timedelta

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import today
from schools.models import Person, RoleAssignment, StaffRole
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/personer/"
QUERIES = 12


def names(client, query="") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [row.name for row in response.context["page_obj"]]


@pytest.fixture
def former(cast):
    """Someone who was a rektor at the huvudman, and is a teacher at the other one now."""
    person = factories.make_person(
        cast.huvudman, "Åke Avgången", StaffRole.REKTOR, unit=cast.second_unit, valid_to=date(2017, 6, 30)
    )
    with bound(NATIONAL):
        RoleAssignment.objects.create(person=person, huvudman=cast.other_huvudman, role=StaffRole.TEACHER)
    return person


def test_a_protected_person_is_last_without_name_and_contact(cast, client_for):
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.protected_person.pk).update(email="hemlig@example.se", phone="0500-1")
        Person.objects.filter(pk=cast.rektor_person.pk).update(email="rita@example.se")
    client = client_for(cast.editor)
    assert names(client)[-1] == "Hemlig Namnsdotter"
    body = client.get(LIST).content.decode()
    told = [body, client.get(f"{LIST}?exportera=json").getvalue().decode()]
    for text in told:
        assert "Skyddad person" in text
        assert "rita@example.se" in text
        assert not re.search("Hemlig|hemlig@|0500-1", text)
    assert names(client, "?q=Hemlig") == []


def test_the_filters_ask_of_one_role_within_reach(cast, client_for, api_for, former):
    client, key = client_for(cast.editor), api_for(cast.editor)

    def asked(query):
        found = names(client, query)
        answer = key.get(f"/api/v1/people{query}").json()["data"]
        assert [row["name"] for row in answer if row["name"] != "Skyddad person"] == [
            name for name in found if name != "Hemlig Namnsdotter"
        ]
        return found

    assert asked("?role=rektor") == ["Rita Rektor", "Åke Avgången"]
    assert asked("?role=rektor&has_role=true") == ["Rita Rektor"]
    assert asked("?role=rektor&has_role=false") == ["Åke Avgången"]
    # The role elsewhere is not told of.
    assert asked("?role=teacher") == ["Hemlig Namnsdotter"]
    assert asked(f"?huvudman={cast.other_huvudman.uuid}") == []
    assert asked("?has_role=false") == ["Åke Avgången"]
    national = names(client_for(cast.coordinator), f"?role=rektor&huvudman={cast.other_huvudman.uuid}")
    assert national == ["Främling Gransson"]


def test_contact_is_shown_where_the_person_is_now(cast, client_for, former):
    with bound(NATIONAL):
        Person.objects.filter(pk=former.pk).update(email="ake@example.se")
    assert "ake@example.se" not in client_for(cast.editor).get(LIST).content.decode()
    assert "ake@example.se" in client_for(cast.stranger).get(LIST).content.decode()


def test_roles_of_the_day_asked_for_are_shown(cast, client_for, former):
    client = client_for(cast.editor)
    assert "rektor, Almskolan" not in client.get(LIST).content.decode()
    assert "rektor, Almskolan" in client.get(f"{LIST}?datum=2017-06-30").content.decode()


def test_who_may_not_read_people_has_no_list_of_them(cast, client_for):
    client = client_for(cast.reader)
    assert client.get(LIST).status_code == 403
    assert f'href="{LIST}"' not in client.get("/enheter/").content.decode()
    assert f'href="{LIST}"' in client_for(cast.rektor).get("/enheter/").content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_as_many_queries_for_one_as_for_thirty(cast, client_for, django_assert_num_queries, rows):
    for number in range(rows):
        factories.make_person(
            cast.huvudman, f"Person {number}", unit=cast.unit, valid_from=today() - timedelta(days=number)
        )
    client = client_for(cast.editor)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(f"{LIST}?ordning=place,-name")
