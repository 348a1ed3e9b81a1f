"""The journal: who writes why, who reads it, how it is withdrawn, and that it stands among the history."""

import json
import re
from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import timezone

from sbs_portal.audit.journal import add_journal_entry, withdraw_journal_entry
from sbs_portal.audit.models import JournalEntry
from sbs_portal.scope import NATIONAL, Scope, bound
from sbs_portal.search.kinds import find
from sbs_portal.search.text import Asked
from schools.models import Person
from seminars.models import Meeting, MeetingParticipation
from tests import factories
from tests.audit.test_history import as_user, text_of

pytestmark = pytest.mark.django_db
API = "/api/v1/journal-entries"


def write(user, subject, text="Salen var bokad av någon annan.", **fields) -> JournalEntry:
    return as_user(user, lambda: add_journal_entry(subject=subject, text=text, by=user, **fields))


@pytest.fixture
def meeting(cast) -> Meeting:
    return factories.make_meeting(cast.participation, units=[cast.unit], attendees=[cast.rektor_person])


def page_of(row) -> str:
    name = {"Meeting": "meeting", "Person": "person", "Participation": "participation"}[type(row).__name__]
    return reverse(f"{name}_history", args=[row.uuid])


def rows(user) -> list[str]:
    scope = Scope.of(user)
    with bound(scope):
        filtered = list(JournalEntry.objects.visible_to(scope).values_list("text", flat=True))
        assert scope.has_role("reader") or filtered == list(
            JournalEntry.objects.values_list("text", flat=True)
        )
    return filtered


def test_a_line_stands_among_the_changes_by_time(cast, client_for, meeting):
    as_user(cast.editor, lambda: Meeting.objects.filter(pk=meeting.pk).update(place="Stadshuset"))
    # A test is one transaction, and so are its changes one time.
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() - timedelta(days=1)):
        write(cast.editor, meeting, "Salen är bokad.")
    write(cast.editor, meeting, "Nu har vi en sal.")
    page = text_of(client_for(cast.rektor).get(page_of(meeting)))
    places = [page.index(words) for words in ("Nu har vi", "blev Stadshuset", "Salen är bokad")]
    assert places == sorted(places)
    assert "Edit Redigerare" in page


def test_the_form_writes_and_says_what_is_wrong(cast, client_for, meeting):
    client = client_for(cast.editor)
    wrong = client.post(page_of(meeting), {"text": " ", "kind": "info"})
    assert (wrong.status_code, "Skriv något." in wrong.content.decode()) == (422, True)
    done = client.post(page_of(meeting), {"text": "Därför.", "kind": "important"})
    assert (done.status_code, done.headers["Location"]) == (302, page_of(meeting))
    assert "Viktigt" in text_of(client.get(page_of(meeting)))
    assert "Skriv varför" in text_of(client.get(page_of(meeting), {"senaste": "1"}))


def test_a_stored_script_is_text(cast, client_for, meeting):
    write(cast.editor, meeting, "<script>alert(1)</script>")
    body = client_for(cast.rektor).get(page_of(meeting)).content.decode()
    assert "&lt;script&gt;alert(1)" in body
    assert "<script>alert" not in body


def test_who_may_not_change_anything_there_writes_nothing(cast, client_for, meeting):
    for user, subject in (
        (cast.reader, cast.participation),
        (cast.rektor, cast.participation),
        (cast.stranger, meeting),
    ):
        with pytest.raises(PermissionDenied):
            write(user, subject)
    assert "Skriv varför" not in text_of(client_for(cast.rektor).get(page_of(cast.participation)))
    assert JournalEntry.objects.count() == 0


def test_it_is_read_by_those_who_had_the_object_when_it_was_written(cast, meeting):
    write(cast.editor, meeting, "Före")
    with bound(NATIONAL):
        MeetingParticipation.objects.create(meeting=meeting, participation=cast.other_participation)
        meeting.refresh_from_db()
    write(cast.stranger, meeting, "Efter")
    assert rows(cast.editor) == rows(cast.coordinator) == ["Efter", "Före"]
    assert rows(cast.stranger) == ["Efter"]
    assert rows(cast.reader) == []


