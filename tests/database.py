"""Databases for tests: one template per state of the schema, a copy for each worker.

The tests connect as sbs_app, like the portal. The owner migrates the template once, under a file lock that
all workers share; a copy takes a tenth of a second. A pytest plugin: tests/conftest.py names it.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg2 import sql

from sbs_portal.config import BASE_DIR
from sbs_portal.db import embedded, roles

# What the schema, its policies and triggers are made from.
SOURCES = (
    "requirements.txt",
    "sbs_portal/db/*.py",
    "sbs_portal/audit/history.py",
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "**/data/*",
)


def state_of_the_schema() -> str:
    """A digest of everything in SOURCES: the same digest, the same database."""
    folders = [folder for folder in BASE_DIR.iterdir() if (folder / "__init__.py").exists()]
    found = {path for pattern in SOURCES if "**" not in pattern for path in BASE_DIR.glob(pattern)}
    found |= {
        path for pattern in SOURCES if "**" in pattern for folder in folders for path in folder.glob(pattern)
    }
    digest = hashlib.sha256()
    for path in sorted(path for path in found if path.is_file()):
        digest.update(os.fsencode(path.relative_to(BASE_DIR)) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def _owner() -> Iterator:
    """A cursor of the owner's on the portal's own database, one worker at a time."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.DATA_DIR / "test.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if settings.EMBEDDED:
            embedded.ensure_running(settings.DATA_DIR)
        with (
            contextlib.closing(roles.connect(settings.DATABASE_OWNER)) as session,
            session.cursor() as cursor,
        ):
            yield cursor


def _use(name: str) -> None:
    """All aliases, in all threads, mean this database from now on."""
    for alias in settings.DATABASES:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = name


def _template(cursor) -> str:
    """The name of the migrated template, which is made where it is missing."""
    name = f"sbs_template_{state_of_the_schema()}"
    if not roles.database_exists(cursor, name):
        unfinished = f"{name}_unfinished"
        roles.drop_database(cursor, unfinished)
        roles.create_database(cursor, unfinished)
        before = settings.DATABASES["default"]["NAME"]
        _use(unfinished)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            _use(before)
        cursor.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
        )
        _remove_leftovers(cursor, keep=name)
    return name


def _remove_leftovers(cursor, *, keep: str) -> None:
    """Older templates, and databases of test runs on this machine that were killed."""
    if not settings.EMBEDDED:
        return
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^(sbs_template|test_sbs)_' AND datname <> %s",
        [keep],
    )
    for (name,) in cursor.fetchall():
        pid = name.rpartition("_")[2]
        if name.startswith("sbs_template_") or not Path("/proc", pid).exists():
            roles.drop_database(cursor, name)


def fresh_database(name: str) -> None:
    """(Re)makes the database as a copy of the template. Whoever is connected to it is thrown out."""
    with _owner() as cursor:
        template = _template(cursor)
        roles.drop_database(cursor, name)
        roles.create_database(cursor, name, template=template)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name, before = f"test_sbs_{worker}_{os.getpid()}", settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        fresh_database(name)
        _use(name)
    yield
    with django_db_blocker.unblock():
        _use(before)
        with _owner() as cursor:
            roles.drop_database(cursor, name)


def _fixture_teardown(self) -> None:
    """After a test that commits: a new copy, since sbs_app may not TRUNCATE and migrations' rows would go."""
    for alias in settings.DATABASES:
        connections[alias].close()
    fresh_database(settings.DATABASES["default"]["NAME"])


TransactionTestCase._fixture_teardown = _fixture_teardown
TransactionTestCase.databases = frozenset(settings.DATABASES)


@pytest.fixture(autouse=True)
def _outside_is_inside(request) -> Iterator[None]:
    """In a test that is rolled back, "outside" is the same connection: it sees the test's rows, and goes too."""
    uses_database = request.node.get_closest_marker("django_db") or "db" in request.fixturenames
    if not uses_database:
        yield
        return
    request.getfixturevalue("db")
    if not connections["default"].in_atomic_block:
        yield
        return
    outside = connections["outside"]
    connections["outside"] = connections["default"]
    yield
    connections["outside"] = outside
