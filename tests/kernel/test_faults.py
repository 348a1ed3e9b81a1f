"""What whoever starts the portal can mend is told in words, and the command fails."""

import os
import subprocess
import sys

import psycopg2
import pytest
from django.db import OperationalError, connection

from sbs_portal import faults
from sbs_portal.config import BASE_DIR
from sbs_portal.db.backend.base import DatabaseWrapper

NOWHERE = "postgres://sbs_{}:hemligt@127.0.0.1:1/sbs"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"DATABASE_URL": "postgres://sbs_app:hem/ligt@db/sbs"}, "DATABASE_URL must look like postgres://"),
        ({"SBS_DATA": "manage.py/data"}, "manage.py/data cannot be used: Not a directory."),
        (
            {"DATABASE_URL": NOWHERE.format("app"), "DATABASE_OWNER_URL": NOWHERE.format("owner")},
            "The database cannot be reached: connection to server",
        ),
    ],
)
def test_a_start_that_cannot_be_says_why_and_nothing_else(given, says):
    ours = ("DATABASE", "SBS_", "SECRET_KEY", "DJANGO", "PG")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    key = {} if "SBS_DATA" in given else {"SECRET_KEY": "k" * 40}
    command = [sys.executable, "manage.py", "migrate"]

    done = subprocess.run(command, env=plain | key | given, cwd=BASE_DIR, capture_output=True, text=True)

    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "ligt" not in done.stderr
    assert done.returncode == 1


def test_a_fault_of_the_portals_own_is_shown_whole(monkeypatch):
    class Deadlock(psycopg2.OperationalError):
        pgcode = "40P01"

    with pytest.raises(OperationalError), faults.in_words():
        raise OperationalError("deadlock detected") from Deadlock()
    with pytest.raises(SystemExit, match=r"^The database cannot be reached: refused"), faults.in_words():
        raise OperationalError("refused") from psycopg2.OperationalError("refused")
    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate", "--traceback"])
    with pytest.raises(OperationalError), faults.in_words():
        raise OperationalError("refused") from psycopg2.OperationalError("refused")


def test_a_server_before_15_is_refused(monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "get_database_version", lambda self: (14, 12))
    with pytest.raises(SystemExit, match="PostgreSQL 15 or later is required"), faults.in_words():
        connection.check_database_version_supported()
