"""School weeks, school days and the Swedish public holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.calendar import (
    Break,
    cadence,
    easter_sunday,
    is_school_day,
    is_school_week,
    next_school_day,
    nth_school_week_after,
    public_holidays,
    school_weeks_between,
)

SPORTLOV = Break(date(2018, 2, 19), date(2018, 2, 23), "sportlov")
days = st.dates(date(2017, 1, 1), date(2020, 12, 31))
breaks = st.lists(
    st.builds(lambda first, length: Break(first, first + timedelta(length)), days, st.integers(0, 70))
)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2018, 4, 1), (2024, 3, 31), (2025, 4, 20), (2038, 4, 25)],
)
def test_easter_falls_where_the_almanac_has_it(year, month, day):
    assert easter_sunday(year) == date(year, month, day)


def test_public_holidays_of_2018_are_those_of_the_almanac():
    assert {day.strftime("%m-%d"): name for day, name in public_holidays(2018).items()} == {
        "01-01": "nyårsdagen",
        "01-06": "trettondedag jul",
        "03-30": "långfredagen",
        "04-01": "påskdagen",
        "04-02": "annandag påsk",
        "05-01": "första maj",
        "05-10": "Kristi himmelsfärdsdag",
        "05-20": "pingstdagen",
        "06-06": "Sveriges nationaldag",
        "06-22": "midsommarafton",
        "06-23": "midsommardagen",
        "11-03": "alla helgons dag",
        "12-24": "julafton",
        "12-25": "juldagen",
        "12-26": "annandag jul",
        "12-31": "nyårsafton",
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2018, 2, 16), True),
        (date(2018, 2, 17), False),
        (date(2018, 2, 19), False),
        (date(2018, 2, 26), True),
        (date(2018, 5, 10), False),
    ],
)
def test_school_day_is_a_weekday_outside_lov_and_holidays(day, expected):
    assert is_school_day(day, [SPORTLOV]) is expected


def test_next_school_day_comes_after_weekend_lov_and_weekend():
    assert next_school_day(date(2018, 2, 16), [SPORTLOV]) == date(2018, 2, 26)


def test_week_of_lov_and_holiday_together_is_no_school_week():
    after_easter = Break(date(2018, 4, 3), date(2018, 4, 6), "påsklov")
    assert not is_school_week(date(2018, 4, 4), [after_easter])
    assert is_school_week(date(2018, 4, 4))


def test_three_weeks_across_sportlov_are_two_school_weeks():
    assert school_weeks_between(date(2018, 2, 8), date(2018, 3, 1), [SPORTLOV]) == 2
    assert school_weeks_between(date(2018, 2, 8), date(2018, 3, 1)) == 3


def test_week_that_is_partly_lov_counts():
    assert (
        school_weeks_between(
            date(2018, 2, 15), date(2018, 2, 22), [Break(date(2018, 2, 19), date(2018, 2, 22))]
        )
        == 1
    )


def test_weeks_are_counted_by_monday_and_not_by_seven_days():
    assert school_weeks_between(date(2018, 1, 19), date(2018, 1, 22)) == 1
    assert school_weeks_between(date(2018, 1, 15), date(2018, 1, 21)) == 0


def test_no_weeks_lie_between_a_day_and_an_earlier_one():
    assert school_weeks_between(date(2018, 3, 1), date(2018, 2, 1)) == 0


@given(days, days, days, breaks)
def test_school_weeks_of_two_spans_add_up(one, two, three, lov):
    first, middle, last = sorted([one, two, three])
    assert school_weeks_between(first, middle, lov) + school_weeks_between(
        middle, last, lov
    ) == school_weeks_between(first, last, lov)


@given(days, st.integers(1, 12), breaks)
def test_nth_school_week_lies_that_many_school_weeks_away(day, n, lov):
    found = nth_school_week_after(day, n, lov)
    assert school_weeks_between(day, found, lov) == n
    assert is_school_day(found, lov)


def test_nth_school_week_keeps_the_weekday_over_lov():
    assert nth_school_week_after(date(2018, 2, 8), 3, [SPORTLOV]) == date(2018, 3, 8)


def test_day_that_is_a_holiday_gives_way_to_the_nearest_school_day():
    assert nth_school_week_after(date(2018, 4, 19), 3) == date(2018, 5, 9)


def test_no_school_weeks_later_is_refused():
    with pytest.raises(ValueError, match="minst 1"):
        nth_school_week_after(date(2018, 2, 8), 0)


def test_every_third_week_skips_lov_and_returns_to_its_weekday_after_a_holiday():
    easter = Break(date(2018, 4, 3), date(2018, 4, 6), "påsklov")
    assert cadence(date(2018, 1, 25), 3, date(2018, 6, 8), [SPORTLOV, easter]) == [
        date(2018, 1, 25),
        date(2018, 2, 15),
        date(2018, 3, 15),
        date(2018, 4, 12),
        date(2018, 5, 3),
        date(2018, 5, 24),
    ]
    assert cadence(date(2018, 4, 19), 3, date(2018, 6, 1)) == [
        date(2018, 4, 19),
        date(2018, 5, 9),
        date(2018, 5, 31),
    ]


def test_cadence_that_begins_after_its_end_has_no_days():
    assert cadence(date(2018, 6, 8), 3, date(2018, 6, 7)) == []


def test_lov_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="före den första"):
        Break(date(2018, 2, 23), date(2018, 2, 19))
