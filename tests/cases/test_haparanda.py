"""Haparanda: three years that have ended, told on a page without a date."""

import pytest

from programmes.models import Participation
from sbs_portal.demo.cases import haparanda
from schools.models import Huvudman
from seminars.models import Seminar
from tests.cases.reading import missing, the


@pytest.fixture
def participation(db):
    return the(Participation, huvudman__name=haparanda.NAME)


@pytest.fixture
def seminar(db):
    return the(Seminar, huvudman_links__huvudman__name=haparanda.NAME)


def test_the_huvudman_and_its_forvaltning(coordinator):
    page = coordinator.page(the(Huvudman, name=haparanda.NAME))
    assert missing(page, "Haparanda stad", "Barn- och ungdomsförvaltningen", "kommunkod 2583") == []


def test_the_participation_has_ended_and_took_three_years(coordinator, participation):
    page = coordinator.page(participation)
    assert missing(page, "Avslutad", "Arbetet med Skolverket pågick i tre år") == []


def test_the_selection_is_told_for_schools_and_preschools(coordinator, participation):
    page = coordinator.page(participation)
    assert missing(page, "låga resultat", "svårt att förbättra dem på egen hand", "förskolor") == []


def test_seven_process_leaders_from_the_university_for_the_last_two_years(coordinator, participation):
    page = coordinator.page(participation)
    assert missing(page, "Stockholms universitet", "7 processledare", "de två sista av de tre åren") == []


def test_support_on_three_levels(coordinator, participation):
    assert "politisk ledning, förvaltning, enhet" in coordinator.page(participation)


def test_five_focus_areas(coordinator, participation):
    page = coordinator.page(participation)
    assert len(haparanda.FOCUS) == 5
    assert missing(page, *haparanda.FOCUS) == []


def test_no_term_is_made_up(coordinator, participation):
    page = coordinator.page(participation)
    assert "Starttermin saknas" in page
    assert "Termin 1" not in page


def test_the_closing_seminar_is_known_only_relative_to_the_page(coordinator, seminar):
    page = coordinator.page(seminar)
    assert missing(page, "Avslutningsseminarium", "okänt datum", "veckan före en odaterad sida") == []


def test_sixty_people_and_all_units_as_stated(coordinator, seminar):
    page = coordinator.page(seminar)
    assert missing(page, "60 personer", "Alla enheter", "enligt Haparanda stad, ej bekräftat") == []


def test_skolverket_and_the_university_were_there(coordinator, seminar):
    page = coordinator.page(seminar)
    assert "Företrädare för Skolverket och Stockholms universitet deltog." in page


def test_the_content_looked_forward(coordinator, seminar):
    page = coordinator.page(seminar)
    assert missing(page, "lärdomar, goda exempel, reflektioner", "framtida planer", "framåtsyftande") == []


def test_six_words_afterwards(coordinator, seminar):
    page = coordinator.page(seminar, flik="efterat")
    words = ("stolthet", "framtidshopp", "framtidstro", "kraft", "energi", "entusiasm")
    assert missing(page, *words) == []


def test_the_page_of_the_source_is_not_imported(coordinator, participation, seminar):
    page = coordinator.page(participation) + coordinator.page(seminar)
    assert "Translate" not in page


def test_the_api_tells_the_ended_support(integration, participation):
    support = integration.row("supports", participation=participation.uuid)
    assert support["process_leader_count"] == 7
    assert support["levels"] == ["political", "administration", "unit"]
    assert (support["status"], support["period_words"]) == ("ended", "de två sista av de tre åren")


def test_the_api_tells_sixty_as_stated_and_names_nobody(integration, seminar):
    delegation = integration.row("delegations", seminar=seminar.uuid)
    assert (delegation["head_count"], delegation["named_count"], delegation["trust"]) == (60, 0, "stated")


def test_the_api_tells_all_units_as_a_statement_and_makes_no_unit_of_it(integration, seminar):
    said = [
        row for row in integration.rows("statements", what="coverage") if row["value"] == {"units": "all"}
    ]
    assert [row["subject"] for row in said] == [{"type": "seminar", "id": str(seminar.uuid)}]
    assert integration.rows("seminar-units", seminar=seminar.uuid) == []


def test_the_api_tells_six_words_without_counts(integration, seminar):
    words = integration.rows("reflection-words", seminar=seminar.uuid)
    assert {row["word"] for row in words} == set(haparanda.WORDS)
    assert {row["count"] for row in words} == {None}


def test_the_api_tells_that_no_start_term_is_known(integration, participation):
    (row,) = [one for one in integration.rows("participations") if one["id"] == str(participation.uuid)]
    assert (row["start_term"], row["term"]["kind"], row["status"]) == (None, "unknown", "completed")


def test_the_source_has_no_day(integration):
    (source,) = [row for row in integration.rows("sources") if row["publisher"] == haparanda.NAME]
    assert {source["published"]["precision"], source["updated"]["precision"]} == {"unknown"}
