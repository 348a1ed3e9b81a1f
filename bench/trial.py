"""A served country with its cast at work, and what is noted of a part of the trial."""

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench import country
from bench.actors import WORK, Actor, Book, Pace, work
from bench.figures import percentile, short
from bench.serving import Server
from sbs_portal.config import BASE_DIR
from sbs_portal.db import embedded, roles

PATIENCE = 60.0  # seconds for an answer, and after the end for a write to be answered


@dataclass
class Part:
    """One part of the trial: what was seen, and what did not hold."""

    name: str
    seen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def ask(self, holds: bool, seen: str) -> None:
        (self.seen if holds else self.wrong).append(seen)

    def text(self) -> str:
        mark = "DOES NOT HOLD" if self.wrong else "holds"
        lines = [f"  {line}" for line in self.seen] + [f"  NOT: {line}" for line in self.wrong]
        return "\n".join([f"{self.name}: {mark}", *lines])


@dataclass
class Trial:
    """A served country and its cast."""

    server: Server
    database: str
    cast: dict

    @contextlib.contextmanager
    def at_work(self, rate: float | None, *, patience: float = PATIENCE) -> Iterator[Book]:
        """Everybody at work while the block lasts; then their last writes are waited for."""
        book, pace, stop = Book(), Pace(rate), threading.Event()
        actors = [Actor(account, self.cast, self.server.port, book, patience) for account in WORK]
        threads = [threading.Thread(target=work, args=(actor, pace, stop)) for actor in actors]
        for thread in threads:
            thread.start()
        try:
            yield book
        finally:
            stop.set()
            for actor in actors:
                actor.until = time.monotonic() + PATIENCE
            for thread in threads:
                thread.join()

    def verified(self, book: Book) -> list[str]:
        """What of the acknowledged writes does not hold."""
        done = subprocess.run(
            [sys.executable, "-m", "bench.verify"],
            cwd=BASE_DIR,
            env=country.environment(self.database),
            input=json.dumps(book.writes),
            capture_output=True,
            text=True,
            check=False,
        )
        return json.loads(done.stdout) if done.returncode == 0 else [done.stderr[-2000:]]

    def sessions(self) -> tuple[int, int]:
        """Connections of the web to the database, and how many of them stand in a transaction."""
        address = embedded.connection(country.folder(), role=roles.OWNER)
        with contextlib.closing(roles.connect(address)) as session, session.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%%')"
                " FROM pg_stat_activity WHERE datname = %s AND usename = %s",
                [self.database, roles.APP],
            )
            return cursor.fetchone()


def told(part: Part, book: Book) -> None:
    """What was answered, and that all of it was what it should be."""
    millis = [1000 * one for one in book.times]
    answers = ", ".join(f"{number} × {status}" for status, number in sorted(book.answered.items()))
    p50, p99 = percentile(millis, 0.5), percentile(millis, 0.99)
    part.seen.append(f"{answers}; p50 {short(p50)} ms, p99 {short(p99)} ms")
    part.ask(not book.wrong, f"answers that should not have been: {dict(book.wrong) or 'none'}")


def kept_whole(part: Part, trial: Trial, book: Book) -> None:
    acknowledged = sum(entry["acknowledged"] for entry in book.writes)
    wrong = trial.verified(book)
    said = f"{acknowledged} of {len(book.writes)} writes acknowledged"
    part.ask(not wrong, f"{said}: {'; '.join(wrong) or 'all there, once and whole'}")
