"""Many rows of a list changed at once: what the preview says, what is saved, and what is taken back."""

import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from programmes.models import Participation
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.web.bulk import BulkAction
from schools.models import SchoolUnit
from seminars.models import Meeting
from seminars.views.meeting import MeetingListView
from tests import factories

pytestmark = pytest.mark.django_db
UNITS, MEETINGS = "/enheter/andra-flera/", "/traffar/andra-flera/"
UNIT_LIST = 11


@pytest.fixture
def meetings(cast):
    return [
        factories.make_meeting(cast.participation, when=date(2031, 4, day), title=f"Träff {day}")
        for day in (1, 2, 3)
    ]


def preview(client, address, action, *rows, **sent):
    data = {"atgard": action, "vilka": "kryss", "rad": [row.uuid for row in rows]} | sent
    return client.post(address, data)


def confirm(client, address, page, **sent):
    """Press the button of a preview: what its form carries, and nothing else."""
    hidden = dict(
        re.findall(r'type="hidden" name="(atgard|urval|rader)" value="([^"]*)"', page.content.decode())
    )
    return client.post(address, hidden | {"bekrafta": "1"} | sent)


def undo_address(response) -> str:
    return re.search(r'action="([^"]*angra=\w+)"', response.content.decode())[1]


def statuses() -> list[str]:
    with bound(NATIONAL):
        return list(Meeting.objects.order_by("when_date").values_list("status", flat=True))


def archived() -> set[str]:
    with bound(NATIONAL):
        return set(SchoolUnit.objects.archived().values_list("name", flat=True))


def test_ticked_rows_are_previewed_cancelled_with_a_reason_and_taken_back(cast, client_for, meetings):
    client = client_for(cast.editor)
    body = client.get("/traffar/").content.decode()
    assert f'name="rad" value="{meetings[0].uuid}" form="flera"' in body
    page = preview(client, MEETINGS, "cancel", *meetings[:2], urval="q=tr")
    assert re.search(r"<strong>2 träffar</strong> ställs in", page.content.decode())
    assert statuses() == ["planned"] * 3
    refused = confirm(client, MEETINGS, page, cancelled_reason="")
    assert refused.status_code == 422
    assert "Skriv varför träffarna är inställda." in refused.content.decode()
    done = confirm(client, MEETINGS, page, cancelled_reason="Snöstorm")
    assert done.headers["Location"] == "/traffar/?q=tr"
    assert statuses() == ["cancelled", "cancelled", "planned"]
    listed = client.get("/traffar/")
    assert "2 träffar ställdes in." in listed.content.decode()
    client.post(undo_address(listed))
    assert statuses() == ["planned"] * 3


def test_rows_that_cannot_be_changed_are_named_and_left(cast, client_for, meetings):
    client = client_for(cast.editor)
    done = preview(client, MEETINGS, "resume", *meetings)
    body = done.content.decode()
    assert "Ingen av raderna kan ändras." in body
    assert "3 träffar kan inte ändras" in body
    assert "Träffen är inte inställd." in body
    assert 'name="bekrafta"' not in body


def test_all_the_filters_give_are_changed_by_their_address(cast, client_for):
    factories.make_unit(cast.huvudman, "Lillåns förskola", school_forms=["FS"])
    client = client_for(cast.editor)
    page = preview(client, UNITS, "archive", vilka="alla", urval="school_form=FS", rad=[])
    assert "<strong>1 enhet</strong> arkiveras." in page.content.decode()
    confirm(client, UNITS, page)
    assert archived() == {"Lillåns förskola"}
    by_link = client.get(UNITS, {"atgard": "archive", "vilka": "alla"})
    assert "<strong>2 enheter</strong> arkiveras." in by_link.content.decode()


def test_a_strangers_rows_are_not_there(cast, client_for):
    client = client_for(cast.editor)
    page = preview(client, UNITS, "archive", cast.unit, cast.other_unit)
    assert "<strong>1 enhet</strong> arkiveras." in page.content.decode()
    assert "Granskolan" not in page.content.decode()
    client.post(UNITS, {"atgard": "archive", "rader": f"{cast.other_unit.uuid}:1", "bekrafta": "1"})
    client.post(UNITS, {"atgard": "archive", "rader": f"x:1,{cast.unit.uuid}", "bekrafta": "1"})
    assert archived() == set()


def test_without_the_right_there_are_no_boxes_and_no_page(cast, client_for):
    client = client_for(cast.rektor)
    assert 'name="rad"' not in client.get("/enheter/").content.decode()
    assert preview(client, UNITS, "archive", cast.unit).status_code == 403
    assert preview(client_for(cast.editor), UNITS, "explode", cast.unit).status_code == 404
    coordinators = preview(
        client_for(cast.editor), "/deltaganden/andra-flera/", "approve", cast.participation
    )
    assert coordinators.status_code == 403


