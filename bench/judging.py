"""What is asked of the figures, and whether they meet it. Printed, never a test.

On a quiet machine rates and times are judged; where others worked on it beside us, processor time is: it is the
same whoever else is there, all but the caches.
"""

from dataclasses import dataclass

from bench import rows as asked
from bench.figures import ratio, short
from bench.measuring import Bench, Measured
from bench.rows import FLOOR, PLAIN, PORTAL, Row

BUSY = 0.15  # cores that strangers used, above which the machine was not ours


@dataclass(frozen=True)
class Verdict:
    """One thing that is asked, what was found, and whether it is met; None where it could not be told."""

    subject: str
    asked: str
    found: str
    is_met: bool | None


class Judge:
    """Judges the rows of one country."""

    def __init__(self, bench: Bench, *, busy: bool):
        self.bench, self.busy = bench, busy

    def of_row(self, row: Row) -> list[Verdict]:
        """Everything that is asked of the row."""
        one = self.bench.of(row)
        out = [getattr(self, f"_{name}")(row, one) for name in row.limits]
        tail = ratio(one.p99, one.p50)
        return [*out, most(row.label, "p99 over p50", tail, asked.TAIL)]

    def speed(self, row: Row, by: str) -> float | None:
        """How fast a server answered, to compare servers by."""
        one = self.bench.of(row, by)
        if self.busy:
            return ratio(1000.0, one.cpu.middle if one.cpu else None)
        return one.rate.middle if one.rate else None

    def _of_floor(self, row: Row, one: Measured) -> Verdict:
        share = ratio(self.speed(row, PORTAL), self.speed(row, FLOOR))
        return least(row.label, "of the floor", share, asked.OF_FLOOR)

    def _times_plain(self, row: Row, one: Measured) -> Verdict:
        times = ratio(self.speed(row, PORTAL), self.speed(row, PLAIN))
        return least(row.label, "times plain DRF", times, asked.TIMES_PLAIN)

    def _list_cpu(self, row: Row, one: Measured) -> Verdict:
        return most(row.label, "ms of processor", one.cpu and one.cpu.middle, asked.LIST_CPU_MS)

    def _list_kb(self, row: Row, one: Measured) -> Verdict:
        return most(row.label, "kB", one.size / 1024, asked.LIST_KB)

    def _page_cpu(self, row: Row, one: Measured) -> Verdict:
        return most(row.label, "ms of processor", one.cpu and one.cpu.middle, asked.PAGE_CPU_MS)

    def _page_statements(self, row: Row, one: Measured) -> Verdict:
        return most(row.label, "statements", one.statements, asked.PAGE_STATEMENTS)

    def _search(self, row: Row, one: Measured) -> Verdict:
        if self.busy:
            return most(row.label, "ms of processor", one.cpu and one.cpu.middle, asked.SEARCH_MS)
        return most(row.label, "ms", one.p50 and 1000 * one.p50, asked.SEARCH_MS)

    def grown(self, row: Row, smaller: Bench, times: str) -> Verdict:
        """How much longer it takes with more data."""

        def spent(one: Measured) -> float | None:
            if self.busy:
                return one.cpu.middle if one.cpu else None
            return one.p50

        growth = ratio(spent(self.bench.of(row)), spent(smaller.of(row)))
        return most(row.label, f"times the time, {times} times the data", growth, asked.GROWTH)


def most(subject: str, what: str, found: float | None, limit: float) -> Verdict:
    return Verdict(
        subject, f"at most {limit:g} {what}", short(found), None if found is None else found <= limit
    )


def least(subject: str, what: str, found: float | None, limit: float) -> Verdict:
    return Verdict(
        subject, f"at least {limit:g} {what}", short(found), None if found is None else found >= limit
    )


def workers(memory: list[float]) -> Verdict:
    """The largest worker after everything."""
    return most("A worker afterwards", "MB", max(memory, default=None), asked.WORKER_MB)


def constant(name: str, few: int, many: int) -> Verdict:
    """As many statements for many rows as for few."""
    return Verdict(name, "as many statements for many rows as for few", f"{few} and {many}", few == many)
