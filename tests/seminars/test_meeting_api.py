"""Meetings through the API: the same services, rights and limits as the pages."""

import json
import uuid
from datetime import date

import pytest

from sbs_portal.scope import NATIONAL, bound
from seminars.models import Attendance, Meeting, Outcome
from seminars.services import meeting as services
from tests import factories

pytestmark = pytest.mark.django_db

MEETINGS, ATTENDANCES, OUTCOMES = "/api/v1/meetings", "/api/v1/attendances", "/api/v1/outcomes"


def post(client, url, body=None, **headers):
    return client.post(url, json.dumps(body or {}), content_type="application/json", headers=headers)


def patch(client, url, body, **headers):
    return client.patch(url, json.dumps(body), content_type="application/json", headers=headers)


def count(model) -> int:
    with bound(NATIONAL):
        return model.objects.count()


def wrong(response) -> set:
    return {one["property"] for one in response.json()["invalid_parameters"]}


# Reading


@pytest.mark.parametrize(
    "resource", ["meeting-series", "meeting-series-attendees", "meetings", "attendances", "outcomes"]
)
def test_stranger_reads_nothing(resource, spring, cast, api_for):
    assert api_for(cast.editor).get(f"/api/v1/{resource}").json()["_meta"]["count"] > 0
    assert api_for(cast.stranger).get(f"/api/v1/{resource}").json()["_meta"]["count"] == 0


def test_reader_gets_held_meetings_and_decisions_only(spring, cast, api_for):
    client = api_for(cast.reader)
    with bound(NATIONAL):
        Meeting.objects.filter(pk=spring.first.pk).update(agenda="Rita Rektor berättar")
    meetings = client.get(MEETINGS).json()["data"]
    assert [(one["id"], one["agenda"]) for one in meetings] == [(str(spring.first.uuid), "")]
    assert [one["text"] for one in client.get(OUTCOMES).json()["data"]] == ["Strandskolan intervjuar elever."]
    assert client.get(ATTENDANCES).json()["data"] == []


def test_related_rows_stand_in_place_of_their_ids(spring, cast, api_for):
    client = api_for(cast.editor)
    path = f"{ATTENDANCES}?limit=1&fields=meeting,person&expand=meeting.participations,person"
    [line] = client.get(path).json()["data"]
    [participation] = line["meeting"]["participations"]
    assert line["person"] == client.get(f"/api/v1/people/{line['person']['id']}").json()
    assert participation == client.get(f"/api/v1/participations/{participation['id']}").json()


def test_protected_person_is_masked(spring, cast, api_for):
    url = f"{ATTENDANCES}?person={cast.protected_person.uuid}"
    names = {one["person_name"] for one in api_for(cast.editor).get(url).json()["data"]}
    assert names == {"Skyddad person"}


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("status=held", 1),
        ("status=planned", 4),
        ("when=2018-05", 2),
        ("from_date=2018-05-10", 1),
        ("kind=staff", 0),
    ],
)
def test_meetings_are_filtered(query, number, spring, cast, api_for):
    assert api_for(cast.editor).get(f"{MEETINGS}?{query}").json()["_meta"]["count"] == number


def test_meetings_are_filtered_by_participation_unit_and_outcome_state(spring, cast, api_for):
    client = api_for(cast.coordinator)
    assert client.get(f"{MEETINGS}?participation={cast.participation.uuid}").json()["_meta"]["count"] == 5
    assert (
        client.get(f"{MEETINGS}?participation={cast.other_participation.uuid}").json()["_meta"]["count"] == 0
    )
    assert client.get(f"{MEETINGS}?unit={cast.second_unit.uuid}").json()["_meta"]["count"] == 5
    assert client.get(f"{OUTCOMES}?kind=action&is_done=false").json()["_meta"]["count"] == 1
    assert client.get(f"{OUTCOMES}?kind=action&is_done=true").json()["_meta"]["count"] == 0


def test_unknown_status_is_told_the_known(spring, cast, api_for):
    response = api_for(cast.editor).get(f"{MEETINGS}?status=borta")
    assert response.status_code == 400
    assert "cancelled, held, planned" in response.content.decode()


