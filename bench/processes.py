"""Processes of the bench: what they say, and what they cost as the kernel counts it, from /proc.

Where there is no /proc (macOS) nothing is known, and it is said so: None.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")


def told_by(module: str, **options) -> str:
    """What a module of the bench says when it is run in a process of its own. Raises RuntimeError with its complaint."""
    done = subprocess.run(
        [sys.executable, "-m", module], capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def processor_time(pids: Iterable[int]) -> float | None:
    """Seconds the processes have worked until now, all threads, and children of theirs that have ended.

    Of a server with its processes nothing is lost so when one of them ends.
    """
    if not PROC.exists():
        return None
    return sum(_worked(pid) for pid in pids)


def _worked(pid: int) -> float:
    try:
        # The name stands in brackets and may hold anything; utime, stime, cutime, cstime are the 12th and on after it.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


def machine_time() -> float | None:
    """Seconds that all cores have worked until now, for anybody."""
    if not PROC.exists():
        return None
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / TICK


def our_time() -> float:
    """Seconds that we, and children of ours that have ended, have worked until now."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def resident(pid: int) -> float | None:
    """Megabytes of memory the process holds, what it shares with others included."""
    try:
        text = (PROC / str(pid) / "status").read_text()
    except OSError:
        return None
    found = [line.split()[1] for line in text.splitlines() if line.startswith("VmRSS:")]
    return int(found[0]) / 1024 if found else None


def children(pid: int) -> list[int]:
    """The processes that the process has started and that are still there."""
    found = []
    for entry in os.listdir(PROC) if PROC.exists() else ():
        if entry.isdecimal():
            try:
                fields = (PROC / entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry))
    return sorted(found)
