"""A protected person's name and details are in no answer to anyone, also where the person is who acted."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, get_resolver, reverse

from sbs_portal.api_urls import RESOURCES
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.models import Person, StaffRole
from schools.services.person import change_person
from seminars.models import Attendance, Meeting
from tests import factories
from tests.audit.test_history import as_user

pytestmark = pytest.mark.django_db
SECRET = "kvistlund"


class Planted:
    """Someone with a role, an account, a line at a meeting, an action and a past, who then became protected."""

    def __init__(self, cast):
        self.person = factories.make_person(
            cast.huvudman,
            "Ylva Kvistlund",
            StaffRole.REKTOR,
            unit=cast.second_unit,
            email="ylva.kvistlund@skola.example",
            phone="0500-kvistlund",
        )
        self.user = factories.make_user(
            "ylva.kvistlund@konto.example",
            name="Ylva Kvistlund",
            role=Role.REKTOR,
            huvudman=cast.huvudman,
            unit=cast.second_unit,
            person=self.person,
        )
        self.meeting = factories.make_meeting(
            cast.participation, units=[cast.second_unit], attendees=[self.person]
        )
        factories.make_assignment(cast.participation, self.person, role="contact")
        factories.make_outcome(self.meeting, "action", "Ring hem", owner=self.person, huvudman=cast.huvudman)
        as_user(self.user, lambda: Attendance.objects.filter(meeting=self.meeting).update(status="present"))
        as_user(self.user, lambda: Meeting.objects.filter(pk=self.meeting.pk).update(place="Aulan"))
        LogEntry.objects.create(
            user=cast.coordinator,
            content_type=ContentType.objects.get_for_model(Person),
            object_id=str(self.person.pk),
            object_repr="Ylva Kvistlund",
            action_flag=CHANGE,
        )
        with bound(NATIONAL):
            change_person(person=self.person, security_marking="protected", by=cast.coordinator)


@pytest.fixture
def planted(cast) -> Planted:
    return Planted(cast)


def leaks(answer) -> bool:
    return SECRET in answer.content.decode(errors="replace").lower()


def pages_without_a_row() -> list[str]:
    found = []

    def walk(patterns):
        for pattern in patterns:
            if not isinstance(pattern, URLPattern):
                if pattern.namespace not in ("admin", "api"):
                    walk(pattern.url_patterns)
            elif pattern.name and not pattern.pattern.converters and "(" not in str(pattern.pattern):
                found.append(pattern.name)

    walk(get_resolver().url_patterns)
    return sorted(set(found) - {"account_logout", "healthz", "readyz"})


@pytest.mark.parametrize("role", ["coordinator", "process_leader", "editor", "rektor", "reader", "stranger"])
def test_no_page_tells(cast, client_for, planted, role):
    client = client_for(cast.everyone[role])
    addresses = [reverse(name) for name in pages_without_a_row()]
    for name, row in (
        ("person", planted.person),
        ("meeting", planted.meeting),
        ("participation", cast.participation),
        ("huvudman", cast.huvudman),
        ("unit", cast.second_unit),
    ):
        addresses += [reverse(f"{name}_{page}", args=[row.uuid]) for page in ("detail", "history")]
    assert [address for address in addresses if leaks(client.get(address))] == []
    # What is searched for stands in the search field itself; rows found would link to the person.
    for name in ("meeting_list", "participation_list", "unit_list", "huvudman_list", "change_list"):
        body = client.get(reverse(name), {"q": "Kvistlund", "who": "Kvistlund"}).content.decode()
        assert "Ylva" not in body
        assert str(planted.person.uuid) not in body


@pytest.mark.parametrize("role", ["coordinator", "process_leader", "editor", "rektor", "integration"])
def test_no_resource_of_the_api_tells(cast, api_for, planted, role):
    client = api_for(cast.everyone[role])
    told = [name for name, _ in RESOURCES if leaks(client.get(f"/api/v1/{name}?limit=200"))]
    assert told == []
    for name, view in RESOURCES:
        for parameter in view.filterset_class.base_filters if view.filterset_class else ():
            if parameter in ("q", "name", "search", "text"):
                answer = client.get(f"/api/v1/{name}?{parameter}=Kvistlund").json()
                assert str(planted.person.uuid) not in str(answer.get("data"))


def test_the_admin_is_no_way_round(cast, client_for, planted):
    client, told = client_for(cast.coordinator), []
    for model, _model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        told += [
            name
            for query in ("", "?q=Kvistlund")
            if rows_leak(client.get(reverse(f"{name}_changelist") + query))
        ]
    person = "admin:schools_person"
    told += [
        page
        for page in ("change", "history")
        if leaks(client.get(reverse(f"{person}_{page}", args=[planted.person.pk])))
        or leaks(client.get(reverse(f"admin:accounts_user_{page}", args=[planted.user.pk])))
    ]
    assert told == []
    assert not leaks(client.get(reverse("admin:index")))


def rows_leak(answer) -> bool:
    """Whether the list tells, beside the search field where the word itself was typed."""
    return "ylva" in answer.content.decode().lower()


def test_autocomplete_finds_no_one_protected(cast, client_for, planted):
    client = client_for(cast.coordinator)
    address = reverse("admin:autocomplete")
    for query in (
        {"app_label": "seminars", "model_name": "attendance", "field_name": "person"},
        {"app_label": "programmes", "model_name": "participationassignment", "field_name": "person"},
    ):
        answer = client.get(address, {**query, "term": "Kvistlund"})
        assert answer.status_code in (200, 403)
        assert (
            str(planted.person.pk) not in [one["id"] for one in answer.json().get("results", [])]
            if (answer.status_code == 200)
            else True
        )


def test_no_error_tells(cast, client_for, planted):
    client = client_for(cast.stranger)
    for page in ("detail", "history"):
        assert not leaks(client.get(reverse(f"person_{page}", args=[planted.person.uuid])))
