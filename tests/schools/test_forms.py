"""The register's forms: what is saved, what is refused at which field, and whose rows can be linked."""

from datetime import date

import pytest
from django.urls import reverse

from sbs_portal.scope import NATIONAL, bound
from schools.models import Administration, Huvudman, Person, RoleAssignment, SchoolUnit, SchoolUnitVersion
from tests import factories

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def periods(unit) -> list[tuple]:
    with bound(NATIONAL):
        rows = SchoolUnitVersion.objects.filter(unit=unit)
        return [(row.name, row.valid_from, row.valid_to) for row in rows]


def body(response) -> str:
    return response.content.decode()


def test_a_coordinator_adds_a_huvudman_and_an_editor_does_not(cast, client_for):
    address, fields = reverse("huvudman_create"), {"name": SCRIPT, "kind": "independent"}
    assert client_for(cast.editor).post(address, fields).status_code == 403
    answer = client_for(cast.coordinator).post(address, fields, follow=True)
    assert answer.status_code == 200
    assert SCRIPT not in body(answer)
    with bound(NATIONAL):
        assert Huvudman.objects.filter(name=SCRIPT).exists()
    again = client_for(cast.coordinator).post(address, fields | {"organisation_number": "12"})
    assert again.status_code == 422
    assert 'value="12"' in body(again)


def test_a_huvudman_is_changed_and_gets_an_administration(cast, client_for):
    client = client_for(cast.editor)
    fields = {"name": "Björkby stad", "kind": "independent"}
    assert client.post(reverse("huvudman_change", args=[cast.huvudman.uuid]), fields).status_code == 302
    add = reverse("administration_add", args=[cast.huvudman.uuid])
    reversed_days = {"name": "Barn och skola", "valid_from": "2020-01-02", "valid_to": "2020-01-01"}
    refused = client.post(add, reversed_days)
    assert refused.status_code == 422
    assert "Slutdatum kan inte vara före startdatum." in body(refused)
    assert client.post(add, {"name": "Barn och skola"}).status_code == 302
    with bound(NATIONAL):
        assert Huvudman.objects.get(pk=cast.huvudman.pk).name == "Björkby stad"
        row = Administration.objects.get(name="Barn och skola")
    client.post(reverse("administration_delete", args=[row.uuid]))
    with bound(NATIONAL):
        assert not Administration.objects.filter(pk=row.pk).exists()


def test_a_unit_is_added_for_the_own_huvudman_only(cast, client_for):
    client, address = client_for(cast.editor), reverse("unit_create")
    assert cast.other_huvudman.name not in body(client.get(address))
    fields = {"name": "Nya skolan", "status": "active", "school_forms": ["GR", "FTH"], "grade_from": 4}
    foreign = client.post(address, fields | {"huvudman": cast.other_huvudman.pk})
    assert (foreign.status_code, 'value="Nya skolan"' in body(foreign)) == (422, True)
    wrong = client.post(address, fields | {"huvudman": cast.huvudman.pk, "grade_to": 2})
    assert wrong.status_code == 422
    assert "Till årskurs kan inte vara lägre än från årskurs." in body(wrong)
    answer = client.post(address, fields | {"huvudman": cast.huvudman.pk, "grade_to": 6})
    with bound(NATIONAL):
        unit = SchoolUnit.objects.get(name="Nya skolan")
    assert answer.headers["Location"] == unit.get_absolute_url()


def test_a_code_of_a_unit_out_of_sight_is_told_at_its_field(cast, client_for):
    with bound(NATIONAL):
        other = factories.make_unit(cast.other_huvudman, "Granskolan", unit_code="87654321")
    fields = {"name": "Nya skolan", "status": "active", "school_forms": ["GR"], "unit_code": other.unit_code}
    answer = client_for(cast.editor).post(reverse("unit_create"), fields | {"huvudman": cast.huvudman.pk})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["unit_code"])
    assert 'value="Nya skolan"' in body(answer)
    assert "Granskolan" not in body(answer)


def test_a_new_period_closes_the_former(cast, client_for):
    client, address = client_for(cast.editor), reverse("unit_change_from", args=[cast.unit.uuid])
    assert 'value="Björkskolan"' in body(client.get(address))
    fields = {"name": "Nya Björkskolan", "huvudman": cast.huvudman.pk, "status": "active"}
    assert client.post(address, fields | {"day": "2020-08-01"}).status_code == 302
    assert periods(cast.unit) == [
        ("Björkskolan", None, date(2020, 7, 31)),
        ("Nya Björkskolan", date(2020, 8, 1), None),
    ]
    again = client.post(address, fields | {"day": "2020-08-01"})
    assert again.status_code == 422
    assert "En period börjar redan den dagen." in body(again)
    foreign = client.post(address, fields | {"day": "2021-08-01", "huvudman": cast.other_huvudman.pk})
    assert foreign.status_code == 422


