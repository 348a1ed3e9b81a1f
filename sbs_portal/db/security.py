"""The second wall: grants, row-level policies, link triggers, kept columns and history's protection.

Derived from each model's ``scoping`` and applied by the owner after every migrate. Policies point one way,
from child to parent, and a child asks with a correlated EXISTS (measured: five times faster than IN at fifty
huvudmän). The web role owns nothing and inherits nothing; national users switch to sbs_national.
"""

import hashlib
from collections import defaultdict

import pgtrigger
from django.apps import apps
from django.db import connection, models, transaction

from sbs_portal.db.kept import kept_sql
from sbs_portal.db.ledger import LEDGER, event_condition, ledger_condition, ledger_grants, ledger_sql
from sbs_portal.scope import Scoping

DOMAIN_APPS = ("accounts", "audit", "lists", "web", "api", "schools", "programmes", "seminars")

SCOPE_FUNCTION = """
CREATE OR REPLACE FUNCTION sbs_scope() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('sbs.scope', true), ''), '{}')::bigint[] $$;
"""
SCOPE = "(SELECT sbs_scope())"

# psycopg reads % as a parameter: these texts are executed without parameters, so they stand as they are.
CLOSE_SIDE_DOORS = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql STABLE AS $$ SELECT false $$;
CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS uuid
LANGUAGE sql STABLE AS $$ SELECT NULL::uuid $$;
"""

# pg_temp is named last: left out, it is searched first, and a temporary table of the same name would take
# the place of a history table.
SUPERSEDE_FUNCTION = """
CREATE OR REPLACE FUNCTION sbs_supersede() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  EXECUTE format(
    'UPDATE %I e SET superseded_at = n.pgh_created_at FROM new_rows n
      WHERE e.pgh_obj_id = n.pgh_obj_id AND e.superseded_at IS NULL AND e.pgh_id < n.pgh_id', TG_TABLE_NAME);
  RETURN NULL;
END $$;
"""

# Only the link triggers, which run as the owner, change whose a row is: a row read a moment ago and saved
# again must not write back an array that is no longer true. Its name puts it before the version's trigger.
KEEP_OWNERS_FUNCTION = """
CREATE OR REPLACE FUNCTION sbs_keep_owners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user IN ('sbs_app', 'sbs_national') THEN
    NEW.huvudman_ids = OLD.huvudman_ids;
  END IF;
  RETURN NEW;
END $$;
"""


def domain_models() -> list[type[models.Model]]:
    """Every concrete model of our apps that is not a history table."""
    return [
        model
        for label in DOMAIN_APPS
        for model in apps.get_app_config(label).get_models()
        if not is_event(model)
    ]


def is_event(model) -> bool:
    return hasattr(model, "pgh_tracked_model")


def event_models() -> dict[type[models.Model], type[models.Model]]:
    """Tracked model → its history table."""
    return {
        model.pgh_tracked_model: model
        for label in DOMAIN_APPS
        for model in apps.get_app_config(label).get_models()
        if is_event(model)
    }


def _column(model, field: str) -> str:
    return "id" if field == "pk" else model._meta.get_field(field).column


def _condition(model) -> str:
    """The policy's condition for a model's own table."""
    scoping: Scoping = model.scoping
    table = model._meta.db_table
    if scoping.parent:
        return _parent_exists(model, scoping.parent, table)
    column = _column(model, scoping.path)
    if scoping.kind == "shared":
        return f'"{table}"."{column}" && {SCOPE}'
    condition = f'"{table}"."{column}" = ANY ({SCOPE}::bigint[])'
    if scoping.or_parent:
        through = _parent_exists(model, scoping.or_parent, table)
        condition = f'({condition} OR ("{table}"."{column}" IS NULL AND {through}))'
    return condition


def _parent_exists(model, parent_field: str, table: str) -> str:
    field = model._meta.get_field(parent_field)
    source = field.related_model._meta.db_table
    return f'EXISTS (SELECT 1 FROM "{source}" p WHERE p.id = "{table}"."{field.column}")'


def _check(model, condition: str) -> str:
    """What a written row must meet: the condition, and for a link that its parent is within reach already.

    A link makes its huvudman one of the parent's: else a guessed id would open another's person or meeting.
    """
    table = model._meta.db_table
    parents = [
        f'EXISTS (SELECT 1 FROM "{apps.get_model(link.parent)._meta.db_table}" o'
        f' WHERE o.id = "{table}"."{link.column}")'
        for link in getattr(model, "scope_links", ())
    ]
    return " AND ".join([f"({condition})", *parents])


def _policies(table: str, condition: str, check: str = "") -> str:
    return f"""
    ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS sbs_scoped ON "{table}";
    DROP POLICY IF EXISTS sbs_national ON "{table}";
    CREATE POLICY sbs_scoped ON "{table}" TO sbs_app USING ({condition}) WITH CHECK ({check or condition});
    CREATE POLICY sbs_national ON "{table}" TO sbs_national USING (true) WITH CHECK (true);
    """


def _grants(events: dict) -> str:
    out = [
        "GRANT USAGE ON SCHEMA public TO sbs_app, sbs_national;",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO sbs_app, sbs_national;",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO sbs_app, sbs_national;",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM sbs_app, sbs_national;",
    ]
    for event in events.values():
        out.append(f'REVOKE INSERT, UPDATE, DELETE ON "{event._meta.db_table}" FROM sbs_app, sbs_national;')
    for model in domain_models():
        if model.scoping.kind == "reference":
            out.append(f'REVOKE INSERT, UPDATE, DELETE ON "{model._meta.db_table}" FROM sbs_app;')
        if getattr(model, "append_only", False):
            table = model._meta.db_table
            out.append(f'REVOKE UPDATE, DELETE ON "{table}" FROM sbs_app, sbs_national;')
            if columns := getattr(model, "later_columns", ()):
                out.append(f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO sbs_app, sbs_national;')
    out.append(ledger_grants())
    return "\n".join(out)


def _link_triggers() -> str:
    """Functions and triggers that keep ``huvudman_ids`` of shared rows from their link rows."""
    by_parent = defaultdict(list)
    for model in domain_models():
        for link in getattr(model, "scope_links", ()):
            by_parent[apps.get_model(link.parent)].append((model, link))
    out = [KEEP_OWNERS_FUNCTION]
    for parent, links in by_parent.items():
        table = parent._meta.db_table
        union = " UNION ALL ".join(
            f'SELECT {link.huvudman} AS h FROM "{model._meta.db_table}" l WHERE l."{link.column}" = x.id'
            for model, link in links
        )
        out.append(f"""
        CREATE OR REPLACE FUNCTION sbs_owners_{table}(ids bigint[]) RETURNS void LANGUAGE sql
        SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
          UPDATE "{table}" t SET huvudman_ids = s.owners FROM (
            SELECT x.id, coalesce(array_agg(DISTINCT u.h ORDER BY u.h) FILTER (WHERE u.h IS NOT NULL),
                                  '{{}}'::bigint[]) AS owners
            FROM (SELECT DISTINCT unnest(ids) AS id) x LEFT JOIN LATERAL ({union}) u ON true GROUP BY x.id
          ) s WHERE t.id = s.id AND t.huvudman_ids IS DISTINCT FROM s.owners
        $$;
        DROP TRIGGER IF EXISTS a_sbs_keep_owners ON "{table}";
        CREATE TRIGGER a_sbs_keep_owners BEFORE UPDATE ON "{table}"
          FOR EACH ROW EXECUTE FUNCTION sbs_keep_owners();""")
        for model, link in links:
            source = model._meta.db_table
            name = f"sbs_link_{source}_{table}"[:60]
            out.append(f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, public, pg_temp AS $$
            BEGIN
              IF TG_OP IN ('INSERT', 'UPDATE') THEN
                PERFORM sbs_owners_{table}((SELECT array_agg("{link.column}") FROM new_rows));
              END IF;
              IF TG_OP IN ('UPDATE', 'DELETE') THEN
                PERFORM sbs_owners_{table}((SELECT array_agg("{link.column}") FROM old_rows));
              END IF;
              RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS {name}_i ON "{source}";
            DROP TRIGGER IF EXISTS {name}_u ON "{source}";
            DROP TRIGGER IF EXISTS {name}_d ON "{source}";
            CREATE TRIGGER {name}_i AFTER INSERT ON "{source}" REFERENCING NEW TABLE AS new_rows
              FOR EACH STATEMENT EXECUTE FUNCTION {name}();
            CREATE TRIGGER {name}_u AFTER UPDATE ON "{source}" REFERENCING NEW TABLE AS new_rows
              OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {name}();
            CREATE TRIGGER {name}_d AFTER DELETE ON "{source}" REFERENCING OLD TABLE AS old_rows
              FOR EACH STATEMENT EXECUTE FUNCTION {name}();
            """)
    return "\n".join(out)


