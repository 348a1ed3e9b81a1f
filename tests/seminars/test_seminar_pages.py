"""The seminars' pages: what each role reads of a seminar that two huvudmän share."""

import pytest
from django.urls import reverse

from sbs_portal.audit.models import SourceKind, What
from sbs_portal.audit.services import record_source, record_statement
from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import ImpreciseDate
from seminars.services import seminar as services
from tests.factories import make_huvudman, make_participation, make_seminar, make_unit
from tests.seminars.seminar_data import DAY, shared

pytestmark = pytest.mark.django_db
__all__ = ["shared"]

TABS = ("oversikt", "program", "delegationer", "presentationer", "enheter", "efterat")
INSIDERS = ("coordinator", "process_leader", "editor", "rektor", "reader")


def page(client, seminar, tab: str = "", **query) -> str:
    answer = client.get(reverse("seminar_detail", args=[seminar.uuid]), {"flik": tab, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def state(subject, what, value, text, publisher="Björkby kommun"):
    with bound(NATIONAL):
        source = record_source(
            title="Nyhet om seminariet",
            kind=SourceKind.NEWS,
            publisher=publisher,
            huvudman_ids=subject.huvudman_ids,
            by=NATIONAL,
        )
        return record_statement(
            source=source, subject=subject, what=what, value=value, text=text, by=NATIONAL
        )


# The list


def test_the_list_shows_the_seminars_one_takes_part_in(cast, client_for):
    make_seminar(cast.participation, kind="closing")
    make_seminar(cast.other_participation, title="Någon annans")
    text = client_for(cast.editor).get(reverse("seminar_list")).content.decode()
    assert "Avslutningsseminarium" in text
    assert "Någon annans" not in text


def test_the_list_is_searched_by_huvudman(cast, client_for):
    make_seminar(cast.participation, title="Vårt eget")
    make_seminar(cast.other_participation, title="Grannarnas")
    text = client_for(cast.coordinator).get(reverse("seminar_list"), {"q": "Granby"}).content.decode()
    assert "Grannarnas" in text
    assert "Vårt eget" not in text


def test_the_list_says_when_a_date_is_not_known(cast, client_for):
    make_seminar(cast.participation, status="held")
    assert "okänt datum" in client_for(cast.editor).get(reverse("seminar_list")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_as_many_queries_for_one_as_for_thirty(
    cast, client_for, django_assert_num_queries, rows
):
    for _ in range(rows):
        make_seminar(cast.participation, cast.other_participation)
    client = client_for(cast.coordinator)
    client.get(reverse("seminar_list"))
    with django_assert_num_queries(12):
        client.get(reverse("seminar_list"))


# Who reads what


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["editor", "rektor"])
def test_someone_from_elsewhere_finds_nothing(cast, client_for, tab, name):
    seminar = make_seminar(cast.other_participation)
    address = reverse("seminar_detail", args=[seminar.uuid])
    assert client_for(getattr(cast, name)).get(address, {"flik": tab}).status_code == 404


@pytest.mark.parametrize("name", [*INSIDERS, "stranger"])
def test_all_who_take_part_read_the_programme(cast, client_for, shared, name):
    assert "Tre år på djupet" in page(client_for(getattr(cast, name)), shared.seminar, "program")


@pytest.mark.parametrize("name", [*INSIDERS, "stranger"])
def test_all_who_take_part_read_every_presentation(cast, client_for, shared, name):
    text = page(client_for(getattr(cast, name)), shared.seminar, "presentationer")
    assert "Så ändrade vi mötena" in text
    assert "Läsning i alla ämnen" in text


@pytest.mark.parametrize("name", [*INSIDERS, "stranger"])
def test_all_who_take_part_read_which_huvudman_do(cast, client_for, shared, name):
    text = page(client_for(getattr(cast, name)), shared.seminar, "delegationer")
    assert "Björkby kommun" in text
    assert "Granby kommun" in text


def test_a_delegation_says_how_many_and_how_many_are_named(cast, client_for, shared):
    assert "10 personer, 2 namngivna" in page(client_for(cast.editor), shared.seminar, "delegationer")


@pytest.mark.parametrize("name", ["coordinator", "process_leader", "editor", "rektor"])
def test_the_own_delegation_is_named(cast, client_for, shared, name):
    assert "Rita Rektor" in page(client_for(getattr(cast, name)), shared.seminar, "delegationer")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["process_leader", "editor", "rektor", "reader"])
def test_no_name_of_anothers_delegation_is_read(cast, client_for, shared, tab, name):
    text = page(client_for(getattr(cast, name)), shared.seminar, tab)
    assert "Främling Gransson" not in text


@pytest.mark.parametrize("name", ["process_leader", "editor", "rektor", "reader"])
def test_the_size_of_anothers_delegation_is_not_read(cast, client_for, shared, name):
    text = page(client_for(getattr(cast, name)), shared.seminar, "delegationer")
    assert "7 personer" not in text


def test_the_other_huvudman_reads_its_own_delegation_and_not_ours(cast, client_for, shared):
    text = page(client_for(cast.stranger), shared.seminar, "delegationer")
    assert "Främling Gransson" in text
    assert "Rita Rektor" not in text


def test_the_coordinator_reads_every_delegation(cast, client_for, shared):
    text = page(client_for(cast.coordinator), shared.seminar, "delegationer")
    assert "Rita Rektor" in text
    assert "Främling Gransson" in text


def test_no_unit_of_another_huvudman_is_read(cast, client_for, shared):
    text = page(client_for(cast.editor), shared.seminar, "enheter")
    assert "Björkskolan" in text
    assert "Granskolan" not in text


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("name", ["Rita Rektor", "Frida Föreläsare", "Lena Lärdom", "Hemlig Namnsdotter"])
def test_a_reader_reads_no_name_of_staff(cast, client_for, shared, tab, name):
    assert name not in page(client_for(cast.reader), shared.seminar, tab)


def test_a_reader_is_not_shown_the_units(cast, client_for, shared):
    assert "Enheter på plats" not in page(client_for(cast.reader), shared.seminar, "enheter")


@pytest.mark.parametrize("name", ["coordinator", "editor"])
def test_a_protected_person_is_masked_in_the_delegation(cast, client_for, shared, name):
    text = page(client_for(getattr(cast, name)), shared.seminar, "delegationer")
    assert "Skyddad person" in text
    assert "Hemlig Namnsdotter" not in text


def test_the_list_names_the_huvudman(cast, client_for):
    make_seminar(cast.participation, cast.other_participation)
    text = client_for(cast.editor).get(reverse("seminar_list")).content.decode()
    assert "Björkby kommun och Granby kommun" in text


# What the tabs say


def test_before_its_day_a_unit_is_registered_and_not_on_site(cast, client_for):
    seminar = make_seminar(cast.participation, starts=DAY)
    with bound(NATIONAL):
        services.mark_unit(seminar=seminar, unit=cast.unit, by=NATIONAL)
    client = client_for(cast.editor)
    assert "enheter har någon anmäld. En fattas." in page(client, seminar, "enheter", datum="2026-10-01")
    assert "enheter har någon på plats. En fattas." in page(client, seminar, "enheter", datum=DAY)


def test_an_unknown_tab_is_the_overview(cast, client_for, shared):
    assert "Om seminariet" in page(client_for(cast.editor), shared.seminar, "hittepå")


def test_the_tabs_keep_the_day_one_asked_about(cast, client_for, shared):
    assert "?flik=program&amp;datum=2026-11-03" in page(
        client_for(cast.editor), shared.seminar, "oversikt", datum="2026-11-03"
    )


def test_before_its_day_a_seminar_is_planned(cast, client_for, shared):
    text = page(client_for(cast.editor), shared.seminar, datum="2026-10-31")
    assert "Planerat" in text
    assert "tisdag 3 november 2026, om 3 dagar" in text.lower()


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (ImpreciseDate.month(2022, 10, "i mitten av oktober"), "Oktober 2022 (”i mitten av oktober”)"),
        (ImpreciseDate.unknown("veckan före"), "Okänt datum (”veckan före”)"),
        (ImpreciseDate.unknown(), "Okänt datum."),
    ],
)
def test_an_imprecise_date_is_said_as_it_is_known(cast, client_for, when, said):
    seminar = make_seminar(cast.participation, status="held", starts=when)
    assert said in page(client_for(cast.editor), seminar)


