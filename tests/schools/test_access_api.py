"""Access and invitations in the API: the same walls as on the pages."""

import pytest
from django.test import Client

from sbs_portal.accounts.models import User
from sbs_portal.api.models import GivenAnswer
from sbs_portal.rights import Role
from sbs_portal.scope import NATIONAL, bound
from schools.models import Access, Invitation
from schools.services.invitation import invite
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW = "ny@example.se"


def post(client, path, body):
    return client.post(f"/api/v1/{path}", body, content_type="application/json")


def ids(client, path) -> set[str]:
    return {row["id"] for row in client.get(f"/api/v1/{path}?limit=200").json()["data"]}


def uuids(rows) -> set[str]:
    return {str(uuid) for uuid in rows.values_list("uuid", flat=True)}


@pytest.fixture
def invited(cast):
    """One invitation to each huvudman, and one national."""
    with bound(NATIONAL):
        return {
            name: invite(email=f"{name}@example.se", role=role, huvudman=huvudman, by=NATIONAL)[0]
            for name, role, huvudman in (
                ("own", Role.READER, cast.huvudman),
                ("other", Role.READER, cast.other_huvudman),
                ("national", Role.COORDINATOR, None),
            )
        }


@pytest.mark.parametrize("path", ["accesses", "invitations"])
def test_lists_are_of_ones_own_huvudman(cast, api_for, invited, path):
    rows = (Access if path == "accesses" else Invitation).objects
    assert ids(api_for(cast.coordinator), path) == uuids(rows.all())
    assert ids(api_for(cast.editor), path) == uuids(rows.filter(huvudman=cast.huvudman))
    narrowed = api_for(cast.coordinator, huvudman_ids=[cast.huvudman.pk])
    assert ids(narrowed, path) == uuids(rows.filter(huvudman=cast.huvudman))
    for who in ("process_leader", "rektor", "reader", "integration"):
        assert ids(api_for(getattr(cast, who)), path) == set()


@pytest.mark.parametrize(
    ("field", "whose"), [("user", "stranger"), ("huvudman", "other_huvudman"), ("unit", "other_unit")]
)
def test_access_is_not_given_with_a_strangers_row(cast, api_for, field, whose):
    body = {"user": str(cast.reader.uuid), "role": "reader", "huvudman": str(cast.huvudman.uuid)}
    response = post(
        api_for(cast.editor, write=True), "accesses", body | {field: str(getattr(cast, whose).uuid)}
    )
    assert response.status_code == 400
    assert [one["property"] for one in response.json()["invalid_parameters"]] == [field]


def test_access_is_given_changed_and_ended(cast, api_for):
    client = api_for(cast.editor, write=True)
    body = {"user": str(cast.reader.uuid), "role": "editor", "huvudman": str(cast.huvudman.uuid)}
    given = post(client, "accesses", body | {"valid_from": "2100-01-01"})
    assert given.status_code == 201, given.content
    path = f"accesses/{given.json()['id']}"
    changed = client.patch(f"/api/v1/{path}", {"valid_to": "2100-06-30"}, content_type="application/json")
    assert (changed.status_code, changed.json()["valid_to"]) == (200, "2100-06-30")
    assert post(client, f"{path}/end", {"reason": "Blev inte av"}).status_code == 204
    row = Access.objects.get(user=cast.reader)
    ended = post(client, f"accesses/{row.uuid}/end", {"reason": "Slutat"})
    assert (ended.status_code, ended.json()["end_reason"]) == (200, "Slutat")


def test_who_may_end_what(cast, api_for):
    for who, whose, status in (
        ("editor", "process_leader", 403),
        ("editor", "stranger", 404),
        ("editor", "coordinator", 404),
        ("reader", "editor", 404),
        ("coordinator", "coordinator", 400),
    ):
        row = Access.objects.get(user=getattr(cast, whose))
        client = api_for(getattr(cast, who), write=True)
        assert post(client, f"accesses/{row.uuid}/end", {"reason": "x"}).status_code == status, (who, whose)
    assert post(api_for(cast.coordinator), f"accesses/{row.uuid}/end", {"reason": "x"}).status_code == 403


def test_a_key_for_one_huvudman_makes_no_coordinator(cast, api_for):
    client = api_for(cast.coordinator, write=True, huvudman_ids=[cast.huvudman.pk])
    assert post(client, "invitations", {"email": NEW, "role": "coordinator"}).status_code == 403
    body = {"user": str(cast.reader.uuid), "role": "coordinator"}
    assert post(client, "accesses", body).status_code == 403


def test_an_invitation_is_sent_and_the_link_told_only_without_mail(cast, api_for, client, settings):
    editor = api_for(cast.editor, write=True)
    body = {"role": "rektor", "huvudman": str(cast.huvudman.uuid), "units": [str(cast.unit.uuid)]}
    mailed = post(editor, "invitations", body | {"email": NEW})
    assert (mailed.status_code, mailed.json()["link"], mailed.json()["state"]) == (201, None, "waiting")
    assert mailed.json()["units"] == [str(cast.unit.uuid)]
    settings.SENDS_MAIL = False
    sent = post(editor, f"invitations/{mailed.json()['id']}/resend", {})
    assert client.get(sent.json()["link"]).status_code == 200
    assert editor.get(f"/api/v1/invitations/{mailed.json()['id']}").json()["link"] is None
    assert post(editor, f"invitations/{mailed.json()['id']}/revoke", {}).json()["state"] == "revoked"
    assert client.get(sent.json()["link"]).status_code == 410


