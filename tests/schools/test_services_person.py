"""People and roles: who may, where, when, and who is never named."""

from datetime import date

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Administration, Person, StaffRole
from schools.services.person import assign_role, change_person, change_role, end_role, register_person
from tests.factories import make_person, make_provider, make_unit

pytestmark = pytest.mark.django_db


def test_an_editor_registers_a_person_and_sees_them(cast, as_user):
    with as_user(cast.editor):
        person = register_person(
            name="Nils Nystedt", role=StaffRole.TEACHER, huvudman=cast.huvudman, by=cast.editor
        )
        assert Person.objects.visible_to(cast.editor).filter(pk=person.pk).exists()
    assert person.huvudman_ids == [cast.huvudman.pk]


def test_a_rektor_registers_at_their_own_unit_only(cast, as_user):
    fields = {"name": "Nils", "role": StaffRole.TEACHER, "huvudman": cast.huvudman, "by": cast.rektor}
    with as_user(cast.rektor):
        assert register_person(**fields, unit=cast.unit).pk
        with pytest.raises(PermissionDenied):
            register_person(**fields, unit=cast.second_unit)
        with pytest.raises(PermissionDenied):
            register_person(**fields)


@pytest.mark.parametrize("who", ["process_leader", "reader", "stranger"])
def test_others_register_no_one(cast, as_user, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        register_person(name="Nils", role=StaffRole.TEACHER, huvudman=cast.huvudman, by=user)


def test_someone_employed_elsewhere_is_registered_nationally(cast, as_user):
    provider = make_provider()
    fields = {"name": "Lena", "role": StaffRole.PROCESS_LEADER, "provider": provider}
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        register_person(**fields, by=cast.editor)
    with as_user(cast.coordinator):
        assert register_person(**fields, by=cast.coordinator).huvudman_ids == []


def test_a_role_has_one_employer(cast):
    with bound(NATIONAL), pytest.raises(ValidationError, match="antingen en huvudman"):
        register_person(
            name="Nils",
            role=StaffRole.TEACHER,
            huvudman=cast.huvudman,
            provider=make_provider(),
            by=NATIONAL,
        )


def test_the_unit_is_the_huvudmans(cast):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        register_person(
            name="Nils", role=StaffRole.TEACHER, huvudman=cast.huvudman, unit=cast.other_unit, by=NATIONAL
        )
    assert "unit" in refused.value.message_dict


def test_the_administration_is_the_huvudmans(cast):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        register_person(
            name="Nils",
            role=StaffRole.HEAD_OF_SCHOOLS,
            huvudman=cast.huvudman,
            administration=Administration.objects.create(huvudman=cast.other_huvudman, name="F"),
            by=NATIONAL,
        )
    assert "administration" in refused.value.message_dict


def test_reversed_dates_are_refused(cast):
    with bound(NATIONAL), pytest.raises(ValidationError, match="före startdatum"):
        register_person(
            name="Nils",
            role=StaffRole.TEACHER,
            huvudman=cast.huvudman,
            valid_from=date(2020, 1, 1),
            valid_to=date(2019, 1, 1),
            by=NATIONAL,
        )


@pytest.mark.parametrize("name", ["", "x" * 10_000])
def test_a_name_that_cannot_stand_is_refused(cast, name):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        register_person(name=name, role=StaffRole.TEACHER, huvudman=cast.huvudman, by=NATIONAL)
    assert "name" in refused.value.message_dict


def rektor_of(unit, huvudman, **period):
    with bound(NATIONAL):
        return register_person(
            name="Ny", role=StaffRole.REKTOR, huvudman=huvudman, unit=unit, by=NATIONAL, **period
        )


def test_a_unit_has_one_rektor_with_a_days_overlap(cast):
    unit = make_unit(cast.huvudman)
    rektor_of(unit, cast.huvudman, valid_from=date(2015, 8, 1), valid_to=date(2018, 8, 1))
    assert rektor_of(unit, cast.huvudman, valid_from=date(2018, 8, 1)).pk
    with pytest.raises(ValidationError) as refused:
        rektor_of(unit, cast.huvudman, valid_from=date(2019, 8, 1))
    assert "valid_from" in refused.value.message_dict


def test_one_rektor_leads_two_units(cast):
    with bound(NATIONAL):
        person = make_person(cast.huvudman, role=StaffRole.REKTOR, unit=make_unit(cast.huvudman))
        second = assign_role(
            person=person,
            role=StaffRole.REKTOR,
            huvudman=cast.huvudman,
            unit=make_unit(cast.huvudman),
            by=NATIONAL,
        )
    assert second.person == person


def test_a_role_at_another_huvudman_makes_the_person_both_huvudmens(cast):
    with bound(NATIONAL):
        assign_role(
            person=cast.editor_person, role=StaffRole.TEACHER, huvudman=cast.other_huvudman, by=NATIONAL
        )
    with bound(NATIONAL):
        cast.editor_person.refresh_from_db()
    assert set(cast.editor_person.huvudman_ids) == {cast.huvudman.pk, cast.other_huvudman.pk}


def test_a_role_is_ended(cast, as_user):
    with as_user(cast.editor):
        role = cast.rektor_person.roles.get()
        ended = end_role(assignment=role, last_day=date(2026, 6, 30), by=cast.editor)
    assert ended.valid_to == date(2026, 6, 30)


def test_a_role_does_not_end_before_it_began(cast):
    with bound(NATIONAL):
        role = assign_role(
            person=cast.editor_person,
            role=StaffRole.TEACHER,
            huvudman=cast.huvudman,
            valid_from=date(2020, 1, 1),
            by=NATIONAL,
        )
        with pytest.raises(ValidationError) as refused:
            end_role(assignment=role, last_day=date(2019, 12, 31), by=NATIONAL)
    assert "valid_to" in refused.value.message_dict


def test_a_role_is_not_moved_to_another_huvudman_by_its_editor(cast, as_user):
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        change_role(assignment=cast.editor_person.roles.get(), huvudman=cast.other_huvudman, by=cast.editor)


def test_an_editor_protects_a_person_and_only_a_coordinator_takes_it_away(cast, as_user):
    with as_user(cast.editor):
        person = change_person(person=cast.editor_person, security_marking="confidential", by=cast.editor)
        assert str(person) == "Skyddad person"
        with pytest.raises(PermissionDenied):
            change_person(person=person, security_marking="none", by=cast.editor)
    with as_user(cast.coordinator):
        person = change_person(person=person, security_marking="none", by=cast.coordinator)
    assert str(person) == "Edit Redigerare"


def test_a_stranger_changes_no_one(cast, as_user):
    with as_user(cast.stranger), pytest.raises(PermissionDenied):
        change_person(person=cast.editor_person, name="Annan", by=cast.stranger)


def test_a_protected_person_has_no_name_and_no_address_to_show(cast):
    person = cast.protected_person
    person.email, person.phone = "hemlig@example.se", "0522-000 00"
    assert (str(person), person.shown_name, person.shown_email, person.shown_phone) == (
        "Skyddad person",
        "Skyddad person",
        "",
        "",
    )


def test_a_protected_person_is_found_by_no_search(cast, as_user):
    with as_user(cast.coordinator):
        assert not Person.objects.visible_to(cast.coordinator).matching("Hemlig").exists()
        assert Person.objects.visible_to(cast.coordinator).matching("Rita").exists()


def test_a_protected_person_does_not_stand_where_the_name_would(cast, as_user):
    with as_user(cast.coordinator):
        people = Person.objects.visible_to(cast.coordinator).with_shown_key().order_by("shown_key", "pk")
        assert people.last() == cast.protected_person


def test_protection_also_masks_what_the_admins_log_calls_the_person(cast):
    with bound(Scope.of(cast.coordinator)):
        content_type = ContentType.objects.get_for_model(Person)
        LogEntry.objects.create(
            user=cast.coordinator,
            content_type=content_type,
            object_id=str(cast.editor_person.pk),
            object_repr="Edit Redigerare",
            action_flag=CHANGE,
        )
        change_person(person=cast.editor_person, security_marking="protected", by=cast.coordinator)
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["Skyddad person"]
