"""Periods in words, and neighbours that say the same as one."""

from dataclasses import dataclass
from datetime import date

import pytest

from schools.periods import Span, in_words, spans

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, ""),
        (date(2018, 8, 1), None, "sedan 1 aug 2018"),
        (date(2026, 8, 1), None, "sedan 1 aug"),
        (date(2027, 1, 1), None, "från 1 jan 2027"),
        (None, date(2020, 6, 30), "till och med 30 juni 2020"),
        (date(2015, 8, 1), date(2026, 7, 31), "1 aug 2015–31 juli 2026"),
        (date(2026, 1, 8), date(2026, 6, 10), "8 jan–10 juni"),
    ],
)
def test_a_period_is_told_as_far_as_it_is_known(first, last, words):
    assert in_words(first, last, TODAY) == words


@dataclass
class Row:
    name: str
    valid_from: date | None = None
    valid_to: date | None = None


def test_neighbours_that_say_the_same_are_one():
    rows = [
        Row("A", None, date(2018, 6, 30)),
        Row("A", date(2018, 7, 1), date(2019, 6, 30)),
        Row("B", date(2019, 7, 1)),
    ]
    assert spans(rows, lambda row: row.name) == [
        Span("A", None, date(2019, 6, 30)),
        Span("B", date(2019, 7, 1), None),
    ]


def test_a_gap_keeps_them_apart():
    rows = [Row("A", None, date(2018, 6, 30)), Row("A", date(2018, 8, 1))]
    assert len(spans(rows, lambda row: row.name)) == 2


def test_what_is_not_known_leaves_no_span():
    assert spans([Row("")], lambda row: row.name) == []