@pytest.mark.parametrize(("resource", "queries"), [("meetings", 6), ("attendances", 6), ("outcomes", 6)])
def test_lists_make_as_many_queries_for_one_as_for_thirty(
    resource, queries, cast, day, api_for, django_assert_num_queries
):
    client = api_for(cast.editor)
    for number in (1, 29):
        for _ in range(number):
            person = factories.make_person(cast.huvudman)
            meeting = factories.make_meeting(
                cast.participation, when=date(2018, 4, 12), units=[cast.unit], attendees=[person]
            )
            factories.make_outcome(meeting, "action", owner=person)
        client.get(f"/api/v1/{resource}")
        with django_assert_num_queries(queries):
            client.get(f"/api/v1/{resource}?limit=50")


# Meetings


def test_meeting_is_created_of_a_month_with_all_units(cast, day, api_for):
    body = {"participations": [str(cast.participation.uuid)], "when": "2018-05", "place": "Rådhuset"}
    response = post(api_for(cast.process_leader, write=True), MEETINGS, body)
    assert response.status_code == 201
    found = response.json()
    assert found["when"] == {"date": "2018-05", "precision": "month", "text": "maj 2018"}
    assert set(found["units"]) == {str(cast.unit.uuid), str(cast.second_unit.uuid)}


def test_meeting_is_changed_finished_and_not_cancelled_after(spring, cast, api_for):
    client, url = api_for(cast.process_leader, write=True), f"{MEETINGS}/{spring.third.uuid}"
    assert patch(client, url, {"place": "Rådhuset", "total_on_site": 12}).json()["total_on_site"] == 12
    assert post(client, f"{url}/finish").json()["status"] == "held"
    assert post(client, f"{url}/cancel", {"reason": "Nej"}).status_code == 400


def test_meeting_ahead_cannot_be_finished(spring, cast, api_for):
    response = post(api_for(cast.process_leader, write=True), f"{MEETINGS}/{spring.fourth.uuid}/finish")
    assert response.status_code == 400
    assert wrong(response) == {"when"}


def test_cancelling_asks_for_a_reason(spring, cast, api_for):
    client, url = api_for(cast.process_leader, write=True), f"{MEETINGS}/{spring.fourth.uuid}/cancel"
    assert wrong(post(client, url)) == {"reason"}
    assert post(client, url, {"reason": "Studiedag"}).json()["cancelled_reason"] == "Studiedag"


def test_old_version_is_refused(spring, cast, api_for):
    client, url = api_for(cast.process_leader, write=True), f"{MEETINGS}/{spring.third.uuid}"
    assert patch(client, url, {"place": "Ny"}, **{"If-Match": '"99"'}).status_code == 412
    with bound(NATIONAL):
        assert Meeting.objects.get(pk=spring.third.pk).place == "Björkskolan, sal Asken"


@pytest.mark.parametrize("who", ["rektor", "reader", "stranger"])
def test_those_who_may_not_plan_create_and_change_nothing(who, spring, cast, api_for):
    client = api_for(getattr(cast, who), write=True)
    body = {"participations": [str(cast.participation.uuid)], "when": "2018-05-03"}
    assert post(client, MEETINGS, body).status_code in (400, 403)
    assert patch(client, f"{MEETINGS}/{spring.third.uuid}", {"place": "Ny"}).status_code in (403, 404)
    assert post(client, f"{MEETINGS}/{spring.third.uuid}/cancel", {"reason": "Nej"}).status_code in (403, 404)
    assert count(Meeting) == 5


def test_token_that_may_only_read_writes_nothing(spring, cast, api_for):
    response = post(api_for(cast.process_leader), OUTCOMES, {"meeting": str(spring.third.uuid)})
    assert response.status_code == 403


# A stranger's ids in every related field


