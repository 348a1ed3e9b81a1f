"""Keys to the API in the browser: who issues, sees and revokes whose, and how far they reach."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from sbs_portal.accounts.models import ApiToken
from sbs_portal.api.tokens import issue_token
from sbs_portal.time import today
from tests import factories

pytestmark = pytest.mark.django_db


def key_of(user, **fields) -> tuple[ApiToken, str]:
    return issue_token(user=user, name=f"nyckel {user.pk}", **fields)


def bearer(plaintext: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {plaintext}"}


def call(plaintext: str):
    return Client().get("/api/v1/huvudman", headers=bearer(plaintext))


def data(**fields) -> dict:
    last = today() + timedelta(days=30)
    return {"name": "Skolsystemet", "can_write": "nej", "expires_at": last.isoformat()} | fields


@pytest.fixture
def proven(client_for):
    """A browser that has given its password just now."""

    def make(user) -> Client:
        client = client_for(user)
        client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
        return client

    return make


def shown_key(response) -> str:
    return re.search(r"sbs_[\w-]{40,}", response.content.decode())[0]


def test_a_key_is_shown_once_and_reads_what_its_account_reads(cast, proven):
    browser = proven(cast.editor)
    response = browser.post(reverse("key_new"), data())
    plaintext = shown_key(response)
    assert "no-store" in response.headers["Cache-Control"]
    assert [row["name"] for row in call(plaintext).json()["data"]] == [cast.huvudman.name]
    assert Client().post("/api/v1/meetings", headers=bearer(plaintext)).status_code == 403
    key = ApiToken.objects.get()
    assert (key.user, key.can_write, key.huvudman_ids) == (cast.editor, False, None)
    for page in (reverse("key_list"), reverse("key", args=[key.uuid]), reverse("account")):
        body = browser.get(page).content.decode()
        assert (plaintext[:12] in body, plaintext in body) == (True, False)


def test_a_key_revoked_in_use_stops_at_the_next_request(cast, client_for):
    key, plaintext = key_of(cast.editor)
    assert call(plaintext).status_code == 200
    assert client_for(cast.editor).post(reverse("key_revoke", args=[key.uuid])).status_code == 302
    refused = call(plaintext)
    assert (refused.status_code, refused.json()["type"]) == (401, "/api/problems/invalid-token")


def test_a_coordinator_narrows_a_key_of_an_integration(cast, proven):
    chosen = data(
        user=str(cast.integration.uuid), can_write="ja", huvudman_ids=[str(cast.other_huvudman.uuid)]
    )
    plaintext = shown_key(proven(cast.coordinator).post(reverse("key_new"), chosen))
    key = ApiToken.objects.get()
    assert (key.user, key.can_write) == (cast.integration, True)
    assert [row["name"] for row in call(plaintext).json()["data"]] == [cast.other_huvudman.name]


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"can_write": "kanske"}, "can_write"),
        ({"expires_at": "2019-01-01"}, "expires_at"),
        ({"expires_at": "9999-12-31"}, "expires_at"),
        ({"user": "reader"}, "user"),
        ({"huvudman_ids": ["00000000-0000-4000-8000-000000000001"]}, "huvudman_ids"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(cast, proven, fields, refused):
    if fields.get("user"):
        fields = {"user": str(cast.reader.uuid)}
    sent = data(user=str(cast.coordinator.uuid)) | fields
    response = proven(cast.coordinator).post(reverse("key_new"), sent)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {refused})
    assert not ApiToken.objects.exists()


def test_an_editor_issues_for_no_one_else_and_nowhere_else(cast, proven):
    sent = data(user=str(cast.coordinator.uuid), huvudman_ids=[str(cast.other_huvudman.uuid)])
    proven(cast.editor).post(reverse("key_new"), sent)
    key = ApiToken.objects.get()
    assert (key.user, key.huvudman_ids) == (cast.editor, None)


def test_who_issued_it_is_kept_and_shown(cast, proven):
    browser = proven(cast.coordinator)
    browser.post(reverse("key_new"), data(user=str(cast.integration.uuid)))
    key = ApiToken.objects.get()
    assert (key.user, key.issued_by) == (cast.integration, cast.coordinator)
    assert "av dig" in browser.get(reverse("key", args=[key.uuid])).content.decode()
    shown = browser.get(reverse("key_list"), {"kolumner": "issued_by"}, follow=True).content.decode()
    assert "Utfärdad av" in shown


def test_a_coordinator_makes_no_key_that_acts_in_a_persons_name(cast):
    with pytest.raises(PermissionDenied):
        issue_token(user=cast.editor, name="smyg", by=cast.coordinator)


def test_the_password_is_asked_for_first(cast, client_for):
    answer = client_for(cast.editor).get(reverse("key_new"))
    assert answer.headers["Location"].partition("?")[0] == (reverse("account_reauthenticate"))


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader"])
def test_others_issue_none(cast, proven, who):
    browser = proven(getattr(cast, who))
    assert browser.post(reverse("key_new"), data()).status_code == 403
    assert reverse("key_new") not in browser.get(reverse("account")).content.decode()


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [
        ("coordinator", "stranger", 200),
        ("editor", "editor", 200),
        ("rektor", "rektor", 200),
        ("editor", "coordinator", 404),
        ("editor", "rektor", 404),
        ("stranger", "editor", 404),
    ],
)
def test_who_reaches_whose_keys(cast, client_for, who, whose, status):
    key, _ = key_of(getattr(cast, whose))
    browser = client_for(getattr(cast, who))
    assert browser.get(reverse("key", args=[key.uuid])).status_code == status
    listed = browser.get(reverse("key_list")).content.decode()
    assert (reverse("key", args=[key.uuid]) in listed) == (status == 200)
    revoked = browser.post(reverse("key_revoke", args=[key.uuid])).status_code
    key.refresh_from_db()
    assert (revoked, key.revoked_at is not None) == (302 if status == 200 else 404, status == 200)


@pytest.mark.parametrize(("state", "seen"), [("works", True), ("over", False)])
def test_filters(cast, client_for, state, seen):
    key, _ = key_of(cast.editor)
    body = (
        client_for(cast.coordinator).get(reverse("key_list"), {"lage": state, "q": "nyckel"}).content.decode()
    )
    assert (reverse("key", args=[key.uuid]) in body) == seen


def test_the_list_takes_the_same_queries_for_many(cast, client_for, django_assert_num_queries):
    client = client_for(cast.coordinator)
    key_of(cast.editor)
    client.get(reverse("key_list"))
    with django_assert_num_queries(10):
        client.get(reverse("key_list"))
    for user in (cast.rektor, cast.reader, cast.integration) * 3:
        key_of(user, huvudman_ids=[cast.huvudman.pk])
    with django_assert_num_queries(10):
        client.get(reverse("key_list"))
