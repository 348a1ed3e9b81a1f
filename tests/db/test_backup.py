"""A backup is taken while somebody writes, the database is destroyed, and everything is there again."""

import contextlib
import threading

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from psycopg2 import sql

from sbs_portal.db import backup, roles
from sbs_portal.scope import NATIONAL, Scope, bound
from schools.models import Huvudman
from tests import factories
from tests.database import _owner, fresh_database

TABLES = """
    SELECT relname, relrowsecurity, relacl::text FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'i') ORDER BY 1
"""
POLICIES = "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
TRIGGERS = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
FUNCTIONS = """
    SELECT proname, prosecdef, proconfig::text, proacl::text FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""


def _everything() -> dict:
    """What the database holds: every row of every table, and every wall."""
    with roles.as_owner(), connection.cursor() as cursor:

        def rows(query):
            cursor.execute(query)
            return cursor.fetchall()

        tables = [name for name, *_ in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        found = {
            name: rows(
                sql.SQL(
                    "SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {} t"
                )
                .format(sql.Identifier(name))
                .as_string(cursor.connection)
            )
            for name in tables
        }
        walls = {"tables": TABLES, "policies": POLICIES, "triggers": TRIGGERS, "functions": FUNCTIONS}
        return found | {name: rows(query) for name, query in walls.items()}


@pytest.fixture
def put_back():
    """The test's own database again, and none beside it."""
    name = settings.DATABASES["default"]["NAME"]
    yield
    connection.close()
    fresh_database(name)
    with _owner() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}\\_%"])
        for (beside,) in cursor.fetchall():
            roles.drop_database(cursor, beside)


@pytest.mark.django_db(transaction=True)
def test_everything_is_there_again_after_the_database_is_lost(put_back, tmp_path):
    cast = factories.Cast()
    factories.make_meeting(cast.participation, when=cast.participation.created_at)
    name, file = settings.DATABASES["default"]["NAME"], tmp_path / "säkerhets kopia.dump"
    before = _everything()

    call_command("backup", file)
    with _owner() as cursor:
        roles.drop_database(cursor, name)
        roles.create_database(cursor, name)
    call_command("restore", file)

    assert _everything() == before
    assert file.stat().st_mode & 0o777 == 0o600
    assert Client().get("/readyz").json()["status"] == "ok"
    with bound(Scope.of(cast.editor)):
        assert set(Huvudman.objects.all()) == {cast.huvudman}


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_a_database_in_use_has_each_transaction_wholly_or_not_at_all(put_back, tmp_path):
    stop, written = threading.Event(), threading.Event()

    def write():
        with contextlib.closing(connection):
            count = 0
            while not stop.is_set():
                with bound(NATIONAL):
                    Huvudman.objects.create(name=f"Första {count}", kind="independent")
                    Huvudman.objects.create(name=f"Andra {count}", kind="independent")
                count += 1
                if count == 20:
                    written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(30)
        backup.back_up(tmp_path / "kopia.dump")
    finally:
        stop.set()
        writer.join()
    backup.restore(tmp_path / "kopia.dump")

    with bound(NATIONAL):
        names = Huvudman.objects.values_list("name", flat=True)
        first, second = (
            {name.removeprefix(word) for name in names if name.startswith(word)}
            for word in ("Första", "Andra")
        )
    assert len(first) >= 20
    assert first == second


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_restored_changes_nothing(put_back, tmp_path):
    huvudman = factories.make_huvudman()
    nonsense, cut, newer = (tmp_path / name for name in ("text.dump", "halv.dump", "nyare.dump"))
    nonsense.write_text("Det här är ingen säkerhetskopia.")
    backup.back_up(tmp_path / "hel.dump")
    cut.write_bytes((tmp_path / "hel.dump").read_bytes()[:-5000])
    with roles.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('schools', '9999_senare', now())"
        )
    backup.back_up(newer)

    for file, words in (
        (nonsense, "pg_restore failed"),
        (cut, "pg_restore failed"),
        (newer, "newer version"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("restore", file)
    with pytest.raises(CommandError, match="There is no file"):
        call_command("restore", tmp_path / "ingen.dump")

    with bound(NATIONAL):
        assert Huvudman.objects.filter(pk=huvudman.pk).exists()
    with _owner() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE %s",
            [f"{settings.DATABASES['default']['NAME']}\\_%"],
        )
        assert cursor.fetchone() == (0,)


def test_a_backup_overwrites_nothing_and_keeps_the_newest(tmp_path):
    names = [f"sbs-2026010{day}T000000Z.dump" for day in (1, 2, 3)]
    for name in (*names, "eget.dump"):
        (tmp_path / name).write_text("x")

    with pytest.raises(backup.BackupError, match="already there"):
        backup.back_up(tmp_path / names[0])
    backup.prune(tmp_path, keep=2)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["eget.dump", *names[1:]]
