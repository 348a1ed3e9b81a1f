"""Uddevalla on the day its page was published: the first term of six."""

import pytest

from programmes.models import Participation
from sbs_portal.demo.cases import uddevalla
from schools.models import Huvudman
from seminars.models import Meeting
from tests.cases.reading import missing, the

THEN = "2018-04-23"


@pytest.fixture
def participation(db):
    return the(Participation, huvudman__name=uddevalla.NAME)


@pytest.fixture
def meeting(db):
    return the(Meeting, participation_links__participation__huvudman__name=uddevalla.NAME)


@pytest.fixture
def page(reader, participation) -> str:
    """What the rektor reads on that day."""
    return reader("rektor").page(participation, datum=THEN)


def test_the_first_term_of_six(page):
    assert missing(page, "Termin 1 av 6", "vårterminen 2018") == []


def test_three_units_from_january_2018(page):
    assert missing(page, *(f"{name}, med från januari 2018" for name in uddevalla.UNITS)) == []


def test_analysis_and_plan_had_begun_in_spring(page):
    assert missing(page, "Nulägesanalys. Påbörjad vt 2018", "Åtgärdsplan. Påbörjad vt 2018") == []
    assert "Under våren analyserar skolorna orsakerna till problemen" in page


def test_meetings_every_third_week(page):
    assert "var tredje vecka" in page


def test_the_deputy_head_is_at_every_meeting(page):
    assert missing(page, "Med vid varje träff: Helena Strandmark", "biträdande avdelningschef") == []


def test_who_else_comes(page):
    roles = ("rektorer", "biträdande rektorer", "förstelärare", "vissa specialpedagoger")
    assert missing(page, *roles, "andra som rektor utser") == []


def test_three_focus_areas_one_already_in_the_fritidshem(page):
    assert missing(page, *uddevalla.FOCUS, "fritidshemmens kompetensutveckling") == []


def test_skolverket_gives_process_leaders_and_methods(page):
    assert (
        missing(page, "Processledare: Amira Nordvall , Skolverket", "Processledare, metoder och arbetssätt")
        == []
    )


def test_karlstads_universitet_is_only_proposed(page):
    assert missing(page, "Karlstads universitet kan komma att ge stöd", "1 föreslaget") == []


def test_skolverket_also_brokers_others(page):
    assert "insatser via lärosäten och andra aktörer" in page


def test_goal_and_selection(page):
    assert (
        missing(page, "likvärdighet mellan kommunens skolor", "passar varje skola", "Skolinspektionens") == []
    )


def test_a_government_assignment_since_2015_for_three_years(page):
    assert missing(page, "regeringsuppdrag", "sedan 2015", "Projektet pågår i tre år") == []


def test_high_expectations_and_lessons_for_other_schools(page):
    assert missing(page, "höga förväntningar", "politikerna", "fler skolor") == []


def test_the_dialogue_with_skolverket(page):
    assert "dialog om mål, resultat och förbättringsåtgärder" in page


def test_statements_say_whose_they_are_and_from_when(page):
    assert "enligt kommunens nyhet 23 apr 2018, ej bekräftat" in page


def test_the_next_meeting_is_in_may_without_a_day(reader, meeting):
    page = reader("rektor").page(meeting, datum=THEN)
    assert missing(page, "maj 2018", "Planerad", "dialog med Karlstads universitet") == []
    assert "1 maj 2018" not in page


def test_the_deputy_head_is_required_at_that_meeting(reader, meeting):
    page = reader("rektor").page(meeting, datum=THEN)
    assert "Helena Strandmark, biträdande avdelningschef (ska vara med varje gång)" in page


def test_the_meeting_of_may_is_not_called_late_today(reader, participation):
    page = reader("rektor").page(participation)
    assert "Pågick i april 2018" in page
    assert "sen" not in page.split()
    assert "Försenad" not in page


def test_no_forvaltning_is_made_up(reader):
    assert "Ingen förvaltning inlagd" in reader("rektor").page(the(Huvudman, name=uddevalla.NAME))


def test_the_api_tells_the_start_term_and_how_far_it_is_known(integration, participation):
    (row,) = [one for one in integration.rows("participations") if one["id"] == str(participation.uuid)]
    assert (row["start_term"], row["known_through"]) == ("VT2018", THEN)
    assert (row["term"]["number"], row["term"]["total"]) == (1, 6)
    assert row["started"] == {"date": "2018-01", "precision": "month", "text": "i januari"}


def test_the_api_tells_the_meeting_with_the_precision_of_a_month(integration, participation):
    meeting = integration.row("meetings", participation=participation.uuid)
    assert meeting["when"] == {"date": "2018-05", "precision": "month", "text": "i maj"}
    assert (meeting["status"], len(meeting["units"])) == ("planned", 3)


def test_the_api_tells_the_rhythm_and_who_is_required(integration, participation):
    series = integration.row("meeting-series", participation=participation.uuid)
    attendees = integration.rows("meeting-series-attendees", series=series["id"])
    assert series["interval_weeks"] == 3
    assert [row["role"] for row in attendees if row["is_required"]] == ["deputy_head_of_department"]


def test_the_api_tells_one_support_active_and_one_proposed(integration, participation):
    names = {row["id"]: row["name"] for row in integration.rows("providers")}
    supports = integration.rows("supports", participation=participation.uuid)
    assert {names[row["provider"]]: row["status"] for row in supports} == {
        "Skolverket": "active",
        "Karlstads universitet": "proposed",
    }


def test_the_api_tells_the_day_of_publication(integration):
    (source,) = [row for row in integration.rows("sources") if row["publisher"] == uddevalla.NAME]
    assert source["published"]["date"] == THEN
    assert missing(source["note"], "13.36", "0522-69 60 00", "Tre citat") == []
