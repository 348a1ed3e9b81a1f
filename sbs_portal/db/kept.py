"""Columns that repeat what a row's parent says, so that one index has both.

A model declares ``kept``; sbs_portal.db.security makes the triggers. The database alone writes such columns: they
are read of the parent whenever the row is written, and written anew when the parent changes, also in bulk and by
raw SQL. They are no part of the history: the parent's own tells it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kept:
    """What rows of the declaring model repeat of their parent.

    parent: the foreign key to it. columns: those of the same name in both. named: own column → the parent's.
    """

    parent: str
    columns: tuple[str, ...]
    named: dict[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> dict[str, str]:
        """Own column → the parent's."""
        return {column: column for column in self.columns} | self.named


def kept_columns(model) -> set[str]:
    """What the model's rows repeat of another's; none of most."""
    return set(model.kept.pairs) if hasattr(model, "kept") else set()


def _listed(row: str, columns) -> str:
    return ", ".join(f'{row}."{column}"' for column in columns)


def _brought_in_line(model, parents: str) -> str:
    """An UPDATE of the rows that do not say what these parents do."""
    kept: Kept = model.kept
    own, theirs = _listed("c", kept.pairs), _listed("p", kept.pairs.values())
    given = ", ".join(f'"{mine}" = p."{its}"' for mine, its in kept.pairs.items())
    return (
        f'UPDATE "{model._meta.db_table}" c SET {given} FROM {parents} p'
        f' WHERE c."{model._meta.get_field(kept.parent).column}" = p.id AND ({own}) IS DISTINCT FROM ({theirs});'
    )


def bring_in_line_sql(models) -> str:
    """For rows that were there before the triggers, or came while they rested."""
    parents = {model: model._meta.get_field(model.kept.parent).related_model for model in keeping(models)}
    return "\n".join(
        _brought_in_line(model, f'"{parent._meta.db_table}"') for model, parent in parents.items()
    )


def keeping(models) -> list:
    return [model for model in models if hasattr(model, "kept")]


def kept_sql(models) -> str:
    """Functions and triggers that keep the columns, and those of rows that are there already.

    A row that is added, or gets another parent, holds the parent until the end of the transaction: who changes that
    meanwhile waits, and finds the row.
    """
    out = []
    for model in keeping(models):
        kept: Kept = model.kept
        table = model._meta.db_table
        key = model._meta.get_field(kept.parent)
        parent = key.related_model._meta.db_table
        out.append(f"""
        CREATE OR REPLACE FUNCTION sbs_kept_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
          IF TG_OP = 'INSERT' OR NEW."{key.column}" IS DISTINCT FROM OLD."{key.column}" THEN
            PERFORM FROM "{parent}" p WHERE p.id = NEW."{key.column}" FOR NO KEY UPDATE;
          END IF;
          SELECT {_listed("p", kept.pairs.values())} INTO {_listed("NEW", kept.pairs)}
            FROM "{parent}" p WHERE p.id = NEW."{key.column}";
          RETURN NEW;
        END $$;
        DROP TRIGGER IF EXISTS sbs_kept ON "{table}";
        CREATE TRIGGER sbs_kept BEFORE INSERT OR UPDATE ON "{table}"
          FOR EACH ROW EXECUTE FUNCTION sbs_kept_{table}();
        CREATE OR REPLACE FUNCTION sbs_told_{table}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
          -- A statement that changed nothing is told too: without this the two tables would tell each other forever.
          IF EXISTS (SELECT FROM new_rows) THEN
            {_brought_in_line(model, "new_rows")}
          END IF;
          RETURN NULL;
        END $$;
        DROP TRIGGER IF EXISTS sbs_told_{table} ON "{parent}";
        CREATE TRIGGER sbs_told_{table} AFTER UPDATE ON "{parent}" REFERENCING NEW TABLE AS new_rows
          FOR EACH STATEMENT EXECUTE FUNCTION sbs_told_{table}();""")
    return "\n".join([*out, bring_in_line_sql(models)])
