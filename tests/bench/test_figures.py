"""What is made of measured numbers, without measuring any."""

import pytest

from bench import drawing, judging
from bench.client import Answer, Request
from bench.figures import Spread, percentile, ratio, short
from bench.measuring import Bench, NotTheSame, difference, hold
from bench.rows import FLOOR, PLAIN, PORTAL, Row


def test_a_spread_is_the_middle_between_the_least_and_the_most():
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)
    assert str(Spread.of([1500.0, 9.876, 80.04])) == "80.0 [9.88–1 500]"
    assert Spread.of([]) is None


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_values(share, found):
    assert percentile(range(100, 0, -1), share) == found


def test_of_nothing_there_is_no_percentile_and_no_ratio():
    assert percentile([], 0.5) is None
    assert (ratio(None, 2.0), ratio(1.0, 0.0), ratio(1.0, 4.0)) == (None, None, 0.25)
    assert short(None) == "–"


def test_a_table_is_as_wide_as_its_words():
    assert drawing.table(["Vad", "ms"], [["En träff", "1.20"], ["Allt", "120"]]).splitlines() == [
        "Vad         ms",
        "────────  ────",
        "En träff  1.20",
        "Allt       120",
    ]


def test_the_longest_bar_is_the_fastest_of_its_row():
    drawn = drawing.bars([("Träffar", {"floor": 200.0, "portal": 150.0})], "svar/s").splitlines()
    assert [line.count("░") + line.count("█") for line in drawn] == [0, 40, 30]
    assert drawn[1].endswith("200 svar/s")


def test_the_picture_says_what_it_shows_and_escapes_it():
    drawn = drawing.svg([("A <b>", {"portal": 1.0})], "a/s", "Portalen & golvet")
    assert "A &lt;b&gt;" in drawn
    assert 'aria-label="Portalen &amp; golvet"' in drawn
    assert "<b>" not in drawn


ROW = Row("hot", "Listor", "Träffar", Request("/"), limits=("of_floor", "times_plain", "list_kb"))


def measured(**by) -> Bench:
    bench = Bench({}, list, seconds=1)
    for name, (rate, cpu) in by.items():
        one = bench.of(ROW, name)
        one.rates, one.web, one.database = [rate], [cpu], [0.0]
        one.times, one.size = [0.01] * 99 + [0.05], 61 * 1024
    return bench


def test_on_a_quiet_machine_rates_are_judged():
    bench = measured(**{FLOOR: (100, 1.0), PLAIN: (10, 1.0), PORTAL: (70, 9.0)})
    found = {one.asked: (one.found, one.is_met) for one in judging.Judge(bench, busy=False).of_row(ROW)}
    assert found == {
        "at least 0.7 of the floor": ("0.70", True),
        "at least 5 times plain DRF": ("7.00", True),
        "at most 60 kB": ("61.0", False),
        "at most 4 p99 over p50": ("1.00", True),
    }


def test_on_a_busy_machine_processor_time_is_judged():
    bench = measured(**{FLOOR: (100, 1.0), PLAIN: (10, 1.0), PORTAL: (70, 2.0)})
    first, second, *_ = judging.Judge(bench, busy=True).of_row(ROW)
    assert (first.found, first.is_met, second.found, second.is_met) == ("0.50", False, "0.50", False)


def test_what_was_not_measured_is_neither_met_nor_not():
    [first, *_] = judging.Judge(measured(**{PORTAL: (70, 2.0)}), busy=False).of_row(ROW)
    assert (first.found, first.is_met) == ("–", None)


def test_the_place_where_two_answers_differ_is_told():
    one = {"data": [{"id": 1, "units": ["a"]}]}
    assert difference(one, {"data": [{"id": 1, "units": ["a"]}]}) == ""
    assert difference(one, {"data": [{"id": 1, "units": ["b"]}]}) == ".data[0].units[0]: 'a' and 'b'"
    assert difference(one, {"data": []}) == ".data: 1 and 0 of them"
    assert difference(one, {"data": [{"id": 1}]}) == ".data[0]: the names ['units']"
    assert difference({"a": 1}, {"a": "1"}) == ".a: 1 and '1'"


def test_the_floor_must_answer_all_that_the_portal_does_and_the_plain_its_rows():
    portal = Answer(200, {}, b'{"data":[1],"_meta":{"count":1}}')
    hold(ROW, PLAIN, portal, Answer(200, {}, b'{"data":[1],"count":1}'))
    with pytest.raises(NotTheSame, match="the names"):
        hold(ROW, FLOOR, portal, Answer(200, {}, b'{"data":[1],"count":1}'))
    with pytest.raises(NotTheSame, match="floor answered 401"):
        hold(ROW, FLOOR, portal, Answer(401, {}, b"{}"))


def test_of_a_new_row_all_is_held_but_what_is_its_own():
    portal = Answer(201, {}, b'{"id":1,"number":7,"attendance":{"expected":9}}')
    row = Row("new", "En rad", "Ny", Request("/", "POST"))
    hold(row, FLOOR, portal, Answer(201, {}, b'{"id":2,"number":8,"attendance":{"expected":9}}'))
    with pytest.raises(NotTheSame, match="expected"):
        hold(row, FLOOR, portal, Answer(201, {}, b'{"id":2,"number":8,"attendance":{"expected":8}}'))
