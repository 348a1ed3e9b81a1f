from datetime import UTC, date, datetime

import pytest

from sbs_portal.web import words

TODAY = date(2018, 4, 21)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2018, 4, 24), "tis 24 apr, om 3 dagar"),
        (date(2018, 4, 22), "sön 22 apr, i morgon"),
        (date(2018, 4, 21), "lör 21 apr, i dag"),
        (date(2018, 4, 20), "fre 20 apr, i går"),
        (date(2018, 4, 17), "tis 17 apr, för 4 dagar sedan"),
        (date(2018, 5, 5), "lör 5 maj, om 14 dagar"),
        (date(2018, 5, 6), "6 maj"),
        (date(2018, 3, 19), "19 mars"),
        (date(2017, 11, 3), "3 nov 2017"),
    ],
)
def test_a_day_says_its_weekday_and_distance_within_two_weeks(day, said):
    assert words.when(day, TODAY) == said


def test_a_day_over_new_year_needs_no_year_within_two_weeks():
    assert words.short_day(date(2019, 1, 4), date(2018, 12, 28)) == "fre 4 jan"


def test_long_day_is_written_out():
    assert words.long_day(date(2018, 4, 23)) == "måndag 23 april 2018"


def test_a_moment_late_at_night_in_utc_is_the_next_day_in_sweden():
    assert words.as_day(datetime(2018, 4, 22, 22, 30, tzinfo=UTC)) == date(2018, 4, 23)


def test_the_clock_is_swedish_time():
    assert words.clock(datetime(2018, 4, 23, 11, 42, tzinfo=UTC)) == "13.42"


def test_thousands_are_parted_by_a_hard_space():
    assert words.thousands(1234567) == "1\xa0234\xa0567"
