"""Every model says whose it is, and the database holds it."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from sbs_portal.db.security import domain_models, event_models, is_event
from sbs_portal.scope import Scoping

# Tables without history: accounts hold credentials, given answers live for a day, regions never change by hand,
# a report is never changed at all, the ledger is history itself, a reveal is only ever added, and a journal line
# says itself when and by whom it was withdrawn.
UNTRACKED = {
    "accounts.ApiToken",
    "accounts.CalendarFeed",
    "accounts.User",
    "api.GivenAnswer",
    "audit.Change",
    "audit.JournalEntry",
    "schools.County",
    "schools.Municipality",
    "schools.PersonReveal",
    "web.AccessibilityReport",
}
# Tables of others: read and written by Django and its libraries before or beside any scope.
FOREIGN_TABLES = {
    "account_emailaddress",
    "account_emailconfirmation",
    "accounts_user_groups",
    "accounts_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "mfa_authenticator",
    "pghistory_context",
    "sbs_cache",
    "usersessions_usersession",
}


def query(sql: str, params=()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def test_every_model_declares_its_scoping():
    assert [
        model._meta.label
        for model in domain_models()
        if not isinstance(getattr(model, "scoping", None), Scoping)
    ] == []


def test_every_model_has_history_or_is_on_the_list():
    untracked = {model._meta.label for model in domain_models() if model not in event_models()}
    assert untracked == UNTRACKED


@pytest.mark.django_db
def test_every_table_has_policies_or_a_reason_not_to():
    protected = {
        name for (name,) in query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity")
    }
    policies = {}
    for table, policy in query("SELECT tablename, policyname FROM pg_policies"):
        policies.setdefault(table, set()).add(policy)
    expected = {
        model._meta.db_table
        for model in domain_models()
        if model.scoping.kind in ("owned", "shared", "history")
    } | {event._meta.db_table for event in event_models().values()}
    assert protected == expected
    assert policies == {table: {"sbs_scoped", "sbs_national"} for table in expected}


@pytest.mark.django_db
def test_no_table_is_unknown():
    tables = {name for (name,) in query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    ours = {
        model._meta.db_table for model in apps.get_models() if is_event(model) or model in domain_models()
    }
    assert tables - ours == FOREIGN_TABLES


@pytest.mark.django_db
def test_the_web_role_owns_nothing_and_inherits_nothing():
    assert query("SELECT current_user, session_user") == [("sbs_app", "sbs_app")]
    assert (
        query(
            "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname <> 'sbs_owner' AND relnamespace = 'public'::regnamespace"
        )
        == []
    )
    assert query("SELECT rolinherit, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'sbs_app'") == [
        (False, False, False)
    ]


@pytest.mark.django_db
def test_there_are_no_views():
    assert query("SELECT viewname FROM pg_views WHERE schemaname = 'public'") == [
        ("pghistory_events",)
    ] or not query("SELECT viewname FROM pg_views WHERE schemaname = 'public'")


@pytest.mark.django_db
def test_history_is_written_by_the_owner_only():
    loose = query(
        "SELECT proname FROM pg_proc WHERE proname LIKE 'pgtrigger_%%' AND (NOT prosecdef OR proconfig IS NULL)"
    )
    assert loose == []
    # What runs as the owner looks for no table in a schema of the caller's, the temporary one last.
    assert (
        query(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND coalesce(proconfig::text, '') NOT LIKE '%%search_path=pg_catalog, public, pg_temp%%'"
        )
        == []
    )
    for event in event_models().values():
        table = event._meta.db_table
        assert query(
            "SELECT has_table_privilege('sbs_app', %s, 'INSERT'), has_table_privilege('sbs_app', %s, 'UPDATE'),"
            " has_table_privilege('sbs_national', %s, 'DELETE')",
            [table] * 3,
        ) == [(False, False, False)]


@pytest.mark.django_db
def test_the_web_role_cannot_silence_history():
    query("SELECT set_config('pgtrigger.ignore', 'all', true)")
    assert query("SELECT public._pgtrigger_should_ignore('x')") == [(False,)]


@pytest.mark.django_db
def test_reference_rows_are_written_by_coordinators_only():
    tables = [model._meta.db_table for model in domain_models() if model.scoping.kind == "reference"]
    assert tables
    for table in tables:
        assert query(
            "SELECT has_table_privilege('sbs_app', %s, 'UPDATE'), has_table_privilege('sbs_national', %s, 'UPDATE')",
            [table, table],
        ) == [(False, True)]


@pytest.mark.django_db
def test_migrations_are_made():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