def _history(events: dict) -> str:
    """History triggers run as the owner; superseded rows are closed by a trigger of ours."""
    out = [CLOSE_SIDE_DOORS, SUPERSEDE_FUNCTION]
    for model, trigger in pgtrigger.registered():
        function = trigger.get_pgid(model)
        out.append(
            f"ALTER FUNCTION {function}() SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp;"
        )
    for event in events.values():
        table = event._meta.db_table
        out.append(f"""
        CREATE INDEX IF NOT EXISTS {table[:40]}_open ON "{table}" (pgh_obj_id) WHERE superseded_at IS NULL;
        DROP TRIGGER IF EXISTS sbs_supersede ON "{table}";
        CREATE TRIGGER sbs_supersede AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS new_rows
          FOR EACH STATEMENT EXECUTE FUNCTION sbs_supersede();
        """)
    out.append(ledger_sql(events))
    return "\n".join(out)


def security_sql() -> str:
    """All of it, idempotent, as one script for the owner."""
    events = event_models()
    out = [SCOPE_FUNCTION, _grants(events), _history(events), _link_triggers(), kept_sql(domain_models())]
    out.append(_policies(LEDGER, ledger_condition(SCOPE)))
    for model in domain_models():
        if model.scoping.kind in ("owned", "shared"):
            condition = _condition(model)
            out.append(_policies(model._meta.db_table, condition, _check(model, condition)))
            if model in events:
                event = events[model]
                out.append(_policies(event._meta.db_table, event_condition(model, event)))
        elif model in events:
            # History of a reference row: who changed what is for coordinators.
            out.append(_policies(events[model]._meta.db_table, "false"))
    return "\n".join(out)


def apply_security(plan=(), **_) -> None:
    """post_migrate: bring triggers, policies and grants in line with the models; nothing to do where they are.

    Installing a trigger replaces its function and drops what made it the owner's, so both are done together.
    """
    if apps.get_model("accounts", "User")._meta.db_table not in connection.introspection.table_names():
        return
    script = security_sql()
    triggers = "".join(trigger.compile(model).hash for model, trigger in pgtrigger.registered())
    digest = hashlib.sha256((script + triggers).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regproc('sbs_scope'), 'pg_proc')")
        if not plan and cursor.fetchone()[0] == digest:
            return
    with transaction.atomic():
        pgtrigger.install()
        pgtrigger.prune()
        with connection.cursor() as cursor:
            cursor.execute(script + f"COMMENT ON FUNCTION sbs_scope() IS '{digest}';")