@pytest.mark.parametrize("field", ["participations", "units", "series"])
def test_meeting_with_a_strangers_id_is_refused(field, spring, cast, api_for):
    with bound(NATIONAL):
        series = services.start_series(participation=cast.other_participation, by=NATIONAL)
    foreign = {
        "participations": [str(cast.other_participation.uuid)],
        "units": [str(cast.other_unit.uuid)],
        "series": str(series.uuid),
    }
    body = {"participations": [str(cast.participation.uuid)], "when": "2018-05-03", field: foreign[field]}
    response = post(api_for(cast.process_leader, write=True), MEETINGS, body)
    assert response.status_code == 400
    assert {name.split(".")[0].split("[")[0] for name in wrong(response)} == {field}
    assert count(Meeting) == 5


@pytest.mark.parametrize("field", ["meeting", "person", "unit"])
def test_attendance_with_a_strangers_id_is_refused(field, spring, cast, api_for):
    person = factories.make_person(cast.huvudman)
    theirs = factories.make_meeting(cast.other_participation, when=date(2018, 4, 12))
    before = count(Attendance)
    foreign = {"meeting": theirs, "person": cast.other_person, "unit": cast.other_unit}
    body = {"meeting": str(spring.third.uuid), "person": str(person.uuid), field: str(foreign[field].uuid)}
    response = post(api_for(cast.process_leader, write=True), ATTENDANCES, body)
    assert response.status_code == 400
    assert wrong(response) == {field}
    assert count(Attendance) == before


@pytest.mark.parametrize("field", ["meeting", "owner", "huvudman"])
def test_outcome_with_a_strangers_id_is_refused(field, spring, cast, api_for):
    theirs = factories.make_meeting(cast.other_participation, when=date(2018, 4, 12))
    foreign = {"meeting": theirs, "owner": cast.other_person, "huvudman": cast.other_huvudman}
    body = {
        "meeting": str(spring.third.uuid),
        "kind": "action",
        "text": "Ring",
        field: str(foreign[field].uuid),
    }
    response = post(api_for(cast.process_leader, write=True), OUTCOMES, body)
    assert response.status_code == 400
    assert wrong(response) == {field}
    assert count(Outcome) == 3


def test_coordinators_slip_between_huvudman_is_refused_by_the_service(spring, cast, api_for):
    client = api_for(cast.coordinator, write=True)
    line = {"meeting": str(spring.third.uuid), "kind": "action", "text": "Ring"}
    assert wrong(post(client, OUTCOMES, line | {"owner": str(cast.other_person.uuid)})) == {"owner"}
    body = {"meeting": str(spring.third.uuid), "person": str(cast.other_person.uuid)}
    assert wrong(post(client, ATTENDANCES, body)) == {"person"}
    assert count(Outcome) == 3


# Attendance


def test_attendance_is_added_and_noted(spring, cast, api_for):
    client = api_for(cast.process_leader, write=True)
    person = factories.make_person(cast.huvudman, role="special_educator", unit=cast.second_unit)
    body = {"meeting": str(spring.third.uuid), "person": str(person.uuid), "status": "present"}
    found = post(client, ATTENDANCES, body).json()
    assert (found["status"], found["role"], found["unit"]) == (
        "present",
        "special_educator",
        str(cast.second_unit.uuid),
    )
    changed = patch(
        client, f"{ATTENDANCES}/{found['id']}", {"status": "substitute", "substitute_name": "Mona Rask"}
    )
    assert changed.json()["substitute_name"] == "Mona Rask"
    assert patch(client, f"{ATTENDANCES}/{found['id']}", {"status": "absent"}).json()["substitute_name"] == ""


def test_rektor_notes_the_own_unit_only(spring, cast, api_for):
    client = api_for(cast.rektor, write=True)
    own, foreign = (spring.line(spring.third, p) for p in (cast.rektor_person, cast.editor_person))
    assert patch(client, f"{ATTENDANCES}/{own.uuid}", {"status": "present"}).status_code == 200
    assert patch(client, f"{ATTENDANCES}/{foreign.uuid}", {"status": "present"}).status_code == 403


# Outcomes


