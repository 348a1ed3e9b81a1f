"""The small saves of a browser with JavaScript: one line, one text, one number at a time."""

import re

import pytest

from sbs_portal.scope import NATIONAL, bound
from seminars.models import Meeting, Outcome
from seminars.services import meeting as services
from tests.seminars.meeting_pages import page, sent, statuses, texts

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


def test_one_tap_saves_one_line_and_says_when(spring, cast, client_for):
    line = spring.line(spring.third, cast.rektor_person)
    data = sent(spring.third, **{f"narvaro-{line.uuid}-status": "present"})
    response = client_for(cast.process_leader).post(f"/narvaro/{line.uuid}/", data, headers=HX)
    assert response.status_code == 200
    assert "Sparat" in response.content.decode()
    assert statuses(spring.third)["Rita Rektor"] == "present"


def test_one_taps_conflict_is_shown_at_the_line(spring, cast, client_for, as_):
    line = spring.line(spring.third, cast.rektor_person)
    stale = sent(spring.third, **{f"narvaro-{line.uuid}-status": "present"})
    with as_(cast.editor):
        services.record_attendance(attendance=line, status="excused", by=cast.editor)
    response = client_for(cast.process_leader).post(f"/narvaro/{line.uuid}/", stale, headers=HX)
    assert response.status_code == 422
    assert "Edit Redigerare ändrade samma rad" in response.content.decode()
    assert "Sparat" not in response.content.decode()
    assert statuses(spring.third)["Rita Rektor"] == "excused"


def test_text_is_saved_as_one_types(spring, cast, client_for):
    line = spring.decision
    data = {
        f"rad-{line.uuid}-kind": "decision",
        f"rad-{line.uuid}-text": "Halva meningen",
        f"rad-{line.uuid}-version": line.version,
    }
    response = client_for(cast.process_leader).post(f"/rader/{line.uuid}/", data, headers=HX)
    assert response.status_code == 200
    with bound(NATIONAL):
        row = Outcome.objects.get(pk=line.pk)
    assert row.text == "Halva meningen"
    assert f'name="rad-{line.uuid}-version" value="{row.version}"' in response.content.decode()


def test_added_line_comes_back_with_an_empty_box_of_the_same_kind(spring, cast, client_for):
    data = sent(spring.third, **{"ny-kind": "action", "ny-text": "Boka rum"})
    response = client_for(cast.process_leader).post(f"/traffar/{spring.third.uuid}/rader/", data, headers=HX)
    html = response.content.decode()
    assert texts(spring.third) == [("action", "Boka rum")]
    assert "Boka rum</textarea>" not in html
    chosen = re.search(r'name="ny-kind" value="(\w+)"[^>]* checked', html)
    assert chosen[1] == "action"


def test_total_is_saved_by_itself(spring, cast, client_for):
    data = {"total_on_site": "12", "seen_total": ""}
    client_for(cast.process_leader).post(f"/traffar/{spring.third.uuid}/antal/", data, headers=HX)
    with bound(NATIONAL):
        assert Meeting.objects.get(pk=spring.third.pk).total_on_site == 12


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_small_saves_are_closed_to_reader_and_stranger(who, spring, cast, client_for):
    client = client_for(getattr(cast, who))
    line = spring.line(spring.first, cast.rektor_person)
    for url in (
        f"/narvaro/{line.uuid}/",
        f"/rader/{spring.decision.uuid}/",
        f"/rader/{spring.information.uuid}/",
        f"/traffar/{spring.first.uuid}/rader/",
        f"/traffar/{spring.first.uuid}/antal/",
        f"/traffar/{spring.first.uuid}/alla-har/",
        f"/atgarder/{spring.action.uuid}/klar/",
    ):
        assert client.post(url, sent(spring.first, **{"ny-text": "Nej"})).status_code in (403, 404)
    assert set(statuses(spring.first).values()) == {None}
    assert len(texts(spring.first)) == 3


def test_button_never_leads_out_of_the_portal(spring, cast, client_for):
    response = client_for(cast.rektor).post(
        f"/atgarder/{spring.action.uuid}/klar/", {"tillbaka": "https://example.com/"}
    )
    assert response.headers["Location"].startswith("/traffar/")


def test_why_not_done_is_written_and_shown(spring, cast, client_for):
    client = client_for(cast.rektor)
    url = f"/atgarder/{spring.action.uuid}/varfor/"
    assert client.post(url, {"not_done_reason": ""}).status_code == 422
    assert (
        client.post(url, {"not_done_reason": "Salen var upptagen", "tillbaka": "/"}).headers["Location"]
        == "/"
    )
    assert "Salen var upptagen" in page(client, "/")