def test_a_row_changed_since_the_preview_is_named_and_nothing_is_saved(cast, client_for):
    client = client_for(cast.editor)
    page = preview(client, UNITS, "archive", cast.unit, cast.second_unit)
    with bound(NATIONAL):
        SchoolUnit.objects.get(pk=cast.unit.pk).touch()
    answer = confirm(client, UNITS, page)
    assert answer.status_code == 409
    assert "<strong>Björkskolan</strong> har ändrats sedan du granskade" in answer.content.decode()
    assert archived() == set()
    assert confirm(client, UNITS, answer).status_code == 302
    assert archived() == {"Björkskolan", "Almskolan"}


def test_what_someone_has_changed_since_is_not_undone(cast, client_for):
    client = client_for(cast.editor)
    confirm(client, UNITS, preview(client, UNITS, "archive", cast.unit))
    address = undo_address(client.get("/enheter/"))
    with bound(NATIONAL):
        SchoolUnit.objects.get(pk=cast.unit.pk).touch()
    assert "Björkskolan har ändrats sedan dess." in client.post(address, follow=True).content.decode()
    assert archived() == {"Björkskolan"}
    assert "går inte att ångra längre" in client_for(cast.editor).post(address, follow=True).content.decode()


@pytest.fixture
def five_hundred(cast, monkeypatch):
    """500 meetings, and a change of them that the 300th does not take when it is made in earnest."""
    with bound(NATIONAL):
        Meeting.objects.bulk_create(
            Meeting(title=f"Nr {number}", huvudman_ids=[cast.huvudman.pk]) for number in range(1, 501)
        )

    def apply(row, cleaned, by):
        if row.title == "Nr 300" and not cleaned:
            raise ValidationError("Salen är bokad.")
        Meeting.objects.filter(pk=row.pk).update(place="Aulan")

    action = BulkAction("hall", "Boka", "bokas", "bokades", apply, lambda scope: True, tried_with={"a": 1})
    monkeypatch.setattr(MeetingListView, "bulk_actions", (action,))


def test_when_the_300th_of_500_fails_nothing_is_saved_and_it_is_named(five_hundred, cast, client_for):
    client = client_for(cast.coordinator)
    page = preview(client, MEETINGS, "hall", vilka="alla", rad=[])
    assert "<strong>500 träffar</strong> bokas." in page.content.decode()
    answer = confirm(client, MEETINGS, page)
    assert answer.status_code == 422
    assert re.search(r"Nr 300,[^<]*: Salen är bokad. Ingenting är sparat.", answer.content.decode())
    with bound(NATIONAL):
        assert not Meeting.objects.filter(place="Aulan").exists()


def test_more_rows_than_can_be_changed_at_once_are_too_many(cast, client_for, monkeypatch):
    monkeypatch.setattr("sbs_portal.web.bulk_views.MOST", 1)
    answer = preview(client_for(cast.editor), UNITS, "archive", vilka="alla", rad=[])
    assert answer.status_code == 422
    assert "Ändra högst 1 åt gången." in answer.content.decode()
    assert 'name="bekrafta"' not in answer.content.decode()


@pytest.mark.parametrize("who", ["editor", "reader"])
def test_boxes_take_no_query(who, cast, client_for, django_assert_num_queries):
    client = client_for(getattr(cast, who))
    client.get("/enheter/")
    with django_assert_num_queries(UNIT_LIST):
        client.get("/enheter/")


def test_meetings_change_place_and_entered_participations_are_approved(cast, client_for, meetings):
    client = client_for(cast.editor)
    page = preview(client, MEETINGS, "place", *meetings[1:])
    assert ">Byt plats för 2 träffar</button>" in page.content.decode()
    confirm(client, MEETINGS, page, place="Aulan")
    with bound(NATIONAL):
        assert [row.place for row in Meeting.objects.order_by("when_date")] == ["", "Aulan", "Aulan"]
        Participation.objects.filter(pk=cast.participation.pk).update(registration="waiting")
    client, address = client_for(cast.coordinator), "/deltaganden/andra-flera/"
    page = preview(client, address, "approve", cast.participation, cast.other_participation)
    assert "<strong>1 deltagande</strong> godkänns." in page.content.decode()
    assert "Deltagandet är redan godkänt." in page.content.decode()
    confirm(client, address, page)
    with bound(NATIONAL):
        assert Participation.objects.get(pk=cast.participation.pk).is_approved


def test_a_meeting_shared_with_another_huvudman_is_counted_and_left(cast, client_for, meetings):
    shared = factories.make_meeting(cast.participation, cast.other_participation, when=date(2031, 5, 1))
    page = preview(client_for(cast.editor), MEETINGS, "cancel", meetings[0], shared).content.decode()
    assert "<strong>1 träff</strong> ställs in." in page
    assert "1 träff får du inte ändra." in page
