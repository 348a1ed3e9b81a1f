"""A portal to drive a browser against: the demo in a database of its own, served by gunicorn.

The demo is loaded once for each state of the code and day, under a lock that all workers share; every portal
then gets a copy, which takes a tenth of a second. A running portal opens no connection of Django's, so that it can
be used beside a running Playwright; only ``loaded_demo`` does.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from psycopg2 import sql

from sbs_portal.config import BASE_DIR
from sbs_portal.db import embedded, roles
from tests import database

CODE = ("sbs_portal", "schools", "programmes", "seminars", "tests/browser")
PATIENCE = 60.0  # seconds for the server to answer


class Portal:
    """One running portal. ``base`` is its address; ``demo`` says which rows and sessions there are."""

    def __init__(self, name: str, demo: dict):
        self.name = name
        self.demo = demo
        # A copy of its own to return to: another run may replace the demo meanwhile.
        self.origin = f"test_sbs_origin_{name.removeprefix('test_sbs_')}"

    def create(self) -> None:
        """Makes the databases."""
        _copy(self.demo["database"], self.origin)
        self.reset()

    def reset(self) -> None:
        """The demo as it was loaded; the sessions of ``demo`` hold on."""
        _copy(self.origin, self.name)

    def drop(self) -> None:
        """Removes the databases."""
        with _owner() as cursor:
            roles.drop_database(cursor, self.name)
            roles.drop_database(cursor, self.origin)

    def session(self, account: str) -> dict:
        """A cookie for Playwright that is logged in as the account."""
        return {
            "name": settings.SESSION_COOKIE_NAME,
            "value": self.demo["sessions"][account],
            "url": self.base,
        }

    @contextlib.contextmanager
    def served(self) -> Iterator["Portal"]:
        """Listens at ``base`` until the block ends."""
        with (
            socket.create_server(("127.0.0.1", 0), backlog=64) as listener,
            tempfile.TemporaryFile() as log,
        ):
            self.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            command = [
                sys.executable,
                "-m",
                "gunicorn",
                "--config",
                "python:sbs_portal.gunicorn",
                "--bind",
                f"fd://{listener.fileno()}",
                "--workers",
                "1",
            ]
            server = subprocess.Popen(
                [*command, "--threads", "4", "sbs_portal.wsgi"],
                cwd=BASE_DIR,
                env=_environment(self.name),
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
            )
            try:
                self._await(server, log)
                yield self
            finally:
                server.terminate()
                server.wait(PATIENCE)

    def _await(self, server: subprocess.Popen, log) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and server.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.base}/healthz", timeout=5):
                return
            time.sleep(0.1)
        log.seek(0)
        raise RuntimeError(f"The portal does not answer:\n{log.read().decode(errors='replace')[-4000:]}")


@contextlib.contextmanager
def running(name: str, demo: dict) -> Iterator[Portal]:
    """A portal with a copy of the loaded demo, for as long as the block lasts."""
    portal = Portal(f"test_sbs_browser_{name}_{os.getpid()}", demo)
    try:
        portal.create()
        with portal.served():
            yield portal
    finally:
        portal.drop()


def loaded_demo() -> dict:
    """The database with the demo loaded, and what is in it (see data.py). Made where it is missing."""
    name = f"sbs_template_demo_{_state()}"
    record = Path(settings.DATA_DIR) / "demo.json"
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.DATA_DIR / "browser.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _owner() as cursor:
            found = json.loads(record.read_text()) if record.exists() else {}
            if found.get("database") == name and roles.database_exists(cursor, name):
                return found
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'sbs_template_demo_%'")
            for (old,) in cursor.fetchall():
                roles.drop_database(cursor, old)
        unfinished = f"test_sbs_demo_{os.getpid()}"
        database.fresh_database(unfinished)
        loaded = subprocess.run(
            [sys.executable, "-m", "tests.browser.data"],
            cwd=BASE_DIR,
            env=_environment(unfinished),
            capture_output=True,
            text=True,
            check=False,
        )
        if loaded.returncode:
            raise RuntimeError(f"The demo could not be loaded:\n{loaded.stderr[-4000:]}")
        with _owner() as cursor:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
        demo = json.loads(loaded.stdout.splitlines()[-1]) | {"database": name}
        record.write_text(json.dumps(demo))
        return demo


def _state() -> str:
    """A digest of the day and of everything the demo is made by."""
    digest = hashlib.sha256(f"{database.state_of_the_schema()} {date.today()}".encode())
    for folder in CODE:
        for path in sorted((BASE_DIR / folder).rglob("*")):
            if path.suffix in {".py", ".csv", ".json"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _environment(database_name: str) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "SBS_BROWSER_DATABASE": database_name,
        "SBS_DEMO": "1",
        "EMAIL_URL": "console",
    }


@contextlib.contextmanager
def _owner() -> Iterator:
    if settings.EMBEDDED:
        embedded.ensure_running(settings.DATA_DIR)
    with contextlib.closing(roles.connect(settings.DATABASE_OWNER)) as session, session.cursor() as cursor:
        yield cursor


def _copy(origin: str, name: str) -> None:
    with _owner() as cursor:
        roles.drop_database(cursor, name)
        roles.create_database(cursor, name, template=origin)
