"""The last one out stops the server.

Run as a detached process, ``python watcher.py BASE LINGER``. Every process that uses the embedded server
holds a shared lock on the file ``users``; the kernel drops it when the process ends, also after
kill -9. So the exclusive lock is to be had exactly when nobody is left. Standard library only: it is
started by path, and outlives whoever started it.
"""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path

LINGER = 2.0  # seconds without users before the server stops, so that `migrate && demo` keeps it
PROC = Path("/proc")


def lock(path: Path, operation: int) -> int | None:
    """An open file holding the lock, or None where LOCK_NB found it taken. Never inherited by exec."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, operation)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def postmaster(data: Path) -> int | None:
    """The process id in the folder's postmaster.pid, whoever that process is now."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def is_server(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL working in this folder: a pid file alone proves nothing."""
    if not PROC.exists():  # macOS: the folder cannot be seen, so the name has to do
        with os.popen(f"ps -o comm= -p {pid:d}") as answer:
            return answer.read().strip().endswith("postgres")
    try:
        # The binary may have been replaced under a running server: " (deleted)" follows its path.
        program = os.readlink(PROC / str(pid) / "exe").removesuffix(" (deleted)")
        return program.endswith("/postgres") and os.path.samefile(PROC / str(pid) / "cwd", data)
    except OSError:
        return False


def servers(data: Path) -> list[int]:
    """Every PostgreSQL process working in the folder: the postmaster, and children that outlived one."""
    if not PROC.exists():
        pid = postmaster(data)
        return [pid] if pid and is_server(pid, data) else []
    return [int(entry) for entry in os.listdir(PROC) if entry.isdecimal() and is_server(int(entry), data)]


def stop(data: Path, *, timeout: float = 60.0) -> bool:
    """Stops the folder's server in good order (its fast shutdown); False where none was running.

    Raises TimeoutError where it is still there after ``timeout`` seconds. Foreign processes are safe.
    """
    pid = postmaster(data)
    if pid is None or not is_server(pid, data):
        return False
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + timeout
    while is_server(pid, data):
        if time.monotonic() > deadline:
            raise TimeoutError(f"PostgreSQL (process {pid}) did not stop within {timeout:.0f} seconds.")
        time.sleep(0.02)
    return True


def watch(base: Path, linger: float) -> None:
    """Waits until nobody uses the server, then stops it. Returns at once where another one watches."""
    watching = lock(base / "watch", fcntl.LOCK_EX | fcntl.LOCK_NB)
    if watching is None:
        return
    while True:
        os.close(lock(base / "users", fcntl.LOCK_EX))
        time.sleep(linger)
        nobody_left = lock(base / "users", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if nobody_left is not None:
            break
    stop(base / "data")
    # In this order: whoever waits for `users` must find `watch` free, and start a watcher of its own.
    os.close(watching)
    os.close(nobody_left)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), float(sys.argv[2]))
