"""The pages of meetings as they are read and planned, as a browser without JavaScript meets them."""

from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate
from seminars.models import Meeting
from seminars.services import meeting as services
from tests import factories
from tests.seminars.meeting_pages import page, write_url

pytestmark = pytest.mark.django_db

LIST, READ, WRITE = 13, 15, 23


# The list


def test_list_begins_with_the_nearest_ahead(spring, cast, client_for):
    html = page(client_for(cast.editor), "/traffar/")
    order = [html.index(str(meeting.uuid)) for meeting in (spring.fourth, spring.meetings[4], spring.third)]
    assert order == sorted(order)


def test_list_says_that_a_past_meeting_lacks_notes(spring, cast, client_for):
    html = page(client_for(cast.editor), "/traffar/?state=unrecorded")
    assert str(spring.second.uuid) in html
    assert str(spring.fourth.uuid) not in html
    assert "Saknar anteckningar" in html


def test_nothing_past_what_is_known_lacks_notes(cast, day, client_for):
    with bound(NATIONAL):
        cast.participation.known_through = date(2018, 3, 1)
        cast.participation.save()
    meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 12))
    html = page(client_for(cast.editor), f"/traffar/{meeting.uuid}/")
    assert "Uppgift saknas" in html
    assert "Saknar anteckningar" not in html
    assert str(meeting.uuid) not in page(client_for(cast.editor), "/traffar/?state=unrecorded")


def test_reader_lists_held_meetings_only(spring, cast, client_for):
    html = page(client_for(cast.reader), "/traffar/")
    assert str(spring.first.uuid) in html
    assert str(spring.second.uuid) not in html


def test_stranger_finds_nothing_by_searching(spring, cast, client_for):
    html = page(client_for(cast.stranger), "/traffar/?q=Björk")
    assert "Björkby" not in html
    assert str(spring.first.uuid) not in html


def test_search_finds_by_place_and_unit(spring, cast, client_for):
    client = client_for(cast.editor)
    assert str(spring.first.uuid) in page(client, "/traffar/?q=asken")
    assert str(spring.first.uuid) in page(client, "/traffar/?q=almskolan")
    assert str(spring.first.uuid) not in page(client, "/traffar/?q=granskolan")


@pytest.mark.parametrize("number", [1, 30])
def test_list_makes_as_many_queries_for_one_as_for_thirty(
    number, cast, day, client_for, django_assert_num_queries
):
    for _ in range(number):
        meeting = factories.make_meeting(cast.participation, when=date(2018, 4, 12), units=[cast.unit])
        factories.make_outcome(meeting)
    client = client_for(cast.editor)
    client.get("/traffar/")
    with django_assert_num_queries(LIST):
        page(client, "/traffar/")


# Reading


def test_page_says_who_was_there_and_what_came_of_it(spring, cast, client_for, as_):
    with as_(cast.process_leader):
        services.mark_all_present(meeting=spring.first, by=cast.process_leader)
        services.set_total_on_site(meeting=spring.first, total=10, by=cast.process_leader)
    html = page(client_for(cast.editor), f"/traffar/{spring.first.uuid}/")
    for words in (
        "Träff torsdag 8 mars 2018",
        "13.00–15.30, Björkskolan, sal Asken",
        "10 personer, 4 namngivna",
        "Strandskolan intervjuar elever.",
        "Boka planeringstid",
        "Försenad 25 dagar",
        "Rita Rektor",
    ):
        assert words in html


def test_page_of_a_meeting_known_to_the_month_says_the_month(cast, day, client_for):
    meeting = factories.make_meeting(cast.participation, when=ImpreciseDate.month(2018, 5))
    html = page(client_for(cast.editor), f"/traffar/{meeting.uuid}/")
    assert "<h1>Träff maj 2018</h1>" in html
    assert "2018-05-01" not in html


def test_protected_person_is_masked_on_every_page(spring, cast, client_for):
    client = client_for(cast.editor)
    for url in (f"/traffar/{spring.third.uuid}/", write_url(spring.third), "/", "/traffar/"):
        html = page(client, url)
        assert "Hemlig Namnsdotter" not in html
    assert "Skyddad person" in page(client, write_url(spring.third))


