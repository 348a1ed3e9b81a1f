"""The pages of meetings, as a browser without JavaScript meets them; and the small saves of one with it."""

import re
from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate
from seminars.models import Attendance, Meeting, Outcome
from seminars.services import meeting as services
from tests import factories

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}
LIST, READ, WRITE = 17, 15, 23


def page(client, url, status=200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def write_url(meeting) -> str:
    return f"/traffar/{meeting.uuid}/anteckna/"


def sent(meeting, **changes) -> dict:
    """What a browser sends when nothing but ``changes`` has been touched."""
    data = {"seen_total": "", "total_on_site": "", "ny-kind": "decision", "ny-text": "", "ny-due": "next"}
    with bound(NATIONAL):
        for line in Attendance.objects.filter(meeting=meeting):
            data[f"narvaro-{line.uuid}-seen"] = f"{line.version}:{line.status or ''}:{line.substitute_name}"
            if line.status:
                data[f"narvaro-{line.uuid}-status"] = line.status
    return data | changes


def statuses(meeting) -> dict:
    with bound(NATIONAL):
        lines = Attendance.objects.filter(meeting=meeting).select_related("person")
        return {line.person.name: line.status for line in lines}


def texts(meeting) -> list:
    with bound(NATIONAL):
        return list(Outcome.objects.filter(meeting=meeting).order_by("pk").values_list("kind", "text"))


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


# Writing without JavaScript


def test_one_button_saves_attendance_total_and_the_new_line(spring, cast, client_for):
    line, other = (spring.line(spring.third, p) for p in (cast.rektor_person, cast.editor_person))
    data = sent(
        spring.third,
        **{
            f"narvaro-{line.uuid}-status": "present",
            f"narvaro-{other.uuid}-status": "substitute",
            f"narvaro-{other.uuid}-substitute_name": "Mona Rask",
            "total_on_site": "10",
            "ny-text": "Intervjuer vecka 17",
            "gor": "lagg-till",
        },
    )
    response = client_for(cast.process_leader).post(write_url(spring.third), data)
    assert response.status_code == 302
    assert statuses(spring.third) == {
        "Rita Rektor": "present",
        "Edit Redigerare": "substitute",
        "Hemlig Namnsdotter": None,
        "Pia Processledare": None,
    }
    assert texts(spring.third) == [("decision", "Intervjuer vecka 17")]
    with bound(NATIONAL):
        assert Meeting.objects.get(pk=spring.third.pk).total_on_site == 10


def test_everyone_here_is_one_button(spring, cast, client_for):
    client_for(cast.process_leader).post(write_url(spring.third), sent(spring.third, gor="alla"))
    assert set(statuses(spring.third).values()) == {"present"}


def test_action_is_written_with_owner_and_day(spring, cast, client_for):
    data = {
        "ny-kind": "action",
        "ny-text": "Boka rum",
        "ny-owner": str(cast.editor_person.uuid),
        "ny-due": "day",
        "ny-due_on": "2018-05-04",
        "gor": "lagg-till",
    }
    client_for(cast.process_leader).post(write_url(spring.third), sent(spring.third, **data))
    with bound(NATIONAL):
        action = Outcome.objects.select_related("owner").get(meeting=spring.third)
        assert (action.owner, action.due_on, action.due_next_meeting) == (
            cast.editor_person,
            date(2018, 5, 4),
            False,
        )


def test_action_of_a_party_is_due_at_the_next_meeting(spring, cast, client_for):
    data = {
        "ny-kind": "action",
        "ny-text": "Skicka underlag",
        "ny-owner": "part:Skolverket",
        "gor": "lagg-till",
    }
    client_for(cast.process_leader).post(write_url(spring.third), sent(spring.third, **data))
    with bound(NATIONAL):
        action = Outcome.objects.get(meeting=spring.third)
    assert (action.owner_party, action.due_on) == ("Skolverket", date(2018, 5, 9))


def test_last_times_action_is_ticked_off_and_taken_back(spring, cast, client_for):
    client = client_for(cast.process_leader)
    assert "Boka planeringstid" in page(client, write_url(spring.third))
    client.post(write_url(spring.third), sent(spring.third, gor=f"gjord:{spring.action.uuid}"))
    with bound(NATIONAL):
        assert Outcome.objects.get(pk=spring.action.pk).done_on == date(2018, 4, 23)
    client.post(write_url(spring.third), sent(spring.third, gor=f"ogjord:{spring.action.uuid}"))
    with bound(NATIONAL):
        assert Outcome.objects.get(pk=spring.action.pk).done_on is None


def test_done_with_the_meeting_saves_what_was_typed_and_leads_to_the_page(spring, cast, client_for):
    response = client_for(cast.process_leader).post(
        write_url(spring.third), sent(spring.third, **{"ny-text": "Sista raden", "gor": "klar"})
    )
    assert response.headers["Location"] == f"/traffar/{spring.third.uuid}/"
    assert texts(spring.third) == [("decision", "Sista raden")]
    with bound(NATIONAL):
        assert Meeting.objects.get(pk=spring.third.pk).status == "held"


def test_meeting_ahead_is_not_finished_and_nothing_typed_is_lost(spring, cast, client_for):
    data = sent(spring.fourth, **{"ny-text": "Förberett", "gor": "klar"})
    response = client_for(cast.process_leader).post(write_url(spring.fourth), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Förberett</textarea>" in html
    assert "Träffen är först 9 maj. Ändra dagen om den redan har varit." in html
    assert texts(spring.fourth) == []


def test_an_error_stands_at_its_field_and_everything_typed_is_kept(spring, cast, client_for):
    line = spring.line(spring.third, cast.rektor_person)
    data = sent(
        spring.third,
        **{
            f"narvaro-{line.uuid}-status": "present",
            "ny-kind": "action",
            "ny-text": "Boka rum",
            "ny-due": "day",
            "ny-due_on": "",
            "gor": "lagg-till",
        },
    )
    response = client_for(cast.process_leader).post(write_url(spring.third), data)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Välj en dag, eller nästa träff." in html
    assert "Boka rum</textarea>" in html
    assert statuses(spring.third)["Rita Rektor"] is None


def test_ten_thousand_characters_are_refused_and_kept_in_the_box(spring, cast, client_for):
    response = client_for(cast.process_leader).post(
        write_url(spring.third), sent(spring.third, **{"ny-text": "å" * 10_000, "gor": "lagg-till"})
    )
    assert response.status_code == 422
    assert "å" * 10_000 in response.content.decode()
    assert texts(spring.third) == []


def test_null_bytes_are_refused(spring, cast, client_for):
    response = client_for(cast.process_leader).post(
        write_url(spring.third), sent(spring.third, **{"ny-text": "a\x00b", "gor": "lagg-till"})
    )
    assert response.status_code == 422
    assert texts(spring.third) == []


def test_emoji_are_kept(spring, cast, client_for):
    client_for(cast.process_leader).post(
        write_url(spring.third), sent(spring.third, **{"ny-text": "Bra 👩🏽‍🏫", "gor": "lagg-till"})
    )
    assert texts(spring.third) == [("decision", "Bra 👩🏽‍🏫")]


def test_a_line_is_changed_in_place(spring, cast, client_for):
    client, line = client_for(cast.process_leader), spring.decision
    html = page(client, f"{write_url(spring.first)}?andra={line.uuid}")
    assert "Strandskolan intervjuar elever.</textarea>" in html
    data = {
        "redigerar": str(line.uuid),
        f"rad-{line.uuid}-kind": "decision",
        f"rad-{line.uuid}-text": "Strandskolan intervjuar tio elever.",
        f"rad-{line.uuid}-version": line.version,
        "gor": f"spara-rad:{line.uuid}",
    }
    client.post(write_url(spring.first), sent(spring.first, **data))
    with bound(NATIONAL):
        assert Outcome.objects.get(pk=line.pk).text == "Strandskolan intervjuar tio elever."


def test_two_writers_on_one_text_see_both_and_lose_neither(spring, cast, client_for, as_):
    line = spring.decision
    with as_(cast.editor):
        services.change_outcome(outcome=line, text="Redaktörens text", version=line.version, by=cast.editor)
    data = {
        "redigerar": str(line.uuid),
        f"rad-{line.uuid}-kind": "decision",
        f"rad-{line.uuid}-text": "Processledarens text",
        f"rad-{line.uuid}-version": line.version,
        "gor": f"spara-rad:{line.uuid}",
    }
    client = client_for(cast.process_leader)
    response = client.post(write_url(spring.first), sent(spring.first, **data))
    html = response.content.decode()
    assert response.status_code == 422
    assert "Edit Redigerare ändrade samma rad" in html
    assert "Inget har gått förlorat. Välj vilken text som ska gälla." in html
    assert "Redaktörens text" in html
    assert "Processledarens text</textarea>" in html
    # Sent again as it was, it is refused again: only the button that says so lets mine hold.
    assert client.post(write_url(spring.first), sent(spring.first, **data)).status_code == 422
    data["gor"] = re.search(r'value="(min:[^"]+)"', html)[1]
    assert client.post(write_url(spring.first), sent(spring.first, **data)).status_code == 302
    with bound(NATIONAL):
        assert Outcome.objects.get(pk=line.pk).text == "Processledarens text"


def test_text_for_a_line_someone_has_removed_is_not_lost(spring, cast, client_for, as_):
    line = spring.decision
    with as_(cast.editor):
        services.remove_outcome(outcome=line, by=cast.editor)
    data = {
        "redigerar": str(line.uuid),
        f"rad-{line.uuid}-kind": "decision",
        f"rad-{line.uuid}-text": "Min ändring",
        f"rad-{line.uuid}-version": line.version,
        "gor": "spara",
    }
    response = client_for(cast.process_leader).post(write_url(spring.first), sent(spring.first, **data))
    html = response.content.decode()
    assert response.status_code == 422
    assert "Någon annan har tagit bort raden." in html
    assert "Min ändring</textarea>" in html


def test_a_line_left_untouched_does_not_undo_what_someone_else_noted(spring, cast, client_for, as_):
    stale = sent(spring.third, **{"ny-text": "Min rad", "gor": "lagg-till"})
    line = spring.line(spring.third, cast.rektor_person)
    with as_(cast.editor):
        services.record_attendance(attendance=line, status="absent", by=cast.editor)
    client_for(cast.process_leader).post(write_url(spring.third), stale)
    assert statuses(spring.third)["Rita Rektor"] == "absent"
    assert texts(spring.third) == [("decision", "Min rad")]


def test_two_writers_on_one_person_are_asked_which_holds(spring, cast, client_for, as_):
    line = spring.line(spring.third, cast.rektor_person)
    stale = sent(spring.third, **{f"narvaro-{line.uuid}-status": "present", "gor": "spara"})
    with as_(cast.editor):
        services.record_attendance(attendance=line, status="absent", by=cast.editor)
    response = client_for(cast.process_leader).post(write_url(spring.third), stale)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Edit Redigerare ändrade samma rad" in html
    assert "Frånvarande.</strong> Inget har gått förlorat." in html
    assert statuses(spring.third)["Rita Rektor"] == "absent"


def test_person_who_came_is_added(spring, cast, client_for):
    person = factories.make_person(cast.huvudman, "Nils Ny")
    client_for(cast.process_leader).post(
        write_url(spring.third), sent(spring.third, person=str(person.uuid), gor="kom")
    )
    assert statuses(spring.third)["Nils Ny"] == "present"


def test_strangers_person_cannot_be_added_or_given_an_action(spring, cast, client_for):
    client, foreign = client_for(cast.process_leader), str(cast.other_person.uuid)
    added = client.post(write_url(spring.third), sent(spring.third, person=foreign, gor="kom"))
    data = {"ny-kind": "action", "ny-text": "Ring", "ny-owner": foreign, "gor": "lagg-till"}
    owned = client.post(write_url(spring.third), sent(spring.third, **data))
    assert (added.status_code, owned.status_code) == (422, 422)
    assert "Främling Gransson" not in added.content.decode() + owned.content.decode()
    assert "Främling Gransson" not in statuses(spring.third)
    assert texts(spring.third) == []


def test_next_meeting_is_booked_as_proposed(spring, cast, client_for):
    last = spring.meetings[-1]
    html = page(client_for(cast.process_leader), write_url(last))
    assert (
        "Förslag: <strong>torsdag 21 juni 2018, 13.00</strong>. Tre skolveckor från den här träffen." in html
    )
    data = {"nasta-when": "2018-06-21", "nasta-start_time": "13:00", "nasta-end_time": "", "gor": "boka"}
    client_for(cast.process_leader).post(write_url(last), sent(last, **data))
    with bound(NATIONAL):
        assert spring.series.meetings.filter(when_date=date(2018, 6, 21), number=6).exists()


def test_rektor_sees_all_lines_and_writes_the_own_units(spring, cast, client_for):
    html = page(client_for(cast.rektor), write_url(spring.third))
    own, foreign = (
        spring.line(spring.third, cast.rektor_person),
        spring.line(spring.third, cast.editor_person),
    )
    assert f'name="narvaro-{own.uuid}-status"' in html
    assert f'name="narvaro-{foreign.uuid}-status"' not in html
    assert "Edit Redigerare" in html
    assert "Klar med träffen" not in html
    data = sent(spring.third, **{f"narvaro-{foreign.uuid}-status": "absent", "gor": "spara"})
    client_for(cast.rektor).post(write_url(spring.third), data)
    assert statuses(spring.third)["Edit Redigerare"] is None


# The small saves


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


def test_two_who_note_the_same_person_choose_between_both(spring, cast, client_for):
    client, url = client_for(cast.editor), write_url(spring.first)
    line = spring.line(spring.first, cast.rektor_person)
    mine = sent(spring.first, **{f"narvaro-{line.uuid}-status": "absent", "gor": "spara"})
    with bound(NATIONAL):
        services.record_attendance(attendance=line, status="excused", by=NATIONAL)
    html = client.post(url, mine).content.decode()
    choices = re.findall(r'name="gor" value="(valj:[^"]*)"', html)
    assert len(choices) == 2
    assert "Behåll Anmält förhinder" in html
    assert "Spara Frånvarande" in html
    # Saved once more without choosing, nothing is overwritten.
    assert client.post(url, mine).status_code == 422
    assert statuses(spring.first)[cast.rektor_person.name] == "excused"
    assert client.post(url, mine | {"gor": choices[0]}).status_code == 302
    assert statuses(spring.first)[cast.rektor_person.name] == "excused"
    assert client.post(url, mine | {"gor": choices[1]}).status_code == 302
    assert statuses(spring.first)[cast.rektor_person.name] == "absent"
