"""Meeting series and the planning of meetings in the browser, without JavaScript."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import Precision
from seminars.models import Attendance, Meeting, MeetingParticipation, MeetingSeries
from seminars.services import meeting as services
from tests.factories import make_huvudman, make_participation

pytestmark = pytest.mark.django_db

# Queries of a series' page.
PAGE = 12
FACTS = {
    "starts": "2018-04-26",
    "plan_through": "2018-06-14",
    "interval_weeks": "3",
    "skips_breaks": "on",
    "start_time": "13:00",
    "end_time": "15:00",
    "mode": "on_site",
    "place": "Rådhuset",
    "kind": "process",
    "title": "Träff med processledaren",
    "ends": "",
}


def new_url(participation) -> str:
    return f"/traffserier/ny/?deltagande={participation.uuid}"


def text(response) -> str:
    return response.content.decode()


def days(series) -> list:
    with bound(NATIONAL):
        return [
            (meeting.when.date, meeting.status) for meeting in series.meetings.order_by("when_date", "pk")
        ]


def test_a_new_series_shows_its_days_before_it_is_made(cast, day, client_for):
    answer = client_for(cast.editor).post(new_url(cast.participation), FACTS | {"gor": "visa"})
    assert answer.status_code == 200
    for said in ("Torsdag 26 april 2018", "Torsdag 17 maj 2018", "Torsdag 7 juni 2018", "Rådhuset"):
        assert said in text(answer)
    with bound(NATIONAL):
        assert not MeetingSeries.objects.exists()


def test_a_day_that_is_free_is_said_with_what_it_became(cast, day, client_for):
    # Kristi himmelsfärdsdag is Thursday 10 May 2018.
    data = FACTS | {"starts": "2018-04-19", "plan_through": "2018-05-12", "gor": "visa"}
    shown = text(client_for(cast.editor).post(new_url(cast.participation), data))
    assert "Annan veckodag, för Kristi himmelsfärdsdag." in shown


def test_a_new_series_is_made_with_units_and_roles(cast, day, client_for):
    data = FACTS | {"units": [str(cast.unit.uuid)], "roles": ["rektor"]}
    answer = client_for(cast.editor).post(new_url(cast.participation), data)
    assert answer.status_code == 302
    with bound(NATIONAL):
        series = MeetingSeries.objects.get()
        assert answer.url == series.get_absolute_url()
        assert [day for day, _ in days(series)] == [date(2018, 4, 26), date(2018, 5, 17), date(2018, 6, 7)]
        first = series.meetings.order_by("when_date").first()
        assert [link.unit for link in first.unit_links.all()] == [cast.unit]
        assert [line.person for line in first.attendances.all()] == [cast.rektor_person]


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(cast, day, client_for):
    data = FACTS | {"end_time": "12:00", "interval_weeks": "40", "plan_through": "2018-01-01"}
    answer = client_for(cast.editor).post(new_url(cast.participation), data)
    shown = text(answer)
    assert answer.status_code == 422
    assert "Träffen kan inte sluta före den börjar." in shown
    assert "Välj en dag efter den första träffen." in shown
    assert 'value="Rådhuset"' in shown


@pytest.mark.parametrize("field", ["units"])
def test_a_foreign_unit_is_refused(cast, day, client_for, field):
    answer = client_for(cast.editor).post(
        new_url(cast.participation), FACTS | {field: [str(cast.other_unit.uuid)]}
    )
    assert answer.status_code == 422
    with bound(NATIONAL):
        assert not MeetingSeries.objects.exists()


def test_for_a_foreign_participation_there_is_no_page(cast, day, client_for):
    client = client_for(cast.editor)
    assert client.get(new_url(cast.other_participation)).status_code == 404
    assert client.get("/traffserier/ny/?deltagande=hej").status_code == 404


def test_the_first_step_asks_for_the_participation_where_there_are_several(cast, day, client_for):
    assert client_for(cast.editor).get("/traffserier/ny/").context["participations"] == [cast.participation]
    client = client_for(cast.coordinator)
    shown = text(client.get("/traffserier/ny/"))
    assert str(cast.participation.uuid) in shown
    for number in range(16):
        make_participation(make_huvudman(f"Långby {number:02}"))
    own = str(cast.participation.uuid)
    found = client.get("/traffserier/ny/", {"sok": "långby 07", "deltagande": own, "valj": "1"})
    listed = found.context["form"].fields["deltagande"].queryset
    assert [str(one.huvudman) for one in listed] == ["Björkby kommun", "Långby 07"]


def test_a_series_is_shared_and_stays_so_when_it_is_extended(cast, day, client_for):
    client = client_for(cast.coordinator)
    address = f"{new_url(cast.participation)}&deltagande={cast.other_participation.uuid}"
    assert (
        client.post(address, FACTS | {"plan_through": "2018-05-18", "roles": ["rektor"]}).status_code == 302
    )
    with bound(NATIONAL):
        series = MeetingSeries.objects.get()
        first = series.meetings.order_by("when_date").first()
        assert {line.person for line in first.attendances.all()} == {cast.rektor_person, cast.other_person}
    editor = client_for(cast.editor)
    extend = f"{series.get_absolute_url()}fler/"
    assert "Granby" not in text(editor.get(series.get_absolute_url()))
    assert editor.post(extend, {"through": "2018-06-14"}).status_code == 403
    assert client.post(extend, {"through": "2018-06-14"}).status_code == 302
    assert "Granby" in text(client.get(series.get_absolute_url()))
    with bound(NATIONAL):
        partners = {len(one.participation_links.all()) for one in series.meetings.all()}
        assert (series.meetings.count(), partners) == (3, {2})
    change = {"interval_weeks": "2", "mode": "remote", "title": "Vår", "from_meeting": str(first.uuid)}
    assert editor.post(f"{series.get_absolute_url()}andra/", change).status_code in (403, 422)


def test_who_may_not_plan_makes_no_series(cast, day, client_for):
    for user in (cast.rektor, cast.reader):
        assert client_for(user).get("/traffserier/ny/").status_code == 403
        assert client_for(user).post(new_url(cast.participation), FACTS).status_code == 403


def test_the_page_of_a_series_costs_the_same_with_many_meetings(
    spring, cast, client_for, django_assert_num_queries
):
    client = client_for(cast.editor)
    client.get(spring.series.get_absolute_url())
    with django_assert_num_queries(PAGE):
        shown = text(client.get(spring.series.get_absolute_url()))
    assert "Edit" in shown
    with bound(NATIONAL):
        services.extend_series(series=spring.series, through=date(2019, 6, 1), by=NATIONAL)
    with django_assert_num_queries(PAGE):
        client.get(spring.series.get_absolute_url())


def test_a_reader_sees_nobody_and_no_planned_meeting_of_a_series(spring, cast, client_for):
    shown = text(client_for(cast.reader).get(spring.series.get_absolute_url()))
    assert cast.rektor_person.name not in shown
    assert str(spring.fourth.uuid) not in shown
    assert str(spring.first.uuid) in shown


def change(spring, **changes) -> dict:
    return {
        "from_meeting": str(spring.fourth.uuid),
        "starts": "",
        "interval_weeks": "3",
        "skips_breaks": "on",
        "start_time": "13:00",
        "end_time": "15:30",
        "mode": "on_site",
        "place": "Björkskolan, sal Asken",
        "title": "Träff med processledaren",
    } | changes


def test_a_series_is_changed_from_a_meeting_on(spring, cast, client_for):
    before = days(spring.series)
    url = f"/traffserier/{spring.series.uuid}/andra/"
    data = change(spring, starts="2018-05-08", interval_weeks="2", place="Rådhuset")
    shown = text(client_for(cast.editor).post(url, data | {"gor": "visa"}))
    assert "Tisdag 8 maj 2018" in shown
    assert days(spring.series) == before
    assert client_for(cast.editor).post(url, data).status_code == 302
    after = days(spring.series)
    assert after[:3] == before[:3]
    assert [day for day, _ in after[3:]] == [date(2018, 5, 8), date(2018, 5, 22)]
    with bound(NATIONAL):
        places = dict(spring.series.meetings.values_list("when_date", "place"))
    assert places[date(2018, 4, 19)] == "Björkskolan, sal Asken"
    assert places[date(2018, 5, 22)] == "Rådhuset"


def test_only_a_coming_meeting_of_the_series_can_be_changed_from(spring, cast, client_for):
    url = f"/traffserier/{spring.series.uuid}/andra/"
    answer = client_for(cast.editor).post(url, change(spring, from_meeting=str(spring.first.uuid)))
    assert answer.status_code == 422
    assert "Välj ur listan." in text(answer)


def test_ending_a_series_cancels_what_is_planned_after_it(spring, cast, client_for):
    url = f"/traffserier/{spring.series.uuid}/avsluta/"
    answer = client_for(cast.editor).post(url, {"on": "2018-05-15", "reason": ""})
    assert (answer.status_code, "Skriv varför serien avslutas." in text(answer)) == (422, True)
    answer = client_for(cast.editor).post(url, {"on": "2018-05-15", "reason": "Uppdraget är slut"})
    assert answer.status_code == 302
    assert [status for _, status in days(spring.series)] == [
        "held",
        "planned",
        "planned",
        "planned",
        "cancelled",
    ]
    with bound(NATIONAL):
        assert spring.series.meetings.get(status="cancelled").cancelled_reason == "Uppdraget är slut"


def test_more_meetings_follow_the_last_one(spring, cast, client_for):
    url = f"/traffserier/{spring.series.uuid}/fler/"
    answer = client_for(cast.editor).post(url, {"through": "2018-09-30", "units": [str(cast.unit.uuid)]})
    assert answer.status_code == 302
    added = days(spring.series)[len(spring.meetings) :]
    assert added[0][0] > spring.meetings[-1].when.date
    answer = client_for(cast.editor).post(url, {"through": "2018-06-02"})
    assert "Ingen träff hinner bli av till dess." in text(answer)


def test_several_meetings_are_moved_for_one_reason(spring, cast, client_for):
    url = f"/traffserier/{spring.series.uuid}/flera/"
    both = [str(spring.fourth.uuid), str(spring.meetings[4].uuid)]
    answer = client_for(cast.editor).post(url, {"meetings": both, "what": "move", "weeks": "1", "reason": ""})
    assert (answer.status_code, "Skriv varför." in text(answer)) == (422, True)
    data = {"meetings": both, "what": "move", "weeks": "1", "reason": "Nationella prov"}
    assert client_for(cast.editor).post(url, data).status_code == 302
    assert [day for day, _ in days(spring.series)[3:]] == [date(2018, 5, 16), date(2018, 6, 7)]
    page = text(client_for(cast.editor).get(spring.fourth.get_absolute_url()))
    assert "Nationella prov" in page


def test_several_meetings_are_cancelled_or_none(spring, cast, client_for, as_):
    url = f"/traffserier/{spring.series.uuid}/flera/"
    data = {"meetings": [str(spring.fourth.uuid)], "what": "cancel", "weeks": "", "reason": "Sjukdom"}
    assert client_for(cast.editor).post(url, data).status_code == 302
    assert days(spring.series)[3][1] == "cancelled"
    before = days(spring.series)
    with as_(cast.editor), pytest.raises(ValidationError):
        services.cancel_meetings(meetings=[spring.meetings[4], spring.first], reason="Nej", by=cast.editor)
    assert days(spring.series) == before


def test_a_foreign_meeting_cannot_be_among_several(spring, cast, client_for):
    from tests import factories

    foreign = factories.make_meeting(cast.other_participation, when=date(2018, 5, 10))
    url = f"/traffserier/{spring.series.uuid}/flera/"
    data = {"meetings": [str(foreign.uuid)], "what": "cancel", "weeks": "", "reason": "Sjukdom"}
    assert client_for(cast.editor).post(url, data).status_code == 422
    with bound(NATIONAL):
        foreign.refresh_from_db()
    assert foreign.status == "planned"


def test_what_others_share_is_not_among_several(spring, cast, client_for):
    url, shared = f"/traffserier/{spring.series.uuid}/flera/", spring.meetings[4]
    assert "delar med andra" not in text(client_for(cast.editor).get(url))
    with bound(NATIONAL):
        MeetingParticipation.objects.create(meeting=shared, participation=cast.other_participation)
    page = client_for(cast.editor).get(url)
    assert "Träffar som ni delar med andra huvudmän står inte här." in text(page)
    data = {"meetings": [str(shared.uuid)], "what": "move", "weeks": "1", "reason": "Nationella prov"}
    assert client_for(cast.editor).post(url, data).status_code == 422
    assert client_for(cast.coordinator).post(url, data).status_code == 302


def lines_of(person) -> list:
    with bound(NATIONAL):
        rows = Attendance.objects.filter(person=person).order_by("meeting__when_date")
        return list(rows.values_list("meeting__when_date", flat=True))


def test_who_is_added_to_the_series_is_expected_at_what_is_planned(spring, cast, client_for):
    with bound(NATIONAL):
        spring.series.attendees.filter(person=cast.editor_person).delete()
        Attendance.objects.filter(person=cast.editor_person).delete()
    url = f"/traffserier/{spring.series.uuid}/deltagare/"
    data = {"person": str(cast.editor_person.uuid), "role": "developer", "is_required": "on", "note": ""}
    assert client_for(cast.editor).post(url, data).status_code == 302
    assert lines_of(cast.editor_person) == [date(2018, 5, 9), date(2018, 5, 31)]
    with bound(NATIONAL):
        row = spring.series.attendees.get(person=cast.editor_person)
    assert client_for(cast.editor).post(f"/seriedeltagare/{row.uuid}/ta-bort/").status_code == 302
    assert lines_of(cast.editor_person) == []


@pytest.mark.parametrize("field", ["person", "unit"])
def test_a_foreign_person_or_unit_in_a_series_is_refused(spring, cast, client_for, field):
    foreign = {"person": cast.other_person, "unit": cast.other_unit}[field]
    data = {"person": "", "role": "teacher", "unit": "", "note": "", field: str(foreign.uuid)}
    answer = client_for(cast.editor).post(f"/traffserier/{spring.series.uuid}/deltagare/", data)
    assert (answer.status_code, "Välj ur listan." in text(answer)) == (422, True)


# One meeting


def test_a_meeting_is_moved_with_a_reason(spring, cast, client_for):
    url = f"/traffar/{spring.fourth.uuid}/flytta/"
    answer = client_for(cast.editor).post(url, {"when": "15 maj 2018", "moved_reason": ""})
    assert (answer.status_code, 'value="15 maj 2018"' in text(answer)) == (422, True)
    data = {"when": "15 maj 2018", "moved_reason": "Krock med prov"}
    assert client_for(cast.editor).post(url, data).status_code == 302
    with bound(NATIONAL):
        moved = Meeting.objects.get(pk=spring.fourth.pk)
    assert (moved.when.date, moved.when.precision) == (date(2018, 5, 15), Precision.DAY)
    assert moved.moved_reason == "Krock med prov"


def test_a_held_meeting_is_not_moved(spring, cast, client_for):
    data = {"when": "15 maj 2018", "moved_reason": "Krock"}
    answer = client_for(cast.editor).post(f"/traffar/{spring.first.uuid}/flytta/", data)
    assert "Bara en planerad träff kan flyttas." in text(answer)


def test_a_cancelled_meeting_is_taken_up_again(spring, cast, client_for):
    with bound(NATIONAL):
        services.cancel_meeting(meeting=spring.fourth, reason="Sjukdom", by=NATIONAL)
    assert client_for(cast.editor).post(f"/traffar/{spring.fourth.uuid}/ateruppta/").status_code == 302
    with bound(NATIONAL):
        spring.fourth.refresh_from_db()
    assert (spring.fourth.status, spring.fourth.cancelled_reason) == ("planned", "")


def test_who_should_be_there_is_changed_on_the_meetings_own_page(spring, cast, client_for):
    client, url = client_for(cast.editor), f"/traffar/{spring.fourth.uuid}/deltagare/"
    line = spring.line(spring.fourth, cast.rektor_person)
    shown = text(client.get(url))
    assert "Skyddad person" in shown
    assert cast.protected_person.name not in shown
    data = {"role": "teacher", "unit": "", "is_required": "on"}
    assert client.post(f"/narvaro/{line.uuid}/andra/", data).status_code == 302
    line = spring.line(spring.fourth, cast.rektor_person)
    assert (line.role, line.unit, line.is_required) == ("teacher", None, True)
    assert client.post(f"/narvaro/{line.uuid}/ta-bort/").status_code == 302
    assert date(2018, 5, 9) not in lines_of(cast.rektor_person)
    answer = client.post(url, {"person": str(cast.rektor_person.uuid), "role": "", "unit": ""})
    assert answer.status_code == 302
    assert date(2018, 5, 9) in lines_of(cast.rektor_person)
    assert client.post(url, {"person": str(cast.other_person.uuid)}).status_code == 422


def test_who_has_been_noted_stays_on_the_meeting(spring, cast, client_for):
    with bound(NATIONAL):
        line = spring.line(spring.fourth, cast.rektor_person)
        services.record_attendance(attendance=line, status="present", by=NATIONAL)
    answer = client_for(cast.editor).post(f"/narvaro/{line.uuid}/ta-bort/")
    assert (answer.status_code, "Närvaron är redan antecknad." in text(answer)) == (422, True)


def test_the_participations_page_leads_to_a_first_series_and_to_a_seminar(cast, day, client_for):
    client, address = client_for(cast.coordinator), cast.participation.get_absolute_url()
    seminar = f"/seminarier/ny/?deltagande={cast.participation.uuid}"
    shown = text(client.get(address))
    assert shown.count(new_url(cast.participation)) == 2
    assert seminar in shown
    form = client.get(seminar).context["form"]
    assert form["participations"].value() == [cast.participation.uuid]
    assert seminar not in text(client_for(cast.editor).get(address))
    client.post(new_url(cast.participation), FACTS)
    assert new_url(cast.participation) not in text(client.get(address))


def test_a_series_has_history_with_its_attendees_and_a_journal(spring, cast, client_for, api_for):
    address = f"/traffserier/{spring.series.uuid}/historik/"
    client = client_for(cast.editor)
    assert address in client.get(spring.series.get_absolute_url()).content.decode()
    client.post(
        f"/traffserier/{spring.series.uuid}/historik/", {"text": "Var tredje är lagom.", "kind": "info"}
    )
    shown = text(client.get(address))
    for words in ("La till träffserie", "Var tredje är lagom.", "Edit Redigerare"):
        assert words in shown
    # The participation's own changes are on its page.
    assert "deltagande enhet" not in shown
    query = f"object_kind=meeting-series&object_id={spring.series.uuid}"
    rows = api_for(cast.editor).get(f"/api/v1/history?{query}").json()["data"]
    assert {row["row_kind"] for row in rows} == {"träffserie", "deltagare i serien"}
    assert (
        len(
            client_for(cast.coordinator)
            .get("/andringar/?kind=meeting-series&only=changes")
            .context["entries"]
        )
        > 0
    )
