"""``make bench``: the portal beside the floor and plain Django REST framework, on an invented country.

Loads what it needs into a database of its own, asks in interleaved rounds, prints a table and a picture, and
leaves the figures in bench/latest.json and bench/latest.svg. Figures are judged beside, and fail nothing; what is
answered wrongly does.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median

from bench import casting, country, drawing, judging
from bench.figures import short
from bench.measuring import Bench, counted
from bench.rows import ALL, FLOOR, PLAIN, PORTAL, Row, constant_statements, rows
from bench.serving import FLOOR as FLOOR_SERVER
from bench.serving import PLAIN as PLAIN_SERVER
from bench.serving import PORTAL as PORTAL_SERVER
from bench.serving import serving
from sbs_portal.config import BASE_DIR
from sbs_portal.db import embedded, watcher

SERVERS = {FLOOR: FLOOR_SERVER, PLAIN: PLAIN_SERVER, PORTAL: PORTAL_SERVER}
HERE = Path(__file__).parent
JSON, PICTURE = HERE / "latest.json", HERE / "latest.svg"
IN_DOCS = BASE_DIR / "docs" / "performance.svg"
HEAD = ["", "answers/s", "ms p50", "ms p99", "ms of web", "of database", "statements", "kB"]


def main() -> None:
    chosen = _arguments()
    began = time.monotonic()
    sizes = sorted(set(chosen.factors))
    main_size = 1.0 if 1.0 in sizes else sizes[-1]
    kept = {factor: _loaded(factor) for factor in sizes}
    with ExitStack() as stack:
        countries = {
            factor: Country.opened(stack, kept[factor], chosen, factor, full=factor == main_size)
            for factor in sizes
        }
        for number in range(chosen.rounds + 1):
            told = f"Round {number} of {chosen.rounds}" if number else "Warming up"
            print(f"{told} … {time.monotonic() - began:.0f} s", flush=True)
            for one in countries.values():
                one.bench.round(one.rows, counts=number > 0)
        for one in countries.values():
            one.memory_after = one.bench.servers[PORTAL].memory()
        report = Report(countries[main_size], [one for one in countries.values() if one.factor != main_size])
        report.constant = _constant(countries[main_size])
    print(f"\n{report.text()}\n\nMeasured in {time.monotonic() - began:.0f} s.")
    JSON.write_text(json.dumps(report.data(), indent=1, ensure_ascii=False) + "\n")
    PICTURE.write_text(report.picture())
    print(f"{JSON.relative_to(BASE_DIR)} and {PICTURE.relative_to(BASE_DIR)} hold it.")
    if chosen.docs:
        shutil.copy(PICTURE, IN_DOCS)
        print(f"The picture is in {IN_DOCS.relative_to(BASE_DIR)} too.")
    sys.exit(1 if report.failures else 0)


def _arguments():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (5)")
    parser.add_argument(
        "--seconds", type=float, default=0.8, help="how long each server is asked a round (0.8)"
    )
    parser.add_argument(
        "--factors", type=float, nargs="+", default=[0.1, 1.0], help="sizes of the country (0.1 1)"
    )
    parser.add_argument("--only", nargs="+", default=[], help="rows whose name holds one of these words")
    parser.add_argument("--docs", action="store_true", help="copy the picture to docs/performance.svg")
    return parser.parse_args()


def _loaded(factor: float) -> str:
    began = time.monotonic()
    print(f"The country at factor {factor:g} …", flush=True)
    name = country.loaded(factor)
    print(f"  is in {name} ({time.monotonic() - began:.0f} s).", flush=True)
    return name


@dataclass
class Country:
    """A loaded country with its servers; all three of them where it is the one measured in full."""

    factor: float
    bench: Bench
    cast: dict
    rows: list[Row]
    memory_idle: list[float]
    memory_after: list[float]

    @classmethod
    def opened(cls, stack: ExitStack, kept: str, chosen, factor: float, *, full: bool) -> "Country":
        name = stack.enter_context(country.copied(kept))
        cast = casting.made(name)
        wanted = ALL if full else (PORTAL,)
        servers = {by: stack.enter_context(serving(SERVERS[by], name)) for by in wanted}
        idle = servers[PORTAL].memory()
        data = country.folder() / "data"
        bench = Bench(servers, lambda: watcher.servers(data), seconds=chosen.seconds)
        asked = [
            row for row in rows(cast) if not chosen.only or any(word in row.name for word in chosen.only)
        ]
        found = [row for row in asked if full or row.grows]
        if not full:
            found = [replace(row, by=(PORTAL,)) for row in found]
        return cls(factor, bench, cast, bench.prepare(found), idle, [])


def _constant(one: Country) -> list[judging.Verdict]:
    server = one.bench.servers[PORTAL]
    found = [counted(server, request)[1] for request in constant_statements(one.cast)]
    return [
        judging.constant("Participations of the country, API", *found[:2]),
        judging.constant("Participations of the country, page", *found[2:]),
    ]


class Report:
    """What a run found, as text, as data and as a picture."""

    def __init__(self, full: Country, others: list[Country]):
        self.full, self.others = full, others
        self.constant: list[judging.Verdict] = []
        strangers = [share for one in (full, *others) for share in one.bench.strangers]
        self.strangers = median(strangers) if strangers else None
        self.busy = self.strangers is not None and self.strangers > judging.BUSY
        self.judge = judging.Judge(full.bench, busy=self.busy)

    @property
    def failures(self) -> list[str]:
        return [line for one in (self.full, *self.others) for line in dict.fromkeys(one.bench.failures)]

    @property
    def verdicts(self) -> list[judging.Verdict]:
        out = [one for row in self.full.rows for one in self.judge.of_row(row)]
        out += [*self.constant, judging.workers(self.full.memory_after)]
        for other in self.others:
            first, last = sorted([self.full, other], key=lambda one: one.factor)
            judge = judging.Judge(last.bench, busy=self.busy)
            times = short(last.factor / first.factor).removesuffix(".0")
            out += [judge.grown(row, first.bench, times) for row in self.full.rows if row.grows]
        return out

    @property
    def where(self) -> str:
        """The machine, and whether it was ours."""
        cores = os.cpu_count()
        said = f"Python {platform.python_version()}, PostgreSQL {embedded.MAJOR} embedded, {cores} cores"
        if self.strangers is None:
            return f"{said}. How busy they were is not known."
        told = "quiet: rates and times are judged" if not self.busy else "BUSY: processor time is judged"
        return f"{said}, of which others used {self.strangers:.2f} (median): {told}."

    def text(self) -> str:
        parts = [self.where]
        for group in dict.fromkeys(row.group for row in self.full.rows):
            lines = [line for row in self.full.rows if row.group == group for line in self._lines(row)]
            parts.append(drawing.table([group, *HEAD[1:]], lines))
        parts.append(drawing.bars(self._bars(), self._unit))
        parts.append(self._memory())
        met = [[one.subject, one.asked, one.found, drawing.MARKS[one.is_met]] for one in self.verdicts]
        parts.append(drawing.table(["Asked of it", "", "found", "met"], met))
        if self.failures:
            parts.append("\n".join(["WRONG ANSWERS", *self.failures]))
        return "\n\n".join(parts)

    def _lines(self, row: Row) -> list[list[str]]:
        out = []
        for by in row.by:
            one = self.full.bench.of(row, by)
            name = row.label if by == PORTAL else f"  {row.label}: {drawing.NAMES[by]}"
            out.append(
                [
                    name,
                    drawing.cell(one.rate),
                    drawing.cell(one.p50 and 1000 * one.p50),
                    drawing.cell(one.p99 and 1000 * one.p99),
                    drawing.cell(median(one.web) if one.web else None),
                    drawing.cell(median(one.database) if one.database else None),
                    drawing.cell(one.statements),
                    drawing.cell(one.size / 1024),
                ]
            )
        return out

    @property
    def _unit(self) -> str:
        return "answers per second of processor" if self.busy else "answers/s"

    def _bars(self) -> drawing.Bars:
        found = []
        for row in self.full.rows:
            if len(row.by) > 1:
                speeds = {by: self.judge.speed(row, by) for by in row.by}
                found.append((row.label, {by: speed for by, speed in speeds.items() if speed}))
        return found

    def _memory(self) -> str:
        idle, after = self.full.memory_idle, self.full.memory_after
        if not after:
            return "Memory is not known here."
        told = [" and ".join(short(one) for one in found) for found in (idle, after)]
        return f"Memory of the portal's workers: {told[0]} MB idle, {told[1]} MB afterwards."

    def picture(self) -> str:
        title = f"The portal, the floor and plain DRF, factor {self.full.factor:g}"
        return drawing.svg(self._bars(), self._unit, title)

    def data(self) -> dict:
        return {
            "at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "where": self.where,
            "busy": self.busy,
            "factor": self.full.factor,
            "rows": {
                row.name: {by: self._figures(row, by) for by in row.by} | {"label": row.label}
                for row in self.full.rows
            },
            "memory_idle": self.full.memory_idle,
            "memory_after": self.full.memory_after,
            "verdicts": [asdict(one) for one in self.verdicts],
            "failures": self.failures,
        }

    def _figures(self, row: Row, by: str) -> dict:
        one = self.full.bench.of(row, by)
        return {
            "rates": one.rates,
            "p50": one.p50,
            "p99": one.p99,
            "web_ms": one.web,
            "database_ms": one.database,
            "statements": one.statements,
            "bytes": one.size,
            "answers": len(one.times),
        }


if __name__ == "__main__":
    main()
