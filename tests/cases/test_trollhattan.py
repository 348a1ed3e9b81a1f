"""Trollhättan: four schools, and a development day in August 2017."""

import pytest

from programmes.models import Participation
from sbs_portal.demo.cases import trollhattan
from schools.models import Huvudman
from seminars.models import Seminar
from tests.cases.reading import missing, the


@pytest.fixture
def participation(db):
    return the(Participation, huvudman__name=trollhattan.NAME)


@pytest.fixture
def seminar(db):
    return the(Seminar, huvudman_links__huvudman__name=trollhattan.NAME)


def test_the_forvaltning_with_address_and_phone(coordinator):
    page = coordinator.page(the(Huvudman, name=trollhattan.NAME))
    told = ("Utbildningsförvaltningen", "Gärdhemsvägen 9, 461 84 Trollhättan", "0520-49 50 00")
    assert missing(page, *told) == []


def test_the_head_of_operations_keeps_the_title_of_2017(coordinator):
    page = coordinator.page(the(Huvudman, name=trollhattan.NAME))
    assert "verksamhetschef för grundskola, förskoleklass och grundsärskola" in page.lower()


def test_four_schools(coordinator, participation):
    page = coordinator.page(participation)
    assert missing(page, "Frälsegårdsskolan", "Kronan", "Lextorpskolan", "Sylteskolan", "Enheter 4") == []


def test_three_aims_and_three_years(coordinator, participation):
    page = coordinator.page(participation)
    aims = ("Kunskapsresultaten ska höjas", "fullfölja sina studier", "Likvärdigheten ska öka")
    assert missing(page, *aims, "treårigt") == []


def test_grades_have_risen_and_younger_years_are_next(coordinator, participation):
    page = coordinator.page(participation)
    assert missing(page, "Betygen i årskurs 9 har stigit", "de yngre åldrarna") == []


def test_known_through_the_day_of_review(coordinator, participation):
    assert "Känt till och med 22 augusti 2017" in coordinator.page(participation)


def test_no_start_term_is_made_up(coordinator, participation):
    assert "Starttermin saknas. Det går inte att räkna ut" in coordinator.page("/")
    assert "Starttermin okänd" in coordinator.page(participation)


def test_a_whole_day_at_folkets_hus_in_august(coordinator, seminar):
    page = coordinator.page(seminar)
    told = ("Utvecklingsdag", "augusti 2017", "dagen anges inte", "Folkets Hus", "heldag")
    assert missing(page, *told, "Systematiskt kvalitetsarbete") == []


def test_who_came_without_a_number(coordinator, seminar):
    page = coordinator.page(seminar)
    assert missing(page, "Förskolechefer, rektorer och lärare", "antalet är inte angivet") == []


def test_the_morning_and_its_two_lecturers(coordinator, seminar):
    page = coordinator.page(seminar, flik="program")
    told = ("Tekniker för lärande samtal", "förmiddag", "Två utbildningsledare på rektorsutbildningen")
    assert missing(page, *told, "Karlstads universitet") == []


def test_a_teacher_s_words(coordinator, seminar):
    page = coordinator.page(seminar, flik="efterat")
    told = ("utbildningsdagar tillsammans", "skillnad för eleverna", "ledare i klassrummet")
    assert missing(page, *told, "lärare på Sylteskolan") == []


def test_the_api_tells_two_lecturers_employed_by_the_university(integration):
    (karlstad,) = [row for row in integration.rows("providers") if row["name"] == "Karlstads universitet"]
    lecturers = [row for row in integration.rows("role-assignments") if row["role"] == "education_leader"]
    assert [row["provider"] for row in lecturers] == [karlstad["id"]] * 2
    assert {row["title"] for row in lecturers} == {"utbildningsledare på rektorsutbildningen"}


def test_the_api_tells_the_day_by_month_and_no_head_count(integration, seminar):
    delegation = integration.row("delegations", seminar=seminar.uuid)
    assert delegation["head_count"] is None
    assert delegation["roles"] == ["preschool_head", "rektor", "teacher"]
    (row,) = [one for one in integration.rows("seminars") if one["id"] == str(seminar.uuid)]
    assert (row["starts"]["date"], row["starts"]["precision"]) == ("2017-08", "month")


def test_the_api_tells_only_the_unit_whose_teacher_spoke_as_on_site(integration, seminar):
    unit = integration.row("seminar-units", seminar=seminar.uuid)
    (school,) = [row for row in integration.rows("school-units") if row["name"] == "Sylteskolan"]
    assert (unit["unit"], unit["is_represented"], unit["trust"]) == (school["id"], True, "stated")


def test_the_api_tells_no_school_form_that_no_source_states(integration, participation):
    units = [row["unit"] for row in integration.rows("participating-units", participation=participation.uuid)]
    forms = [row["school_forms"] for row in integration.rows("school-units") if row["id"] in units]
    assert forms == [[]] * 4


def test_the_source_tells_its_film_and_its_review(integration):
    (source,) = [row for row in integration.rows("sources") if row["publisher"] == trollhattan.NAME]
    assert "Kur augusti 2017" in source["note"]
    assert (source["updated"]["date"], source["published"]["precision"]) == ("2017-08-22", "unknown")
