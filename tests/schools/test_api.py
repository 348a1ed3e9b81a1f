"""The register through the API: shapes, keys, masks and scope."""

import pytest

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import SchoolYear
from schools.models import Municipality, SchoolBreak, SchoolCalendar, StaffRole, UnitAlias
from schools.services.huvudman import add_administration
from tests.factories import make_huvudman, make_person, make_provider, make_unit

pytestmark = pytest.mark.django_db

RESOURCES = (
    "administrations",
    "counties",
    "huvudman",
    "municipalities",
    "people",
    "providers",
    "role-assignments",
    "school-breaks",
    "school-calendars",
    "school-unit-aliases",
    "school-unit-versions",
    "school-units",
)


def get(client, path: str, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def names(client, path: str, **query) -> list[str]:
    return [row["name"] for row in get(client, path, **query)["data"]]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_resource_is_read_with_a_key_and_refused_without(cast, api_for, client, resource):
    assert set(get(api_for(cast.integration), resource)) == {"data", "_meta", "_links"}
    assert client.get(f"/api/v1/{resource}").status_code == 401


def test_a_huvudman_has_its_numbers_and_is_found_by_them(cast, api_for, numbered):
    number = numbered("212000014")
    uddevalla = Municipality.objects.get(code="1485")
    huvudman = make_huvudman(
        "Uddevalla kommun", kind="municipality", municipality=uddevalla, organisation_number=number
    )
    found = get(api_for(cast.integration), f"huvudman/{number}")
    times = {name: found.pop(name) for name in ("created_at", "updated_at")}
    assert found == {
        "id": str(huvudman.uuid),
        "name": "Uddevalla kommun",
        "kind": "municipality",
        "organisation_number": number,
        "municipality": str(uddevalla.uuid),
        "municipality_code": "1485",
        "is_fictional": False,
        "archived_at": None,
        "version": 1,
    }
    assert all(times.values())


def test_huvudman_list_is_filtered_by_kind_county_and_text(cast, api_for):
    make_huvudman("Norra regionen", kind="region", municipality=Municipality.objects.get(code="2583"))
    client = api_for(cast.integration)
    assert names(client, "huvudman", kind="region") == ["Norra regionen"]
    assert names(client, "huvudman", county="25") == ["Norra regionen"]
    assert names(client, "huvudman", municipality="2583") == ["Norra regionen"]
    assert names(client, "huvudman", q="haparand") == ["Norra regionen"]


def test_a_municipality_is_found_by_code_with_its_county(cast, api_for):
    found = get(api_for(cast.stranger), "municipalities/1485")
    assert (found["name"], found["county_code"]) == ("Uddevalla", "14")
    counts = get(api_for(cast.stranger), "municipalities")["_meta"]["count"]
    assert (counts, get(api_for(cast.stranger), "counties")["_meta"]["count"]) == (290, 21)


def test_a_unit_says_what_holds_today_and_is_found_by_its_code(cast, api_for):
    unit = make_unit(cast.huvudman, "Västerskolan", unit_code="12345678", school_forms=["FKLASS", "GR"])
    with bound(NATIONAL):
        UnitAlias.objects.create(unit=unit, name="Väster")
    found = get(api_for(cast.editor), "school-units/12345678")
    assert {key: found[key] for key in ("id", "name", "huvudman", "status", "school_forms", "aliases")} == {
        "id": str(unit.uuid),
        "name": "Västerskolan",
        "huvudman": str(cast.huvudman.uuid),
        "status": "active",
        "school_forms": ["FKLASS", "GR"],
        "aliases": ["Väster"],
    }


def test_units_periods_are_a_resource_of_their_own(cast, api_for):
    client = api_for(cast.editor)
    (row,) = get(client, "school-unit-versions", unit=str(cast.unit.uuid), active_on="2020-01-01")["data"]
    assert (row["name"], row["unit"], row["valid_from"]) == ("Björkskolan", str(cast.unit.uuid), None)
    assert names(client, "school-units", huvudman=str(cast.huvudman.uuid)) == ["Almskolan", "Björkskolan"]
    assert names(client, "school-units", school_form="FS") == []


def test_a_protected_person_is_masked_in_lists_and_alone(cast, api_for):
    with bound(NATIONAL):
        cast.protected_person.email = "hemlig@example.se"
        cast.protected_person.phone = "0522-000"
        cast.protected_person.save()
    client = api_for(cast.integration)
    alone = get(client, f"people/{cast.protected_person.uuid}")
    assert {key: alone[key] for key in ("name", "email", "phone", "is_protected")} == {
        "name": "Skyddad person",
        "email": "",
        "phone": "",
        "is_protected": True,
    }
    listed = client.get("/api/v1/people", {"limit": 200}).content.decode()
    assert "Skyddad person" in listed
    assert "emlig" not in listed


def test_a_protected_person_is_not_found_or_placed_by_name(cast, api_for):
    client = api_for(cast.integration)
    assert names(client, "people", q="Hemlig") == []
    assert names(client, "people")[-1] == "Skyddad person"


def test_people_are_filtered_by_place_and_role(cast, api_for):
    client = api_for(cast.editor)
    assert names(client, "people", unit=str(cast.unit.uuid), role="rektor") == ["Rita Rektor"]
    assert "Pia Processledare" in names(client, "people")
    roles = get(client, "role-assignments", person=str(cast.rektor_person.uuid))["data"]
    assert [(row["role"], row["unit"], row["huvudman"]) for row in roles] == [
        ("rektor", str(cast.unit.uuid), str(cast.huvudman.uuid))
    ]


@pytest.mark.parametrize("resource", ["people", "role-assignments"])
def test_a_reader_is_given_no_people(cast, api_for, resource):
    assert get(api_for(cast.reader), resource)["_meta"]["count"] == 0
    row = cast.rektor_person if resource == "people" else cast.rektor_person.roles
    if resource == "people":
        assert api_for(cast.reader).get(f"/api/v1/people/{row.uuid}").status_code == 404


@pytest.mark.parametrize(
    ("resource", "thing"),
    [("huvudman", "huvudman"), ("school-units", "unit"), ("people", "editor_person")],
)
def test_a_stranger_finds_nothing(cast, api_for, resource, thing):
    client = api_for(cast.stranger)
    row = getattr(cast, thing)
    assert client.get(f"/api/v1/{resource}/{row.uuid}").status_code == 404
    assert str(row.uuid) not in client.get(f"/api/v1/{resource}", {"limit": 200}).content.decode()


def test_an_unknown_filter_names_the_known(cast, api_for):
    response = api_for(cast.editor).get("/api/v1/huvudman", {"namn": "x"})
    assert response.status_code == 400
    assert "municipality" in response.json()["invalid_parameters"][0]["reason"]


def test_a_calendar_and_its_lov_are_read_by_kommun(cast, api_for):
    with bound(NATIONAL):
        calendar = SchoolCalendar.objects.create(
            municipality=Municipality.objects.get(code="1485"), school_year=SchoolYear(2031)
        )
        SchoolBreak.objects.create(
            calendar=calendar, name="sportlov", starts_on="2032-02-09", ends_on="2032-02-13"
        )
    client = api_for(cast.stranger)
    (found,) = get(client, "school-calendars", municipality="1485")["data"]
    assert found["school_year"] == "2031/32"
    (lov,) = get(client, "school-breaks", municipality="1485")["data"]
    assert (lov["calendar"], lov["starts_on"], lov["ends_on"]) == (found["id"], "2032-02-09", "2032-02-13")


def with_rows(cast, number):
    """``number`` more of everything."""
    provider = make_provider()
    for index in range(number):
        kommun = Municipality.objects.order_by("pk")[index]
        unit = make_unit(cast.huvudman, municipality=kommun)
        make_huvudman(municipality=kommun)
        make_person(cast.huvudman, role=StaffRole.REKTOR, unit=unit)
        make_person(provider=provider)
        with bound(NATIONAL):
            UnitAlias.objects.create(unit=unit, name="Annat")
            add_administration(huvudman=cast.huvudman, name=f"Förvaltning {index}", by=NATIONAL)
            calendar = SchoolCalendar.objects.create(municipality=kommun, school_year=SchoolYear(2031))
            SchoolBreak.objects.create(
                calendar=calendar, name="lov", starts_on="2032-02-09", ends_on="2032-02-13"
            )


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_list_costs_the_same_with_one_row_and_with_thirty(
    cast, api_for, django_assert_num_queries, resource, rows
):
    with_rows(cast, rows)
    client = api_for(cast.coordinator)
    # key with access, its use noted; savepoint, bind, count and rows, release, bind
    with django_assert_num_queries(7):
        get(client, resource, limit=200)
