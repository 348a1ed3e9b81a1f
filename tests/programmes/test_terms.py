"""The term engine: which term of the programme it is, and how a stated number stands to it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.terms import (
    Extension,
    Pause,
    PositionKind,
    ProgrammeTerm,
    Verdict,
    compare,
    last_term,
    term_number,
    terms_of,
)
from sbs_portal.time import ImpreciseDate, Term

VT2018 = Term("VT", 2018)
terms = st.builds(Term, st.sampled_from(["VT", "HT"]), st.integers(2000, 2050))
pauses = st.lists(
    st.builds(
        lambda first, length, counts: Pause(first, first + length, counts),
        terms,
        st.integers(0, 4),
        st.booleans(),
    ),
    max_size=3,
)
extensions = st.lists(st.builds(Extension, st.integers(1, 3)), max_size=2)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("HT2016", "Börjar vårterminen 2018."),
        ("VT2018", "Termin 1 av 6."),
        ("HT2018", "Termin 2 av 6."),
        ("HT2020", "Termin 6 av 6."),
        ("VT2021", "Avslutad för en termin sedan."),
        ("HT2021", "Avslutad för två terminer sedan."),
        ("VT2026", "Avslutad för elva terminer sedan."),
        ("HT2030", "Avslutad för 20 terminer sedan."),
    ],
)
def test_position_from_a_known_start_says_where_in_the_programme_it_is(on, sentence):
    assert term_number(Term.parse(on), start=VT2018).sentence == sentence


def test_day_is_counted_by_the_term_it_lies_in():
    assert term_number(date(2018, 6, 30), start=VT2018).number == 1
    assert term_number(date(2018, 7, 1), start=VT2018).number == 2


def test_pause_that_stops_the_clock_is_no_term_and_moves_the_end():
    pause = [Pause(Term("VT", 2019), Term("VT", 2019), counts=False)]
    during = term_number(Term("VT", 2019), start=VT2018, pauses=pause)
    assert (during.kind, during.number, during.sentence) == (
        PositionKind.PAUSED,
        None,
        "Pausad vårterminen 2019. Terminen räknas inte.",
    )
    assert term_number(Term("HT", 2019), start=VT2018, pauses=pause).number == 3
    assert last_term(VT2018, 6, pause) == Term("VT", 2021)


def test_pause_through_which_the_clock_runs_is_counted():
    pause = [Pause(Term("VT", 2019), Term("VT", 2019), counts=True)]
    during = term_number(Term("VT", 2019), start=VT2018, pauses=pause)
    assert during.number == 3
    assert during.sentence == "Pausad vårterminen 2019. Terminen räknas ändå, som termin 3 av 6."
    assert last_term(VT2018, 6, pause) == Term("HT", 2020)


def test_pause_until_further_notice_leaves_no_last_term():
    pause = [Pause(Term("VT", 2019), None, counts=False)]
    assert last_term(VT2018, 6, pause) is None
    assert term_number(Term("HT", 2030), start=VT2018, pauses=pause).is_paused
    assert terms_of(VT2018, 6, pause, through=Term("HT", 2019)) == [
        ProgrammeTerm(1, VT2018, False, False),
        ProgrammeTerm(2, Term("HT", 2018), False, False),
        ProgrammeTerm(None, Term("VT", 2019), True, False),
        ProgrammeTerm(None, Term("HT", 2019), True, False),
    ]


def test_extension_adds_terms_to_the_total_and_is_named():
    extension = [Extension(2, date(2020, 11, 3))]
    assert term_number(Term("HT", 2020), start=VT2018, extensions=extension).sentence == "Termin 6 av 8."
    assert (
        term_number(Term("VT", 2021), start=VT2018, extensions=extension).sentence
        == "Termin 7 av 8, i förlängningen."
    )
    assert [entry.extension for entry in terms_of(VT2018, 6, (), extension)] == [False] * 6 + [True] * 2


@pytest.mark.parametrize(
    ("since", "on", "sentence"),
    [
        ("2020", "HT2022", "Starttermin saknas. Räknat från 2020: termin 5 eller 6."),
        ("augusti 2020", "HT2022", "Starttermin saknas. Räknat från augusti 2020: termin 5."),
        ("2017", "VT2017", "Starttermin saknas. Räknat från 2017: inte börjat eller termin 1."),
        (
            "2017",
            "VT2020",
            "Starttermin saknas. Räknat från 2017: termin 6 eller avslutad för en termin sedan.",
        ),
        (
            "2017",
            "HT2021",
            "Starttermin saknas. Räknat från 2017: avslutad för tre eller fyra terminer sedan.",
        ),
        ("2017", "VT2026", "Starttermin saknas. Räknat från 2017: avslutad för 12 eller 13 terminer sedan."),
    ],
)
def test_position_without_start_term_is_an_interval_from_what_is_known(since, on, sentence):
    assert term_number(Term.parse(on), start=None, since=ImpreciseDate.parse(since)).sentence == sentence


@pytest.mark.parametrize("since", [None, ImpreciseDate.unknown("sedan länge")])
def test_position_with_neither_start_nor_since_is_unknown_with_its_reason(since):
    position = term_number(Term("HT", 2022), start=None, since=since)
    assert (position.kind, position.numbers, position.reason) == (
        PositionKind.UNKNOWN,
        (),
        "Starttermin saknas.",
    )


def test_start_term_goes_before_what_is_known_of_the_year():
    assert term_number(Term("HT", 2022), start=Term("HT", 2020), since=ImpreciseDate.year(2020)).numbers == (
        5,
    )


@pytest.mark.parametrize(
    ("stated", "start", "since", "verdict", "sentence"),
    [
        (
            3,
            None,
            "2020",
            Verdict.CONFLICTS,
            "Termin 3 enligt kommunen (oktober 2022). Räknat från 2020: termin 5 eller 6. Uppgifterna går inte ihop.",
        ),
        (
            5,
            None,
            "2020",
            Verdict.POSSIBLE,
            "Termin 5 enligt kommunen (oktober 2022). Räknat från 2020: termin 5 eller 6. "
            "Uppgifterna kan stämma med varandra.",
        ),
        (
            5,
            "HT2020",
            "",
            Verdict.AGREES,
            "Termin 5 enligt kommunen (oktober 2022). Räknat från höstterminen 2020: termin 5. "
            "Uppgifterna stämmer med varandra.",
        ),
        (
            3,
            "VT2018",
            "",
            Verdict.CONFLICTS,
            "Termin 3 enligt kommunen (oktober 2022). Räknat från vårterminen 2018: "
            "avslutad för fyra terminer sedan. Uppgifterna går inte ihop.",
        ),
        (
            3,
            None,
            "",
            Verdict.UNKNOWN,
            "Termin 3 enligt kommunen (oktober 2022). Starttermin saknas, så det går inte att räkna efter.",
        ),
    ],
)
def test_stated_term_stands_beside_the_arithmetic(stated, start, since, verdict, sentence):
    position = term_number(
        date(2022, 10, 15), start=start and Term.parse(start), since=ImpreciseDate.parse(since)
    )
    agreement = compare(stated, position, by="kommunen", as_of=ImpreciseDate.month(2022, 10))
    assert (agreement.verdict, agreement.sentence) == (verdict, sentence)


@given(terms, st.integers(1, 8), pauses, extensions)
def test_counted_terms_are_numbered_from_one_to_the_total_without_gaps(start, total, some_pauses, more):
    entries = terms_of(start, total, some_pauses, more)
    whole = total + sum(extension.terms for extension in more)
    assert [entry.number for entry in entries if entry.number] == list(range(1, whole + 1))
    assert [entry.term for entry in entries] == start.through(entries[-1].term)


@given(terms, st.integers(1, 8), pauses, extensions)
def test_position_agrees_with_the_list_of_terms_inside_and_outside_it(start, total, some_pauses, more):
    entries = terms_of(start, total, some_pauses, more)
    arguments = {"start": start, "total": total, "pauses": some_pauses, "extensions": more}
    for entry in entries:
        position = term_number(entry.term, **arguments)
        assert (position.number, position.is_paused) == (entry.number, entry.paused)
    assert term_number(start - 1, **arguments).kind is PositionKind.NOT_STARTED
    assert term_number(entries[-1].term + 3, **arguments).terms_since_end == 3


@given(st.integers(2000, 2050), terms, pauses)
def test_interval_holds_the_position_of_every_start_it_could_be(year, on, some_pauses):
    position = term_number(on, start=None, since=ImpreciseDate.year(year), pauses=some_pauses)
    assert position.possibilities == tuple(
        term_number(on, start=Term(half, year), pauses=some_pauses) for half in ("HT", "VT")
    )


def test_pause_and_extension_that_are_none_are_refused():
    with pytest.raises(ValueError, match="före den första"):
        Pause(Term("HT", 2019), Term("VT", 2019), counts=False)
    with pytest.raises(ValueError, match="minst en termin"):
        Extension(0)
    with pytest.raises(ValueError, match="minst en termin"):
        term_number(VT2018, start=VT2018, total=0)