def test_outcome_sent_twice_with_a_client_key_is_one(spring, cast, api_for):
    client = api_for(cast.process_leader, write=True)
    body = {
        "meeting": str(spring.third.uuid),
        "kind": "decision",
        "text": "En gång",
        "client_key": str(uuid.uuid4()),
    }
    first, again = post(client, OUTCOMES, body), post(client, OUTCOMES, body)
    assert first.json()["id"] == again.json()["id"]
    assert count(Outcome) == 4


def test_action_is_completed_by_its_owner_and_reopened(spring, cast, api_for):
    client, url = api_for(cast.rektor, write=True), f"{OUTCOMES}/{spring.action.uuid}"
    assert post(client, f"{url}/complete").json()["done_on"] == "2018-04-23"
    assert post(client, f"{url}/reopen").json()["is_done"] is False
    assert wrong(post(client, f"{url}/complete", {"done_on": "2018-05-01"})) == {"done_on"}


def test_line_is_changed_and_removed(spring, cast, api_for):
    client, url = api_for(cast.process_leader, write=True), f"{OUTCOMES}/{spring.decision.uuid}"
    assert patch(client, url, {"text": "Ny text"}).json()["text"] == "Ny text"
    assert client.delete(url).status_code == 428
    assert client.delete(url, headers={"If-Match": '"1"'}).status_code == 412
    assert client.delete(url, headers={"If-Match": client.get(url)["ETag"]}).status_code == 204
    assert count(Outcome) == 2


def test_reader_may_change_no_line(spring, cast, api_for):
    client = api_for(cast.reader, write=True)
    assert patch(client, f"{OUTCOMES}/{spring.decision.uuid}", {"text": "Nej"}).status_code == 403
    assert client.delete(f"{OUTCOMES}/{spring.decision.uuid}").status_code == 403
    assert post(client, f"{OUTCOMES}/{spring.action.uuid}/complete").status_code == 404
    assert count(Outcome) == 3


@pytest.mark.parametrize("text", ["x" * 10_000, "a\x00b", "   "])
def test_bad_text_is_refused(text, spring, cast, api_for):
    body = {"meeting": str(spring.third.uuid), "kind": "decision", "text": text}
    response = post(api_for(cast.process_leader, write=True), OUTCOMES, body)
    assert response.status_code == 400
    assert wrong(response) == {"text"}
    assert count(Outcome) == 3


def test_emoji_come_back_as_they_were(spring, cast, api_for):
    body = {"meeting": str(spring.third.uuid), "kind": "decision", "text": "Bra 👩🏽‍🏫"}
    assert post(api_for(cast.process_leader, write=True), OUTCOMES, body).json()["text"] == "Bra 👩🏽‍🏫"


def test_too_large_a_body_is_refused(spring, cast, api_for):
    body = {"meeting": str(spring.third.uuid), "kind": "decision", "text": "x" * 3_000_000}
    assert post(api_for(cast.process_leader, write=True), OUTCOMES, body).status_code == 413
    assert count(Outcome) == 3


def test_unknown_field_is_refused(spring, cast, api_for):
    body = {"meeting": str(spring.third.uuid), "kind": "decision", "text": "Ja", "status": "x"}
    assert wrong(post(api_for(cast.process_leader, write=True), OUTCOMES, body)) == {"status"}


def test_many_lines_of_a_meeting_at_once_or_none(spring, cast, api_for):
    client = api_for(cast.process_leader, write=True)
    line = {"meeting": str(spring.third.uuid), "kind": "decision", "text": "Beslut"}
    before = count(Outcome)
    foreign = post(client, f"{OUTCOMES}/bulk", [line, {**line, "owner": str(cast.other_person.uuid)}])
    assert (wrong(foreign), count(Outcome)) == ({"1.owner"}, before)
    made = post(client, f"{OUTCOMES}/bulk", [line, {**line, "text": "Ett till"}])
    assert [row["row"]["text"] for row in made.json()["data"]] == ["Beslut", "Ett till"]
    assert count(Outcome) == before + 2


