"""Notes of a meeting written with a plain form: one button, errors at their fields, two writers at once."""

import re
from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from seminars.models import Meeting, Outcome
from seminars.services import meeting as services
from tests import factories
from tests.seminars.meeting_pages import page, sent, statuses, texts, write_url

pytestmark = pytest.mark.django_db


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
