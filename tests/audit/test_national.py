"""The list of all changes, for coordinators."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sbs_portal.audit.journal import add_journal_entry
from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman, Person, SchoolUnit
from seminars.models import Outcome
from tests import factories
from tests.audit.test_history import as_user, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(cast):
    """A renamed unit of each huvudman, and a line that was taken away."""
    meeting = factories.make_meeting(cast.participation)
    line = factories.make_outcome(meeting, text="Struken rad")
    as_user(cast.editor, lambda: SchoolUnit.objects.filter(pk=cast.unit.pk).update(name="Nya Björkskolan"))
    as_user(
        cast.stranger,
        lambda: SchoolUnit.objects.filter(pk=cast.other_unit.pk).update(name="Nya Granskolan"),
        "api",
    )
    as_user(cast.coordinator, lambda: Outcome.objects.filter(pk=line.pk).delete(), "admin")
    return meeting


def shown(client, **query) -> str:
    response = client.get(reverse("change_list"), query)
    assert response.status_code == 200
    return text_of(response)


@pytest.mark.parametrize("role", ["process_leader", "editor", "rektor", "reader", "stranger"])
def test_for_coordinators_only(cast, client_for, role):
    client = client_for(cast.everyone[role])
    assert client.get(reverse("change_list")).status_code == 403
    assert "/andringar/" not in client.get("/").content.decode()


def test_each_row_leads_to_its_objects_history(cast, client_for, changed):
    client = client_for(cast.coordinator)
    page = client.get(reverse("change_list")).content.decode()
    assert reverse("unit_history", args=[cast.other_unit.uuid]) in page
    assert reverse("meeting_history", args=[changed.uuid]) in page


@pytest.mark.parametrize(
    ("query", "has", "has_not"),
    [
        ({}, ["Nya Björkskolan", "Nya Granskolan", "Tog bort"], []),
        ({"kind": "school-unit", "face": "api"}, ["Nya Granskolan"], ["Nya Björkskolan →", "Tog bort"]),
        ({"who": "Edit"}, [], ["Tog bort"]),
        ({"who": "forvaltning@"}, ["Nya Björkskolan"], ["Nya Granskolan", "Tog bort"]),
        ({"deleted": "on"}, ["Tog bort"], ["Nya Granskolan", "Nya Björkskolan"]),
        ({"until": "2020-01-01"}, ["Inget stämmer"], ["Tog bort", "Nya"]),
        ({"since": "i går"}, ["Inget stämmer"], ["Tog bort"]),
        ({"kind": "finns-inte"}, ["Inget stämmer"], ["Tog bort"]),
    ],
)
def test_filters(cast, client_for, changed, query, has, has_not):
    page = shown(client_for(cast.coordinator), **query)
    assert [word for word in has if word not in page] == []
    assert [word for word in has_not if word in page] == []


def test_one_huvudman(cast, client_for, changed):
    page = shown(
        client_for(cast.coordinator), huvudman=cast.other_huvudman.name[:5], since=f"{timezone.localdate()}"
    )
    assert "Nya Granskolan" in page
    assert "Nya Björkskolan" not in page


@pytest.mark.parametrize("times", [1, 30])
def test_statements_do_not_grow_with_the_rows(cast, client_for, django_assert_num_queries, times):
    for number in range(times):
        as_user(
            cast.editor,
            lambda number=number: Huvudman.objects.filter(pk=cast.huvudman.pk).update(name=f"B {number}"),
        )
    client = client_for(cast.coordinator)
    with django_assert_num_queries(13):
        client.get(reverse("change_list"), {"kind": "huvudman", "who": "forvaltning@"})


def test_the_journal_stands_among_the_changes(cast, client_for, changed):
    as_user(cast.editor, lambda: add_journal_entry(subject=changed, text="Salen brann.", by=cast.editor))
    with bound(NATIONAL):
        hidden = add_journal_entry(subject=cast.rektor_person, text="Om Rita", by=cast.coordinator)
        Person.objects.filter(pk=cast.rektor_person.pk).update(security_marking="protected")
    client = client_for(cast.coordinator)
    page = shown(client)
    assert "Salen brann." in page
    assert "Nya Björkskolan" in page
    assert hidden.text not in page
    assert shown(client, only="changes").count("skrev i journalen") == 0
    only = shown(client, only="journal", kind="meeting")
    assert "Salen brann." in only
    assert "Nya Björkskolan" not in only
    assert "Träff: " in only
    for query in ({"who": "frammande"}, {"face": "api"}, {"deleted": "on"}, {"kind": "huvudman"}):
        assert "Salen brann." not in shown(client, **query)
