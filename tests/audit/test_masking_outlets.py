"""A protected person is in no file, feed, search, letter or log either, nor in history and journal of the API."""

import io
import zipfile

import pytest
from django.core import mail
from django.urls import reverse

from sbs_portal.accounts.feeds import open_feed
from sbs_portal.logs import JsonFormatter
from tests.audit.test_masking import SECRET, leaks
from tests.audit.test_masking import planted as planted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["coordinator", "editor", "rektor"])
def test_no_file_tells(cast, client_for, planted, role):
    """Lists as CSV, Excel and JSON, and the calendar."""
    client = client_for(cast.everyone[role])
    for name in ("meeting_list", "participation_list", "unit_list", "huvudman_list"):
        for kind in ("csv", "json", "xlsx"):
            answer = client.get(reverse(name), {"exportera": kind})
            assert (name, kind, answer.status_code) == (name, kind, 200)
            body = b"".join(answer) if answer.streaming else answer.content
            if kind == "xlsx":
                book = zipfile.ZipFile(io.BytesIO(body))
                body = b"".join(book.read(part) for part in book.namelist())
            assert (name, kind, SECRET in body.decode(errors="replace").lower()) == (name, kind, False)
    assert not leaks(client.get(reverse("meeting_calendar", args=[planted.meeting.uuid])))
    secret = open_feed(by=cast.everyone[role])
    assert not leaks(client.get(reverse("calendar_feed", args=[secret])))


@pytest.mark.parametrize("role", ["coordinator", "editor", "rektor", "reader"])
def test_no_search_finds(cast, client_for, api_for, planted, role):
    page = client_for(cast.everyone[role]).get(reverse("search"), {"q": "Kvistlund"}).content.decode()
    assert ("Ylva" in page, str(planted.person.uuid) in page) == (False, False)
    found = api_for(cast.everyone[role]).get("/api/v1/search?q=Kvistlund").json()
    assert (found["data"], found["_meta"]["suggestions"]) == ([], [])


@pytest.mark.parametrize("role", ["coordinator", "editor", "rektor", "stranger"])
def test_neither_history_nor_journal_tells(cast, client_for, api_for, planted, role):
    client, api = client_for(cast.everyone[role]), api_for(cast.everyone[role])
    for name, row in (("person", planted.person), ("meeting", planted.meeting)):
        address = reverse(f"{name}_history", args=[row.uuid])
        assert not leaks(client.get(address))
        assert not leaks(client.get(address, {"senaste": "1"}))
        for resource in ("history", "journal-entries"):
            assert not leaks(api.get(f"/api/v1/{resource}?object_id={row.uuid}&limit=200"))


def test_no_log_and_no_mail_tells(cast, client_for, planted, caplog):
    client, person = client_for(cast.editor), {"args": [planted.person.uuid]}
    client.raise_request_exception = False
    for name in ("sbs_portal.request", "django.request"):
        caplog.set_level("DEBUG", logger=name)
    client.get(reverse("person_detail", **person))
    client.post(reverse("person_history", **person), {"text": "Kvistlund", "kind": "info"})
    client.post(reverse("person_reveal", **person), {"reason": "Behöver nå rektorn i dag"})
    client.get("/finns/inte/kvistlund/")
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert lines
    assert [line for line in lines if SECRET in line.lower()] == []
    assert [letter.subject for letter in mail.outbox if SECRET in letter.message().as_string().lower()] == []
