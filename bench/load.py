"""``make load``: whether the portal holds under load, and when what it stands on is killed meanwhile.

Everybody of the cast at work in all faces at four fifths of what the machine can take, for so many minutes; then
with web and database killed over and over, slow and idle clients, and a full disk. Each part says what was seen and
what did not hold; the exit code is 1 where something did not.
"""

import argparse
import contextlib
import os
import sys
import time
from statistics import median

from bench import casting, country, faults, processes
from bench.figures import short
from bench.serving import PORTAL, Server, serving
from bench.trial import Part, Trial, kept_whole, told

OF_CAPACITY = 0.8
PROBE = 12.0  # seconds to find out what the machine can take
SAMPLE = 2.0  # seconds between looks at memory
# A worker may grow by this much from the second fifth of the time to the last.
GROWTH, GROWTH_MB = 1.10, 8.0
THREADS = 4


def main() -> None:
    chosen = _arguments()
    kept = country.loaded(chosen.factor)
    parts = []
    with country.copied(kept) as name, serving(PORTAL, name) as server:
        trial = Trial(server, name, casting.made(name))
        capacity = _capacity(trial)
        rate = OF_CAPACITY * capacity
        print(f"The machine takes {capacity:.0f} requests a second; {rate:.0f} are asked.", flush=True)
        if chosen.minutes:
            parts.append(_told(steady(trial, rate, chosen.minutes)))
        parts.append(_told(faults.crowd(trial)))
        if chosen.kills:
            parts.append(_told(faults.kills(trial, rate / 2, chosen.kills)))
    parts.append(_told(faults.full_disk()))
    failed = [part.name for part in parts if part.wrong]
    print(f"\nDid not hold: {', '.join(failed)}." if failed else "\nEverything holds.")
    sys.exit(1 if failed else 0)


def _arguments():
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="of steady load (30); 0 leaves it out")
    parser.add_argument(
        "--kills", type=int, default=20, help="of web and of database, each (20); 0 leaves out"
    )
    parser.add_argument("--factor", type=float, default=0.1, help="size of the country (0.1)")
    return parser.parse_args()


def _told(part: Part) -> Part:
    print(f"\n{part.text()}", flush=True)
    return part


def _capacity(trial: Trial) -> float:
    """Answers a second with everybody at work without pause, warm."""
    with trial.at_work(None) as book:
        time.sleep(PROBE / 3)
        before = len(book.times)
        began = time.monotonic()
        time.sleep(PROBE)
        answers, passed = len(book.times) - before, time.monotonic() - began
    return answers / passed


def steady(trial: Trial, rate: float, minutes: float) -> Part:
    """Minutes of load: no error, no growth, nothing left open, no write lost or doubled."""
    part = Part(f"{minutes:g} minutes at {rate:.0f} requests a second")
    memory, handles = [], open_files(trial.server)
    until = time.monotonic() + 60 * minutes
    with trial.at_work(rate) as book:
        while time.monotonic() < until:
            time.sleep(min(SAMPLE, max(0.0, until - time.monotonic())))
            memory.append(trial.server.memory())
    told(part, book)
    part.ask(not book.troubles, f"refused or not answered: {dict(book.troubles) or 'none'}")
    if growth := grown(memory):
        first, last = growth
        told_memory = f"memory of the workers {short(first)} MB, at the end {short(last)} MB"
        part.ask(last <= first * GROWTH + GROWTH_MB, told_memory)
    time.sleep(1)
    connections, waiting = trial.sessions()
    most = trial.server.workers * THREADS * 2
    part.ask(
        connections <= most and not waiting,
        f"{connections} connections to the database (at most {most}), {waiting} of them in a transaction",
    )
    now = open_files(trial.server)
    part.ask(now <= handles + most + 8, f"{handles} open files before, {now} after")
    kept_whole(part, trial, book)
    return part


def grown(memory: list[list[float]]) -> tuple[float, float] | None:
    """Megabytes of all workers in the second fifth of the time and in the last; None of too few looks."""
    sums = [sum(one) for one in memory if one]
    fifth = len(sums) // 5
    return (median(sums[fifth : 2 * fifth]), median(sums[-fifth:])) if fifth else None


def open_files(server: Server) -> int:
    """How many files and sockets the workers hold open."""
    found = 0
    for pid in server.worker_pids():
        with contextlib.suppress(OSError):
            found += len(os.listdir(processes.PROC / str(pid) / "fd"))
    return found


if __name__ == "__main__":
    main()
