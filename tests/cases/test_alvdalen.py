"""Älvdalen: since 2020, and in term three in October 2022. Both are shown; neither is corrected."""

import pytest

from programmes.models import Participation
from sbs_portal.demo.cases import alvdalen
from schools.models import SchoolUnit
from seminars.models import Seminar
from tests.cases.reading import missing, the


@pytest.fixture
def participation(db):
    return the(Participation, huvudman__name=alvdalen.NAME)


@pytest.fixture
def seminar(db):
    return the(Seminar, huvudman_links__huvudman__name=alvdalen.NAME)


@pytest.fixture
def own(reader):
    """Who reads it as its own: the förvaltning in Älvdalen."""
    return reader("frammande")


def test_term_three_stands_against_2020(own, participation):
    page = own.page(participation)
    sentence = "Termin 3 enligt kommunen (oktober 2022). Räknat från 2020: termin 5 eller 6. Uppgifterna går inte ihop."
    assert sentence in page


def test_both_statements_are_kept(own, participation):
    page = own.page(participation)
    told = ("Kommunen ingår i satsningen sedan 2020.", "Uppföljningsseminariet hölls under termin tre.")
    assert missing(page, *told, "Stödet ges i tre år.") == []


def test_on_a_good_way_with_much_left(own, participation):
    assert "Arbetet är på god väg, men mycket återstår." in own.page(participation)


def test_one_school_from_forskoleklass_to_year_nine(own):
    page = own.page(the(SchoolUnit, name="Älvdalsskolan"))
    assert missing(page, "Förskoleklass, grundskola", "F–9") == []


def test_the_seminar_in_the_middle_of_october(own, seminar):
    page = own.page(seminar)
    told = ("Uppföljningsseminarium", "oktober 2022", "i mitten av oktober, ett par dagar", "Stockholm")
    assert missing(page, *told, "Skolverket") == []


def test_why_it_was_held(own, seminar):
    page = own.page(seminar)
    told = ("lärande exempel", "framgångsfaktorer", "svårigheter", "nya insikter", "sin egen process")
    assert missing(page, *told) == []


def test_ten_came_of_whom_six_are_named(own, seminar):
    assert "10 personer i 1 delegation, 6 namngivna" in own.page(seminar)


def test_the_six_have_no_stated_role_and_four_have_no_name(own, seminar):
    page = own.page(seminar, flik="delegationer")
    assert missing(page, *alvdalen.DELEGATES) == []
    assert page.lower().count("ej angiven") >= 6


def test_the_roles_of_the_ten(own, seminar):
    page = own.page(seminar, flik="delegationer")
    assert missing(page, "lärare", "rektor", "elevhälsochef", "förvaltningschef", "politiker") == []


def test_fifteen_huvudman_in_all_as_stated(own, seminar):
    page = own.page(seminar)
    assert missing(page, "15 huvudmän", "Fjorton andra kommuner och enskilda huvudmän") == []
    assert "enligt Älvdalens kommun, ej bekräftat" in page


def test_two_presentations_for_two_groups_with_twenty_listeners(own, seminar):
    page = own.page(seminar, flik="presentationer")
    assert missing(page, "första gruppen", "andra gruppen", "20", "Delaktighet i kvalitets-") == []
    assert page.count("Hela kollegiet från förskoleklass till årskurs 9") == 2


def test_the_sessions_were_the_best_attended(own, seminar):
    page = own.page(seminar)
    assert missing(page, "20 deltagare vid varje tillfälle", "de mest besökta") == []


def test_lectures_together_and_dialogue_seminars(own, seminar):
    page = own.page(seminar, flik="program")
    assert missing(page, "Gemensamma föreläsningar", "Dialogseminarier") == []


def test_a_year_is_not_made_into_a_start_term(integration, participation):
    (row,) = [one for one in integration.rows("participations") if one["id"] == str(participation.uuid)]
    assert row["start_term"] is None
    assert (row["term"]["kind"], row["term"]["low"], row["term"]["high"]) == ("interval", 5, 6)
    assert row["started"] == {"date": "2020", "precision": "year", "text": "sedan 2020"}


def test_the_api_tells_term_three_as_a_statement(integration, participation):
    said = integration.row("statements", what="term_number")
    assert (said["value"], said["trust"], said["review"]) == ({"number": 3}, "stated", "waiting")
    assert said["subject"] == {"type": "participation", "id": str(participation.uuid)}
    assert (said["as_of"]["date"], said["as_of"]["precision"]) == ("2022-10", "month")


def test_the_api_tells_ten_and_six(integration, seminar):
    delegation = integration.row("delegations", seminar=seminar.uuid)
    assert (delegation["head_count"], delegation["named_count"]) == (10, 6)
    delegates = integration.rows("delegates", seminar=seminar.uuid)
    assert [row["role"] for row in delegates] == ["not_stated"] * 6


def test_the_api_tells_two_presentations_with_twenty_listeners(integration, seminar):
    presentations = integration.rows("presentations", seminar=seminar.uuid)
    assert [row["listeners_stated"] for row in presentations] == [20, 20]


def test_the_api_tells_fifteen_as_a_statement_and_one_huvudman_as_a_row(integration, seminar):
    said = [row["value"] for row in integration.rows("statements", what="participants")]
    assert {"huvudman_count": 15} in said
    assert integration.count("seminar-huvudman", seminar=seminar.uuid) == 1


def test_the_source_was_published_and_updated_on_one_day(integration):
    (source,) = [row for row in integration.rows("sources") if row["publisher"] == alvdalen.NAME]
    assert (source["published"]["date"], source["updated"]["date"]) == ("2022-11-15", "2022-11-15")
