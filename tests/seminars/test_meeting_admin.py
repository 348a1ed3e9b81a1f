"""Meetings in the admin: series through the services, minutes on the meeting's own page."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from seminars.models import MeetingSeries

pytestmark = pytest.mark.django_db


def series_form(participation, **changes) -> dict:
    return {
        "participation": participation.pk,
        "title": "Träff med processledaren",
        "interval_weeks": "3",
        "skips_breaks": "on",
        "starts": "8 mars 2018",
        "ends": "1 juni 2018",
        "mode": "on_site",
        "attendees-TOTAL_FORMS": "0",
        "attendees-INITIAL_FORMS": "0",
    } | changes


def test_series_made_in_the_admin_plans_meetings_for_its_people(cast, day, client_for):
    data = series_form(
        cast.participation,
        **{
            "attendees-TOTAL_FORMS": "1",
            "attendees-0-person": cast.rektor_person.pk,
            "attendees-0-role": "rektor",
            "attendees-0-unit": cast.unit.pk,
        },
    )
    response = client_for(cast.coordinator).post(reverse("admin:seminars_meetingseries_add"), data)
    assert response.status_code == 302, response.context["errors"]
    with bound(NATIONAL):
        meetings = list(MeetingSeries.objects.get().meetings.order_by("when_date"))
        assert meetings[0].when.date == date(2018, 3, 8)
        assert len(meetings) == 5
        assert [line.person for line in meetings[4].attendances.select_related("person")] == [
            cast.rektor_person
        ]


def test_service_error_lands_on_the_form_and_saves_nothing(cast, day, client_for):
    data = series_form(cast.participation, starts="8 mars 2018", ends="1 mars 2018")
    response = client_for(cast.coordinator).post(reverse("admin:seminars_meetingseries_add"), data)
    assert response.status_code == 200
    assert "slutar före den börjar" in response.content.decode()
    with bound(NATIONAL):
        assert MeetingSeries.objects.count() == 0


def test_person_of_another_huvudman_is_refused_in_the_admin(cast, day, client_for):
    data = series_form(
        cast.participation,
        **{
            "attendees-TOTAL_FORMS": "1",
            "attendees-0-person": cast.other_person.pk,
            "attendees-0-role": "rektor",
        },
    )
    response = client_for(cast.coordinator).post(reverse("admin:seminars_meetingseries_add"), data)
    assert "Personen hör inte till deltagandets huvudman." in response.content.decode()
    with bound(NATIONAL):
        assert MeetingSeries.objects.count() == 0


def test_series_is_changed_and_people_added_and_taken_off(spring, cast, client_for):
    with bound(NATIONAL):
        rows = list(spring.series.attendees.order_by("pk"))
    data = series_form(cast.participation, interval_weeks="4", **{"attendees-INITIAL_FORMS": len(rows)})
    data |= {"attendees-TOTAL_FORMS": len(rows), "attendees-0-DELETE": "on", "start_time": "13:00"}
    with bound(NATIONAL):
        order = list(spring.series.attendees.all())
    for number, row in enumerate(order):
        data |= {
            f"attendees-{number}-id": row.pk,
            f"attendees-{number}-series": spring.series.pk,
            f"attendees-{number}-person": row.person_id,
            f"attendees-{number}-role": row.role,
            f"attendees-{number}-unit": row.unit_id or "",
            f"attendees-{number}-is_required": "on" if row.is_required else "",
        }
    url = reverse("admin:seminars_meetingseries_change", args=[spring.series.pk])
    assert client_for(cast.coordinator).post(url, data).status_code == 302
    with bound(NATIONAL):
        series = MeetingSeries.objects.get()
        assert (series.interval_weeks, series.attendees.count()) == (4, len(rows) - 1)


def test_meeting_is_read_and_leads_to_its_page(spring, cast, client_for):
    client = client_for(cast.coordinator)
    url = reverse("admin:seminars_meeting_change", args=[spring.first.pk])
    html = client.get(url).content.decode()
    assert f"/traffar/{spring.first.uuid}/" in html
    assert 'name="_save"' not in html
    assert "Träff 1, 8 mars" in client.get(reverse("admin:seminars_meeting_changelist")).content.decode()