def test_a_line_outlives_its_object(cast, client_for, meeting):
    write(cast.editor, meeting, "Därför togs den bort")
    address = page_of(meeting)
    as_user(cast.coordinator, lambda: Meeting.objects.filter(pk=meeting.pk).delete())
    client = client_for(cast.editor)
    assert "Därför togs den bort" in text_of(client.get(address))
    assert client.post(address, {"text": "Mer", "kind": "info"}).status_code == 403
    assert client_for(cast.stranger).get(address).status_code == 404


def test_who_wrote_it_withdraws_it_and_the_text_is_gone_for_others(cast, client_for, meeting):
    entry = write(cast.editor, meeting)
    address = reverse("journal_withdraw", args=[entry.uuid])
    for user, status in ((cast.rektor, 403), (cast.reader, 404), (cast.stranger, 404), (cast.editor, 302)):
        assert client_for(user).post(address).status_code == status
    page = text_of(client_for(cast.editor).get(page_of(meeting)))
    assert "Återkallad av Edit Redigerare" in page
    assert "Salen" not in page
    assert "Salen" in text_of(client_for(cast.coordinator).get(page_of(meeting)))
    with pytest.raises(ValidationError):
        as_user(cast.coordinator, lambda: withdraw_journal_entry(entry=entry, by=cast.coordinator))


@pytest.mark.parametrize("change", ["SET text = 'x'", "SET author_id = NULL", "SET huvudman_ids = '{}'"])
def test_the_database_lets_nobody_rewrite_a_line(cast, meeting, change):
    write(cast.editor, meeting)
    for user in (cast.editor, cast.coordinator):
        with pytest.raises(DatabaseError), bound(Scope.of(user)), connection.cursor() as cursor:
            cursor.execute(f"UPDATE audit_journalentry {change}")


def test_about_someone_protected_nothing_is_written_and_nothing_shown(cast, client_for, api_for):
    with pytest.raises(ValidationError):
        write(cast.editor, cast.protected_person)
    write(cast.editor, cast.rektor_person, "Rita byter namn")
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.rektor_person.pk).update(security_marking="protected")
    for user in (cast.editor, cast.coordinator):
        page = text_of(client_for(user).get(page_of(cast.rektor_person)))
        assert ("Anteckningen visas inte" in page, "byter namn" in page, "Skriv varför" in page) == (
            True,
            False,
            False,
        )
        assert [row["text"] for row in api_for(user).get(API).json()["data"]] == [None]


def test_an_author_who_becomes_protected_is_masked(cast, client_for, api_for, meeting):
    write(cast.rektor, meeting)
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.rektor_person.pk).update(security_marking="protected")
    for user in (cast.editor, cast.coordinator):
        assert "Rita" not in client_for(user).get(page_of(meeting)).content.decode()
        assert api_for(user).get(API).json()["data"][0]["author"] == "Skyddad person"


@pytest.mark.parametrize("times", [1, 30])
def test_statements_do_not_grow_with_the_lines(
    cast, client_for, api_for, meeting, django_assert_num_queries, times
):
    for number in range(times):
        write(cast.editor, meeting, f"Rad {number}")
    client, api = client_for(cast.editor), api_for(cast.editor)
    with django_assert_num_queries(20):
        client.get(page_of(meeting))
    with django_assert_num_queries(9):
        api.get(API)


def test_pages_hold_every_line_once(cast, client_for, meeting):
    for number in range(100):
        write(cast.editor, meeting, f"Rad {number}.")
    client, found, cursor = client_for(cast.editor), [], ""
    while True:
        response = client.get(page_of(meeting), {"fore": cursor} if cursor else {})
        found += re.findall(r"Rad (\d+)\.", response.content.decode())
        if not (cursor := response.context["cursor"]):
            break
    assert found == [str(number) for number in range(99, -1, -1)]
    assert "La till träff" in text_of(response)


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


