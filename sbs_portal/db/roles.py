"""The three roles and the database they share.

sbs_owner owns the schema and migrates. sbs_app is what the portal connects as: it owns nothing, and may
switch to sbs_national for those who see every huvudman. sbs_app must not inherit from sbs_national: a policy
made for a role also holds for whoever inherits it, and then everybody would see everything.
"""

import contextlib
from collections.abc import Iterator

import psycopg2
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from psycopg2 import sql

OWNER = "sbs_owner"
APP = "sbs_app"
NATIONAL = "sbs_national"
ROLES = {OWNER: "LOGIN CREATEDB INHERIT", APP: "LOGIN NOINHERIT", NATIONAL: "NOLOGIN NOINHERIT"}
OLDEST = 150000


class TooOld(RuntimeError):
    """The server is older than the portal can use."""


def connect(address: dict):
    """A psycopg2 connection in autocommit, from Django's connection settings."""
    words = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {word: address[key] for word, key in words.items() if address[key]}
    session = psycopg2.connect(**given, client_encoding="UTF8", **address["OPTIONS"])
    session.autocommit = True
    return session


def create_roles(admin, *, database: str, passwords: dict[str, str] | None = None) -> None:
    """Creates what is missing of roles, memberships and database, and says the rest again. Idempotent.

    admin: a psycopg2 connection in autocommit, as a superuser or a role with CREATEROLE and CREATEDB.
    passwords: role → password, for servers that ask for one. The database comes last: where it exists, all
    of this has been done once. Raises TooOld for a server before PostgreSQL 15.
    """
    if admin.server_version < OLDEST:
        raise TooOld(f"PostgreSQL 15 or newer is needed; this is {admin.server_version // 10000}.")
    # From 16 on, inheritance is a property of each membership; before, of the member (NOINHERIT above).
    apart = sql.SQL(" WITH INHERIT FALSE, SET TRUE" if admin.server_version >= 160000 else "")
    with admin.cursor() as cursor:
        for role, attributes in ROLES.items():
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = sql.SQL("ALTER ROLE {} " if cursor.fetchone() else "CREATE ROLE {} ").format(_name(role))
            cursor.execute(verb + sql.SQL(attributes))
            if password := (passwords or {}).get(role):
                cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(_name(role)), [password])
            cursor.execute(sql.SQL("ALTER ROLE {} SET jit = off").format(_name(role)))
        cursor.execute(sql.SQL("GRANT {} TO {}").format(_name(NATIONAL), _name(APP)) + apart)
        # So that the owner may end the others' sessions, as dropping a test's database needs.
        cursor.execute(sql.SQL("GRANT {}, {} TO {}").format(_name(APP), _name(NATIONAL), _name(OWNER)))
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(_name(OWNER)))
        if not database_exists(cursor, database):
            create_database(cursor, database)
        admit(cursor, database)


def admit(cursor, database: str) -> None:
    """The portal's role may connect to the database, and nobody else."""
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(_name(database)))
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(_name(database), _name(APP)))


def database_exists(cursor, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def create_database(cursor, database: str, *, template: str | None = None) -> None:
    """A database of the owner's: a copy of the template, or an empty one that folds å, ä and ö as letters."""
    if template:
        origin = sql.SQL("TEMPLATE {}").format(_name(template))
    elif cursor.connection.server_version >= 170000:
        origin = sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'")
    else:
        origin = sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8'")
    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {} ").format(_name(database), _name(OWNER)) + origin)


def disconnect_all(cursor, database: str) -> None:
    """Ends the sessions of the database, and waits for each to be gone: at most ten seconds."""
    cursor.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = %s AND backend_type = 'client backend'",
        [database],
    )


def drop_database(cursor, database: str) -> None:
    """The database is gone, where there was one. Whoever is connected to it is thrown out.

    Not WITH (FORCE): the owner, who is no superuser, is refused that while autovacuum is at work there. A plain
    DROP stops autovacuum by itself.
    """
    disconnect_all(cursor, database)
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(_name(database)))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def owner_address() -> dict:
    """The owner's connection settings. Raises ImproperlyConfigured in a process that is not given them."""
    if settings.DATABASE_OWNER is None:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is not set: migrations, roles and backups need it.")
    return settings.DATABASE_OWNER


@contextlib.contextmanager
def as_owner(*, database: str | None = None) -> Iterator[None]:
    """In the block, this thread's connections are the owner's: to migrate, not to serve anybody.

    database: another one on the same server; the present one where it is left out. Former connections are closed, before and after. Raises TransactionManagementError inside a transaction,
    which could not follow.
    """
    wrappers = [connections[alias] for alias in settings.DATABASES]
    if any(wrapper.in_atomic_block for wrapper in wrappers):
        raise transaction.TransactionManagementError("as_owner() cannot be used inside a transaction.")
    before = [wrapper.settings_dict for wrapper in wrappers]
    # Everything but the name: tests have switched it. A copy: other threads share the dictionary.
    owner = {key: value for key, value in owner_address().items() if key != "NAME"}
    if database:
        owner["NAME"] = database
    for wrapper in wrappers:
        wrapper.close()
        wrapper.settings_dict = wrapper.settings_dict | owner
    try:
        yield
    finally:
        for wrapper, settings_dict in zip(wrappers, before, strict=True):
            wrapper.close()
            wrapper.settings_dict = settings_dict