def test_an_overlap_is_told_at_the_first_day(cast, client_for):
    client, address = client_for(cast.editor), reverse("period_add", args=[cast.unit.uuid])
    fields = {"name": "Gamla skolan", "huvudman": cast.huvudman.pk, "status": "active"}
    answer = client.post(address, fields | {"valid_from": "2019-01-01", "valid_to": "2019-12-31"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["valid_from"] == [
        "Perioden överlappar en annan period för samma enhet."
    ]


def test_the_only_period_stays_and_another_can_be_taken_away(cast, client_for):
    client = client_for(cast.editor)
    client.post(reverse("unit_close", args=[cast.unit.uuid]), {"last_day": "2030-06-30"})
    with bound(NATIONAL):
        first, closed = SchoolUnitVersion.objects.filter(unit=cast.unit)
    assert (closed.status, closed.valid_from) == ("closed", date(2030, 7, 1))
    client.post(reverse("period_delete", args=[closed.uuid]))
    refused = client.post(reverse("period_delete", args=[first.uuid]))
    assert "enhetens enda period" in body(refused)
    assert periods(cast.unit) == [("Björkskolan", None, date(2030, 6, 30))]


def test_a_possible_duplicate_is_shown_before_anyone_is_added(cast, client_for):
    client, address = client_for(cast.editor), reverse("person_create")
    fields = {"name": "rita rektor", "role": "teacher", "unit": cast.unit.pk}
    answer = client.post(address, fields)
    assert answer.status_code == 422
    assert "Finns redan Rita Rektor?" in body(answer)
    assert 'value="rita rektor"' in body(answer)
    assert client.post(address, fields | {"is_another": "on"}).status_code == 302
    with bound(NATIONAL):
        assert Person.objects.filter(name="rita rektor", roles__huvudman=cast.huvudman).exists()


def test_a_protected_person_is_no_duplicate_and_is_not_filled_in(cast, client_for):
    client = client_for(cast.editor)
    fields = {"name": "Hemlig Namnsdotter", "role": "teacher", "unit": cast.unit.pk}
    assert client.post(reverse("person_create"), fields).status_code == 302
    address = reverse("person_change", args=[cast.protected_person.uuid])
    assert "Hemlig" not in body(client.get(address))
    client.post(address, {"name": "", "email": "", "phone": "0522", "security_marking": "protected"})
    refused = client.post(address, {"name": "", "security_marking": "none"})
    assert refused.status_code == 403
    with bound(NATIONAL):
        person = Person.objects.get(pk=cast.protected_person.pk)
    assert (person.name, person.phone, person.is_protected) == ("Hemlig Namnsdotter", "0522", True)


def test_roles_are_added_ended_and_taken_away(cast, client_for):
    client, address = client_for(cast.editor), reverse("role_add", args=[cast.editor_person.uuid])
    for foreign in ({"unit": cast.other_unit.pk}, {"huvudman": cast.other_huvudman.pk}):
        assert client.post(address, {"role": "teacher"} | foreign).status_code == 422
    assert client.post(address, {"role": "teacher", "unit": cast.unit.pk}).status_code == 302
    with bound(NATIONAL):
        role = RoleAssignment.objects.get(person=cast.editor_person, role="teacher")
    change = reverse("role_change", args=[role.uuid])
    fields = {"role": "teacher", "valid_from": "2020-01-01"}
    assert "Slutdatum" in body(client.post(change, fields | {"valid_to": "2019-01-01"}))
    assert client.post(change, fields | {"valid_to": "2021-01-01"}).status_code == 302
    client.post(reverse("role_delete", args=[role.uuid]))
    with bound(NATIONAL):
        (only,) = RoleAssignment.objects.filter(person=cast.editor_person)
    assert "personens enda roll" in body(client.post(reverse("role_delete", args=[only.uuid])))


def test_a_role_at_another_employer_is_the_coordinators(cast, client_for):
    with bound(NATIONAL):
        role = RoleAssignment.objects.get(person=cast.leader_person)
        other = RoleAssignment.objects.get(person=cast.other_person)
    for user, row, status in (
        (cast.editor, role, 403),
        (cast.editor, other, 404),
        (cast.reader, role, 404),
        (cast.coordinator, role, 422),
    ):
        assert client_for(user).post(reverse("role_delete", args=[row.uuid])).status_code == status


def test_a_rektor_adds_people_at_the_own_unit_only(cast, client_for):
    client, address = client_for(cast.rektor), reverse("person_create")
    page = body(client.get(address))
    assert "Björkskolan" in page
    assert "Almskolan" not in page
    fields = {"name": "Lena Lärare", "role": "teacher"}
    assert client.post(address, fields | {"unit": cast.second_unit.pk}).status_code == 422
    assert client.post(address, fields | {"unit": cast.unit.pk}).status_code == 302


@pytest.mark.parametrize("name", ["huvudman_create", "unit_create", "person_create"])
def test_a_reader_adds_nothing(cast, client_for, name):
    assert client_for(cast.reader).get(reverse(name)).status_code == 403


def test_what_is_archived_is_no_choice(cast, client_for):
    with bound(NATIONAL):
        SchoolUnit.objects.filter(pk=cast.second_unit.pk).update(archived_at="2026-01-01T00:00Z")
    assert "Almskolan" not in body(client_for(cast.editor).get(reverse("person_create")))
    fields = {"name": "Lena Lärare", "role": "teacher", "unit": cast.second_unit.pk}
    assert client_for(cast.editor).post(reverse("person_create"), fields).status_code == 422


def test_a_form_costs_the_same_with_many_units(cast, client_for, django_assert_num_queries):
    client = client_for(cast.editor)
    client.get(reverse("person_create"))
    for _ in range(8):
        factories.make_unit(cast.huvudman)
    with django_assert_num_queries(12):
        client.get(reverse("person_create"))
