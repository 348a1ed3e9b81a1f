"""Backups: one file that holds the whole database, and a restore that harms nothing until it is whole.

A backup is what pg_dump reads in one snapshot, so a database that is being written to gives each transaction
wholly or not at all. It is restored into a new database beside the present one, brought up to the code's
migrations there, and only then put in its place; the former one is kept under another name.

The file holds personal data and is readable by its owner alone. The secret key is not in it.
"""

import contextlib
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg2 import extensions, sql

from sbs_portal.db import embedded, roles

NAME = re.compile(r"sbs-\d{8}T\d{6}Z\.dump")


class BackupError(RuntimeError):
    """The backup or the restore could not be made; the message says why. What was there is as it was."""


def default_file() -> Path:
    """A name in the data folder that sorts by time."""
    return settings.DATA_DIR / "backups" / f"sbs-{_stamp()}.dump"


def back_up(file: Path) -> None:
    """Writes a backup to the file, which must not exist. Raises BackupError."""
    if file.exists():
        raise BackupError(f"{file} is already there. Choose another name.")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _program("pg_dump", "--format=custom", "--file", unfinished, database=_database())
        _contents(unfinished)
        unfinished.rename(file)
    except OSError as error:
        raise BackupError(f"{file} could not be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def prune(folder: Path, *, keep: int) -> list[Path]:
    """Removes all but the newest backups of the folder, by the names that default_file gives."""
    found = sorted(path for path in folder.glob("sbs-*.dump") if NAME.fullmatch(path.name))
    old = found[:-keep] if keep else []
    for path in old:
        path.unlink()
    return old


def restore(file: Path) -> str:
    """Puts the backup in the database's place; the name under which the former database is kept.

    Sessions on the former database are ended. Raises BackupError, and then nothing has changed.
    """
    if not file.is_file():
        raise BackupError(f"There is no file {file}.")
    if "TABLE DATA public django_migrations" not in _contents(file):
        raise BackupError(f"{file} is not a backup of the portal.")
    present, stamp = _database(), _stamp().lower()
    fresh, before = f"{present}_restored_{stamp}", f"{present}_before_{stamp}"
    _as_owner(present, lambda cursor: _create(cursor, fresh))
    try:
        _program("pg_restore", "--exit-on-error", "--no-owner", "--dbname", _address(fresh), file)
        _refuse_newer(fresh, file)
        with roles.as_owner(database=fresh):
            call_command("migrate", verbosity=0, interactive=False)
    except BaseException:
        _as_owner(present, lambda cursor: roles.drop_database(cursor, fresh))
        raise
    for connection in connections.all():
        connection.close()
    # A database cannot be renamed from within: each step is taken from the other one.
    _as_owner(fresh, lambda cursor: _put_aside(cursor, present, before))
    try:
        _as_owner(before, lambda cursor: _rename(cursor, fresh, present))
    except BackupError:
        _as_owner(fresh, lambda cursor: _rename(cursor, before, present))
        raise
    return before


def _create(cursor, database: str) -> None:
    roles.create_database(cursor, database)
    roles.admit(cursor, database)


def _put_aside(cursor, database: str, name: str) -> None:
    """Renames the database though it is in use: no new sessions, the present ones end."""
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    cursor.execute(allow.format(sql.Identifier(database), sql.SQL("false")))
    try:
        roles.disconnect_all(cursor, database)
        _rename(cursor, database, name)
    except BaseException:
        cursor.execute(allow.format(sql.Identifier(database), sql.SQL("true")))
        raise
    cursor.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def _rename(cursor, database: str, name: str) -> None:
    cursor.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(name))
    )


def _refuse_newer(database: str, file: Path) -> None:
    """A backup with migrations that this code does not know would be served by code that does not fit it."""
    applied = _as_owner(database, lambda cursor: _rows(cursor, "SELECT app, name FROM django_migrations"))
    known = MigrationLoader(None)
    replaced = {key for migration in known.disk_migrations.values() for key in migration.replaces}
    unknown = sorted(set(applied) - set(known.disk_migrations) - replaced)
    if unknown:
        label, name = unknown[-1]
        raise BackupError(
            f"{file} was made by a newer version of the portal ({label}.{name}). Upgrade first."
        )


def _rows(cursor, query: str) -> list[tuple]:
    cursor.execute(query)
    return cursor.fetchall()


def _as_owner(database: str, act):
    """What act(cursor) returns, as the owner in the database."""
    address = roles.owner_address() | {"NAME": database}
    try:
        with contextlib.closing(roles.connect(address)) as session, session.cursor() as cursor:
            return act(cursor)
    except psycopg2.Error as error:
        raise BackupError(f"The database refuses: {error}".strip()) from error


def _database() -> str:
    if settings.EMBEDDED:
        embedded.ensure_running(settings.DATA_DIR)
    return connections["default"].settings_dict["NAME"]


def _contents(file: Path) -> str:
    """The table of contents, which a file that is no backup or is cut off lacks."""
    return _program("pg_restore", "--list", file)


def _address(database: str) -> str:
    """The owner's libpq address of the database, without the password: others can read a command line."""
    owner = roles.owner_address()
    parts = {"dbname": database, "user": owner["USER"], "host": owner["HOST"], "port": owner["PORT"]}
    return extensions.make_dsn(**{key: value for key, value in parts.items() if value}, **owner["OPTIONS"])


def _program(name: str, *arguments, database: str | None = None) -> str:
    command = [_path(name), *arguments, *(["--dbname", _address(database)] if database else [])]
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if password := roles.owner_address()["PASSWORD"]:
        surroundings["PGPASSWORD"] = password
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=surroundings)
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip() or done.returncode}")
    return done.stdout


def _path(name: str) -> Path:
    """The wheel's program for the embedded server; for another, the system's, which fits that server."""
    found = None if settings.EMBEDDED else shutil.which(name)
    return Path(found) if found else embedded.programs() / name


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
