"""Django's connections to the embedded server."""

import pytest

from tests.db.conftest import Client
from tests.db.test_embedded import kill_servers

pytestmark = pytest.mark.supervisor

DJANGO = """
from django.conf import settings
address = {"ENGINE": "sbs_portal.db.backend", "CONN_HEALTH_CHECKS": True, "CONN_MAX_AGE": 600}
settings.configure(
    DATA_DIR=base, EMBEDDED=True, USE_TZ=True,
    DATABASES={"default": address | embedded.connection(base, role="sbs_app")},
    DATABASE_OWNER=embedded.connection(base, role="sbs_owner"),
)
from django.core import signals
from django.db import connection
print(json.dumps("configured"), flush=True)
for line in sys.stdin:
    signals.request_started.send(None)
    with connection.cursor() as cursor:
        cursor.execute(json.loads(line))
        print(json.dumps(cursor.fetchall()), flush=True)
    signals.request_finished.send(None)
"""


def test_a_request_after_the_server_was_killed_finds_it_again(client, base):
    web: Client = client(code=DJANGO).up()
    assert web.process.stdout.readline() == '"configured"\n'
    assert web.ask("SELECT current_user") == [["sbs_app"]]

    kill_servers(base)

    assert web.ask("SELECT current_user") == [["sbs_app"]]
