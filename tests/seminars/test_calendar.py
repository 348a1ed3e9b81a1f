"""Calendar files: what a calendar program is told, and whom."""

from datetime import UTC, date, datetime, time

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from sbs_portal.accounts import feeds
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate
from seminars.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db
NASTY = 'Möte, "tid"; plats\\\r\nATTENDEE:mailto:a@example.se\n<script>alert(1)</script>'


def events_of(response) -> list:
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def file_of(client, meeting):
    return client.get(reverse("meeting_calendar", args=[meeting.uuid]))


def test_a_meeting_in_swedish_time_with_a_uid_that_stays(cast, client_for, day):
    meeting = factories.make_meeting(
        cast.participation,
        when=date(2018, 4, 26),
        start_time=time(13),
        end_time=time(15, 30),
        place="Rådhuset, sal Ask",
        agenda="Uppföljning\nFrågor",
        number=3,
    )
    client = client_for(cast.editor)
    response = file_of(client, meeting)
    (event,) = events_of(response)

    assert b"DTSTART;TZID=Europe/Stockholm:20180426T130000" in response.content
    assert b"BEGIN:VTIMEZONE" in response.content
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2018, 4, 26, 11, tzinfo=UTC)
    assert event.decoded("dtend").astimezone(UTC) == datetime(2018, 4, 26, 13, 30, tzinfo=UTC)
    assert event["summary"] == "Träff 3 – Björkby kommun"
    assert event["location"] == "Rådhuset, sal Ask"
    assert event["description"] == "Uppföljning\nFrågor"
    assert event["status"] == "CONFIRMED"
    assert event["url"] == f"http://testserver{meeting.get_absolute_url()}"

    with bound(NATIONAL):
        Meeting.objects.filter(pk=meeting.pk).update(
            when_date=date(2018, 4, 27), status="cancelled", cancelled_reason="Snö"
        )
    (moved,) = events_of(file_of(client, meeting))
    assert moved["uid"] == event["uid"] == f"{meeting.uuid}@sbs-portalen"
    assert moved["sequence"] > event["sequence"]
    assert moved["status"] == "CANCELLED"


def test_without_hours_it_takes_the_day_and_without_a_day_it_is_not_there(cast, client_for, day):
    client = client_for(cast.editor)
    (event,) = events_of(file_of(client, factories.make_meeting(cast.participation, when=date(2018, 5, 3))))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2018, 5, 3), date(2018, 5, 4))
    assert (
        events_of(
            file_of(client, factories.make_meeting(cast.participation, when=ImpreciseDate.month(2018, 5)))
        )
        == []
    )


def test_what_people_write_stays_text(cast, client_for, day):
    meeting = factories.make_meeting(
        cast.participation, when=date(2018, 5, 3), title=NASTY, place=NASTY, agenda=NASTY
    )
    response = file_of(client_for(cast.editor), meeting)

    (event,) = events_of(response)
    assert "attendee" not in event
    assert response.content.count(b"BEGIN:VEVENT") == 1
    assert not any(line.startswith(b"ATTENDEE") for line in response.content.splitlines())
    assert event["description"].splitlines() == NASTY.splitlines()


def test_another_huvudman_of_a_shared_meeting_is_not_named(cast, client_for, day):
    meeting = factories.make_meeting(cast.participation, cast.other_participation, when=date(2018, 5, 3))
    (event,) = events_of(file_of(client_for(cast.editor), meeting))
    assert event["summary"] == "Träff – Björkby kommun"


def test_a_series_has_all_its_meetings(cast, client_for, spring):
    response = client_for(cast.editor).get(reverse("series_calendar", args=[spring.series.uuid]))
    assert [event["uid"] for event in events_of(response)] == [
        f"{meeting.uuid}@sbs-portalen" for meeting in spring.meetings
    ]


@pytest.fixture
def feed_of(client_for):
    """feed_of(user) → the path of a new secret address, made as the user makes it."""

    def make(user) -> str:
        response = client_for(user).post(reverse("calendar_open"))
        return response.context["address"].removeprefix("http://testserver")

    return make


def test_the_secret_address_gives_its_owner_s_work_and_no_more(cast, feed_of, day):
    own = factories.make_meeting(cast.participation, when=date(2018, 5, 3))
    factories.make_meeting(cast.other_participation, when=date(2018, 5, 4))
    factories.make_meeting(cast.participation, when=date(2016, 5, 4))
    seminar = factories.make_seminar(cast.participation, starts=date(2018, 6, 1))
    factories.make_seminar(cast.other_participation, starts=date(2018, 6, 2))

    for user in (cast.editor, cast.rektor, cast.process_leader):
        uids = [event["uid"] for event in events_of(Client().get(feed_of(user)))]
        assert uids == [f"{own.uuid}@sbs-portalen", f"{seminar.uuid}@sbs-portalen"]
    # A reader sees held meetings only.
    uids = [event["uid"] for event in events_of(Client().get(feed_of(cast.reader)))]
    assert uids == [f"{seminar.uuid}@sbs-portalen"]


def test_a_coordinator_has_what_concerns_their_own_participations(cast, feed_of, day):
    own = factories.make_meeting(cast.participation, when=date(2018, 5, 3))
    factories.make_meeting(cast.other_participation, when=date(2018, 5, 4))
    seminar = factories.make_seminar(cast.participation, starts=date(2018, 6, 1))
    factories.make_seminar(cast.other_participation, starts=date(2018, 6, 2))
    with bound(NATIONAL):
        person = factories.make_person(name="Sam Ordnare", role="coordinator")
        person.user = cast.coordinator
        person.save()
    factories.make_assignment(cast.participation, person, role="coordinator")

    uids = [event["uid"] for event in events_of(Client().get(feed_of(cast.coordinator)))]
    assert uids == [f"{own.uuid}@sbs-portalen", f"{seminar.uuid}@sbs-portalen"]


def test_an_address_that_is_revoked_replaced_or_made_up_is_nothing(cast, feed_of, client_for, day):
    first = feed_of(cast.editor)
    second = feed_of(cast.editor)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    client_for(cast.editor).post(reverse("calendar_close"))
    assert Client().get(second).status_code == 404
    assert Client().get(reverse("calendar_feed", args=["gissad"])).status_code == 404

    third = feed_of(cast.editor)
    cast.editor.is_active = False
    cast.editor.save()
    assert Client().get(third).status_code == 404


def test_access_that_has_ended_empties_the_calendar(cast, feed_of, day):
    factories.make_meeting(cast.participation, when=date(2018, 5, 3))
    address = feed_of(cast.editor)
    with bound(NATIONAL):
        cast.editor.access_rows.all().delete()
    assert events_of(Client().get(address)) == []


def test_the_address_is_shown_once_and_only_a_digest_is_kept(cast, client_for, day):
    client = client_for(cast.editor)
    address = client.post(reverse("calendar_open")).context["address"]
    page = client.get(reverse("calendar"))
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert secret not in page.content.decode()
    assert feeds.feed_of(cast.editor).digest != secret


def test_the_feed_asks_as_many_questions_for_thirty_meetings_as_for_one(
    cast, feed_of, day, django_assert_num_queries
):
    address = feed_of(cast.editor)
    for number in (1, 29):
        for _ in range(number):
            factories.make_meeting(cast.participation, when=date(2018, 5, 3))
        Client().get(address)
        with django_assert_num_queries(14):
            Client().get(address)
