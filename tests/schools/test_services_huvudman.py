"""Registering and changing huvudmän: the numbers, the rights, the rules."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from sbs_portal.scope import NATIONAL, bound
from schools.models import Huvudman, Municipality
from schools.services.huvudman import (
    add_administration,
    change_administration,
    change_huvudman,
    register_huvudman,
)
from tests.factories import make_huvudman

pytestmark = pytest.mark.django_db


def register(**fields):
    with bound(NATIONAL):
        return register_huvudman(
            **{"name": "Granhults kommun", "kind": "independent", "by": NATIONAL} | fields
        )


def errors_of(**fields) -> dict:
    with pytest.raises(ValidationError) as refused:
        register(**fields)
    return refused.value.message_dict


def test_a_number_with_a_hyphen_is_kept_as_ten_digits(numbered):
    number = numbered("212000014")
    huvudman = register(organisation_number=f"{number[:6]}-{number[6:]}")
    assert huvudman.organisation_number == number
    assert huvudman.shown_organisation_number == f"{number[:6]}-{number[6:]}"


def test_the_twelve_digit_form_is_the_same_number(numbered):
    number = numbered("556000001")
    assert register(organisation_number=f"16{number}").organisation_number == number


@pytest.mark.parametrize("unknown", ["", None])
def test_an_unknown_number_is_empty_and_two_may_be_unknown(unknown):
    assert register(organisation_number=unknown).organisation_number is None
    assert register(name="Norrviks kommun", organisation_number=unknown).organisation_number is None


def test_a_wrong_check_digit_is_refused(numbered):
    number = numbered("212000014")
    wrong = number[:9] + str((int(number[9]) + 1) % 10)
    assert "Kontrollsiffran" in errors_of(organisation_number=wrong)["organisation_number"][0]


def test_a_personal_number_is_refused_without_being_repeated(numbered):
    # Month 10, day 00: no one has it, but its form and its check digit are a personnummer's.
    number = numbered("001000000")
    message = errors_of(organisation_number=number)["organisation_number"][0]
    assert "personnummer" in message
    assert number not in message


def test_the_database_refuses_a_personal_number_too(numbered):
    huvudman = make_huvudman()
    with bound(NATIONAL), pytest.raises(IntegrityError), transaction.atomic():
        Huvudman.objects.filter(pk=huvudman.pk).update(organisation_number=numbered("001000000"))


@pytest.mark.parametrize("number", ["12345", "abcdefghij", "2120000142x", "٢١٢٠٠٠٠١٤٢", "😀" * 10])
def test_what_is_no_number_is_refused(number):
    assert "organisation_number" in errors_of(organisation_number=number)


def test_a_number_is_used_once(numbered):
    number = numbered("212000014")
    register(organisation_number=number)
    assert "organisation_number" in errors_of(name="En annan", organisation_number=number)


def test_a_name_is_used_once():
    register()
    assert "Det finns redan" in str(errors_of())


@pytest.mark.parametrize(("name", "field"), [("", "name"), ("x" * 10_000, "name")])
def test_a_name_that_cannot_stand_is_refused_on_its_field(name, field):
    assert field in errors_of(name=name)


def test_an_emoji_in_a_name_is_kept():
    assert register(name="Skolan 🌲").name == "Skolan 🌲"


def test_a_municipality_as_huvudman_says_which():
    assert "Ange vilken kommun" in str(errors_of(kind="municipality"))
    uddevalla = Municipality.objects.get(code="1485")
    assert register(kind="municipality", municipality=uddevalla).municipality == uddevalla


@pytest.mark.parametrize("who", ["process_leader", "editor", "rektor", "reader", "stranger"])
def test_only_who_reaches_the_country_registers_a_huvudman(cast, as_user, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        register_huvudman(name="Ny", kind="independent", by=user)


def test_a_coordinator_registers_a_huvudman(cast, as_user):
    with as_user(cast.coordinator):
        huvudman = register_huvudman(name="Ny", kind="independent", by=cast.coordinator)
    assert huvudman.pk


def test_an_editor_changes_their_own_and_its_version_rises(cast, as_user):
    with as_user(cast.editor):
        changed = change_huvudman(huvudman=cast.huvudman, name="Björkby stad", by=cast.editor)
    assert (changed.name, changed.version) == ("Björkby stad", cast.huvudman.version + 1)


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader", "stranger"])
def test_others_do_not_change_it(cast, as_user, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        change_huvudman(huvudman=cast.huvudman, name="Vår", by=user)


def test_an_unknown_field_is_a_programmers_error(cast, as_user):
    with as_user(cast.editor), pytest.raises(TypeError):
        change_huvudman(huvudman=cast.huvudman, huvudman_ids=[1], by=cast.editor)


def test_an_administration_is_added_and_raises_the_huvudmans_version(cast, as_user):
    before = cast.huvudman.version
    with as_user(cast.editor):
        administration = add_administration(
            huvudman=cast.huvudman, name="Utbildningsförvaltningen", by=cast.editor
        )
    assert administration.huvudman == cast.huvudman
    assert cast.huvudman.version == before + 1


def test_an_administration_of_anothers_huvudman_is_refused(cast, as_user):
    with as_user(cast.stranger), pytest.raises(PermissionDenied):
        add_administration(huvudman=cast.huvudman, name="Vår", by=cast.stranger)


def test_an_administrations_reversed_dates_are_refused(cast, as_user):
    with as_user(cast.editor):
        row = add_administration(
            huvudman=cast.huvudman, name="F", valid_from=date(2020, 1, 1), by=cast.editor
        )
        with pytest.raises(ValidationError, match="före startdatum"):
            change_administration(administration=row, valid_to=date(2019, 1, 1), by=cast.editor)
