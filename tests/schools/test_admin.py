"""The register in the admin: through the same services, and masked as everywhere."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import SchoolYear, today
from schools.models import (
    Access,
    Administration,
    Huvudman,
    Municipality,
    Person,
    SchoolBreak,
    SchoolCalendar,
    SchoolUnit,
    SchoolUnitVersion,
    StaffRole,
)
from tests.factories import make_huvudman, make_person, make_unit, make_user

pytestmark = pytest.mark.django_db
LISTS = (
    "county",
    "municipality",
    "huvudman",
    "administration",
    "schoolunit",
    "person",
    "provider",
    "schoolcalendar",
    "access",
)


def url(model: str, page: str, *args) -> str:
    return reverse(f"admin:schools_{model}_{page}", args=args)


@pytest.fixture
def admin(cast, client_for):
    return client_for(cast.coordinator)


def formset(prefix: str, *rows: dict, initial: int = 0) -> dict:
    data = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def saved(response) -> bool:
    if response.status_code == 200:
        raise AssertionError([form.errors for form in [response.context["adminform"].form]])
    return response.status_code == 302


@pytest.mark.parametrize("model", LISTS)
def test_a_coordinator_opens_every_list(admin, model):
    assert admin.get(url(model, "changelist")).status_code == 200


@pytest.mark.parametrize("model", [name for name in LISTS if name not in ("county", "municipality")])
def test_a_coordinator_opens_every_form(admin, model):
    assert admin.get(url(model, "add")).status_code == 200


@pytest.mark.parametrize("model", ["county", "municipality"])
def test_reference_data_is_only_read(admin, model):
    assert admin.get(url(model, "add")).status_code == 403


def test_a_huvudman_is_registered_with_its_administration(admin):
    data = {"name": "Granhults kommun", "kind": "independent"}
    parts = formset("administrations", {"name": "Barn och utbildning"})
    assert saved(admin.post(url("huvudman", "add"), data | parts))
    with bound(NATIONAL):
        huvudman = Huvudman.objects.get(name="Granhults kommun")
        assert Administration.objects.get(huvudman=huvudman).name == "Barn och utbildning"


def test_a_wrong_number_stands_on_its_field_with_what_was_typed(admin, numbered):
    data = {"name": "Granhult", "kind": "independent", "organisation_number": numbered("001000000")}
    response = admin.post(url("huvudman", "add"), data | formset("administrations"))
    assert response.status_code == 200
    assert "personnummer" in str(response.context["adminform"].form.errors["organisation_number"])
    assert 'value="Granhult"' in response.content.decode()


def test_a_unit_is_registered_with_its_first_period(cast, admin):
    data = {
        "unit_name": "Nya skolan",
        "huvudman": cast.huvudman.pk,
        "school_forms": ["FKLASS", "GR"],
        "grade_from": 0,
        "grade_to": 6,
        "valid_from": "2020-08-01",
    }
    assert saved(admin.post(url("schoolunit", "add"), data))
    with bound(NATIONAL):
        version = SchoolUnit.objects.get(name="Nya skolan").versions.get()
    assert (version.school_forms, version.grade_to, version.valid_from) == (
        ["FKLASS", "GR"],
        6,
        date(2020, 8, 1),
    )


def version_row(version: SchoolUnitVersion, **changes) -> dict:
    return {
        "id": version.pk,
        "unit": version.unit_id,
        "name": version.name,
        "huvudman": version.huvudman_id,
        "status": version.status,
        "school_forms": version.school_forms,
    } | changes


def test_a_new_open_period_closes_the_former(cast, admin):
    with bound(NATIONAL):
        version = cast.unit.versions.get()
    new = version_row(version, name="Björkdungen", valid_from="2024-08-01") | {"id": ""}
    data = formset("versions", version_row(version), new, initial=1) | formset("aliases", {"name": "Björken"})
    assert saved(admin.post(url("schoolunit", "change", cast.unit.pk), data))
    with bound(NATIONAL):
        rows = [(row.name, row.valid_from, row.valid_to) for row in cast.unit.versions.all()]
        aliases = [alias.name for alias in cast.unit.aliases.all()]
    assert rows == [("Björkskolan", None, date(2024, 7, 31)), ("Björkdungen", date(2024, 8, 1), None)]
    assert aliases == ["Björken"]


def test_an_overlap_is_told_and_nothing_is_saved(cast, admin):
    with bound(NATIONAL):
        version = cast.unit.versions.get()
    new = version_row(version, valid_from="2024-08-01", valid_to="2025-08-01") | {"id": ""}
    data = formset("versions", version_row(version), new, initial=1) | formset("aliases", {"name": "Björken"})
    response = admin.post(url("schoolunit", "change", cast.unit.pk), data)
    assert response.status_code == 200
    assert "överlappar" in response.content.decode()
    with bound(NATIONAL):
        assert (cast.unit.versions.count(), cast.unit.aliases.count()) == (1, 0)


def test_a_person_is_registered_with_a_first_role(cast, admin):
    data = {
        "name": "Nils Nystedt",
        "security_marking": "none",
        "role": StaffRole.TEACHER,
        "huvudman": cast.huvudman.pk,
    }
    assert saved(admin.post(url("person", "add"), data))
    with bound(NATIONAL):
        assert Person.objects.get(name="Nils Nystedt").roles.get().huvudman == cast.huvudman


def test_a_protected_person_is_masked_in_list_form_and_search(cast, admin):
    for address in (url("person", "changelist"), url("person", "change", cast.protected_person.pk)):
        shown = admin.get(address).content.decode()
        assert "Skyddad person" in shown
        assert "Hemlig" not in shown
    found = admin.get(url("person", "changelist"), {"q": "Hemlig"})
    assert found.context["cl"].result_count == 0


def test_saving_a_protected_person_keeps_the_name(cast, admin):
    person = cast.protected_person
    with bound(NATIONAL):
        role = person.roles.get()
    row = {"id": role.pk, "person": person.pk, "role": role.role, "huvudman": role.huvudman_id}
    data = {"security_marking": "confidential"} | formset("roles", row | {"unit": role.unit_id}, initial=1)
    assert saved(admin.post(url("person", "change", person.pk), data))
    with bound(NATIONAL):
        person.refresh_from_db()
    assert (person.name, person.security_marking) == ("Hemlig Namnsdotter", "confidential")


def test_access_is_given_by_the_coordinator_who_did(cast, admin):
    user = make_user("ny@example.se")
    data = {"user": user.pk, "role": "reader", "huvudman": cast.huvudman.pk, "valid_from": "2026-01-01"}
    assert saved(admin.post(url("access", "add"), data))
    assert Access.objects.get(user=user).granted_by == cast.coordinator


def test_access_is_ended_by_an_action(cast, admin):
    access = cast.reader.access_rows.get()
    response = admin.post(
        url("access", "changelist"),
        {"action": "end_now", "_selected_action": [access.pk], "confirmed": "1", "reason": "Har slutat"},
        follow=True,
    )
    assert "Avsluta valda behörigheter nu: 1 klart." in response.content.decode()
    access.refresh_from_db()
    assert (access.valid_to < today(), access.end_reason) == (True, "Har slutat")


def test_a_calendar_is_entered_with_its_lov_and_changed(admin):
    kommun = Municipality.objects.get(code="1485")
    row = {"name": "sportlov", "starts_on": "2032-02-09", "ends_on": "2032-02-13"}
    data = {"school_year": "2031/32", "municipality": kommun.pk}
    assert saved(admin.post(url("schoolcalendar", "add"), data | formset("breaks", row)))
    calendar = SchoolCalendar.objects.get(municipality=kommun, school_year=SchoolYear(2031))
    lov = calendar.breaks.get()
    later = row | {"id": lov.pk, "calendar": calendar.pk, "ends_on": "2032-02-20"}
    other = {"name": "höstlov", "starts_on": "2031-10-27", "ends_on": "2031-10-31"}
    parts = formset("breaks", later, other, initial=1)
    assert saved(admin.post(url("schoolcalendar", "change", calendar.pk), parts))
    assert list(SchoolBreak.objects.values_list("name", "ends_on")) == [
        ("höstlov", date(2031, 10, 31)),
        ("sportlov", date(2032, 2, 20)),
    ]


def test_a_reversed_lov_is_told(admin):
    row = {"name": "sportlov", "starts_on": "2032-02-13", "ends_on": "2032-02-09"}
    response = admin.post(url("schoolcalendar", "add"), {"school_year": "2031/32"} | formset("breaks", row))
    assert response.status_code == 200
    assert "slutar före" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("model", "queries"),
    [("huvudman", 9), ("administration", 9), ("schoolunit", 9), ("person", 10), ("access", 9)],
)
def test_a_list_costs_the_same_with_one_row_and_with_thirty(
    cast, admin, django_assert_num_queries, model, queries, rows
):
    for _ in range(rows):
        unit = make_unit(make_huvudman())
        make_user(person=make_person(cast.huvudman), role="reader", huvudman=cast.huvudman)
        with bound(NATIONAL):
            Administration.objects.create(huvudman=cast.huvudman, name=f"F {unit.name}")
    with django_assert_num_queries(queries):
        assert admin.get(url(model, "changelist")).status_code == 200