@pytest.mark.parametrize(
    ("field", "whose"), [("huvudman", "other_huvudman"), ("units", "other_unit"), ("person", "other_person")]
)
def test_nobody_is_invited_with_a_strangers_row(cast, api_for, field, whose):
    value = str(getattr(cast, whose).uuid)
    body = {"email": NEW, "role": "reader", "huvudman": str(cast.huvudman.uuid)}
    body |= {field: [value] if field == "units" else value}
    response = post(api_for(cast.editor, write=True), "invitations", body)
    assert response.status_code == 400
    assert {
        one["property"].split("/")[0].split(".")[0].split("[")[0]
        for one in response.json()["invalid_parameters"]
    } == {field}


def test_a_strangers_invitation_is_not_there(cast, api_for, invited):
    client = api_for(cast.editor, write=True)
    for name in ("other", "national"):
        for verb in ("resend", "revoke"):
            assert post(client, f"invitations/{invited[name].uuid}/{verb}", {}).status_code == 404


def test_a_protected_persons_account_has_no_name(cast, api_for, client_for):
    with bound(NATIONAL):
        cast.protected_person.user = cast.reader
        cast.protected_person.save()
    User.objects.filter(pk=cast.reader.pk).update(name="Hemlig Namnsdotter", email="hemlig@example.se")
    for text in (
        api_for(cast.editor).get("/api/v1/accesses").content.decode(),
        *(
            client_for(cast.coordinator).get(f"/admin/{page}").content.decode()
            for page in (
                "accounts/user/",
                f"accounts/user/{cast.reader.pk}/change/",
                "schools/access/",
                "accounts/user/?name__startswith=Hem",
            )
        ),
    ):
        text = text.replace("name__startswith=Hem", "")
        assert "Namnsdotter" not in text
        assert "hemlig@" not in text
    admin = client_for(cast.coordinator)
    assert admin.get(f"/admin/accounts/user/{cast.reader.pk}/password/").status_code == 403
    found = admin.get("/admin/accounts/user/?q=hemlig").context["cl"].queryset
    assert list(found) == []


def test_the_lists_take_the_same_queries_for_many(cast, api_for, django_assert_num_queries):
    client = api_for(cast.coordinator)
    client.get("/api/v1/accesses")
    for path, queries in (("accesses", 6), ("invitations", 7)):
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{path}")
        for serial in range(6):
            make_user(role=Role.READER, huvudman=cast.huvudman)
            with bound(NATIONAL):
                invite(
                    email=f"{path}{serial}@example.se", role=Role.READER, huvudman=cast.huvudman, by=NATIONAL
                )
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{path}")


def test_an_idempotency_key_keeps_no_link(cast, api_for, settings):
    settings.SENDS_MAIL = False
    editor, headers = api_for(cast.editor, write=True), {"Idempotency-Key": "a"}

    def send(path, body):
        return editor.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    body = {"role": "reader", "huvudman": str(cast.huvudman.uuid), "email": NEW}
    made = send("invitations", body)
    assert "/inbjudan/" in made.json()["link"]
    assert send(f"invitations/{made.json()['id']}/resend", {}).json()["link"] != made.json()["link"]
    several = send("invitations/bulk", [body | {"email": f"ny{number}@example.se"} for number in (1, 2)])
    assert several.status_code in (200, 201)
    for row in (one["row"] for one in several.json()["data"]):
        # Each row's link is its own: another's would let somebody in as someone else.
        assert row["email"] in Client().get(row["link"]).content.decode()
    assert not GivenAnswer.objects.exists()


def test_no_letter_is_sent_about_what_is_taken_back(cast, api_for, mailoutbox):
    editor = api_for(cast.editor, write=True)
    body = {"role": "reader", "huvudman": str(cast.huvudman.uuid)}
    rows = [body | {"email": f"ny{number}@example.se"} for number in range(3)]
    twice = post(editor, "invitations/bulk", [*rows, rows[0]])
    assert (twice.status_code, len(mailoutbox)) == (400, 0)
    assert [row["status"] for row in twice.json()["rows"]] == [424, 424, 424, 400]
    assert post(editor, "invitations/bulk", rows).status_code == 201
    assert [letter.to for letter in mailoutbox] == [[row["email"]] for row in rows]


def test_the_same_access_is_not_given_twice_in_one_request(cast, api_for):
    row = {"user": str(cast.reader.uuid), "role": "rektor", "huvudman": str(cast.huvudman.uuid)}
    row |= {"unit": str(cast.unit.uuid)}
    rows = [row | {"valid_to": "2090-06-30"}, row | {"valid_from": "2090-06-30"}]
    answer = post(api_for(cast.coordinator, write=True), "accesses/bulk", rows)
    assert answer.status_code == 400
    assert "redan den behörigheten" in answer.content.decode()
    rows[1]["valid_from"] = "2090-07-01"
    assert post(api_for(cast.coordinator, write=True), "accesses/bulk", rows).status_code == 201
