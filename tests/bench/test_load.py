"""The trial's own reckoning: what counts as growth, and how a part is told."""

from collections import Counter

from bench.actors import Pace
from bench.load import grown
from bench.trial import Part
from bench.verify import counted


def test_growth_is_told_from_the_second_fifth_and_the_last():
    assert grown([[50.0, 50.0]] * 2 + [[60.0, 60.0]] * 2 + [[61.0, 61.0]] * 4 + [[70.0, 70.0]] * 2) == (
        120.0,
        140.0,
    )
    assert grown([[1.0]] * 4) is None


def test_an_acknowledged_write_that_is_not_there_is_lost_and_one_there_twice_is_doubled():
    entries = [
        {"mark": mark, "acknowledged": acknowledged} for mark, acknowledged in (("a", True), ("b", False))
    ]
    assert counted(entries, Counter("ab"), "rows") == []
    assert counted(entries, Counter("a"), "rows") == []
    assert counted(entries, Counter("b"), "rows") == ["1 rows were lost"]
    assert counted(entries, Counter("abb"), "rows") == ["1 rows are doubled"]


def test_a_part_says_what_did_not_hold():
    part = Part("a part")
    part.ask(True, "this was so")
    assert part.text() == "a part: holds\n  this was so"
    part.ask(False, "this was not")
    assert part.text() == "a part: DOES NOT HOLD\n  this was so\n  NOT: this was not"


def test_without_a_rate_nobody_waits():
    Pace(None).wait()
