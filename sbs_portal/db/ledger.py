"""The ledger's triggers: every event row of a history table leaves a row in audit_change.

It says whose the changed row was at that moment, whose it is now, and under which object the change is told.
All of it is read from the models' declarations; parents are looked up in their own history, which outlives
them. One rule serves all history: who had the row then, or has it now.
"""

from collections.abc import Callable

from django.apps import apps

from sbs_portal.scope import Scoping

LEDGER = "audit_change"
NO_IDS = "'{}'::bigint[]"
Column = Callable[[str], str]


def ledger_condition(scope: str) -> str:
    """The policy of the ledger itself."""
    return f'"{LEDGER}"."huvudman_ids" && {scope} OR "{LEDGER}"."now_ids" && {scope}'


def event_condition(model, event) -> str:
    """The policy of a history table: its row in the ledger is within reach."""
    table = event._meta.db_table
    return (
        f"EXISTS (SELECT 1 FROM \"{LEDGER}\" c WHERE c.model = '{model._meta.label}'"
        f' AND c.object_id = "{table}"."pgh_obj_id" AND c.event_id = "{table}"."pgh_id")'
    )


def parent_field(model) -> str:
    """The foreign key to the object on whose page a change is told, "" for a row that is told on its own."""
    scoping: Scoping = model.scoping
    return getattr(model, "history_of", "") or scoping.parent or scoping.or_parent


def root_of(model):
    """The model on whose pages changes of the model are told."""
    name = parent_field(model)
    return root_of(model._meta.get_field(name).related_model) if name else model


def _open_row(event_table: str, row_id: str) -> Column:
    """Columns of another row as its history has it last."""
    return lambda column: (
        f'(SELECT p."{column}" FROM "{event_table}" p WHERE p.pgh_obj_id = {row_id}'
        f" AND p.superseded_at IS NULL ORDER BY p.pgh_id DESC LIMIT 1)"
    )


def _parent(model, name: str, column: Column, events: dict) -> tuple[type, Column, str]:
    field = model._meta.get_field(name)
    row_id = column(field.column)
    return field.related_model, _open_row(events[field.related_model]._meta.db_table, row_id), row_id


def _owners(model, column: Column, row_id: str, events: dict) -> tuple[str, str, str]:
    """SQL for the row that decides whose this is (its model and id), and for the ids of the huvudmän."""
    scoping: Scoping = model.scoping
    own = f"'{model._meta.label}'"
    if scoping.parent:
        parent, its_column, its_id = _parent(model, scoping.parent, column, events)
        return _owners(parent, its_column, its_id, events)
    if scoping.kind == "shared":
        return own, row_id, f"coalesce({column(scoping.path)}, {NO_IDS})"
    if scoping.kind != "owned":
        return own, row_id, NO_IDS
    if scoping.path == "pk":
        return own, row_id, f"ARRAY[{row_id}]::bigint[]"
    huvudman = column(model._meta.get_field(scoping.path).column)
    ids = f"ARRAY[{huvudman}]::bigint[]"
    if not scoping.or_parent:
        return own, row_id, f"CASE WHEN {huvudman} IS NULL THEN {NO_IDS} ELSE {ids} END"
    parent, its_column, its_id = _parent(model, scoping.or_parent, column, events)
    theirs = _owners(parent, its_column, its_id, events)
    return tuple(
        f"CASE WHEN {huvudman} IS NULL THEN {other} ELSE {mine} END"
        for mine, other in zip((own, row_id, ids), theirs, strict=True)
    )


def _root_uuid(model, column: Column, events: dict) -> str:
    name = parent_field(model)
    if not name:
        return column("uuid")
    parent, its_column, _ = _parent(model, name, column, events)
    return _root_uuid(parent, its_column, events)


