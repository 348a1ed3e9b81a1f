"""/healthz: the process answers. /readyz: the database behind it is the one the portal needs."""

import logging
from collections.abc import Callable

from django.apps import apps
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sbs_portal.db.trouble import EmbeddedError
from sbs_portal.scope import Scoping

logger = logging.getLogger("sbs_portal.health")


class NotReady(Exception):
    """A check that does not hold; the text says which part, without the inside of it."""


def database() -> None:
    _row("SELECT 1")


def migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are waiting")


def encoding() -> None:
    server, client = _row("SELECT current_setting('server_encoding'), current_setting('client_encoding')")
    if (server, client) != ("UTF8", "UTF8"):
        raise NotReady("the database is not UTF8")


def role() -> None:
    """The web's role has no power of its own: a bug in it cannot lift row-level security."""
    superuser, bypasses, creates = _row(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = session_user"
    )
    if superuser or bypasses or creates:
        raise NotReady("the web role is too powerful")
    (owned,) = _row(
        "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
        " WHERE r.rolname IN (session_user, 'sbs_national') AND c.relpersistence <> 't'"
    )
    if owned:
        raise NotReady("the web role owns tables")


def grants() -> None:
    """sbs_national is reached by switching to it, never inherited: else everyone would see everything."""
    found = _row(
        "SELECT pg_has_role(session_user, 'sbs_national', 'MEMBER'), pg_has_role(session_user, 'sbs_national', 'USAGE'),"
        " rolcanlogin OR rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'sbs_national'"
    )
    if found is None or not found[0]:
        raise NotReady("sbs_national is not granted")
    if found[1]:
        raise NotReady("sbs_national is inherited")
    if found[2]:
        raise NotReady("sbs_national is too powerful")


def row_security() -> None:
    """Every table with a huvudman has row-level security on and policies to go by."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if isinstance(scoping := getattr(model, "scoping", None), Scoping)
        and scoping.kind in ("owned", "shared")
    ]
    (secured,) = _row(
        "SELECT count(*) FROM pg_class c WHERE c.oid = ANY (SELECT to_regclass(quote_ident(name)) FROM unnest(%s) name)"
        " AND c.relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)",
        [tables],
    )
    if secured != len(set(tables)):
        raise NotReady("tables without row-level security")


CHECKS: dict[str, Callable[[], None]] = {
    check.__name__: check for check in (database, migrations, encoding, role, grants, row_security)
}


def _row(query: str, params=None) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchone()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every check holds, else 503; each check by name as "ok" or what is wrong."""
    found = {name: _held(check) for name, check in CHECKS.items()}
    ready = all(answer == "ok" for answer in found.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": found}, status=200 if ready else 503
    )


def _held(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as error:
        return str(error)
    except (DatabaseError, InterfaceError, EmbeddedError):
        logger.exception("check %s could not be made", check.__name__)
        return "the database does not answer"
    return "ok"