def test_a_series_is_extended_changed_from_a_meeting_and_its_meetings_moved_and_cancelled(
    spring, cast, api_for
):
    client, address = api_for(cast.editor, write=True), f"/api/v1/meeting-series/{spring.series.uuid}"

    def act(name, status=200, headers=None, **body):
        answer = client.post(f"{address}/{name}", body, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer

    def days():
        with bound(NATIONAL):
            planned = spring.series.meetings.filter(status="planned").order_by("when_date")
            return [one.when.date for one in planned]

    stale = {"If-Match": '"0"'}
    act("extend", status=412, headers=stale, through="2018-06-21")
    act("extend", status=400, through="9999-12-31")
    act("extend", through="2018-06-21")
    assert days()[-1] == date(2018, 6, 21)
    third = str(spring.third.uuid)
    act("change-from", status=400, meeting=third, starts="0001-01-01")
    act("change-from", meeting=third, starts="2018-04-24", place="Rådhuset")
    assert [day.weekday() for day in days()[1:]] == [1] * (len(days()) - 1)
    two = [third, str(spring.fourth.uuid)]
    act("move-meetings", meetings=two, weeks=1, reason="Sjukdom")
    assert days()[1] == date(2018, 5, 1)
    act("move-meetings", status=400, meetings=two, weeks=0, reason="Sjukdom")
    with bound(NATIONAL):
        foreign = services.start_series(
            participation=cast.other_participation, starts=date(2018, 5, 3), by=NATIONAL
        )
        other = services.plan_meeting(participations=[cast.participation], when=date(2018, 5, 4), by=NATIONAL)
        strange = foreign.meetings.first()
    for one in (strange, other):
        body = {"meetings": [str(one.uuid)], "reason": "Sjukdom"}
        (told,) = wrong(act("cancel-meetings", status=400, **body))
        assert told.startswith("meetings")
    act("cancel-meetings", meetings=two, reason="Sjukdom")
    with bound(NATIONAL):
        assert {one.status for one in Meeting.objects.filter(uuid__in=two)} == {"cancelled"}


def test_a_series_is_shared_by_who_may_plan_at_both(cast, day, api_for):
    body = {
        "participation": str(cast.participation.uuid),
        "other_participations": [str(cast.other_participation.uuid)],
        "starts": "2018-05-03",
        "plan_through": "2018-05-10",
    }
    address = "/api/v1/meeting-series"
    refused = api_for(cast.editor, write=True).post(address, body, content_type="application/json")
    assert wrong(refused) == {"other_participations.0"}
    client = api_for(cast.coordinator, write=True)
    made = client.post(address, body, content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    (meeting,) = client.get("/api/v1/meetings").json()["data"]
    assert set(meeting["participations"]) == {body["participation"], *body["other_participations"]}


def test_the_role_of_someone_at_a_meeting_is_changed(spring, cast, api_for):
    line = spring.line(spring.fourth, cast.editor_person)
    client, address = api_for(cast.editor, write=True), f"/api/v1/attendances/{line.uuid}"
    body = {"role": "education_leader", "unit": str(cast.unit.uuid)}
    answer = client.patch(address, body, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    found = answer.json()
    assert (found["role"], found["unit"], found["is_required"]) == (*body.values(), True)
    foreign = client.patch(address, {"unit": str(cast.other_unit.uuid)}, content_type="application/json")
    assert wrong(foreign) == {"unit"}


def test_what_only_the_database_refuses_is_told_of_each_row(spring, cast, api_for, monkeypatch):
    """Two who write at once: what the check could not see yet."""
    monkeypatch.setattr("sbs_portal.rows.check_all", lambda rows, **kwargs: [None] * len(rows))
    client, before = api_for(cast.editor, write=True), count(Outcome)
    line = {"meeting": str(spring.first.uuid), "kind": "decision", "text": "Beslut"}
    rows = [line, {**line, "due_on": "2018-06-01"}, line, {**line, "due_on": "2018-06-02"}]
    answer = post(client, f"{OUTCOMES}/bulk", rows)
    assert answer.status_code == 400
    reasons = [row.get("errors") for row in answer.json()["rows"]]
    owned = {"": ["Bara en åtgärd har ansvarig och datum."]}
    assert (reasons, count(Outcome)) == ([None, owned, None, owned], before)
