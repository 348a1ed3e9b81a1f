"""What goes wrong around a portal: killed processes, slow and silent clients, a full disk."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import casting, client, country
from bench.actors import Actor, Book
from bench.client import Request
from bench.figures import percentile, short
from bench.serving import PORTAL, Server, serving
from bench.trial import Part, Trial, kept_whole, told
from sbs_portal.db import watcher

BACK = 20.0  # seconds within which the portal must answer again
BETWEEN = 1.5  # seconds of work between one kill and the next
IDLE, SLOW = 200, 20
DISK_MB = 768


def _again(trial, began: float) -> float | None:
    """Seconds until a list from the database is answered; None where it takes too long."""
    key = ("Authorization", f"Bearer {trial.cast['keys']['integration']}")
    request = Request("/api/v1/participations?limit=1", headers=(key,))
    while time.monotonic() < began + BACK:
        with contextlib.suppress(OSError, ValueError):
            connection = client.Connection(trial.server.port, BACK)
            with contextlib.closing(connection.socket):
                if connection.ask(request.bytes()).status == 200:
                    return time.monotonic() - began
        time.sleep(0.02)
    return None


def _kill_web(server: Server, number: int) -> None:
    """The workers, which gunicorn starts again; every other time gunicorn too, as systemd would start it again."""
    whole = number % 2 == 1
    for pid in [*([server.process.pid] if whole else []), *server.worker_pids()]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if whole:
        server.process.wait()
        server.start()


def _kill_database(trial, number: int) -> None:
    pid = watcher.postmaster(country.folder() / "data")
    if pid is not None and watcher.is_server(pid, country.folder() / "data"):
        os.kill(pid, signal.SIGKILL)


def kills(trial, rate: float, times: int) -> Part:
    """Web and database killed with -9 under load, in turn: nothing acknowledged is lost, nothing is half written."""
    part = Part(f"web and database killed {times} times each, under {rate:.0f} requests a second")
    waits: dict[str, list[float | None]] = {"web": [], "database": []}
    with trial.at_work(rate) as book:
        time.sleep(BETWEEN)
        for number in range(times):
            for what, kill in (
                ("web", lambda: _kill_web(trial.server, number)),  # noqa: B023
                ("database", lambda: _kill_database(trial, number)),  # noqa: B023
            ):
                began = time.monotonic()
                kill()
                waits[what].append(_again(trial, began))
                time.sleep(BETWEEN)
    told(part, book)
    part.seen.append(f"meanwhile refused or not answered: {dict(book.troubles.most_common(12))}")
    for what, found in waits.items():
        back = [one for one in found if one is not None]
        said = f"{what} back after {short(median(back))} s, at most {short(max(back))} s" if back else ""
        part.ask(len(back) == len(found), f"{said} ({len(back)} of {len(found)} within {BACK:.0f} s)")
    kept_whole(part, trial, book)
    return part


# Clients


def crowd(trial) -> Part:
    """Clients that say nothing, and clients that speak a letter at a time, do not stop the others."""
    part = Part(f"{IDLE} idle connections and {SLOW} slow clients")
    alone = _asked(trial, 30)
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(_silent(trial.server.port)) for _ in range(IDLE)]
        beside_idle = _asked(trial, 30)
        slow = [stack.enter_context(_silent(trial.server.port)) for _ in range(SLOW)]
        beside_slow = _asked(trial, 30, slow)
    for name, times in (("idle connections", beside_idle), ("slow clients too", beside_slow)):
        worst = max(times, default=None)
        said = f"with {name} {short(percentile(times, 0.5))} ms (p50), {short(worst)} ms at most"
        part.ask(len(times) == len(alone) and worst < 2_000, f"{said}, of {len(times)} answers")
    part.seen.append(
        f"alone {short(percentile(alone, 0.5))} ms (p50); {len(idle) + len(slow)} were connected"
    )
    return part


@contextlib.contextmanager
def _silent(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        yield one


def _asked(trial, times: int, slow=()) -> list[float]:
    """Milliseconds for each of so many requests of somebody in no crowd; the slow say a letter between each."""
    said = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    letters = said + b"s" * times
    book = Book()
    actor = Actor("integration", trial.cast, trial.server.port, book, 5.0)
    for number in range(times):
        for one in slow:
            with contextlib.suppress(OSError):
                one.sendall(letters[number : number + 1] if number else letters[:20])
        actor.api("meetings?limit=1")
        actor.close()
    return [1000 * one for one in book.times]


# The disk


def full_disk() -> Part:
    """On a small disk of its own, filled: a clear refusal, no damage, and it goes on when there is room again."""
    part = Part("a full disk")
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(_small_disk())
        if disk is None:
            part.seen.append("skipped: only root can make a small disk to fill")
            return part
        stack.enter_context(country.elsewhere(disk))
        name = country.loaded(0.01)
        server = stack.enter_context(serving(PORTAL, name))
        trial = Trial(server, name, casting.made(name))
        _fill_and_write(part, trial, disk)
    return part


def _fill_and_write(part, trial, disk: Path) -> None:
    book = Book()
    actor = Actor("integration", trial.cast, trial.server.port, book, 60.0)
    actor.until = time.monotonic() + 5
    actor.plan_meeting()
    ballast = disk / "ballast"
    with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * (1 << 20))
    refusals, words = [], ""
    for _ in range(400):
        answer = _plan(actor)
        if answer is None or answer.status != 201:
            refusals.append(0 if answer is None else answer.status)
            words = "" if answer is None else answer.body[:300].decode(errors="replace")
            if len(refusals) >= 5:
                break
    part.ask(bool(refusals) and set(refusals) == {503}, f"writes were refused with {refusals}: {words}")
    ballast.unlink()
    waited = _again(trial, time.monotonic())
    part.ask(waited is not None, f"with room again it answers after {short(waited)} s")
    actor.until = time.monotonic() + 30
    actor.plan_meeting()
    actor.close()
    kept_whole(part, trial, book)


def _plan(actor: Actor) -> client.Answer | None:
    """A meeting, sent once."""
    rows, mark = actor.cast["rows"], f"Prov {uuid.uuid4()}"
    entry = actor.book.write("meeting", mark)
    key = ("Authorization", f"Bearer {actor.cast['keys']['integration']}")
    body = {"participations": [rows["participation"]], "series": rows["series"], "when": rows["ahead"]}
    answer = actor.send(Request("/api/v1/meetings", "POST", (key,), json.dumps(body | {"title": mark})))
    entry["acknowledged"] = answer is not None and answer.status == 201
    return answer


@contextlib.contextmanager
def _small_disk() -> Iterator[Path | None]:
    """A folder on a small disk in memory; None where we may not make one."""
    with tempfile.TemporaryDirectory(prefix="sbs-disk-") as folder:
        os.chmod(folder, 0o755)
        mounted = os.geteuid() == 0 and not _run(
            "mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", folder
        )
        try:
            yield Path(folder) if mounted else None
        finally:
            if mounted:
                _run("umount", "-l", folder)


def _run(*command: str) -> int:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        return 1