def _insert(model, event, events: dict, source: str) -> str:
    """One ledger row for each event row ``n`` of the source."""
    label, table = model._meta.label, event._meta.db_table
    owner_model, owner_id, ids = _owners(model, lambda name: f'n."{name}"', "n.pgh_obj_id", events)
    root_uuid = _root_uuid(model, lambda name: f'n."{name}"', events)
    # Links are deleted before what they link: a deletion is told to those who had the row last.
    last = (
        f"(SELECT b.huvudman_ids FROM \"{LEDGER}\" b WHERE b.model = '{label}' AND b.object_id = n.pgh_obj_id"
        f" AND b.huvudman_ids <> {NO_IDS} ORDER BY b.event_id DESC LIMIT 1)"
    )
    return f"""
      INSERT INTO "{LEDGER}" (uuid, at, request_id, face, user_id, kind, model, object_id, object_uuid,
        root_model, root_uuid, owner_model, owner_id, event_id, previous_id, huvudman_ids, now_ids)
      SELECT gen_random_uuid(), n.pgh_created_at, n.pgh_context_id, coalesce(n.pgh_context->>'face', ''),
        (n.pgh_context->>'user')::bigint, n.pgh_label, '{label}', n.pgh_obj_id, n.uuid,
        '{root_of(model)._meta.label}', {root_uuid}, {owner_model}, coalesce({owner_id}, n.pgh_obj_id), n.pgh_id,
        (SELECT max(b.pgh_id) FROM "{table}" b WHERE b.pgh_obj_id = n.pgh_obj_id AND b.pgh_id < n.pgh_id),
        CASE WHEN n.pgh_label = 'delete' AND coalesce(o.ids, {NO_IDS}) = {NO_IDS} THEN coalesce({last}, {NO_IDS})
          ELSE coalesce(o.ids, {NO_IDS}) END,
        CASE WHEN n.pgh_label <> 'delete' THEN coalesce(o.ids, {NO_IDS}) END
      FROM {source} n CROSS JOIN LATERAL (SELECT {ids} AS ids) o ORDER BY n.pgh_id;"""


def _follow(model, matching: str) -> str:
    """Earlier rows of the ledger learn whose the row is now, where the event changed that."""
    label = model._meta.label
    return f"""
      UPDATE "{LEDGER}" c SET now_ids = l.now_ids
      FROM new_rows n
      JOIN "{LEDGER}" l ON l.model = '{label}' AND l.object_id = n.pgh_obj_id AND l.event_id = n.pgh_id
      JOIN "{LEDGER}" b ON b.model = '{label}' AND b.object_id = n.pgh_obj_id AND b.event_id = l.previous_id
      WHERE {matching} AND c.now_ids IS DISTINCT FROM l.now_ids AND (
        b.huvudman_ids IS DISTINCT FROM l.huvudman_ids OR l.now_ids IS NULL OR b.now_ids IS NULL
        OR (b.owner_model, b.owner_id) IS DISTINCT FROM (l.owner_model, l.owner_id));"""


def ledger_sql(events: dict) -> str:
    """Functions and triggers for all history tables, and rows for events that were written before them."""
    owners = {owner for model in events for owner in owner_models(model)}
    out = [reference_changes_sql(events)]
    for model, event in events.items():
        table, label = event._meta.db_table, model._meta.label
        # What belongs to it first: the second update takes away what the first one compares with.
        follow = _follow(model, f"c.model = '{label}' AND c.object_id = n.pgh_obj_id")
        if model in owners:
            parts = f"c.owner_model = '{label}' AND c.owner_id = n.pgh_obj_id AND c.now_ids IS NOT NULL"
            follow = _follow(model, f"{parts} AND c.model <> '{label}'") + follow
        out.append(f"""
        CREATE OR REPLACE FUNCTION sbs_ledger_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN {_insert(model, event, events, "new_rows")}{follow}
          RETURN NULL;
        END $$;
        DROP TRIGGER IF EXISTS sbs_ledger ON "{table}";
        CREATE TRIGGER sbs_ledger AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS new_rows
          FOR EACH STATEMENT EXECUTE FUNCTION sbs_ledger_{table}();
        """)
    return "\n".join([*out, *untold_sql(events)])


def untold_sql(events: dict) -> list[str]:
    """For each history table, a statement that gives the ledger what it has not been told of it yet."""
    out = []
    for model, event in events.items():
        written = (
            f"(SELECT coalesce(max(w.event_id), 0) FROM \"{LEDGER}\" w WHERE w.model = '{model._meta.label}')"
        )
        source = f'(SELECT * FROM "{event._meta.db_table}" WHERE pgh_id > {written})'
        out.append(_insert(model, event, events, source))
    return out


def owner_models(model) -> set:
    """Models that rows of this one may belong through."""
    scoping: Scoping = model.scoping
    name = scoping.parent or scoping.or_parent
    if not name:
        return set()
    parent = model._meta.get_field(name).related_model
    return {parent} | owner_models(parent)


def reference_changes_sql(events: dict) -> str:
    """A function that tells anyone which rows of reference tables have changed, and nothing of by whom."""
    labels = sorted(model._meta.label for model in events if model.scoping.kind == "reference")
    return f"""
    CREATE OR REPLACE FUNCTION sbs_reference_changes(label text, since timestamptz)
    RETURNS TABLE (object_id bigint, object_uuid uuid) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
      SELECT DISTINCT c.object_id, c.object_uuid FROM "{LEDGER}" c
       WHERE c.model = label AND c.at >= since AND c.model = ANY ('{{{",".join(labels)}}}')
    $$;"""


def ledger_grants() -> str:
    """The ledger is read by the web and written by its triggers."""
    table = apps.get_model("audit", "Change")._meta.db_table
    return f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM sbs_app, sbs_national;'
