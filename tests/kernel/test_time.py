"""Terms, school years and imprecise dates as plain values."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbs_portal.time import MONTHS, ImpreciseDate, Precision, SchoolYear, Term, frozen, today

days = st.dates(date(1901, 1, 1), date(2198, 12, 31))
terms = st.builds(Term, st.sampled_from(["VT", "HT"]), st.integers(1950, 2150))
school_years = st.builds(SchoolYear, st.integers(1900, 2197))
known_dates = st.one_of(
    st.builds(ImpreciseDate.day, days),
    st.builds(ImpreciseDate.month, st.integers(1900, 2199), st.integers(1, 12)),
    st.builds(ImpreciseDate.term, terms),
    st.builds(ImpreciseDate.year, st.integers(1900, 2199)),
)
imprecise_dates = st.one_of(known_dates, st.just(ImpreciseDate.unknown()))


def test_today_is_the_frozen_day_inside_the_block_only():
    before = today()
    with frozen(date(2018, 4, 23)):
        with frozen(date(2022, 10, 15)):
            assert today() == date(2022, 10, 15)
        assert today() == date(2018, 4, 23)
    assert today() >= before


def test_spring_term_comes_before_the_autumn_term_of_its_year():
    assert sorted([Term("HT", 2018), Term("VT", 2019), Term("VT", 2018)]) == [
        Term("VT", 2018),
        Term("HT", 2018),
        Term("VT", 2019),
    ]


def test_term_is_written_differently_in_code_table_and_sentence():
    term = Term("HT", 2018)
    assert (term.code, term.short, term.long) == ("HT2018", "ht 2018", "höstterminen 2018")


@pytest.mark.parametrize(
    "text",
    ["HT2018", "ht 2018", "Ht  2018", "höstterminen 2018", "2018HT", "2018 ht", " hösttermin 2018 ", "ht18"],
)
def test_term_is_read_however_it_is_written(text):
    assert Term.parse(text) == Term("HT", 2018)


@pytest.mark.parametrize("text", ["", "2018", "XT2018", "HT", "HT201", "HT2018 x", "HT1899", "HT2200"])
def test_what_is_no_term_is_refused(text):
    with pytest.raises(ValueError, match=r"går inte att (läsa|använda)"):
        Term.parse(text)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ((2018, 1, 1), "VT2018"),
        ((2018, 6, 30), "VT2018"),
        ((2018, 7, 1), "HT2018"),
        ((2018, 12, 31), "HT2018"),
    ],
)
def test_terms_turn_at_new_year_and_midsummer(day, code):
    assert Term.of(date(*day)).code == code


@given(terms)
def test_term_is_read_back_from_all_its_forms(term):
    assert {Term.parse(form) for form in (term.code, term.short, term.long)} == {term}
    assert Term.from_index(term.index) == term


@given(terms, st.integers(-50, 50))
def test_adding_and_subtracting_terms_undo_each_other(term, number):
    assert (term + number) - number == term
    assert (term + number) - term == number
    assert (term + number > term) == (number > 0)


@given(days)
def test_a_day_lies_inside_its_term_and_school_year(day):
    term = Term.of(day)
    assert term.start <= day <= term.end
    assert term in term.school_year.terms


@given(terms)
def test_a_term_begins_the_day_after_the_one_before_it_ends(term):
    assert (term - 1).end + timedelta(days=1) == term.start


def test_terms_through_another_include_both():
    assert Term("HT", 2018).through(Term("HT", 2019)) == [
        Term("HT", 2018),
        Term("VT", 2019),
        Term("HT", 2019),
    ]


def test_school_year_is_an_autumn_and_the_spring_after_it():
    year = SchoolYear.parse("2018/19")
    assert year.terms == (Term("HT", 2018), Term("VT", 2019))
    assert (year.start, year.end) == (date(2018, 7, 1), date(2019, 6, 30))


@pytest.mark.parametrize("text", ["2018/19", "2018/2019", "läsåret 2018/19", " 2018 / 19 "])
def test_school_year_is_read_however_it_is_written(text):
    assert SchoolYear.parse(text) == SchoolYear(2018)


def test_school_year_of_two_years_apart_is_refused_with_the_right_one():
    with pytest.raises(ValueError, match=r"Menade du 2018/19\?"):
        SchoolYear.parse("2018/20")


@given(school_years)
def test_school_year_is_read_back_from_its_code(year):
    assert SchoolYear.parse(year.code) == year
    assert (year + 1) - year == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2018-04-23", "2018-04-23"),
        ("23 april 2018", "2018-04-23"),
        ("den 23:e april 2018", "2018-04-23"),
        ("23/4 2018", "2018-04-23"),
        ("23/4/2018", "2018-04-23"),
        ("23 apr. 2018", "2018-04-23"),
        ("29 februari 2020", "2020-02-29"),
        ("2018-05", "2018-05"),
        ("maj 2018", "2018-05"),
        ("Sept 2018", "2018-09"),
        ("vt 2018", "VT2018"),
        ("höstterminen 2018", "HT2018"),
        ("2018", "2018"),
        ("år 2018", "2018"),
        ("", ""),
        ("  ", ""),
        ("okänt datum", ""),
    ],
)
def test_date_is_read_with_the_precision_it_is_written_with(words, code):
    assert ImpreciseDate.parse(words).code == code


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("31 november 2018", "Den 31 november finns inte. Menade du 30 november?"),
        ("2018-11-31", "Den 31 november finns inte. Menade du 30 november?"),
        ("29/2 2019", "Den 29 februari finns inte 2019. Menade du 28 februari?"),
        ("45 maj 2018", "Den 45 maj finns inte. Skriv en dag mellan 1 och 31."),
        ("0 maj 2018", "Den 0 maj finns inte. Skriv en dag mellan 1 och 31."),
        ("2018-13", "Månad 13 finns inte. Skriv en månad mellan 1 och 12."),
        ("aprli 2018", "Månaden ”aprli” går inte att läsa. Menade du april?"),
        ("hösten 2020", "”hösten 2020” kan betyda flera saker. Menade du ht 2020?"),
        ("1851", "Året 1851 går inte att använda. Skriv ett år mellan 1900 och 2199."),
        (
            "i mitten av oktober",
            "”i mitten av oktober” går inte att läsa som ett datum. "
            "Skriv till exempel 23 april 2018, maj 2018, vt 2018 eller 2018.",
        ),
    ],
)
def test_unreadable_date_is_answered_with_what_would_do(words, answer):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared
        ImpreciseDate.parse(words)
    assert str(refused.value) == answer


def test_missing_year_is_answered_with_this_year():
    with frozen(date(2018, 4, 1)), pytest.raises(ValueError, match=r"Året saknas. Menade du 23 april 2018\?"):
        ImpreciseDate.parse("23 april")


@pytest.mark.parametrize(
    ("value", "swedish"),
    [
        (ImpreciseDate.day(date(2018, 4, 23)), "23 april 2018"),
        (ImpreciseDate.month(2018, 5), "maj 2018"),
        (ImpreciseDate.term(Term("HT", 2018)), "höstterminen 2018"),
        (ImpreciseDate.year(2018), "2018"),
        (ImpreciseDate.unknown(), "okänt datum"),
        (ImpreciseDate.unknown("förra veckan"), "okänt datum (förra veckan)"),
        (ImpreciseDate.month(2022, 10, "i mitten av oktober"), "oktober 2022"),
    ],
)
def test_date_is_shown_as_exactly_as_it_is_known(value, swedish):
    assert str(value) == swedish


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2018-04-23", (2018, 4, 23), (2018, 4, 23)),
        ("2020-02", (2020, 2, 1), (2020, 2, 29)),
        ("VT2018", (2018, 1, 1), (2018, 6, 30)),
        ("HT2018", (2018, 7, 1), (2018, 12, 31)),
        ("2018", (2018, 1, 1), (2018, 12, 31)),
    ],
)
def test_date_spans_the_days_it_can_have_been(code, first, last):
    value = ImpreciseDate.parse(code)
    assert (value.first, value.last) == (date(*first), date(*last))


@given(imprecise_dates)
def test_date_is_read_back_from_its_code_and_its_words(value):
    assert ImpreciseDate.parse(value.code) == value
    assert ImpreciseDate.parse(str(value)) == value


@given(known_dates, days)
def test_date_contains_a_day_exactly_when_it_overlaps_it(value, day):
    assert value.contains(day) == value.overlaps(day, day)
    assert value.contains(value.first)
    assert value.contains(value.last)


@given(known_dates, days)
def test_what_must_be_before_can_be_before_and_cannot_be_on_the_day(value, day):
    assert not value.is_before(day) or (value.could_be_before(day) and not value.contains(day))
    assert value.could_be_before(day) == (value.first < day)


@given(known_dates, days, days)
def test_date_overlaps_a_period_exactly_when_a_day_of_it_can_lie_there(value, one, other):
    first, last = sorted([one, other])
    nearest = min(max(first, value.first), last)
    assert value.overlaps(first, last) == value.contains(nearest)


def test_unknown_date_can_be_before_any_day_but_is_in_no_period():
    unknown = ImpreciseDate.unknown("förra veckan")
    assert unknown.could_be_before(date(1900, 1, 1))
    assert not unknown.is_before(date(2199, 1, 1))
    assert not unknown.contains(date(2018, 1, 1))
    assert not unknown.overlaps(None, None)


def test_period_with_an_open_end_overlaps_what_comes_after():
    assert ImpreciseDate.year(2018).overlaps(date(2018, 12, 31), None)
    assert not ImpreciseDate.year(2018).overlaps(date(2019, 1, 1), None)
    assert not ImpreciseDate.year(2018).overlaps(None, date(2017, 12, 31))


def test_dates_sort_by_first_day_then_exactness_and_unknown_last():
    wanted = ["2018-01-01", "2018-01", "VT2018", "2018", "2018-01-02", ""]
    values = [ImpreciseDate.parse(code) for code in reversed(wanted)]
    assert [value.code for value in sorted(values, key=lambda value: value.sort_key)] == wanted


@pytest.mark.parametrize(
    ("day", "precision"),
    [
        (date(2018, 5, 2), Precision.MONTH),
        (date(2018, 2, 1), Precision.TERM),
        (date(2018, 7, 1), Precision.YEAR),
        (None, Precision.DAY),
        (date(2018, 5, 1), Precision.UNKNOWN),
    ],
)
def test_date_that_is_not_the_first_day_of_its_period_is_refused(day, precision):
    with pytest.raises(ValueError, match=r"inte första dagen|behöver en noggrannhet"):
        ImpreciseDate(day, precision)


@pytest.mark.parametrize(
    ("given_value", "code"),
    [
        (None, ""),
        (date(2018, 4, 23), "2018-04-23"),
        (Term("HT", 2018), "HT2018"),
        ("maj 2018", "2018-05"),
        (ImpreciseDate.year(2018), "2018"),
    ],
)
def test_anything_that_says_when_becomes_a_date(given_value, code):
    assert ImpreciseDate.of(given_value).code == code


def test_year_known_spans_two_terms():
    assert ImpreciseDate.year(2020).terms == (Term("VT", 2020), Term("HT", 2020))


def test_months_are_named_in_the_order_of_the_year():
    assert [ImpreciseDate.parse(f"{name} 2018").date.month for name in MONTHS] == list(range(1, 13))
