"""Units over time: each change opens a period and closes the former."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import frozen
from schools.models import SchoolUnit, SchoolUnitVersion
from schools.services.unit import (
    add_alias,
    add_version,
    change_unit,
    change_unit_from,
    close_unit,
    correct_version,
    register_unit,
    remove_alias,
)
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
START = date(2018, 1, 8)


@pytest.fixture
def school(cast):
    with bound(NATIONAL):
        return register_unit(
            huvudman=cast.huvudman,
            name="Västra skolan",
            school_forms=["FKLASS", "GR"],
            grade_from=0,
            grade_to=9,
            valid_from=START,
            by=NATIONAL,
        )


def periods(unit) -> list[tuple]:
    with bound(NATIONAL):
        rows = SchoolUnitVersion.objects.filter(unit=unit)
        return [(row.name, row.valid_from, row.valid_to) for row in rows]


def test_a_unit_is_its_creators_from_the_first_moment(cast, as_user):
    with as_user(cast.editor):
        unit = register_unit(huvudman=cast.huvudman, name="Nya skolan", by=cast.editor)
        assert SchoolUnit.objects.visible_to(cast.editor).filter(pk=unit.pk).exists()
    assert unit.huvudman_ids == [cast.huvudman.pk]
    assert periods(unit) == [("Nya skolan", None, None)]


@pytest.mark.parametrize("who", ["process_leader", "rektor", "reader", "stranger"])
def test_others_register_no_unit_there(cast, as_user, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        register_unit(huvudman=cast.huvudman, name="Vår", by=user)


@pytest.mark.parametrize("code", ["1234567", "123456789", "1234567x"])
def test_a_unit_code_has_eight_digits(cast, code):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        register_unit(huvudman=cast.huvudman, name="Skolan", unit_code=code, by=NATIONAL)
    assert "unit_code" in refused.value.message_dict


def test_a_unit_code_is_used_once(cast, school):
    with bound(NATIONAL):
        change_unit(unit=school, unit_code="87654321", by=NATIONAL)
        with pytest.raises(ValidationError) as refused:
            register_unit(huvudman=cast.huvudman, name="Skolan", unit_code="87654321", by=NATIONAL)
    assert "unit_code" in refused.value.message_dict


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x" * 10_000}, "name"),
        ({"name": ""}, "name"),
        ({"school_forms": ["PRIVAT"]}, "school_forms"),
        ({"grade_from": 9, "grade_to": 7}, "__all__"),
        ({"grade_to": 14}, "__all__"),
    ],
)
def test_what_cannot_stand_is_refused_and_nothing_is_left(cast, fields, field):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        register_unit(**{"huvudman": cast.huvudman, "name": "Skolan", "by": NATIONAL} | fields)
    assert field in refused.value.message_dict
    with bound(NATIONAL):
        assert not SchoolUnit.objects.filter(name="Skolan").exists()


def test_a_change_closes_the_former_period_the_day_before(cast, as_user, school):
    with as_user(cast.editor):
        new = change_unit_from(
            unit=school, day=date(2020, 8, 1), name="Björkdungen", note="Bytte namn", by=cast.editor
        )
    assert periods(school) == [
        ("Västra skolan", START, date(2020, 7, 31)),
        ("Björkdungen", date(2020, 8, 1), None),
    ]
    assert (new.school_forms, new.grade_to, new.change_note) == (["FKLASS", "GR"], 9, "Bytte namn")


def test_the_units_own_name_is_the_one_in_force(cast, school):
    with bound(NATIONAL), frozen(date(2020, 5, 1)):
        change_unit_from(unit=school, day=date(2020, 8, 1), name="Björkdungen", by=NATIONAL)
        assert school.name == "Västra skolan"
    with bound(NATIONAL), frozen(date(2021, 5, 1)):
        change_unit_from(unit=school, day=date(2021, 1, 1), grade_to=6, by=NATIONAL)
    assert school.name == "Björkdungen"


def test_a_change_before_a_known_one_ends_where_that_begins(school):
    with bound(NATIONAL):
        change_unit_from(unit=school, day=date(2022, 1, 1), name="Sist", by=NATIONAL)
        change_unit_from(unit=school, day=date(2020, 1, 1), name="Mitt", by=NATIONAL)
    assert periods(school) == [
        ("Västra skolan", START, date(2019, 12, 31)),
        ("Mitt", date(2020, 1, 1), date(2021, 12, 31)),
        ("Sist", date(2022, 1, 1), None),
    ]


@pytest.mark.parametrize(
    ("day", "words"), [(date(2017, 1, 1), "Inget är känt"), (START, "börjar redan den dagen")]
)
def test_a_change_on_a_day_that_cannot_be_is_refused_on_the_day(school, day, words):
    with bound(NATIONAL), pytest.raises(ValidationError) as refused:
        change_unit_from(unit=school, day=day, name="Ny", by=NATIONAL)
    assert words in refused.value.message_dict["day"][0]
    assert periods(school) == [("Västra skolan", START, None)]


def test_a_unit_changes_huvudman_and_both_keep_their_time(cast, school):
    with bound(NATIONAL):
        change_unit_from(unit=school, day=date(2020, 8, 1), huvudman=cast.other_huvudman, by=NATIONAL)
    assert set(school.huvudman_ids) == {cast.huvudman.pk, cast.other_huvudman.pk}
    with bound(NATIONAL):
        before = SchoolUnit.objects.of_huvudman(cast.huvudman, date(2020, 7, 31))
        after = SchoolUnit.objects.of_huvudman(cast.huvudman, date(2020, 8, 1))
        assert (school in before, school in after) == (True, False)


def test_the_former_huvudmans_editor_no_longer_changes_it(cast, as_user, school):
    with bound(NATIONAL):
        change_unit_from(unit=school, day=date(2020, 8, 1), huvudman=cast.other_huvudman, by=NATIONAL)
    with as_user(cast.stranger):
        change_unit(unit=school, school_name="Granen", by=cast.stranger)
    with as_user(cast.editor), pytest.raises((PermissionDenied, ValidationError)):
        change_unit_from(unit=school, day=date(2021, 1, 1), name="Återtagen", by=cast.editor)


def test_an_editor_gives_no_unit_away(cast, as_user, school):
    with as_user(cast.editor), pytest.raises(PermissionDenied):
        change_unit_from(unit=school, day=date(2020, 8, 1), huvudman=cast.other_huvudman, by=cast.editor)


def test_an_overlapping_period_is_refused_in_words(cast, school):
    with bound(NATIONAL), pytest.raises(ValidationError, match="överlappar"):
        add_version(unit=school, huvudman=cast.huvudman, name="Två", valid_from=date(2019, 1, 1), by=NATIONAL)


def test_an_earlier_period_can_be_added(cast, school):
    with bound(NATIONAL):
        add_version(unit=school, huvudman=cast.huvudman, name="Förr", valid_to=date(2018, 1, 7), by=NATIONAL)
    assert periods(school) == [("Förr", None, date(2018, 1, 7)), ("Västra skolan", START, None)]


def test_the_database_refuses_overlapping_periods(cast):
    unit = make_unit(cast.huvudman)
    with bound(NATIONAL), pytest.raises(IntegrityError), transaction.atomic():
        SchoolUnitVersion.objects.create(
            unit=unit, huvudman=cast.huvudman, name="Två", valid_from=date(2020, 1, 1)
        )


def test_reversed_dates_are_refused(school):
    with bound(NATIONAL), pytest.raises(ValidationError, match="före startdatum"):
        correct_version(version=school.versions.get(), valid_to=date(2017, 1, 1), by=NATIONAL)


def test_a_corrected_name_is_the_units_name(school):
    with bound(NATIONAL):
        correct_version(version=school.versions.get(), name="Västerskolan", by=NATIONAL)
        school.refresh_from_db()
    assert school.name == "Västerskolan"


def test_a_unit_that_closes_is_closed_from_the_day_after(school):
    with bound(NATIONAL):
        close_unit(unit=school, last_day=date(2024, 6, 30), by=NATIONAL)
        assert school.version_on(date(2024, 6, 30)).status == "active"
        assert school.version_on(date(2024, 7, 1)).status == "closed"


def test_each_change_raises_the_units_version(school):
    before = school.version
    with bound(NATIONAL):
        change_unit_from(unit=school, day=date(2020, 8, 1), grade_to=6, by=NATIONAL)
    assert school.version > before


def test_another_name_is_found_and_can_be_taken_away(cast, as_user, school):
    with as_user(cast.editor):
        alias = add_alias(unit=school, name="Västan", by=cast.editor)
        assert school in SchoolUnit.objects.visible_to(cast.editor).matching("västan")
        with pytest.raises(ValidationError, match="redan det namnet"):
            add_alias(unit=school, name="Västan", by=cast.editor)
        remove_alias(alias=alias, by=cast.editor)
        assert school not in SchoolUnit.objects.visible_to(cast.editor).matching("västan")


def test_a_rektor_adds_no_alias(cast, as_user):
    with as_user(cast.rektor), pytest.raises(PermissionDenied):
        add_alias(unit=cast.unit, name="Vår", by=cast.rektor)
