"""The register's pages: what they show, to whom, on which day, at what cost."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.web.sections import register_section
from schools.models import Municipality, StaffRole, UnitAlias
from schools.services.huvudman import add_administration
from schools.services.unit import change_unit_from, close_unit
from tests.factories import make_huvudman, make_person, make_provider, make_unit

pytestmark = pytest.mark.django_db
STAFF_NAMES = (
    "Rita Rektor",
    "Edit Redigerare",
    "Hemlig Namnsdotter",
    "Främling Gransson",
    "Pia Processledare",
)


def page(client, obj, **query) -> str:
    return text(client, obj.get_absolute_url(), **query)


def text(client, url, **query) -> str:
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def listed(client, name, **query) -> list[str]:
    """The names in the list's rows, in order."""
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return [str(row) for row in response.context["page_obj"].object_list]


# --- who sees what ---


@pytest.mark.parametrize("thing", ["huvudman", "unit", "editor_person", "protected_person"])
def test_a_stranger_finds_nothing(cast, client_for, thing):
    response = client_for(cast.stranger).get(getattr(cast, thing).get_absolute_url())
    assert response.status_code == 404
    assert "Björkby" not in response.content.decode()


@pytest.mark.parametrize("name", ["huvudman_list", "unit_list"])
@pytest.mark.parametrize("query", [{}, {"q": "björk"}, {"q": "Hemlig"}])
def test_a_strangers_list_holds_nothing_of_others(cast, client_for, name, query):
    page_text = text(client_for(cast.stranger), reverse(name), **query)
    assert "Björkby" not in page_text
    assert "Björkskolan" not in page_text


def test_a_filter_on_anothers_huvudman_is_an_unknown_choice(cast, client_for):
    client = client_for(cast.stranger)
    listed_units = listed(client, "unit_list", huvudman=str(cast.huvudman.uuid))
    assert "Björkskolan" not in listed_units


@pytest.mark.parametrize("thing", ["huvudman", "unit"])
def test_a_reader_sees_no_staff_names(cast, client_for, thing):
    shown = page(client_for(cast.reader), getattr(cast, thing))
    assert not [name for name in STAFF_NAMES if name in shown]
    assert "Skyddad person" not in shown
    assert "Rektor</" not in shown


@pytest.mark.parametrize("thing", ["rektor_person", "editor_person", "protected_person", "leader_person"])
def test_a_person_does_not_exist_for_a_reader(cast, client_for, thing):
    assert client_for(cast.reader).get(getattr(cast, thing).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["coordinator", "process_leader", "editor", "rektor"])
def test_who_reads_people_sees_them_on_huvudman_and_unit(cast, client_for, who):
    client = client_for(getattr(cast, who))
    assert "Rita Rektor" in page(client, cast.huvudman)
    assert "Rita Rektor" in page(client, cast.unit)


@pytest.mark.parametrize("who", ["coordinator", "editor", "rektor"])
@pytest.mark.parametrize("thing", ["huvudman", "unit", "protected_person"])
def test_a_protected_person_is_masked(cast, client_for, who, thing):
    shown = page(client_for(getattr(cast, who)), getattr(cast, thing))
    assert "Hemlig" not in shown
    assert "Skyddad person" in shown


def test_a_persons_page_says_who_where_and_how_to_reach_them(cast, client_for):
    person = make_person(
        cast.huvudman,
        "Nils Nystedt",
        StaffRole.TEACHER,
        unit=cast.unit,
        email="nils@example.se",
        phone="0522-1",
    )
    shown = page(client_for(cast.editor), person)
    for part in ("Nils Nystedt", "Lärare", "Björkskolan", "nils@example.se", "0522-1"):
        assert part in shown


def test_a_role_elsewhere_is_not_shown_to_who_does_not_reach_it(cast, client_for):
    with bound(NATIONAL):
        cast.editor_person.roles.create(huvudman=cast.other_huvudman, role=StaffRole.DEVELOPER)
    shown = page(client_for(cast.editor), cast.editor_person)
    assert "Björkby kommun" in shown
    assert "Granby kommun" not in shown


def test_a_malformed_id_is_not_found(cast, client_for):
    assert client_for(cast.editor).get("/huvudman/inte-ett-id/").status_code == 404


# --- lists ---


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ddevall", ["Skolkoncernen"]),
        ("skolk", ["Skolkoncernen"]),
        ("212000-0100", ["Skolkoncernen"]),
        ("2120000100", ["Skolkoncernen"]),
        ("finns inte", []),
        ("x" * 10_000, None),
        ("🌲", []),
    ],
)
def test_huvudman_list_is_searched_by_name_number_and_kommun(cast, client_for, numbered, search, found):
    number = numbered("212000010")
    make_huvudman(
        "Skolkoncernen", municipality=Municipality.objects.get(code="1485"), organisation_number=number
    )
    search = search.replace("2120000100", number).replace("212000-0100", f"{number[:6]}-{number[6:]}")
    names = listed(client_for(cast.coordinator), "huvudman_list", q=search)
    assert names == found if found is not None else len(names) == 3


