"""How a person is reached: shown where they are now, and not to whom they have left."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from sbs_portal.audit.entries import told
from sbs_portal.audit.models import Change
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.time import today
from schools.models import Person, RoleAssignment, StaffRole
from schools.services.person import change_person
from tests.factories import make_person

pytestmark = pytest.mark.django_db
NOW_AT = "moa.flyttad@granby.example"


@pytest.fixture
def moved(cast):
    """Once at Björkby, now at Granby, which has the address of today."""
    person = make_person(
        cast.huvudman, "Moa Flyttad", valid_to=date(2019, 6, 30), email=NOW_AT, phone="0500-99 88 77"
    )
    with bound(NATIONAL):
        RoleAssignment.objects.create(person=person, huvudman=cast.other_huvudman, role=StaffRole.TEACHER)
        person.refresh_from_db()
    assert set(person.huvudman_ids) == {cast.huvudman.pk, cast.other_huvudman.pk}
    return person


SEES = [
    ("editor", False),
    ("rektor", False),
    ("process_leader", False),
    ("stranger", True),
    ("coordinator", True),
]


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_contact_is_for_where_the_person_is_now(cast, client_for, api_for, moved, who, sees):
    user = getattr(cast, who)
    page = client_for(user).get(moved.get_absolute_url()).content.decode()
    assert ("Moa Flyttad" in page, NOW_AT in page, "99 88 77" in page) == (True, sees, sees)
    row = api_for(user).get(f"/api/v1/people/{moved.uuid}").json()
    assert (row["name"], row["email"]) == ("Moa Flyttad", NOW_AT if sees else "")
    listed = api_for(user).get("/api/v1/role-assignments?expand=person&limit=200").content.decode()
    assert (NOW_AT in listed) == sees


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_history_tells_no_more(cast, client_for, moved, who, sees):
    with bound(NATIONAL):
        change_person(person=moved, email="senare@granby.example", by=NATIONAL)
        changes = list(Change.objects.filter(object_uuid=moved.uuid))
        scope = Scope.of(getattr(cast, who))
        text = str(told(changes, scope))
    assert ("Moa Flyttad" in text, "senare@granby.example" in text, NOW_AT in text) == (True, sees, sees)


@pytest.mark.parametrize(("who", "sees"), SEES)
def test_the_admin_shows_no_more(cast, client_for, moved, who, sees):
    user = getattr(cast, who)
    user.is_staff = True
    user.save()
    body = client_for(user).get(reverse("admin:schools_person_change", args=[moved.pk])).content.decode()
    assert (NOW_AT in body) == sees


def test_a_coming_role_is_a_reason_to_reach_someone(cast, moved):
    with bound(NATIONAL):
        RoleAssignment.objects.filter(person=moved, huvudman=cast.huvudman).update(
            valid_from=today() + timedelta(days=9), valid_to=None
        )
        (row,) = Person.objects.filter(pk=moved.pk).with_contact(cast.editor)
        assert row.shown_email == NOW_AT


def test_an_assignment_is_a_reason_too(cast):
    with bound(NATIONAL):
        (row,) = Person.objects.filter(pk=cast.leader_person.pk).with_contact(cast.editor)
        assert row.shows_contact


def test_a_row_read_without_asking_shows_nothing(cast, moved):
    assert (moved.shown_email, moved.shown_phone) == ("", "")


def test_whom_they_have_left_does_not_change_them(cast, as_user, moved):
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        change_person(person=moved, email="ny@example.se", by=cast.editor)
    with as_user(cast.stranger):
        assert change_person(person=moved, email="ny@example.se", by=cast.stranger).email == "ny@example.se"
