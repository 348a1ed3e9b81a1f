"""The list and the page: what each role reads, as of a day, and how many queries it takes."""

from datetime import date

import pytest
from django.urls import reverse

from programmes.filters import cohort_pills
from programmes.models import Agreement, FocusArea, ParticipationFocus, ParticipationPhase, Support
from sbs_portal.audit.models import Source, Statement
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate, Term
from schools.models import RoleAssignment, StaffRole
from tests.factories import (
    make_assignment,
    make_huvudman,
    make_municipality,
    make_participation,
    make_person,
    make_programme,
    make_provider,
    make_unit,
)

pytestmark = pytest.mark.django_db

LIST = "/deltaganden/"
LIST_QUERIES = 18
PAGE_QUERIES = 9


def page_of(participation, query="") -> str:
    return reverse("participation_detail", args=[participation.uuid]) + query


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def full(cast):
    """The cast's participation with something in every section."""
    with bound(NATIONAL):
        participation = cast.participation
        ParticipationPhase.objects.create(
            participation=participation,
            phase="analysis",
            planned_start=date(2018, 1, 8),
            planned_end=date(2018, 6, 1),
            actual_start=date(2018, 1, 15),
        )
        area = FocusArea.objects.create(code="betyg-provat", name="betyg och bedömning")
        ParticipationFocus.objects.create(participation=participation, focus_area=area)
        Support.objects.create(participation=participation, provider=make_provider("Norra högskolan"))
        Agreement.objects.create(
            participation=participation,
            kind="decision",
            title="Beslut om att delta",
            signed=date(2017, 11, 20),
            record_number="2017:388",
        )
    make_assignment(participation, cast.editor_person, role="contact")
    return participation


@pytest.fixture
def contradicting():
    """A participation since 2020 whose kommun says term three in October 2022; no start term."""
    huvudman = make_huvudman("Fjällby kommun", "municipality", municipality=make_municipality())
    participation = make_participation(
        huvudman,
        start_term=None,
        started=ImpreciseDate.year(2020, "sedan 2020"),
        known_through=date(2022, 11, 15),
    )
    with bound(NATIONAL):
        source = Source.objects.create(
            publisher="Fjällby kommun",
            title="På väg",
            kind="news",
            published=ImpreciseDate.day(date(2022, 11, 15)),
            huvudman_ids=[huvudman.pk],
        )
        for what, value, text, as_of in (
            ("term_number", {"number": 3}, "termin tre", ImpreciseDate.month(2022, 10)),
            (
                "since",
                {"date": {"date": "2020", "precision": "year", "text": "sedan 2020"}},
                "sedan 2020",
                ImpreciseDate.unknown(),
            ),
        ):
            Statement.objects.create(
                source=source,
                subject=participation,
                what=what,
                value=value,
                text=text,
                as_of=as_of,
                trust="stated",
                huvudman_ids=[huvudman.pk],
            )
    return participation


@pytest.mark.parametrize("name", ["coordinator", "process_leader", "editor", "rektor", "reader"])
def test_everyone_at_the_huvudman_reads_the_page(full, cast, client_for, name):
    response = client_for(getattr(cast, name)).get(page_of(full, "?datum=2018-04-23"))
    assert response.status_code == 200
    assert "Termin 1 av 6, vårterminen 2018." in text_of(response)


def test_a_stranger_is_told_nothing(full, cast, client_for):
    response = client_for(cast.stranger).get(page_of(full))
    assert response.status_code == 404
    assert "Björkby" not in text_of(response)


def test_no_address_that_is_no_id_leads_anywhere(cast, client_for):
    assert client_for(cast.coordinator).get("/deltaganden/1/").status_code == 404


def test_the_page_asks_for_a_log_in(full, client):
    assert client.get(page_of(full)).status_code == 302


@pytest.mark.parametrize(
    "words",
    [
        "Björkby kommun är i termin 1 av 6, vårterminen 2018.",
        '<a href="#enheter">Två enheter</a> är med, alla i nulägesanalys.',
        '<a href="#stod">Norra högskolan</a> kan komma att ge stöd.',
        "Betyg och bedömning",
        "Beslut om att delta",
        "dnr 2017:388",
        "Pia Processledare",
        "Rita Rektor",
        "sedan 15 januari 2018",
        "Föreslaget",
    ],
)
def test_the_page_says(full, cast, client_for, words):
    assert words in text_of(client_for(cast.rektor).get(page_of(full, "?datum=2018-04-23")))


@pytest.mark.parametrize(
    "name", ["Pia Processledare", "Rita Rektor", "Edit Redigerare", "Personer och roller"]
)
def test_a_reader_sees_no_staff(full, cast, client_for, name):
    assert name not in text_of(client_for(cast.reader).get(page_of(full, "?datum=2018-04-23")))


