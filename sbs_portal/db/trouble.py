"""What can be wrong with the embedded server and its folder, in words: what it is, and what to do."""

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from sbs_portal.config import unusable

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
ROOM = 16 * 2**20  # bytes: with less, PostgreSQL cannot begin a new file of its log of changes
# A fault of the moment: what a killed server leaves goes with the last of its processes.
PASSING = ("already exists", "still in use")
# What a server that runs says to one it will not let in, however often.
CLOSED = ("authentication failed", "pg_hba.conf", "does not exist", "requirepeer")


class EmbeddedError(RuntimeError):
    """The embedded server cannot run; the message says why and what to do."""


@contextlib.contextmanager
def in_words(base: Path) -> Iterator[None]:
    """What the system refuses in the folder, as EmbeddedError."""
    try:
        yield
    except TimeoutError as error:
        raise EmbeddedError(str(error)) from error
    except OSError as error:
        raise EmbeddedError(unusable(base, FULL if FULL.strerror in str(error) else error)) from error


def fault(base: Path, sentence: str, said: str = "") -> EmbeddedError:
    """The error to raise for a program that gave up, and what it said.

    A full disk goes before: that is said among other things, or cannot even be logged.
    """
    return EmbeddedError(unusable(base, FULL) if FULL.strerror in said or no_room(base) else sentence)


def no_room(base: Path) -> bool:
    """Whether the disk of the folder, which may not be there yet, is too full for a server."""
    there = next(folder for folder in (base, *base.parents) if os.path.exists(folder))
    return shutil.disk_usage(there).free < ROOM


def not_let_in(data: Path, *, user: str, said: str) -> EmbeddedError | None:
    """The error where a server that runs has refused the user for good; None where it may let it in soon."""
    if not any(word in said for word in CLOSED):
        return None
    return EmbeddedError(
        f"PostgreSQL in {data} runs and does not let {user} in. Its pg_hba.conf should be the line "
        f'"local all all peer map=sbs", and its pg_ident.conf should name {user}.\n{said.strip()}'
    )


def logged(base: Path, *, since: int = 0) -> str:
    """The server's log from that byte on."""
    return (base / "postgres.log").read_bytes()[since:].decode(errors="replace")


def refusal(base: Path, *, since: int) -> tuple[str, bool]:
    """What a server that gave up has said, "" where none did, and whether it passes by itself."""
    lines = re.findall(r"\[(\d+)\] (\w+):  (.+)", logged(base, since=since))
    # The first line is the postmaster's. Others say FATAL when they turn away who comes too early.
    own = [(level, said) for pid, level, said in lines if pid == lines[0][0]]
    fatal = [said for level, said in own if level == "FATAL"]
    if not fatal:
        return "", True
    return "\n".join(said for _, said in own), any(word in fatal[-1] for word in PASSING)
