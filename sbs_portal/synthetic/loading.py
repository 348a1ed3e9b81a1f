"""Puts the country into the database: COPY, with the history the rows would have left.

The triggers rest meanwhile; what they would have written is written with the rows (history tables), by the ledger's
and kept columns' own statements, or is on the rows already (versions, huvudman_ids, protected accounts). Constraints
and foreign keys hold as always.
"""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from sbs_portal.audit.subjects import subject_kinds
from sbs_portal.db.kept import bring_in_line_sql
from sbs_portal.db.ledger import LEDGER, untold_sql
from sbs_portal.db.security import domain_models, event_models
from sbs_portal.synthetic.country import country
from sbs_portal.synthetic.plan import Place
from sbs_portal.synthetic.rows import Batch, Row
from schools.models import Municipality, SchoolCalendar

NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# What the rows of the country are in, each after what it points at.
TABLES = (
    "accounts.User",
    "programmes.Programme",
    "programmes.Cohort",
    "programmes.FocusArea",
    "audit.Source",
    "schools.Provider",
    "schools.SchoolCalendar",
    "schools.SchoolBreak",
    "schools.Huvudman",
    "schools.Administration",
    "schools.SchoolUnit",
    "schools.SchoolUnitVersion",
    "schools.UnitAlias",
    "schools.UnitSuccession",
    "schools.Person",
    "schools.RoleAssignment",
    "schools.Access",
    "programmes.Participation",
    "programmes.StatusChange",
    "programmes.RegistrationStep",
    "programmes.ParticipatingUnit",
    "programmes.ParticipationPhase",
    "programmes.ParticipationFocus",
    "programmes.Agreement",
    "programmes.Support",
    "programmes.ParticipationAssignment",
    "programmes.TermPause",
    "programmes.TermExtension",
    "audit.Statement",
    "audit.JournalEntry",
    "seminars.MeetingSeries",
    "seminars.SeriesAttendee",
    "seminars.Meeting",
    "seminars.MeetingParticipation",
    "seminars.MeetingUnit",
    "seminars.Attendance",
    "seminars.Outcome",
    "seminars.Seminar",
    "seminars.SeminarHuvudman",
    "seminars.Session",
    "seminars.Presentation",
    "seminars.ReflectionWord",
    "seminars.Lesson",
    "seminars.Delegation",
    "seminars.Delegate",
    "seminars.SeminarUnit",
)


def _array(value: list) -> str:
    return "{" + ",".join(str(item) for item in value) + "}"


# How COPY reads a value, by its type.
AS_TEXT: dict[type, Callable[[object], str]] = {
    type(None): lambda value: NULL,
    bool: lambda value: "t" if value else "f",
    str: lambda value: value.translate(ESCAPES),
    int: str,
    Decimal: str,
    UUID: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    list: _array,
    dict: lambda value: json.dumps(value).translate(ESCAPES),
}


def as_text(value: object) -> str:
    """A value as COPY reads it; one of a choice is its text."""
    return AS_TEXT[str if isinstance(value, str) else type(value)](value)


@dataclass(frozen=True)
class Table:
    """A table of the country and its history table, as COPY writes them."""

    model: type[models.Model]
    columns: tuple[str, ...]
    defaults: dict[str, str]
    event: type[models.Model] | None
    event_columns: tuple[str, ...]

    @classmethod
    def of(cls, label: str) -> "Table":
        model = apps.get_model(label)
        fields = [
            field
            for field in model._meta.concrete_fields
            if field.column and not isinstance(field, models.GeneratedField)
        ]
        event = event_models().get(model)
        kept = {field.column for field in event._meta.concrete_fields} if event else set()
        return cls(
            model,
            tuple(field.column for field in fields),
            {field.column: _default(field) for field in fields},
            event,
            tuple(field.column for field in fields if field.column in kept),
        )

    @property
    def names(self) -> list[str]:
        """The tables in the database: its own, and its history's."""
        return [model._meta.db_table for model in (self.model, self.event) if model]

    def copy(self, cursor, rows: list[Row]) -> None:
        """The rows, and of each one event, or two where it was changed."""
        lines, events = io.StringIO(), io.StringIO()
        for row in rows:
            told = self.defaults | {column: as_text(value) for column, value in row.values.items()}
            lines.write("\t".join([told[column] for column in self.columns]) + "\n")
            if self.event:
                for line in self._events(row, told):
                    events.write("\t".join(line) + "\n")
        _copy(cursor, self.model, self.columns, lines)
        if self.event:
            _copy(cursor, self.event, (*EVENT_COLUMNS, *self.event_columns), events)

    def _events(self, row: Row, told: dict[str, str]) -> Iterator[list[str]]:
        entered, changed = told["created_at"], told["updated_at"]
        context = json.dumps({"face": "browser" if row.by else "job", "user": row.by})
        if row.before is None:
            yield [
                entered,
                "insert",
                NULL,
                context,
                told["id"],
                *(told[column] for column in self.event_columns),
            ]
            return
        first = told | {column: as_text(value) for column, value in row.before.items()}
        yield [
            entered,
            "insert",
            changed,
            context,
            told["id"],
            *(first[column] for column in self.event_columns),
        ]
        yield [changed, "update", NULL, context, told["id"], *(told[column] for column in self.event_columns)]