def test_reader_sees_decisions_and_no_names(spring, cast, client_for):
    with bound(NATIONAL):
        Meeting.objects.filter(pk=spring.first.pk).update(agenda="Rita Rektor berättar", total_on_site=10)
    html = page(client_for(cast.reader), f"/traffar/{spring.first.uuid}/")
    assert "Strandskolan intervjuar elever." in html
    assert "10 personer" in html
    for name in ("Rita", "Edit", "Pia", "Boka planeringstid", "ledig i maj", "Anteckna"):
        assert name not in html


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_meeting_ahead_does_not_exist_for_reader_and_stranger(who, spring, cast, client_for):
    client = client_for(getattr(cast, who))
    page(client, f"/traffar/{spring.fourth.uuid}/", 404)
    page(client, write_url(spring.fourth), 404)


def test_reader_may_not_open_the_writing_page_of_a_held_meeting(spring, cast, client_for):
    page(client_for(cast.reader), write_url(spring.first), 403)


def test_meeting_of_several_hides_the_others_people_and_actions(cast, day, client_for):
    meeting = factories.make_meeting(cast.participation, cast.other_participation, when=date(2018, 4, 12))
    with bound(NATIONAL):
        for person in (cast.rektor_person, cast.other_person):
            services.add_attendee(meeting=meeting, person=person, status="present", by=NATIONAL)
        services.add_outcome(
            meeting=meeting, kind="action", text="Granbys åtgärd", owner=cast.other_person, by=NATIONAL
        )
    html = page(client_for(cast.editor), f"/traffar/{meeting.uuid}/")
    assert "Rita Rektor" in html
    for words in ("Främling", "Granbys åtgärd", "Granby kommun"):
        assert words not in html


def test_reading_makes_as_many_queries_for_one_line_as_for_thirty(
    cast, day, client_for, django_assert_num_queries
):
    client = client_for(cast.editor)
    for number in (1, 30):
        meeting = factories.make_meeting(
            cast.participation,
            when=date(2018, 4, 12),
            units=[cast.unit],
            attendees=[factories.make_person(cast.huvudman) for _ in range(number)],
        )
        for _ in range(number):
            factories.make_outcome(meeting, "action", owner=cast.editor_person)
        client.get("/")
        with django_assert_num_queries(READ):
            page(client, f"/traffar/{meeting.uuid}/")
        with django_assert_num_queries(WRITE):
            page(client, write_url(meeting))
        with bound(NATIONAL):
            Meeting.objects.filter(pk=meeting.pk).delete()


# Planning


def test_meeting_is_planned_on_a_page(cast, day, client_for):
    data = {"when": "maj 2018", "mode": "on_site", "kind": "process", "units": [str(cast.unit.uuid)]}
    response = client_for(cast.process_leader).post("/traffar/ny/", data)
    with bound(NATIONAL):
        meeting = Meeting.objects.get()
        assert [link.unit for link in meeting.unit_links.all()] == [cast.unit]
    assert response.headers["Location"] == f"/traffar/{meeting.uuid}/"
    assert str(meeting.when) == "maj 2018"


def test_meeting_is_planned_with_several_participations_chosen_first(cast, day, client_for):
    client = client_for(cast.coordinator)
    both = [str(cast.participation.uuid), str(cast.other_participation.uuid)]
    asked = client.get("/traffar/ny/")
    assert {str(one.uuid) for one in asked.context["form"].fields["deltagande"].queryset} == {*both}
    assert client.get("/traffar/ny/", {"fortsatt": "1"}).status_code == 422
    again = client.get("/traffar/ny/", {"deltagande": both, "valj": "1"}).content.decode()
    assert again.count("checked") == 2
    address = f"/traffar/ny/?deltagande={both[0]}&deltagande={both[1]}"
    assert "Gemensamt för 2 deltaganden" in client.get(address).content.decode()
    client.post(address, {"when": "3 maj 2018", "mode": "on_site", "kind": "dialogue"})
    with bound(NATIONAL):
        meeting = Meeting.objects.get()
        assert {link.participation for link in meeting.participation_links.all()} == {
            cast.participation,
            cast.other_participation,
        }
        assert meeting.unit_links.count() == 3


