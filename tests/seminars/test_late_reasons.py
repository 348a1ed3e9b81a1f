"""Why a participation is late: the same words on the start page, in the list, its files and the API."""

import json
from datetime import date

import pytest

from programmes.reasons import reasons_of
from sbs_portal.scope import NATIONAL, Scope, bound
from seminars.models import Attendance, Meeting
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(spring, cast):
    """Five school weeks since the last meeting, two without notes, nobody ticked, and an action past its day."""
    with bound(NATIONAL):
        Meeting.objects.filter(pk=spring.third.pk).update(status="cancelled", cancelled_reason="Snö")
        spring.action.due_on, spring.action.due_next_meeting = date(2018, 3, 29), False
        spring.action.save()
    return spring


def told(user, participation) -> list[str]:
    with bound(Scope.of(user)) as scope:
        found = reasons_of([participation.pk], scope, date(2018, 4, 23))
        return [reason.text for reason in found.get(participation.pk, [])]


def test_each_thing_that_is_late_is_a_sentence(late, cast):
    said = told(cast.editor, cast.participation)
    assert said[1:] == [
        "Träffen 29 mars saknar anteckningar.",
        "Närvaron 8 mars är inte ifylld.",
        "En åtgärd är sen.",
    ]
    assert said[0].startswith("Ingen träff på ")
    with bound(NATIONAL):
        Attendance.objects.filter(meeting=late.first, person=cast.rektor_person).update(status="present")
    assert told(cast.editor, cast.participation) == [said[0], said[1], said[3]]


def test_the_list_its_file_the_api_and_the_start_page_say_the_same(late, cast, client_for, api_for):
    client, said = client_for(cast.editor), told(cast.editor, cast.participation)
    for address in ("/deltaganden/", "/"):
        body = client.get(address).content.decode()
        assert [one for one in said if one not in body] == []
    [row] = json.loads(client.get("/deltaganden/?exportera=json").getvalue())["rows"]
    assert row["late"] == " ".join(said)
    key = api_for(cast.editor)
    [row] = key.get("/api/v1/participations").json()["data"]
    assert [reason["text"] for reason in row["late_reasons"]] == said
    assert key.get(row["late_reasons"][0]["href"]).status_code in (200, 302)
    one = key.get(f"/api/v1/participations/{cast.participation.uuid}").json()
    assert one["late_reasons"] == row["late_reasons"]


def test_a_reader_and_a_stranger_are_told_nothing_of_what_they_do_not_read(late, cast):
    assert told(cast.reader, cast.participation) == told(cast.editor, cast.participation)[:1]
    with bound(Scope.of(cast.stranger)) as scope:
        assert reasons_of([cast.participation.pk], scope, date(2018, 4, 23)) == {}


def test_nothing_is_late_past_what_is_known_or_after_the_end(late, cast):
    for changes in ({"known_through": date(2018, 4, 1)}, {"known_through": None, "status": "completed"}):
        with bound(NATIONAL):
            type(cast.participation).objects.filter(pk=cast.participation.pk).update(**changes)
        assert told(cast.editor, cast.participation) == []


@pytest.mark.parametrize("rows", [1, 20])
def test_one_statement_for_one_and_for_twenty(late, cast, django_assert_num_queries, rows):
    with bound(NATIONAL):
        made = [cast.participation]
        for _ in range(rows - 1):
            made.append(factories.make_participation())
            factories.make_meeting(made[-1], when=date(2018, 3, 1))
    with bound(Scope.of(cast.coordinator)) as scope:
        with django_assert_num_queries(1):
            found = reasons_of([one.pk for one in made], scope, date(2018, 4, 23))
        assert len(found) == len(made)