def test_a_null_byte_in_a_search_breaks_nothing(cast, client_for):
    assert client_for(cast.coordinator).get("/huvudman/?q=%00").status_code == 200
    assert client_for(cast.coordinator).get("/enheter/?q=%00&huvudman=%00").status_code == 200


def test_huvudman_list_is_narrowed_by_kind_and_county(cast, client_for):
    make_huvudman("Regionen", kind="region", municipality=Municipality.objects.get(code="2583"))
    client = client_for(cast.coordinator)
    assert listed(client, "huvudman_list", kind="region") == ["Regionen"]
    assert listed(client, "huvudman_list", county="25") == ["Regionen"]
    assert listed(client, "huvudman_list", county="01") == []


def test_huvudman_list_counts_the_units_that_are_open_on_the_day(cast, client_for):
    with bound(NATIONAL):
        close_unit(unit=cast.second_unit, last_day=date(2020, 6, 30), by=NATIONAL)
    client = client_for(cast.coordinator)
    counts = {}
    for day in ("2020-06-30", "2020-07-01"):
        rows = client.get(reverse("huvudman_list"), {"datum": day}).context["page_obj"].object_list
        counts[day] = next(row.unit_count for row in rows if row == cast.huvudman)
    assert counts == {"2020-06-30": 2, "2020-07-01": 1}


def test_lists_sort_swedish_letters_last(cast, client_for):
    for name in ("Ödesby", "Älvby", "Åby", "Zornby"):
        make_huvudman(name)
    names = listed(client_for(cast.coordinator), "huvudman_list")
    assert names[-4:] == ["Zornby", "Åby", "Älvby", "Ödesby"]
    assert listed(client_for(cast.coordinator), "huvudman_list", ordning="-name") == names[::-1]


def test_unit_list_is_searched_by_former_and_other_names_and_code(cast, client_for):
    with bound(NATIONAL):
        change_unit_from(unit=cast.unit, day=date(2024, 1, 1), name="Nya skolan", by=NATIONAL)
        UnitAlias.objects.create(unit=cast.unit, name="Backen")
        cast.unit.unit_code = "12345678"
        cast.unit.save()
    client = client_for(cast.coordinator)
    for search in ("björksk", "nya", "backen", "1234"):
        assert listed(client, "unit_list", q=search) == ["Nya skolan"]


def test_unit_list_is_narrowed_by_form_status_and_huvudman(cast, client_for):
    nursery = make_unit(cast.huvudman, "Lillåns förskola", school_forms=["FS"])
    with bound(NATIONAL):
        close_unit(unit=cast.second_unit, last_day=date(2020, 6, 30), by=NATIONAL)
    client = client_for(cast.coordinator)
    assert listed(client, "unit_list", school_form="FS") == [nursery.name]
    assert listed(client, "unit_list", status="closed") == ["Almskolan"]
    assert listed(client, "unit_list", huvudman=str(cast.other_huvudman.uuid)) == ["Granskolan"]


@pytest.mark.parametrize("name", ["huvudman_list", "unit_list"])
def test_an_empty_list_says_what_belongs_there(db, client_for, name):
    from sbs_portal.rights import Role
    from tests.factories import make_user

    shown = text(client_for(make_user(role=Role.COORDINATOR)), reverse(name))
    assert "ännu" in shown


# --- the day ---


def test_a_unit_is_shown_as_it_was_on_the_day(cast, client_for):
    with bound(NATIONAL):
        change_unit_from(
            unit=cast.unit, day=date(2020, 8, 1), name="Nya skolan", huvudman=cast.other_huvudman, by=NATIONAL
        )
    client = client_for(cast.coordinator)
    before = client.get(cast.unit.get_absolute_url(), {"datum": "2020-07-31"})
    after = client.get(cast.unit.get_absolute_url(), {"datum": "2020-08-01"})
    assert (before.context["page_title"], after.context["page_title"]) == ("Björkskolan", "Nya skolan")
    assert (before.context["version"].huvudman, after.context["version"].huvudman) == (
        cast.huvudman,
        cast.other_huvudman,
    )


def test_a_unit_tells_its_time_line(cast, client_for):
    with bound(NATIONAL):
        change_unit_from(
            unit=cast.unit, day=date(2020, 8, 1), name="Nya skolan", note="Ny ledning", by=NATIONAL
        )
    shown = page(client_for(cast.editor), cast.unit)
    for part in ("Björkskolan", "Nya skolan", "1 aug 2020", "31 juli 2020", "Ny ledning", "Rita Rektor"):
        assert part in shown