def test_a_protected_rektor_is_masked(full, cast, client_for):
    with bound(NATIONAL):
        cast.rektor_person.security_marking = "protected"
        cast.rektor_person.save()
    response = text_of(client_for(cast.coordinator).get(page_of(full)))
    assert "Rita Rektor" not in response
    assert "Skyddad person" in response


def test_a_unit_that_joined_later_is_not_with_us_before(full, cast, client_for):
    late = make_unit(cast.huvudman, "Sena skolan")
    with bound(NATIONAL):
        full.units.create(unit=late, joined=date(2018, 8, 13))
    client = client_for(cast.editor)
    assert "Sena skolan" not in text_of(client.get(page_of(full, "?datum=2018-08-12")))
    assert "Sena skolan" in text_of(client.get(page_of(full, "?datum=2018-08-13")))


def test_a_unit_that_has_left_is_told_apart(full, cast, client_for):
    with bound(NATIONAL):
        part = full.units.get(unit=cast.second_unit)
        part.left, part.leave_reason = date(2018, 6, 30), "Skolan lades ner"
        part.save()
    response = text_of(client_for(cast.editor).get(page_of(full, "?datum=2018-10-01")))
    assert "Var med till 30 juni 2018. Skolan lades ner" in response


def test_the_rektor_of_the_day_is_shown(full, cast, client_for):
    with bound(NATIONAL):
        RoleAssignment.objects.filter(person=cast.rektor_person).update(valid_to=date(2018, 7, 31))
    make_person(cast.huvudman, "Nya Nilsson", StaffRole.REKTOR, unit=cast.unit, valid_from=date(2018, 8, 1))
    client = client_for(cast.editor)
    before = text_of(client.get(page_of(full, "?datum=2018-07-31")))
    after = text_of(client.get(page_of(full, "?datum=2018-08-01")))
    assert ("Rita Rektor" in before, "Nya Nilsson" in before) == (True, False)
    assert ("Rita Rektor" in after, "Nya Nilsson" in after) == (False, True)
    assert "Björkskolan har ny rektor sedan 1 augusti 2018." in after


def test_the_status_of_an_earlier_day_is_that_days(full, cast, client_for):
    with bound(NATIONAL):
        full.status = "completed"
        full.save()
        full.status_changes.create(
            from_status="active", to_status="completed", effective=date(2020, 12, 18), reason="Klart"
        )
    client = client_for(cast.editor)
    assert "Deltagandet är avslutat" not in text_of(client.get(page_of(full, "?datum=2020-12-17")))
    assert "Deltagandet är avslutat" in text_of(client.get(page_of(full, "?datum=2020-12-18")))


def test_what_nobody_knows_since_is_not_said_to_go_on(full, cast, client_for):
    with bound(NATIONAL):
        full.known_through = date(2018, 4, 23)
        full.save()
    response = text_of(client_for(cast.rektor).get(page_of(full)))
    assert "Pågick i april 2018" in response
    assert "Vad som har hänt sedan dess är inte känt." in response


def test_facts_that_do_not_agree_stand_beside_each_other(contradicting, cast, client_for):
    response = text_of(client_for(cast.coordinator).get(page_of(contradicting)))
    assert (
        "Termin 3 enligt kommunen (oktober 2022). Räknat från 2020: termin 5 eller 6. "
        "Uppgifterna går inte ihop." in response
    )
    assert "Portalen ändrar ingen av uppgifterna." in response


def test_an_unknown_start_gives_the_possible_numbers_and_readings(contradicting, cast, client_for):
    response = text_of(client_for(cast.coordinator).get(page_of(contradicting)))
    assert "3, 5 eller 6" in response
    for reading in ("Om starten var vt 2020", "Om starten var ht 2020", "Om oktober 2022 var termin 3"):
        assert reading in response


def test_a_stated_number_that_agrees_is_no_contradiction(full, cast, client_for):
    with bound(NATIONAL):
        source = Source.objects.create(title="Nyhet", kind="news", huvudman_ids=[cast.huvudman.pk])
        Statement.objects.create(
            source=source,
            subject=full,
            what="term_number",
            value={"number": 1},
            text="första terminen",
            as_of=ImpreciseDate.month(2018, 4),
            trust="stated",
            huvudman_ids=[cast.huvudman.pk],
        )
    response = text_of(client_for(cast.rektor).get(page_of(full)))
    assert "Uppgifterna stämmer med varandra." in response
    assert "Uppgifterna går inte ihop" not in response