def test_the_listeners_of_a_presentation_are_stated_and_not_confirmed(cast, client_for, shared):
    state(shared.seminar, What.OTHER, {}, "20 lyssnade.")
    text = page(client_for(cast.editor), shared.seminar, "presentationer")
    assert "enligt Björkby kommun, ej bekräftat" in text


def test_the_coordinator_counts_every_unit(cast, client_for, shared):
    assert "2 av 3" in page(client_for(cast.coordinator), shared.seminar, "enheter")


def test_a_closing_seminar_says_what_is_missing_to_close(cast, client_for, shared):
    text = page(client_for(cast.editor), shared.seminar, "enheter")
    assert "1 av 2" in text
    assert "En fattas innan avslutet kan godkännas." in text


def test_a_unit_that_left_before_the_seminar_is_not_counted(cast, client_for, shared):
    with bound(NATIONAL):
        membership = cast.participation.units.get(unit=cast.second_unit)
        membership.left = ImpreciseDate.day(DAY.replace(year=2025))
        membership.save()
    assert "1 av 1" in page(client_for(cast.editor), shared.seminar, "enheter")


def test_all_units_by_a_source_are_stated_and_not_confirmed(cast, client_for):
    seminar = make_seminar(cast.participation, kind="closing", status="held", starts=DAY)
    state(seminar, What.COVERAGE, {"units": "all"}, "Alla enheter var där.")
    text = page(client_for(cast.editor), seminar, "enheter")
    assert "2 av 2" in text
    assert "enligt Björkby kommun, ej bekräftat" in text
    assert "var på plats" not in text
    assert "fattas" not in text


