"""Rounds of asking: every server in turn, over and over, so that what disturbs one round disturbs them all."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from bench import client, processes
from bench.figures import Spread, percentile
from bench.rows import FLOOR, PLAIN, PORTAL, Row
from bench.serving import COUNT, COUNTED, Server

COUNTINGS = 4
LEAST = 8  # answers a round is made of, however slow they are
# What is a new row's own.
OWN = ("id", "number", "created_at", "updated_at")


class NotTheSame(AssertionError):
    """A server that should have answered as the portal did not."""


@dataclass
class Measured:
    """What was seen of one row on one server."""

    rates: list[float] = field(default_factory=list)
    web: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    size: int = 0
    statements: int | None = None

    @property
    def rate(self) -> Spread | None:
        """Answers a second."""
        return Spread.of(self.rates)

    @property
    def cpu(self) -> Spread | None:
        """Milliseconds of processor time for one answer: the web server's and the database's."""
        return Spread.of([web + database for web, database in zip(self.web, self.database, strict=True)])

    @property
    def p50(self) -> float | None:
        return percentile(self.times, 0.50)

    @property
    def p99(self) -> float | None:
        return percentile(self.times, 0.99)


class Bench:
    """The servers of one country, and what has been measured on them."""

    def __init__(self, servers: dict[str, Server], database_pids: Callable[[], list[int]], *, seconds: float):
        self.servers, self.database_pids, self.seconds = servers, database_pids, seconds
        self.found: dict[tuple[str, str], Measured] = {}
        self.strangers: list[float] = []
        self.failures: list[str] = []

    def of(self, row: Row, by: str = PORTAL) -> Measured:
        return self.found.setdefault((row.name, by), Measured())

    def prepare(self, rows: Iterable[Row]) -> list[Row]:
        """The rows, counted and compared: whoever does not answer as the portal does is not timed, and that is told."""
        return [replace(row, by=tuple(self._alike(row))) for row in rows]

    def _alike(self, row: Row) -> Iterator[str]:
        said = self._portals(row)
        for by in row.by:
            try:
                if by != PORTAL:
                    hold(row, by, said, client.ask(self.servers[by].port, row.request))
                yield by
            except NotTheSame as error:
                self.failures.append(str(error))

    def _portals(self, row: Row) -> client.Answer:
        said, self.of(row).statements = counted(self.servers[PORTAL], row.request)
        if said.status not in (200, 201):
            told = f"{said.body[:600].decode(errors='replace')}\n{self.servers[PORTAL].tail()}"
            raise RuntimeError(f"{row.label}: the portal answered {said.status}: {told}")
        return said

    def round(self, rows: Iterable[Row], *, counts: bool = True) -> None:
        """Every row on every one of its servers once; a round that does not count warms them up."""
        for row in rows:
            for by in row.by:
                self._ask(row, by, counts)

    def _ask(self, row: Row, by: str, counts: bool) -> None:
        server = self.servers[by]

        def spent() -> list:
            return [
                processes.processor_time(server.pids()),
                processes.processor_time(self.database_pids()),
                processes.machine_time(),
                processes.our_time(),
                time.monotonic(),
            ]

        before = spent()
        done = client.in_its_own_process(
            server.port,
            [row.request.bytes()],
            connections=row.connections,
            seconds=self.seconds if counts else self.seconds / 2,
            least=LEAST,
        )
        after = spent()
        if wrong := {status: n for status, n in done.statuses.items() if status not in ("200", "201")}:
            self.failures.append(f"{row.label}, {by}: {wrong}")
        if not counts:
            return
        answers = len(done.times)
        one = self.of(row, by)
        one.rates.append(answers / done.seconds)
        one.times.extend(done.times)
        one.size = done.size
        if None not in before:
            of_web, of_database, of_all, ours, passed = (
                later - earlier for later, earlier in zip(after, before, strict=True)
            )
            one.web.append(1000 * of_web / answers)
            one.database.append(1000 * of_database / answers)
            self.strangers.append(max(0.0, of_all - of_web - of_database - ours) / passed)


def counted(server: Server, request: client.Request) -> tuple[client.Answer, int | None]:
    """The answer, and how many statements it takes: the fewest of some, since now and then a request does more.

    (It notes that a key is used, or takes a share of the minute's requests.)
    """
    answers = [client.ask(server.port, request, (COUNT, "1")) for _ in range(COUNTINGS)]
    found = [int(one.headers[COUNTED.lower()]) for one in answers if COUNTED.lower() in one.headers]
    return answers[-1], min(found, default=None)


def hold(row: Row, by: str, portal: client.Answer, other: client.Answer) -> None:
    """Raise NotTheSame unless the other has answered as the portal: the floor all of it, the plain its rows.

    Of a new row all but what is its own.
    """
    if other.status != portal.status:
        raise NotTheSame(f"{row.label}: {by} answered {other.status}")
    said, expected = json.loads(other.body), json.loads(portal.body)
    if by == PLAIN and "data" in expected:
        said, expected = said["data"], expected["data"]
    if row.request.method == "POST":
        said, expected = ({name: one[name] for name in one if name not in OWN} for one in (said, expected))
    if unlike := difference(expected, said):
        raise NotTheSame(f"{row.label}: {'the floor' if by == FLOOR else by} is not the portal's at {unlike}")


def difference(expected, said, place: str = "") -> str:
    """Where two parsed answers first differ, and how; empty where they are the same."""
    if type(expected) is not type(said):
        return f"{place or 'the top'}: {expected!r} and {said!r}"
    if isinstance(expected, dict):
        if expected.keys() != said.keys():
            return f"{place or 'the top'}: the names {sorted(expected.keys() ^ said.keys())}"
        return next(
            filter(None, (difference(expected[name], said[name], f"{place}.{name}") for name in expected)), ""
        )
    if isinstance(expected, list):
        if len(expected) != len(said):
            return f"{place}: {len(expected)} and {len(said)} of them"
        pairs = enumerate(zip(expected, said, strict=True))
        return next(filter(None, (difference(*pair, f"{place}[{number}]") for number, pair in pairs)), "")
    return "" if expected == said else f"{place}: {expected!r} and {said!r}"
