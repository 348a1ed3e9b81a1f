"""Databases for tests: one template per state of the schema, a copy for each worker.

The tests connect as sbs_app, like the portal. The owner migrates the template once, under a file lock that
all workers share; a copy takes a tenth of a second. ``tests.worlds`` says which test is on which.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
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


def use(name: str) -> None:
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
        use(unfinished)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            use(before)
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


def fresh_database(name: str, *, origin: str | None = None) -> None:
    """(Re)makes the database as a copy of the origin, of the migrated template without one.

    Whoever is connected to it is thrown out.
    """
    with _owner() as cursor:
        template = origin or _template(cursor)
        roles.drop_database(cursor, name)
        roles.create_database(cursor, name, template=template)


def drop(name: str) -> None:
    """The database is gone."""
    with _owner() as cursor:
        roles.drop_database(cursor, name)