def test_what_is_stated_does_not_count_as_confirmed(cast, client_for, shared):
    state(shared.seminar, What.COVERAGE, {"units": "all"}, "Alla enheter var där.")
    text = page(client_for(cast.editor), shared.seminar, "enheter")
    assert "1 av 2" in text
    assert "enheter hade någon på plats, bekräftat. En till enligt uppgift." in text


def test_all_units_where_none_is_known_by_name(cast, client_for):
    participation = make_participation(make_huvudman("Lindby kommun"))
    seminar = make_seminar(participation, kind="closing", status="held")
    state(seminar, What.COVERAGE, {"units": "all"}, "Alla enheter var där.", publisher="Lindby kommun")
    text = page(client_for(cast.coordinator), seminar, "enheter")
    assert "Alla" in text
    assert "enligt Lindby kommun, ej bekräftat" in text


def test_a_rejected_statement_is_not_shown(cast, client_for, shared):
    statement = state(shared.seminar, What.OTHER, {}, "Påhittat om seminariet.")
    with bound(NATIONAL):
        type(statement).objects.filter(pk=statement.pk).update(review="rejected", review_reason="Brus")
    assert "Påhittat om seminariet." not in page(client_for(cast.coordinator), shared.seminar)


def test_more_huvudman_than_the_portal_knows_are_stated(cast, client_for, shared):
    state(shared.seminar, What.PARTICIPANTS, {"huvudman_count": 15}, "Femton huvudmän deltog.")
    text = page(client_for(cast.editor), shared.seminar)
    assert "varav 2 finns i portalen" in text


def test_words_are_sized_by_count_and_counted_in_a_table(cast, client_for, shared):
    text = page(client_for(cast.editor), shared.seminar, "efterat")
    assert '<li class="word word--5">stolthet</li>' in text
    assert '<li class="word word--1">kraft</li>' in text
    assert "Hur många som gav varje ord</caption>" in text


def test_words_without_counts_are_alike(cast, client_for):
    seminar = make_seminar(cast.participation, status="held")
    with bound(NATIONAL):
        for word in ("hopp", "energi"):
            services.add_word(seminar=seminar, word=word, by=NATIONAL)
    text = page(client_for(cast.editor), seminar, "efterat")
    assert text.count("word--3") == 2
    assert "<caption>Hur många" not in text


def test_an_upcoming_seminar_says_who_has_not_said_who_comes(cast, client_for):
    seminar = make_seminar(cast.participation, cast.other_participation, starts=DAY)
    text = page(client_for(cast.coordinator), seminar, datum="2026-10-01")
    assert "Två huvudmän har inte anmält någon delegation" in text


def test_an_editor_is_told_of_the_own_delegation_only(cast, client_for):
    seminar = make_seminar(cast.participation, cast.other_participation, starts=DAY)
    text = page(client_for(cast.editor), seminar, datum="2026-10-01")
    assert "Björkby kommun har inte anmält någon delegation" in text
    assert "Granby kommun har inte anmält någon delegation" not in text


def test_nothing_is_left_to_arrange_when_it_is_over(cast, client_for, shared):
    assert "Kvar att ordna" not in page(client_for(cast.coordinator), shared.seminar)


def test_the_change_button_is_the_coordinators(cast, client_for, shared):
    assert "Ändra seminariet" in page(client_for(cast.coordinator), shared.seminar)
    assert "Ändra seminariet" not in page(client_for(cast.editor), shared.seminar)


QUERIES = {
    "oversikt": 16,
    "program": 9,
    "delegationer": 12,
    "presentationer": 11,
    "enheter": 14,
    "efterat": 10,
}


@pytest.mark.parametrize("units", [0, 30])
@pytest.mark.parametrize("tab", TABS)
def test_a_page_takes_as_many_queries_for_few_as_for_many(
    cast, client_for, django_assert_num_queries, shared, tab, units
):
    with bound(NATIONAL):
        for number in range(units):
            unit = make_unit(cast.huvudman)
            services.mark_unit(seminar=shared.seminar, unit=unit, huvudman=cast.huvudman, by=NATIONAL)
            services.add_word(seminar=shared.seminar, word=f"ord {number}", by=NATIONAL)
            services.add_session(seminar=shared.seminar, kind="other", title=f"Pass {number}", by=NATIONAL)
            services.add_presentation(
                seminar=shared.seminar, huvudman=cast.huvudman, title=f"Nr {number}", by=NATIONAL
            )
    client = client_for(cast.editor)
    page(client, shared.seminar, tab)
    with django_assert_num_queries(QUERIES[tab]):
        page(client, shared.seminar, tab)