def test_people_are_those_in_seat_on_the_day(cast, client_for):
    make_person(
        cast.huvudman,
        "Gamla Rektorn",
        StaffRole.HEAD_OF_SCHOOLS,
        valid_from=date(2015, 1, 1),
        valid_to=date(2018, 6, 30),
    )
    client = client_for(cast.editor)
    assert "Gamla Rektorn" in page(client, cast.huvudman, datum="2018-06-30")
    assert "Gamla Rektorn" not in page(client, cast.huvudman, datum="2018-07-01")


def test_a_huvudman_shows_its_administrations(cast, client_for):
    with bound(NATIONAL):
        add_administration(
            huvudman=cast.huvudman,
            name="Barn- och ungdomsförvaltningen",
            committee_name="Barn- och ungdomsnämnden",
            by=NATIONAL,
        )
    shown = page(client_for(cast.reader), cast.huvudman)
    assert "Barn- och ungdomsförvaltningen" in shown
    assert "Barn- och ungdomsnämnden" in shown


@pytest.mark.parametrize(
    ("who", "offered"), [("coordinator", True), ("editor", True), ("rektor", False), ("reader", False)]
)
def test_who_may_change_is_offered_to(cast, client_for, who, offered):
    client = client_for(getattr(cast, who))
    for thing, name in ((cast.huvudman, "huvudman_change"), (cast.unit, "unit_change_from")):
        assert (reverse(name, args=[thing.uuid]) in page(client, thing)) is offered


# --- cost ---


def with_rows(cast, number):
    """``number`` more of everything a page lists."""
    provider = make_provider()
    for index in range(number):
        unit = make_unit(cast.huvudman, f"Enhet {index}")
        make_huvudman(f"Huvudman nr {index}", municipality=Municipality.objects.order_by("pk")[index])
        make_person(cast.huvudman, role=StaffRole.REKTOR, unit=unit)
        make_person(cast.huvudman, role=StaffRole.TEACHER, unit=cast.unit)
        with bound(NATIONAL):
            cast.editor_person.roles.create(provider=provider, role=StaffRole.DEVELOPER)
            UnitAlias.objects.create(unit=cast.unit, name=f"Namn {index}")
            add_administration(huvudman=cast.huvudman, name=f"Förvaltning {index}", by=NATIONAL)


@pytest.fixture
def only_own_sections(monkeypatch):
    """Pages without what apps further up add: their own tests count those."""
    from sbs_portal.web import sections

    own = {
        key: section
        for key, section in sections._sections.items()
        if section.loader.__module__ == "schools.sections"
    }
    monkeypatch.setattr(sections, "_sections", own)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("huvudman_list", 11),
        ("unit_list", 11),
        ("huvudman", 13),
        ("unit", 15),
        # One of them: whether the reader may change the person.
        ("editor_person", 10),
    ],
)
def test_a_page_costs_the_same_with_one_row_and_with_thirty(
    cast, client_for, django_assert_num_queries, only_own_sections, address, queries, rows
):
    with_rows(cast, rows)
    url = getattr(cast, address).get_absolute_url() if hasattr(cast, address) else reverse(address)
    client = client_for(cast.coordinator)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_a_large_huvudman_shows_the_first_of_a_form_and_of_its_people_and_leads_to_all(cast, client_for):
    huvudman = make_huvudman()
    for number in range(27):
        make_person(huvudman, unit=make_unit(huvudman, name=f"Enhet {number:02}"))
    make_unit(huvudman, name="Förskolan", school_forms=["FS"])
    page = client_for(cast.coordinator).get(huvudman.get_absolute_url()).content.decode()
    assert "Här står de första 25 av 27. " in page
    assert f'href="/enheter/?huvudman={huvudman.uuid}"' in page
    assert "Här står de första 25 av 27 roller. " in page
    assert f'href="/personer/?huvudman={huvudman.uuid}&amp;has_role=true"' in page
    assert [f"Enhet {number}" in page for number in (24, 25)] == [True, False]
    assert "Förskolan" in page


def test_an_app_further_up_fills_a_place(cast, client_for, only_own_sections):
    register_section(
        page="huvudman",
        name="prov",
        title="Något ovanifrån",
        order=1,
        loader=lambda request, huvudman: {"aliases": [{"name": f"Om {huvudman}"}]},
        template="schools/_unit_aliases.html",
    )
    shown = page(client_for(cast.reader), cast.huvudman)
    assert "Något ovanifrån" in shown
    assert "Om Björkby kommun" in shown
