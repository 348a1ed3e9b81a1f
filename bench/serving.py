"""Web servers of the bench: gunicorn as ``make run`` starts it, each application on a port of its own."""

import contextlib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench import client, country, processes
from sbs_portal.config import BASE_DIR

PATIENCE = 60.0  # seconds for a server to answer
# Sent with a request, and answered with how many statements it took (bench.wsgi).
COUNT, COUNTED = "X-Bench-Count", "X-Bench-Statements"


@dataclass(frozen=True)
class Application:
    """What gunicorn serves, with which settings, and an address that answers without a log-in."""

    name: str
    wsgi: str
    settings: str = "bench.settings"
    probe: str = "/healthz"


PORTAL = Application("portal", "bench.wsgi:application")
PLAIN = Application("plain", "bench.wsgi:application", "bench.plain_settings")
FLOOR = Application("floor", "bench.floor:application")


class Server:
    """One gunicorn with its workers."""

    def __init__(
        self,
        application: Application,
        environment: dict[str, str],
        listener: socket.socket,
        log,
        workers: int,
    ):
        self.application, self.workers, self.log = application, workers, log
        self.environment = environment | {"DJANGO_SETTINGS_MODULE": application.settings}
        self.listener, self.port = listener, listener.getsockname()[1]

    def start(self) -> None:
        """Returns when it answers. The port outlives the processes, so that it can be started again on it."""
        handle = self.listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "--config", "python:sbs_portal.gunicorn"]
        command += ["--bind", f"fd://{handle}", "--workers", str(self.workers), self.application.wsgi]
        self.process = subprocess.Popen(
            command,
            cwd=BASE_DIR,
            env=self.environment,
            pass_fds=[handle],
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                client.ask(self.port, client.Request(self.application.probe))
                return
            time.sleep(0.05)
        raise RuntimeError(f"The {self.application.name} server does not answer:\n{self.tail()}")

    def tail(self) -> str:
        """The end of what it has said."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    def pids(self) -> list[int]:
        """Its processes, the workers after the one that leads them."""
        return [self.process.pid, *self.worker_pids()]

    def worker_pids(self) -> list[int]:
        return processes.children(self.process.pid)

    def memory(self) -> list[float]:
        """Megabytes of each worker."""
        found = [processes.resident(pid) for pid in self.worker_pids()]
        return [one for one in found if one is not None]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serving(application: Application, database: str, *, workers: int = 2, **more: str) -> Iterator[Server]:
    """The server, for as long as the block lasts. ``more`` is added to its environment."""
    environment = country.environment(database, **more)
    with (
        socket.create_server(("127.0.0.1", 0), backlog=512) as listener,
        tempfile.TemporaryFile() as log,
    ):
        server = Server(application, environment, listener, log, workers)
        try:
            server.start()
            yield server
        finally:
            server.stop()
