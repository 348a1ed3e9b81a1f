"""School calendars in the browser: everyone reads them, coordinators keep them."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import SchoolYear
from schools.calendar import Break
from schools.models import Municipality, SchoolCalendar
from schools.services.calendar import add_calendar, change_calendar

pytestmark = pytest.mark.django_db
YEAR = SchoolYear(2026)
AUTUMN = Break(date(2026, 10, 26), date(2026, 10, 30), "Höstlov")


@pytest.fixture
def national():
    with bound(NATIONAL):
        return add_calendar(municipality=None, school_year=YEAR, breaks=[AUTUMN], by=NATIONAL)


def lov_of(calendar):
    return list(calendar.breaks.values_list("name", "starts_on", "ends_on"))


def test_a_coordinator_makes_a_kommuns_own_from_the_whole_countrys(cast, client_for, national):
    client = client_for(cast.coordinator)
    add = f"{reverse('school_calendar_add')}?fran={national.uuid}"
    form = client.get(add).context["form"]
    assert (form.initial["school_year"], form.initial["breaks"]) == (
        YEAR,
        "Höstlov: 26 oktober 2026 – 30 oktober 2026",
    )
    kommun = Municipality.objects.get(code="1485")
    typed = {"school_year": "2026/27", "place": str(kommun.uuid), "breaks": "Höstlov v. 45\nSportlov v. 8"}
    shown = client.post(add, typed | {"gor": "visa"})
    assert [row.weeks for row in shown.context["read"]] == ["vecka 45", "vecka 8"]
    assert SchoolCalendar.objects.count() == 1
    made = client.post(add, typed)
    calendar = SchoolCalendar.objects.get(municipality=kommun)
    assert made["Location"] == calendar.get_absolute_url()
    assert lov_of(calendar) == [
        ("Höstlov", date(2026, 11, 2), date(2026, 11, 6)),
        ("Sportlov", date(2027, 2, 22), date(2027, 2, 26)),
    ]


def test_the_same_lasar_twice_and_lines_that_are_no_lov_are_refused_and_what_was_typed_stays(
    cast, client_for, national
):
    client, add = client_for(cast.coordinator), reverse("school_calendar_add")
    twice = client.post(add, {"school_year": "2026/27", "place": "landet", "breaks": "Sportlov v. 8"})
    assert (twice.status_code, set(twice.context["form"].errors)) == (422, {"school_year"})
    wrong = {"school_year": "2027/28", "place": "landet", "breaks": "Sportlov när som helst"}
    refused = client.post(add, wrong)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"breaks"})
    assert "Sportlov när som helst" in refused.content.decode()
    overlapping = wrong | {"breaks": "Sportlov v. 8\nLedigt 24 februari 2028"}
    told = client.post(add, overlapping).context["form"].errors["breaks"]
    assert told == ["Ledigt: Lovet överlappar ett annat lov i samma kalender."]


def test_two_who_change_the_same_lov_see_each_other(cast, client_for, national):
    client, change = client_for(cast.coordinator), reverse("school_calendar_change", args=[national.uuid])
    opened = client.get(change).context["form"].initial
    with bound(NATIONAL):
        later = [AUTUMN, Break(date(2027, 2, 22), date(2027, 2, 26), "Sportlov")]
        change_calendar(calendar=national, breaks=later, by=NATIONAL)
    typed = {"breaks": "Höstlov v. 43", "seen": opened["seen"]}
    told = client.post(change, typed)
    assert (told.status_code, len(told.context["conflicts"])) == (409, 1)
    saved = client.post(change, typed | {"seen": told.context["form"]["seen"].value()})
    assert (saved.status_code, lov_of(national)) == (
        302,
        [("Höstlov", date(2026, 10, 19), date(2026, 10, 23))],
    )
    assert client.post(reverse("school_calendar_delete", args=[national.uuid])).status_code == 302
    assert not SchoolCalendar.objects.exists()


def test_everyone_reads_and_nobody_else_writes(cast, client_for, national):
    for role in ("process_leader", "editor", "rektor", "reader", "stranger"):
        client = client_for(getattr(cast, role))
        listed = client.get(reverse("school_calendar_list")).content.decode()
        assert national.get_absolute_url() in listed
        assert "Höstlov vecka 44" in listed
        body = client.get(national.get_absolute_url()).content.decode()
        assert reverse("school_calendar_change", args=[national.uuid]) not in body
        addresses = [reverse("school_calendar_add")]
        addresses += [
            reverse(f"school_calendar_{verb}", args=[national.uuid]) for verb in ("change", "delete")
        ]
        assert {client.get(address).status_code for address in addresses} == {403}


@pytest.mark.parametrize("years", [1, 30])
def test_the_list_costs_the_same_with_one_and_with_thirty(
    cast, client_for, django_assert_num_queries, national, years
):
    with bound(NATIONAL):
        for number in range(1, years):
            add_calendar(municipality=None, school_year=YEAR + number, breaks=[], by=NATIONAL)
    client = client_for(cast.editor)
    client.get(reverse("school_calendar_list"))
    with django_assert_num_queries(12):
        client.get(reverse("school_calendar_list"))
