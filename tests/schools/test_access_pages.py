"""Who has access, on the page: who sees whom, and who changes what."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from sbs_portal.accounts.models import User
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import today
from schools.models import Access, SecurityMarking
from tests.factories import make_user

pytestmark = pytest.mark.django_db
OWN = {"process_leader", "editor", "rektor", "reader"}


def listed(cast, response) -> set[str]:
    body = response.content.decode()
    return {
        name for name, user in cast.everyone.items() if reverse("access_account", args=[user.uuid]) in body
    }


@pytest.mark.parametrize(
    ("who", "seen"), [("coordinator", None), ("editor", OWN), ("stranger", {"stranger"})]
)
def test_the_list_is_of_ones_own_huvudman(cast, client_for, who, seen):
    response = client_for(getattr(cast, who)).get(reverse("access_list"))
    assert listed(cast, response) == (set(cast.everyone) if seen is None else seen)


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader", "integration"])
@pytest.mark.parametrize("name", ["access_list", "access_invitations", "access_invite"])
def test_others_have_no_such_pages(cast, client_for, who, name):
    assert client_for(getattr(cast, who)).get(reverse(name)).status_code == 403


@pytest.mark.parametrize("filters", [{"q": "namnd"}, {"roll": "reader"}, {"q": " NAMND@ ", "lage": "now"}])
def test_search_and_filters(cast, client_for, filters):
    response = client_for(cast.coordinator).get(reverse("access_list"), filters)
    assert listed(cast, response) == {"reader"}


def test_who_has_a_second_step_is_shown_and_filtered(cast, client_for):
    Authenticator.objects.create(user=cast.reader, type=Authenticator.Type.TOTP, data={})
    client = client_for(cast.editor)
    asked = {"tvasteg": "yes", "kolumner": "name,second_step"}
    have = client.get(reverse("access_list"), asked, follow=True)
    assert (listed(cast, have), ">inlagd<" in have.content.decode()) == ({"reader"}, True)
    assert listed(cast, client.get(reverse("access_list"), {"tvasteg": "no"})) == OWN - {"reader"}


def test_a_filter_on_a_strangers_huvudman_is_no_choice(cast, client_for):
    response = client_for(cast.editor).get(
        reverse("access_list"), {"huvudman": str(cast.other_huvudman.uuid)}
    )
    assert "stranger" not in listed(cast, response)


def test_the_list_takes_the_same_queries_for_many(cast, client_for, django_assert_num_queries):
    client = client_for(cast.coordinator)
    client.get(reverse("access_list"))
    with django_assert_num_queries(12):
        client.get(reverse("access_list"))
    for _ in range(12):
        make_user(role=Role.REKTOR, huvudman=cast.huvudman, unit=cast.unit)
    with django_assert_num_queries(12):
        client.get(reverse("access_list"))


def access_of(user):
    return Access.objects.get(user=user)


ROW = ("access_change", "access_end")


@pytest.mark.parametrize(
    ("who", "whose", "row", "account", "close"),
    [
        ("coordinator", "reader", 200, 200, 200),
        ("coordinator", "stranger", 200, 200, 200),
        ("editor", "reader", 200, 200, 403),
        ("editor", "process_leader", 403, 200, 403),
        ("editor", "coordinator", 404, 404, 404),
        ("editor", "stranger", 404, 404, 404),
        ("stranger", "reader", 404, 404, 404),
        ("rektor", "reader", 403, 403, 403),
        ("reader", "reader", 403, 403, 403),
    ],
)
def test_who_reaches_whose_pages(cast, client_for, who, whose, row, account, close):
    client, user = client_for(getattr(cast, who)), getattr(cast, whose)
    found = {name: client.get(reverse(name, args=[access_of(user).uuid])).status_code for name in ROW}
    found |= {
        name: client.get(reverse(name, args=[user.uuid])).status_code
        for name in ("access_account", "access_grant", "account_close")
    }
    assert found == dict.fromkeys(ROW, row) | {
        "access_account": account,
        "access_grant": account,
        "account_close": close,
    }
    if close != 200:
        assert client.post(reverse("account_open", args=[user.uuid])).status_code == close
        assert client.post(reverse("account_close", args=[user.uuid]), {"reason": "x"}).status_code == close
        assert User.objects.get(pk=user.pk).is_active


def test_access_is_ended_with_a_reason(cast, client_for):
    client, row = client_for(cast.editor), access_of(cast.reader)
    assert client.post(reverse("access_end", args=[row.uuid]), {"reason": ""}).status_code == 422
    assert client.post(reverse("access_end", args=[row.uuid]), {"reason": "Slutat"}).status_code == 302
    row.refresh_from_db()
    assert (row.end_reason, row.is_over) == ("Slutat", True)
    assert "Slutat" in client.get(reverse("access_account", args=[cast.reader.uuid])).content.decode()


def test_a_period_is_changed(cast, client_for):
    client, row, last = client_for(cast.editor), access_of(cast.reader), today() + timedelta(days=30)
    data = {"valid_from": row.valid_from, "valid_to": last}
    assert client.post(reverse("access_change", args=[row.uuid]), data).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == last
    response = client.post(reverse("access_change", args=[row.uuid]), data | {"valid_to": "2019-01-01"})
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"valid_to"})


@pytest.mark.parametrize("field", ["huvudman", "unit"])
def test_access_is_given_at_ones_own_places_only(cast, client_for, field):
    client = client_for(cast.editor)
    data = {"role": Role.REKTOR, "huvudman": str(cast.huvudman.uuid), "unit": str(cast.second_unit.uuid)}
    where = reverse("access_grant", args=[cast.reader.uuid])
    foreign = {"huvudman": cast.other_huvudman, "unit": cast.other_unit}[field]
    assert client.post(where, data | {field: str(foreign.uuid)}).status_code == 422
    assert client.post(where, data).status_code == 302
    assert {row.unit_id for row in Access.objects.filter(user=cast.reader)} == {None, cast.second_unit.pk}


def test_a_coordinator_closes_and_opens_an_account(cast, client_for):
    client = client_for(cast.coordinator)
    assert (
        client.post(reverse("account_close", args=[cast.reader.uuid]), {"reason": "Slutat"}).status_code
        == 302
    )
    page = client.get(reverse("access_account", args=[cast.reader.uuid])).content.decode()
    assert "Kontot är avstängt" in page
    assert "Slutat" in page
    client.post(reverse("account_open", args=[cast.reader.uuid]))
    assert User.objects.get(pk=cast.reader.pk).is_active


def test_the_last_coordinator_is_told_why_not(cast, client_for):
    response = client_for(cast.coordinator).post(
        reverse("access_end", args=[access_of(cast.coordinator).uuid]), {"reason": "Slutar"}
    )
    assert response.status_code == 422
    assert "enda samordnaren" in response.content.decode()


# Last here


def test_last_here_is_noted_now_and_then(cast, client_for):
    client = client_for(cast.reader)
    User.objects.filter(pk=cast.reader.pk).update(last_login=timezone.now() - timedelta(days=3))
    client.get("/")
    cast.reader.refresh_from_db()
    first = cast.reader.last_seen_at
    assert timezone.now() - first < timedelta(minutes=1)
    client.get("/")
    cast.reader.refresh_from_db()
    assert cast.reader.last_seen_at == first


def test_a_key_is_a_visit_too(cast, api_for):
    api_for(cast.integration).get("/api/v1/huvudman")
    (found,) = User.objects.with_last_here().filter(pk=cast.integration.pk)
    assert found.last_here.date() == timezone.now().date()


# A protected person's account


@pytest.fixture
def hidden(cast):
    """The reader's account is the protected person's."""
    with bound(NATIONAL):
        person = cast.protected_person
        person.user = cast.reader
        person.save()
    User.objects.filter(pk=cast.reader.pk).update(name="Hemlig Namnsdotter", email="hemlig@example.se")
    cast.reader.refresh_from_db()
    return cast.reader


def test_a_protected_persons_account_has_no_name(cast, hidden):
    assert (hidden.is_protected, str(hidden), hidden.shown_email) == (True, "Skyddad person", "")
    with bound(NATIONAL):
        cast.protected_person.security_marking = SecurityMarking.NONE
        cast.protected_person.save()
    hidden.refresh_from_db()
    assert str(hidden) == "Hemlig Namnsdotter"


def test_the_name_stays_hidden_when_the_account_is_let_go(cast, hidden):
    with bound(NATIONAL):
        cast.protected_person.user = None
        cast.protected_person.save()
    hidden.refresh_from_db()
    assert str(hidden) == "Skyddad person"


@pytest.mark.parametrize("who", ["coordinator", "editor"])
def test_no_page_of_access_says_the_name(cast, client_for, hidden, who):
    client = client_for(getattr(cast, who))
    row = access_of(hidden)
    for where in (
        reverse("access_list"),
        reverse("access_list") + "?q=hemlig",
        reverse("access_account", args=[hidden.uuid]),
        reverse("access_grant", args=[hidden.uuid]),
        reverse("access_end", args=[row.uuid]),
    ):
        body = client.get(where).content.decode().lower().replace('value="hemlig"', "")
        assert "namnsdotter" not in body, where
        assert "hemlig@" not in body, where
    assert listed(cast, client.get(reverse("access_list"), {"q": "hemlig"})) == set()


def test_ones_own_name_is_shown_to_oneself(client_for, hidden):
    assert "Hemlig Namnsdotter" in client_for(hidden).get("/").content.decode()