def test_a_rejected_statement_is_not_shown(contradicting, cast, client_for):
    with bound(NATIONAL):
        Statement.objects.filter(what="term_number").update(review="rejected", review_reason="Fel")
    assert "termin tre" not in text_of(client_for(cast.coordinator).get(page_of(contradicting)))


def test_the_list_says_term_phase_and_status(full, cast, client_for):
    response = text_of(client_for(cast.editor).get(LIST + "?datum=2018-04-23"))
    for words in ("Björkby kommun", "vt 2018", "1 av 6", "Nulägesanalys", "Pågår"):
        assert words in response


def test_a_row_that_is_done_shows_no_phase_and_a_tick_tells_the_round(cast, client_for):
    participation = make_participation(
        cast.huvudman, start_term="VT2016", status="completed", known_through=date(2018, 6, 1)
    )
    with bound(NATIONAL):
        ParticipationPhase.objects.create(
            participation=participation,
            phase="closing",
            actual_start=ImpreciseDate.day(date(2018, 1, 10)),
            actual_end=ImpreciseDate.day(date(2018, 6, 1)),
        )
    html = client_for(cast.coordinator).get(LIST).content.decode()

    assert f"Välj {cast.huvudman}, vt 2016" in html
    assert f"Välj {cast.huvudman}, vt 2018" in html
    assert "Avslut<" not in html
    assert html.count("uppgift saknas") == 2  # the two that are under way


def test_the_list_holds_only_what_the_reader_reaches(cast, client_for):
    response = text_of(client_for(cast.stranger).get(LIST))
    assert ("Granby" in response, "Björkby" in response) == (True, False)


def test_the_list_of_a_stranger_finds_nothing_by_search(cast, client_for):
    response = text_of(client_for(cast.stranger).get(LIST + "?q=Björkskolan"))
    assert "Inget stämmer med det du sökt efter" in response


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=björkby", True),
        ("q=Björkskolan", True),
        ("q=granby", False),
        ("status=active", True),
        ("status=over", False),
        ("start_term=VT2018", True),
        ("start_term=HT2018", False),
    ],
)
def test_the_list_is_narrowed(cast, client_for, query, found):
    with bound(NATIONAL):
        cast.other_participation.start_term = Term("HT", 2018)
        cast.other_participation.status = "completed"
        cast.other_participation.save()
    response = client_for(cast.coordinator).get(f"{LIST}?{query}")
    names = [row.huvudman.name for row in response.context_data["page_obj"].object_list]
    assert ("Björkby kommun" in names) is found


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_as_many_queries_for_one_row_as_for_thirty(
    cast, client_for, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_participation(units=1)
    client = client_for(cast.coordinator)
    client.get(LIST)
    with django_assert_num_queries(LIST_QUERIES):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("units", [1, 30])
def test_the_page_takes_as_many_queries_for_one_unit_as_for_thirty(
    cast, client_for, units, django_assert_num_queries
):
    participation = make_participation(make_huvudman(), units=units)
    client = client_for(cast.coordinator)
    client.get(page_of(participation))
    with django_assert_num_queries(PAGE_QUERIES):
        assert client.get(page_of(participation)).status_code == 200


def test_the_huvudmans_page_lists_its_participations(full, cast, client_for):
    response = text_of(client_for(cast.rektor).get(reverse("huvudman_detail", args=[cast.huvudman.uuid])))
    assert page_of(full) in response


def test_the_units_page_lists_the_participations_it_is_in(full, cast, client_for):
    response = text_of(client_for(cast.rektor).get(reverse("unit_detail", args=[cast.unit.uuid])))
    assert page_of(full) in response


def test_a_unit_that_is_in_nothing_says_so(cast, client_for):
    unit = make_unit(cast.huvudman, "Egna skolan")
    response = text_of(client_for(cast.rektor).get(reverse("unit_detail", args=[unit.uuid])))
    assert "Enheten är inte med i något deltagande." in response


def test_two_participations_in_different_programmes_are_two_rows(cast, client_for):
    make_participation(cast.huvudman, programme=make_programme("nyanlanda", "Riktade insatser för nyanlända"))
    response = client_for(cast.editor).get(LIST)
    assert len(response.context_data["page_obj"].object_list) == 2


def test_a_step_to_another_term_keeps_the_day_asked_about(cast, client_for):
    page = reverse("participation_detail", args=[cast.participation.uuid])
    shown = client_for(cast.editor).get(page, {"datum": "2018-04-23"}).content.decode()
    assert 'href="?datum=2018-04-23&amp;termin=2#remsa"' in shown


def test_no_more_start_terms_than_the_latest_are_pills():
    pills = cohort_pills([Term("VT", 2000 + number) for number in range(20)])

    assert [pill.label for pill in pills] == [f"vt {2019 - number}" for number in range(8)]
