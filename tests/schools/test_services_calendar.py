"""Lov per kommun, with a national default behind."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from sbs_portal.scope import NATIONAL, bound
from sbs_portal.time import SchoolYear
from schools.calendar import Break
from schools.models import Municipality, SchoolBreak
from schools.services.calendar import (
    breaks_by_municipality,
    breaks_for,
    calendar_entered,
    enter_calendar,
)

pytestmark = pytest.mark.django_db
YEAR = SchoolYear(2031)
NATIONAL_WEEK = Break(date(2032, 2, 16), date(2032, 2, 20), "sportlov")
OWN_WEEK = Break(date(2032, 2, 9), date(2032, 2, 13), "sportlov")
SUMMER = Break(date(2032, 6, 14), date(2032, 8, 15), "sommarlov")


@pytest.fixture
def place(db):
    return Municipality.objects.get(code="1485")


@pytest.fixture
def elsewhere(db):
    return Municipality.objects.get(code="2039")


def enter(municipality, *breaks, year=YEAR):
    with bound(NATIONAL):
        return enter_calendar(municipality=municipality, school_year=year, breaks=breaks, by=NATIONAL)


def test_the_national_default_holds_where_nothing_is_entered(place):
    enter(None, NATIONAL_WEEK)
    assert breaks_for(place, date(2032, 1, 1), date(2032, 3, 1)) == [NATIONAL_WEEK]


def test_a_kommuns_own_calendar_replaces_the_default_for_that_year(place, elsewhere):
    enter(None, NATIONAL_WEEK)
    enter(place, OWN_WEEK)
    found = breaks_by_municipality([place.pk, elsewhere.pk, None], date(2032, 1, 1), date(2032, 3, 1))
    assert found == {place.pk: [OWN_WEEK], elsewhere.pk: [NATIONAL_WEEK], None: [NATIONAL_WEEK]}


def test_a_calendar_entered_without_lov_leaves_none(place):
    enter(None, NATIONAL_WEEK)
    enter(place)
    assert breaks_for(place, date(2032, 1, 1), date(2032, 3, 1)) == []


def test_a_summer_reaches_into_the_next_school_year(place):
    enter(place, SUMMER)
    assert breaks_for(place, date(2032, 8, 1), date(2032, 9, 1)) == [SUMMER]


def test_lov_outside_the_days_asked_for_are_left_out(place):
    enter(place, OWN_WEEK, SUMMER)
    assert breaks_for(place, date(2032, 2, 14), date(2032, 6, 13)) == []


def test_many_kommuner_cost_two_queries(place, elsewhere, django_assert_num_queries):
    enter(None, NATIONAL_WEEK)
    enter(place, OWN_WEEK)
    enter(elsewhere, OWN_WEEK)
    with django_assert_num_queries(2):
        breaks_by_municipality([place.pk, elsewhere.pk], date(2032, 1, 1), date(2032, 3, 1))


def test_whether_a_year_is_entered(place):
    assert not calendar_entered(place, YEAR)
    enter(place, OWN_WEEK)
    assert calendar_entered(place, YEAR)
    assert not calendar_entered(None, YEAR)
    assert not calendar_entered(place, YEAR + 1)


def test_the_default_counts_as_entered(place):
    enter(None, NATIONAL_WEEK)
    assert calendar_entered(place, YEAR)


def test_entering_again_replaces(place):
    first = enter(place, OWN_WEEK, SUMMER)
    assert enter(place, NATIONAL_WEEK) == first
    assert list(SchoolBreak.objects.values_list("starts_on", flat=True)) == [NATIONAL_WEEK.first]


def test_overlapping_lov_are_refused_and_the_former_stand(place):
    enter(place, OWN_WEEK)
    with pytest.raises(ValidationError, match="överlappar"):
        enter(place, NATIONAL_WEEK, Break(date(2032, 2, 20), date(2032, 2, 24), "extra"))
    assert breaks_for(place, date(2032, 1, 1), date(2032, 3, 1)) == [OWN_WEEK]


def test_a_lov_of_another_year_is_refused(place):
    with pytest.raises(ValidationError) as refused:
        enter(place, OWN_WEEK, year=YEAR + 3)
    assert "breaks" in refused.value.message_dict


@pytest.mark.parametrize("who", ["editor", "rektor", "reader", "process_leader"])
def test_calendars_are_the_coordinators(cast, as_user, place, who):
    user = getattr(cast, who)
    with as_user(user), pytest.raises(PermissionDenied):
        enter_calendar(municipality=place, school_year=YEAR, breaks=[], by=user)


def test_a_coordinator_enters_a_calendar(cast, as_user, place):
    with as_user(cast.coordinator):
        enter_calendar(municipality=place, school_year=YEAR, breaks=[OWN_WEEK], by=cast.coordinator)
    assert calendar_entered(place, YEAR)
