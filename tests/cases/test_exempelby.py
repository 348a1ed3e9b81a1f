"""Exempelby, invented: in its third term on the day the demo is loaded."""

from itertools import pairwise

import pytest

from programmes.models import Participation
from sbs_portal.demo.cases import exempelby
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import Term, today
from schools.models import Person, RoleAssignment, SchoolUnit
from seminars.models import Attendance, Meeting
from tests.cases.reading import missing, the


@pytest.fixture
def participation(db):
    return the(Participation, huvudman__name=exempelby.NAME)


@pytest.fixture
def own(reader):
    return reader("exempelby")


@pytest.fixture
def held(participation) -> list[Meeting]:
    """The meetings that were held, the first one first."""
    with bound(NATIONAL):
        return sorted(Meeting.objects.of(participation).held(), key=lambda meeting: meeting.when.date)


def test_it_is_in_term_three_of_six(own, participation):
    assert "Termin 3 av 6" in own.page(participation)


def test_three_units_of_which_one_joined_in_the_third_term(own, participation):
    page = own.page(participation)
    joined = f"Lillåns förskola, med från {Term.of(today()).long}"
    assert missing(page, "Enheter 3", joined, "Björkskolan F–6", "Strandskolan 7–9") == []


def test_the_unit_that_joined_late_was_not_expected_before(participation, held):
    with bound(NATIONAL):
        units = set(held[0].unit_links.values_list("unit__uuid", flat=True))
        late = SchoolUnit.objects.get(name="Lillåns förskola")
        seats = Attendance.objects.filter(meeting=held[0], unit=late)
        assert late.uuid not in units
        assert not seats.exists()


def test_the_rektor_changed(own, participation):
    with bound(NATIONAL):
        began = RoleAssignment.objects.get(person__name="Lena Sundvall").valid_from
        left = RoleAssignment.objects.get(person__name="Sven-Erik Rask").valid_to
    assert (began - left).days == 1
    assert missing(own.page(participation), "Strandskolan 7–9 har ny rektor sedan", "Lena Sundvall") == []


def test_the_dead_spring_is_a_gap(own, participation, held):
    gaps = [
        (later.when.date - earlier.when.date).days
        for earlier, later in pairwise(held)
        if later.when.date.month <= 6
    ]
    assert max(gaps) > 70
    assert missing(own.page(participation), "Längre uppehåll än avtalat", "avtalat 3") == []


def test_there_is_a_next_meeting(own, participation):
    assert "ingen planerad" not in own.page(participation)
    assert missing(own.page("/"), "Nästa träff", "Björkskolan, sal Asken") == []


def test_actions_are_late_and_say_by_how_much(own):
    page = own.page("/")
    assert (
        missing(page, "Boka gemensam planeringstid för ämneslagen", "Skulle vara klar", "4 dagar sen") == []
    )


def test_the_coordinator_sees_it_late_and_first(coordinator):
    page = coordinator.page("/")
    assert "åtgärder är sena" in page
    assert page.index(exempelby.NAME) < page.index("Trollhättans Stad")


def test_two_agreements_one_with_money_and_a_target_group(own, participation):
    page = own.page(participation)
    assert missing(page, "Beslut om att delta", "1 450 000 kr", "62 lärare och förskollärare") == []


def test_a_protected_person_is_masked_on_page_and_in_the_api(own, integration, participation):
    person = the(Person, name="Mirjam Öst")
    assert "Skyddad person" in own.page(participation)
    assert "Mirjam" not in own.page(participation) + own.page(person)
    assert "Mirjam" not in integration.api.get(f"/api/v1/people/{person.uuid}").content.decode()


def test_it_says_everywhere_that_it_is_invented(own, participation, settings):
    settings.DEMO = True
    assert missing(own.page(participation), "Exempelby kommun (påhittad)", "påhittade") == []


def test_the_api_tells_the_term(integration, participation):
    (row,) = [one for one in integration.rows("participations") if one["id"] == str(participation.uuid)]
    assert (row["term"]["kind"], row["term"]["number"], row["term"]["total"]) == ("term", 3, 6)


def test_the_api_tells_what_is_late(integration, participation):
    late = [
        row
        for row in integration.rows("outcomes", participation=participation.uuid, kind="action")
        if row["done_on"] is None and row["due_on"] and row["due_on"] < today().isoformat()
    ]
    assert len(late) >= 2


def test_no_day_of_the_seminars_is_a_weekend(integration, participation):
    days = [row["starts"]["date"] for row in integration.rows("seminars", participation=participation.uuid)]
    assert [day for day in days if today().fromisoformat(day).weekday() > 4] == []
