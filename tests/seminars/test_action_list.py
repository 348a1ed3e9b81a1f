"""The list of actions: what is late, whose they are, and many changed at once."""

from datetime import date

import pytest

from programmes.models import Participation
from sbs_portal.scope import NATIONAL, bound
from schools.models import Person
from seminars.models import Outcome
from tests import factories
from tests.lists.test_bulk import confirm, preview, undo_address

pytestmark = pytest.mark.django_db
LIST, BULK = "/atgarder/", "/atgarder/andra-flera/"
QUERIES = 12


class Actions:
    """An open action, a late one, one that is done, and a stranger's; on 23 April 2018."""

    def __init__(self, cast):
        self.meeting = factories.make_meeting(
            cast.participation, when=date(2018, 3, 8), status="held", units=[cast.unit]
        )
        self.late = self.make("Samla in schemat", due_on=date(2018, 4, 20), owner=cast.rektor_person)
        self.open = self.make("Boka en lokal", due_on=date(2018, 5, 2), owner=cast.protected_person)
        self.done = self.make("Skicka brevet", done_on=date(2018, 4, 2), owner_party="Skolverket")
        self.decision = factories.make_outcome(self.meeting, "decision", "Ett beslut")
        others = factories.make_meeting(cast.other_participation, when=date(2018, 3, 8), status="held")
        self.foreign = factories.make_outcome(others, "action", "Granby ringer")

    def make(self, text, **fields) -> Outcome:
        return factories.make_outcome(self.meeting, "action", text, **fields)


@pytest.fixture
def actions(cast, day) -> Actions:
    return Actions(cast)


def texts(client, query="") -> list[str]:
    response = client.get(LIST + query)
    assert response.status_code == 200
    return [row.text for row in response.context["page_obj"]]


def fresh(*lines) -> list[Outcome]:
    with bound(NATIONAL):
        return [Outcome.objects.select_related("owner").get(pk=line.pk) for line in lines]


def test_open_ones_stand_first_by_day_and_nothing_else_is_there(actions, cast, client_for):
    client = client_for(cast.editor)
    assert texts(client) == ["Samla in schemat", "Boka en lokal", "Skicka brevet"]
    body = client.get(LIST).content.decode()
    assert "Försenad 3 dagar" in body
    assert "Skyddad person" in body
    assert "Hemlig" not in body
    assert client_for(cast.reader).get(LIST).status_code == 403


def test_page_and_api_filter_alike(actions, cast, client_for, api_for):
    client, key = client_for(cast.rektor), api_for(cast.rektor)
    for query, expected in (
        ("state=late", ["Samla in schemat"]),
        ("state=open", ["Samla in schemat", "Boka en lokal"]),
        ("state=done", ["Skicka brevet"]),
        ("mine=true", ["Samla in schemat"]),
        ("mine=false", ["Boka en lokal", "Skicka brevet"]),
        ("q=rita", ["Samla in schemat"]),
        ("q=hemlig", []),
        ("q=skolverket", ["Skicka brevet"]),
        ("due_from=2018-05-01&due_to=2018-05-02", ["Boka en lokal"]),
        (f"huvudman={cast.other_huvudman.uuid}", []),
        (f"owner={cast.protected_person.uuid}", ["Boka en lokal"]),
    ):
        assert texts(client, f"?{query}") == expected, query
        rows = key.get(f"/api/v1/outcomes?kind=action&ordering=created_at&{query}").json()["data"]
        assert [row["text"] for row in rows] == expected, query


def test_nothing_is_late_past_what_is_known(actions, cast, client_for):
    with bound(NATIONAL):
        Participation.objects.filter(pk=cast.participation.pk).update(known_through=date(2018, 4, 1))
    client = client_for(cast.editor)
    assert texts(client, "?state=late") == []
    assert "Försenad" not in client.get(LIST).content.decode()


def test_many_are_ticked_off_and_opened_again(actions, cast, client_for):
    client = client_for(cast.editor)
    page = preview(client, BULK, "complete", actions.late, actions.open, actions.done, actions.decision)
    body = page.content.decode()
    assert "<strong>2 åtgärder</strong> bockas av." in body
    assert "1 åtgärd kan inte ändras" in body
    assert "Ett beslut" not in body
    confirm(client, BULK, page)
    assert [line.done_on for line in fresh(actions.late, actions.open)] == [date(2018, 4, 23)] * 2
    client.post(undo_address(client.get(LIST)))
    assert [line.done_on for line in fresh(actions.late, actions.open)] == [None, None]


def test_many_get_another_day_or_the_next_meeting(actions, cast, client_for):
    factories.make_meeting(cast.participation, when=date(2018, 4, 26))
    client = client_for(cast.editor)
    page = preview(client, BULK, "due", actions.late, actions.open)
    for sent in ({}, {"due_on": "2018-05-09", "due_next_meeting": "on"}, {"due_on": "i maj"}):
        assert confirm(client, BULK, page, **sent).status_code == 422
    confirm(client, BULK, page, due_on="2018-05-09")
    assert [line.due_on for line in fresh(actions.late, actions.open)] == [date(2018, 5, 9)] * 2
    page = preview(client, BULK, "due", actions.late)
    confirm(client, BULK, page, due_next_meeting="on")
    assert [line.due_on for line in fresh(actions.late)] == [date(2018, 4, 26)]


def test_many_get_another_owner_among_those_at_hand(actions, cast, client_for):
    client = client_for(cast.editor)
    page = preview(client, BULK, "owner", actions.late, actions.open)
    assert "Främling Gransson" not in page.content.decode()
    refused = confirm(client, BULK, page, owner=str(cast.other_person.uuid))
    assert refused.status_code == 422
    assert "Välj någon ur listan." in refused.content.decode()
    confirm(client, BULK, page, owner=str(cast.editor_person.uuid))
    assert [line.owner for line in fresh(actions.late, actions.open)] == [cast.editor_person] * 2
    confirm(client, BULK, preview(client, BULK, "owner", actions.late), owner="part:Björkby kommun")
    assert [(line.owner, line.owner_party) for line in fresh(actions.late)] == [(None, "Björkby kommun")]


def test_a_rektor_changes_those_of_the_own_units_meetings(actions, cast, client_for):
    elsewhere = factories.make_meeting(cast.participation, when=date(2018, 3, 8), units=[cast.second_unit])
    theirs = factories.make_outcome(elsewhere, "action", "Almskolans")
    body = preview(client_for(cast.rektor), BULK, "complete", actions.late, theirs, actions.foreign)
    assert "<strong>1 åtgärd</strong> bockas av." in body.content.decode()
    assert "1 åtgärd får du inte ändra." in body.content.decode()
    assert "Granby" not in body.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_as_many_queries_for_one_as_for_thirty(actions, cast, client_for, django_assert_num_queries, rows):
    for number in range(rows):
        actions.make(f"Nr {number}", owner=cast.editor_person)
    client = client_for(cast.editor)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        client.get(f"{LIST}?ordning=owner,-due_on")


def test_names_are_sorted_as_they_are_shown(actions, cast, client_for):
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.protected_person.pk).update(name="Aa Hemlig")
    assert texts(client_for(cast.editor), "?ordning=owner")[0] == "Samla in schemat"
