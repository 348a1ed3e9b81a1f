"""Files of a whole country: of one moment though others write meanwhile, every row once, never all in memory."""

import contextlib
import csv
import io

import pytest
from django.conf import settings
from django.db import connection

from sbs_portal.db import roles
from sbs_portal.web.exports import CHUNK, LINES
from tests import factories

UNITS = 10_650
pytestmark = pytest.mark.django_db(transaction=True)

# Rows in bulk, as the owner and without history: it is not what these tests are about.
MANY_UNITS = f"""
BEGIN;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE schools_schoolunit DISABLE TRIGGER USER;
ALTER TABLE schools_schoolunitversion DISABLE TRIGGER USER;
INSERT INTO schools_schoolunit (uuid, created_at, updated_at, version, name, school_name, huvudman_ids)
  SELECT gen_random_uuid(), now(), now(), 1, 'Skola ' || to_char(n, 'FM00000'), '', ARRAY[%(huvudman)s]
  FROM generate_series(1, {UNITS}) n;
INSERT INTO schools_schoolunitversion
  (uuid, created_at, updated_at, unit_id, huvudman_id, name, status, school_forms, street_address, change_note)
  SELECT gen_random_uuid(), now(), now(), u.id, %(huvudman)s, u.name, 'active', '{{GR}}', '', '' FROM schools_schoolunit u;
ALTER TABLE schools_schoolunit ENABLE TRIGGER USER;
ALTER TABLE schools_schoolunitversion ENABLE TRIGGER USER;
COMMIT;
ANALYZE schools_schoolunit, schools_schoolunitversion;
"""
# What somebody else does while the file is on its way: renames, closes, deletes and adds.
MEANWHILE = """
UPDATE schools_schoolunitversion SET name = 'Ändrad', status = 'closed' WHERE name > 'Skola 10400';
UPDATE schools_schoolunit SET name = 'Ändrad ' || id WHERE name > 'Skola 10400';
UPDATE schools_huvudman SET name = 'Någon annan';
DELETE FROM schools_schoolunitversion WHERE unit_id = (SELECT max(id) FROM schools_schoolunit);
DELETE FROM schools_schoolunit WHERE id = (SELECT max(id) FROM schools_schoolunit);
INSERT INTO schools_schoolunit (uuid, created_at, updated_at, version, name, school_name, huvudman_ids)
  SELECT gen_random_uuid(), now(), now(), 1, 'Tillkommen', '', huvudman_ids FROM schools_schoolunit LIMIT 1;
"""


@pytest.fixture
def elsewhere():
    """A cursor of somebody else's, on a connection of its own that commits at once."""
    address = settings.DATABASE_OWNER | {"NAME": settings.DATABASES["default"]["NAME"]}
    with contextlib.closing(roles.connect(address)) as session, session.cursor() as cursor:
        yield cursor


@pytest.fixture
def huvudman(elsewhere):
    made = factories.make_huvudman("Hela landet")
    elsewhere.execute(MANY_UNITS, {"huvudman": made.pk})
    return made


def lines_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def test_a_file_is_of_one_moment_though_others_write_and_is_never_whole_in_memory(
    huvudman, elsewhere, client_for
):
    coordinator = factories.make_user("samordnare@example.se", role="coordinator")
    response = client_for(coordinator).get("/enheter/?exportera=csv&kolumner=huvudman,status")
    parts = iter(response.streaming_content)
    first = next(parts)
    # The rows wait in the server, not here: as many as are read at a time and no more.
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), current_setting('transaction_isolation') FROM pg_cursors GROUP BY 2")
        assert cursor.fetchall() == [(1, "repeatable read")]
    elsewhere.execute(MEANWHILE)
    rest = list(parts)
    assert len(rest) > UNITS // LINES - 1
    assert max(map(len, rest)) < 100 * LINES
    head, *rows = lines_of(first + b"".join(rest))
    assert head == ["Namn", "Huvudman", "Status"]
    assert rows == [[f"Skola {number:05}", "Hela landet", "aktiv"] for number in range(1, UNITS + 1)]
    # What was written meanwhile is in the next file.
    again = lines_of(client_for(coordinator).get("/enheter/?exportera=csv").getvalue())
    assert len(again) == UNITS + 1
    assert {row[0] for row in again} > {"Tillkommen", "Ändrad", "Skola 00200"}


def test_rows_read_in_turns_agree_with_each_other(elsewhere, client_for):
    """A name that is read anew for every chunk is the same in all of them."""
    huvudman = factories.make_huvudman("Hela landet")
    participation = factories.make_participation(huvudman)
    elsewhere.execute(
        """
        BEGIN;
        SET CONSTRAINTS ALL IMMEDIATE;
        ALTER TABLE seminars_meeting DISABLE TRIGGER USER;
        ALTER TABLE seminars_meetingparticipation DISABLE TRIGGER USER;
        INSERT INTO seminars_meeting (uuid, created_at, updated_at, version, kind, title, when_precision, when_text,
            mode, place, status, cancelled_reason, moved_reason, agenda, huvudman_ids)
          SELECT gen_random_uuid(), now(), now(), 1, 'process', 'Nr ' || n, 'unknown', '', 'on_site', '', 'held', '', '',
            '', ARRAY[%(huvudman)s] FROM generate_series(1, %(number)s) n;
        INSERT INTO seminars_meetingparticipation (uuid, created_at, updated_at, meeting_id, participation_id, status,
            when_precision, when_text)
          SELECT gen_random_uuid(), now(), now(), id, %(participation)s, status, when_precision, when_text
            FROM seminars_meeting;
        ALTER TABLE seminars_meeting ENABLE TRIGGER USER;
        ALTER TABLE seminars_meetingparticipation ENABLE TRIGGER USER;
        COMMIT;
        """,
        {"huvudman": huvudman.pk, "participation": participation.pk, "number": CHUNK + 100},
    )
    reader = factories.make_user("namnd@example.se", role="reader", huvudman=huvudman)
    parts = iter(client_for(reader).get("/traffar/?exportera=csv&kolumner=huvudman").streaming_content)
    first = next(parts)
    elsewhere.execute("UPDATE schools_huvudman SET name = 'Någon annan'")
    rows = lines_of(first + b"".join(parts))[1:]
    assert len(rows) == CHUNK + 100
    assert {row[1] for row in rows} == {"Hela landet"}


def test_among_thousands_a_protected_person_is_masked_in_the_file(elsewhere, client_for):
    huvudman = factories.make_huvudman("Hela landet")
    elsewhere.execute(
        """
        BEGIN;
        SET CONSTRAINTS ALL IMMEDIATE;
        ALTER TABLE schools_person DISABLE TRIGGER USER;
        INSERT INTO schools_person
            (uuid, created_at, updated_at, version, name, email, phone, security_marking, huvudman_ids)
          SELECT gen_random_uuid(), now(), now(), 1, 'Hemlig ' || n, 'hemlig@example.se', '070',
            CASE WHEN n %% 500 = 0 THEN 'protected' ELSE 'none' END, ARRAY[%s]
          FROM generate_series(1, 3000) n;
        ALTER TABLE schools_person ENABLE TRIGGER USER;
        COMMIT;
        """,
        [huvudman.pk],
    )
    coordinator = factories.make_user("samordnare@example.se", role="coordinator")
    body = client_for(coordinator).get("/personer/?exportera=csv").getvalue().decode()
    shown = {row[0] for row in lines_of(body.encode())[1:]}
    assert len(shown) == 3000 - 6 + 1
    assert not shown & {f"Hemlig {number}" for number in range(500, 3001, 500)}