def test_the_api_writes_lists_and_withdraws(cast, api_for, meeting):
    client = api_for(cast.editor, write=True)
    body = {"object_kind": "meeting", "object_id": str(meeting.uuid), "text": "Därför", "kind": "important"}
    made = post(client, API, body)
    assert made.status_code == 201
    told = made.json()
    assert {name: told[name] for name in (*body, "author", "withdrawn_at")} == {
        **body,
        "author": "Edit Redigerare",
        "withdrawn_at": None,
    }
    for query, found in (
        (f"object_kind=meeting&object_id={meeting.uuid}", 1),
        ("object_kind=person", 0),
        ("kind=info", 0),
        ("since=2099-01-01T00:00:00Z", 0),
    ):
        assert (query, client.get(f"{API}?{query}").json()["_meta"]["count"]) == (query, found)
    assert client.get(f"{API}?object_kind=banan").status_code == 400
    assert post(api_for(cast.rektor, write=True), f"{API}/{told['id']}/withdraw", {}).status_code == 403
    assert post(api_for(cast.editor), f"{API}/{told['id']}/withdraw", {}).status_code == 403
    taken = post(client, f"{API}/{told['id']}/withdraw", {})
    assert (taken.status_code, taken.json()["text"]) == (200, None)
    assert taken.json()["withdrawn_at"]


def test_a_foreign_object_answers_like_a_made_up_one(cast, api_for):
    client = api_for(cast.editor, write=True)
    reasons = []
    for kind, one in (
        ("participation", cast.other_participation.uuid),
        ("participation", "00000000-0000-4000-8000-000000000001"),
        ("meeting", cast.participation.uuid),
    ):
        answer = post(client, API, {"object_kind": kind, "object_id": str(one), "text": "x"})
        [wrong] = answer.json()["invalid_parameters"]
        reasons.append((answer.status_code, wrong["property"], wrong["reason"].replace(str(one), "")))
    assert set(reasons) == {(400, "object_id", "Finns inte, eller så saknar du behörighet: .")}
    wrong = post(client, API, {"object_kind": "banan", "object_id": str(cast.unit.uuid), "text": "x"})
    assert [one["property"] for one in wrong.json()["invalid_parameters"]] == ["object_kind"]


def test_what_has_been_written_or_withdrawn_since_is_asked_for_by_time(cast, api_for, meeting):
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() - timedelta(days=3)):
        write(cast.editor, meeting, "Gammal")
        taken = write(cast.editor, meeting, "Återkallad")
    write(cast.editor, meeting, "Ny")
    as_user(cast.editor, lambda: withdraw_journal_entry(entry=taken, by=cast.editor))
    since = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = api_for(cast.editor).get(f"{API}?modified_since={since}").json()
    assert [row["text"] for row in answer["data"]] == ["Ny", None]
    assert answer["_deleted"] == []


def test_a_line_is_found_by_who_may_read_it(cast, meeting):
    write(cast.editor, meeting, "Snöoväder stoppade bussen")
    gone = write(cast.editor, meeting, "Snöoväder igen")
    as_user(cast.editor, lambda: withdraw_journal_entry(entry=gone, by=cast.editor))
    write(cast.editor, cast.rektor_person, "Snöoväder hemma")
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.rektor_person.pk).update(security_marking="protected")

    def found(user):
        with bound(Scope.of(user)) as scope:
            groups = find(scope, Asked.of("snöov"), limit=5)
            return [(hit.title, hit.url) for group in groups for hit in group.hits]

    assert found(cast.rektor) == [("Snöoväder stoppade bussen", page_of(meeting))]
    assert found(cast.reader) == found(cast.stranger) == []


def test_the_admin_tells_as_much_as_the_pages(cast, client_for, meeting):
    write(cast.editor, meeting, "Snöoväder")
    write(cast.editor, cast.rektor_person, "Om någon skyddad")
    with bound(NATIONAL):
        Person.objects.filter(pk=cast.rektor_person.pk).update(security_marking="protected")
    client = client_for(cast.coordinator)
    listed = client.get("/admin/audit/journalentry/").content.decode()
    assert ("Snöoväder" in listed, "Om någon skyddad" in listed) == (True, False)
    assert page_of(meeting) in listed
    with bound(NATIONAL):
        entry = JournalEntry.objects.get(subject_uuid=cast.rektor_person.uuid)
    assert (
        "Om någon skyddad" not in client.get(f"/admin/audit/journalentry/{entry.pk}/change/").content.decode()
    )