def test_meeting_is_not_planned_with_a_strangers_participation(cast, day, client_for):
    data = {"when": "maj 2018", "mode": "on_site", "kind": "process"}
    client = client_for(cast.process_leader)
    own, foreign = cast.participation.uuid, cast.other_participation.uuid
    for address in (f"?deltagande={foreign}", f"?deltagande={own}&deltagande={foreign}"):
        response = client.post(f"/traffar/ny/{address}", data)
        assert response.status_code == 404
        assert "Granby" not in response.content.decode()
    refused = client.post("/traffar/ny/", data | {"units": [str(cast.other_unit.uuid)]})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"units"})
    with bound(NATIONAL):
        assert Meeting.objects.count() == 0


def test_meeting_is_changed_and_keeps_its_units(spring, cast, client_for):
    client = client_for(cast.process_leader)
    url = f"/traffar/{spring.fourth.uuid}/andra/"
    data = {
        "when": "10 maj 2018",
        "mode": "remote",
        "kind": "process",
        "agenda": "Ett\nTvå",
        "units": [str(cast.unit.uuid)],
    }
    assert client.post(url, data).status_code == 302
    with bound(NATIONAL):
        meeting = Meeting.objects.get(pk=spring.fourth.pk)
        assert [link.unit for link in meeting.unit_links.all()] == [cast.unit]
    assert (str(meeting.when), meeting.mode, meeting.agenda) == ("10 maj 2018", "remote", "Ett\nTvå")


def test_meeting_is_cancelled_with_a_reason(spring, cast, client_for):
    client = client_for(cast.process_leader)
    url = f"/traffar/{spring.fourth.uuid}/stall-in/"
    assert client.post(url, {"cancelled_reason": ""}).status_code == 422
    client.post(url, {"cancelled_reason": "Studiedag"})
    assert "<strong>Träffen är inställd.</strong> Studiedag" in page(
        client, f"/traffar/{spring.fourth.uuid}/"
    )


def test_write_now_leads_to_the_latest_that_lacks_notes(spring, cast, client_for):
    response = client_for(cast.process_leader).get("/traffar/anteckna/")
    assert response.headers["Location"] == write_url(spring.third)


def test_write_now_leads_to_todays_meeting_first(spring, cast, client_for, day):
    meeting = factories.make_meeting(cast.participation, when=day, units=[cast.unit])
    for user in (cast.process_leader, cast.rektor):
        assert client_for(user).get("/traffar/anteckna/").headers["Location"] == write_url(meeting)


# On other pages


def test_participation_page_shows_decisions_actions_and_next_meeting(spring, cast, client_for):
    html = page(client_for(cast.rektor), f"/deltaganden/{cast.participation.uuid}/")
    for words in (
        "Strandskolan intervjuar elever.",
        "Boka planeringstid",
        "Nästa träff",
        "9 maj",
        "var tredje vecka",
    ):
        assert words in html
    assert "Uppehåll" in html


def test_participation_page_of_a_reader_has_decisions_and_no_actions(spring, cast, client_for):
    html = page(client_for(cast.reader), f"/deltaganden/{cast.participation.uuid}/")
    assert "Strandskolan intervjuar elever." in html
    for words in ("Boka planeringstid", "Rita", "Anteckna från träff"):
        assert words not in html


def test_participation_page_of_an_earlier_day_knows_nothing_later(spring, cast, client_for):
    html = page(client_for(cast.rektor), f"/deltaganden/{cast.participation.uuid}/?datum=2018-03-01")
    assert "Strandskolan intervjuar elever." not in html
    assert "Boka planeringstid" not in html


def test_action_is_ticked_off_on_the_participations_page(spring, cast, client_for):
    client, url = client_for(cast.rektor), f"/deltaganden/{cast.participation.uuid}/"
    assert f"/atgarder/{spring.action.uuid}/klar/" in page(client, url)
    client.post(f"/atgarder/{spring.action.uuid}/klar/", {"tillbaka": url})
    assert f"/atgarder/{spring.action.uuid}/klar/" not in page(client, url)


def test_pages_of_unit_huvudman_and_person_show_meetings(spring, cast, client_for):
    client = client_for(cast.editor)
    for url in (
        f"/enheter/{cast.unit.uuid}/",
        f"/huvudman/{cast.huvudman.uuid}/",
        f"/personer/{cast.rektor_person.uuid}/",
    ):
        assert str(spring.first.uuid) in page(client, url)
    assert "Boka planeringstid" in page(client, f"/personer/{cast.rektor_person.uuid}/")
