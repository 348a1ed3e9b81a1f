"""Between two transactions the portal's session may be another one, as behind a pooler in transaction mode."""

import pytest
from django.db import connection, connections, transaction

from sbs_portal.db.backend.base import DatabaseWrapper
from sbs_portal.scope import Scope, bound
from schools.models import Huvudman

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def forgetful(monkeypatch):
    """From the call on, a session forgets all it was told before each transaction, but what poolers carry along."""
    begin = DatabaseWrapper._set_autocommit
    forgotten = []

    def forget(wrapper) -> None:
        with wrapper.connection.cursor() as cursor:
            cursor.execute("DISCARD ALL")
            cursor.execute("SET TIME ZONE 'UTC'")
        forgotten.append(wrapper.alias)

    def before_a_transaction(wrapper, autocommit) -> None:
        if not autocommit:
            forget(wrapper)
        begin(wrapper, autocommit)

    def before_a_statement(execute, sql, params, many, context):
        if context["connection"].get_autocommit():
            forget(context["connection"])
        return execute(sql, params, many, context)

    def start() -> list:
        monkeypatch.setattr(DatabaseWrapper, "_set_autocommit", before_a_transaction)
        for alias in connections:
            connections[alias].execute_wrappers.append(before_a_statement)
        return forgotten

    yield start
    for alias in connections:
        connections[alias].execute_wrappers.clear()


def test_pages_files_and_the_api_are_the_same_where_sessions_are_not_kept(
    forgetful, cast, client_for, api_for
):
    browsers = [client_for(user) for user in (cast.coordinator, cast.editor, cast.stranger)]
    callers = [api_for(user, write=True) for user in (cast.coordinator, cast.editor, cast.stranger)]

    def answers() -> list:
        found = []
        for browser, caller in zip(browsers, callers, strict=True):
            for page in ("/", "/deltaganden/", "/sok/?q=Björk", "/admin/"):
                found.append(browser.get(page).status_code)
            found.append(browser.get("/huvudman/?exportera=csv").getvalue())
            for resource in ("huvudman", "participations", "meetings"):
                found.append(caller.get(f"/api/v1/{resource}").content)
        return found

    kept = answers()
    forgotten = forgetful()

    assert answers() == kept
    assert len(forgotten) > 30
    new = {"name": "Nyby kommun", "kind": "independent"}
    tries = [
        caller.post(
            "/api/v1/huvudman", new, content_type="application/json", headers={"Idempotency-Key": "a"}
        )
        for caller in (callers[0], callers[0], callers[2])
    ]
    assert [tried.status_code for tried in tries] == [201, 201, 403]
    assert tries[0].content == tries[1].content


def test_a_scope_said_to_the_session_would_be_found(forgetful, cast):
    forgetful()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sbs.scope', %s, false)", [f"{{{cast.huvudman.pk}}}"])
    assert not Huvudman.objects.exists()
    with bound(Scope.of(cast.editor)):
        assert Huvudman.objects.exists()


def test_only_a_transaction_has_a_cursor_of_the_sessions():
    with connection.chunked_cursor() as cursor:
        outside = cursor.cursor.name
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        inside = cursor.cursor.name

    assert outside is None
    assert inside.startswith("_django_curs_")