EVENT_COLUMNS = ("pgh_created_at", "pgh_label", "superseded_at", "pgh_context", "pgh_obj_id")


def _default(field: models.Field) -> str:
    """What a row that says nothing of the column has. What depends on the moment every row says itself."""
    if field.primary_key or (
        field.has_default() and callable(field.default) and field.default not in (list, dict)
    ):
        return ""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return ""
    return as_text(field.get_default())


def _copy(cursor, model, columns: Iterable[str], lines: io.StringIO) -> None:
    lines.seek(0)
    quoted = ", ".join(f'"{column}"' for column in columns)
    cursor.copy_expert(f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN', lines)


def load(*, factor: float, seed: int, day: date) -> Counter:
    """The country into the database, all of it or nothing. Returns the number of rows by table.

    The caller is connected as the owner (``as_owner``) and in no transaction. Who else writes waits meanwhile.
    """
    made: Counter = Counter()
    tables = {label: Table.of(label) for label in TABLES}
    names = [name for table in tables.values() for name in table.names]
    with transaction.atomic(), connection.cursor() as cursor:
        _triggers(cursor, names, "DISABLE")
        # Foreign keys are checked with each COPY, and not millions at the end.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        batches = country(
            factor=factor,
            day=day,
            seed=seed,
            places=_places(),
            first_ids={label: _first_id(cursor, table.model) for label, table in tables.items()},
            subject_types=_subject_types(),
        )
        for batch in batches:
            _copy_batch(cursor, tables, batch, made)
        for table in tables.values():
            _number_on(cursor, table.model)
        cursor.execute(bring_in_line_sql(domain_models()))
        cursor.execute(f"ANALYZE {_listed(names)}")
        with _without_indexes(cursor, LEDGER, but="change_row"):
            for statement in untold_sql(event_models()):
                cursor.execute(statement)
        _triggers(cursor, names, "ENABLE")
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {_listed([*names, LEDGER])}")
    return made


def _copy_batch(cursor, tables: dict[str, Table], batch: Batch, made: Counter) -> None:
    if unknown := batch.keys() - tables.keys():
        raise TypeError(f"The country has rows of {sorted(unknown)}, which are not loaded.")
    for label, table in tables.items():
        if rows := batch.get(label):
            table.copy(cursor, rows)
            made[label] += len(rows)


@contextmanager
def _without_indexes(cursor, table: str, *, but: str) -> Iterator[None]:
    """Millions of rows are indexed in half the time afterwards. What keeps rows unique stays, and one that is read."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname <> %s"
        " AND indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [table, but],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _, definition in found:
        cursor.execute(definition)


def _triggers(cursor, names: list[str], verb: str) -> None:
    for name in names:
        cursor.execute(f'ALTER TABLE "{name}" {verb} TRIGGER USER')


def _listed(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sequence(model) -> str:
    return f"pg_get_serial_sequence('{model._meta.db_table}', 'id')"


def _first_id(cursor, model) -> int:
    cursor.execute(f"SELECT coalesce(pg_sequence_last_value({_sequence(model)}::regclass), 0) + 1")
    return cursor.fetchone()[0]


def _number_on(cursor, model) -> None:
    """What is added next is numbered after the country's rows."""
    table = model._meta.db_table
    cursor.execute(
        f'SELECT setval({_sequence(model)}, m) FROM (SELECT max(id) m FROM "{table}") t WHERE m > 0'
    )


def _places() -> list[Place]:
    entered = set(SchoolCalendar.objects.values_list("municipality_id", flat=True))
    rows = Municipality.objects.order_by("code").values_list("pk", "code")
    return [Place(pk, code, is_free=pk not in entered) for pk, code in rows]


def _subject_types() -> dict[str, int]:
    models_ = [kind.model for kind in subject_kinds()]
    return {model._meta.label: ContentType.objects.get_for_model(model).pk for model in models_}
