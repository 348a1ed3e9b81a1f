"""Rows of one model written together: one INSERT, or one UPDATE in which each row has values of its own."""

import re
from collections.abc import Callable, Sequence

from django.db import DatabaseError, connection, models, transaction

# What the database keeps by itself, and what is written once.
_KEPT = {"created_at", "version"}
GONE = "Uppgiften finns inte längre, eller så saknar du behörighet att ändra den."


class NotWritten(DatabaseError):
    """A row that was to be changed is not there, or not the writer's to change."""


def insert(rows: Sequence[models.Model]) -> None:
    """New rows; ids and what the database computes are set on them."""
    type(rows[0])._base_manager.bulk_create(rows)


def update(rows: Sequence[models.Model]) -> None:
    """The rows as they now stand. What triggers make of a version is set on them."""
    model = type(rows[0])
    key, name = model._meta.pk, connection.ops.quote_name
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or field.generated or field.name in _KEPT)
    ]
    returned = [
        field for field in model._meta.concrete_fields if field.primary_key or field.name == "version"
    ]
    values = ", ".join(["(" + ", ".join(map(_placeholder, [key, *fields])) + ")"] * len(rows))
    sets = ", ".join(f"{name(field.column)} = new.{name(field.column)}" for field in fields)
    columns = ", ".join(name(field.column) for field in [key, *fields])
    back = ", ".join(f"old.{name(field.column)}" for field in returned)
    sql = (
        f"UPDATE {name(model._meta.db_table)} AS old SET {sets} FROM (VALUES {values}) AS new({columns})"
        f" WHERE old.{name(key.column)} = new.{name(key.column)} RETURNING {back}"
    )
    params = [
        field.get_db_prep_save(field.pre_save(row, add=False), connection)
        for row in rows
        for field in [key, *fields]
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        became = {found[0]: found[1:] for found in cursor.fetchall()}
    for row in rows:
        if row.pk not in became:
            raise NotWritten(GONE)
        for field, value in zip(returned[1:], became[row.pk], strict=True):
            setattr(row, field.attname, value)


def _placeholder(field: models.Field) -> str:
    """A value with its type, without a limit of length: cast to varchar(9), too long a text would be cut."""
    return f"%s::{re.sub(r'[(][^)]*[)]', '', field.db_type(connection))}"


def written(write: Callable[[Sequence[models.Model]], None], rows: Sequence[models.Model]) -> list:
    """The rows, written in one statement. If it fails, each by itself, and the error of those that fail.

    What the database defers is held here too.
    """
    try:
        _settled(write, rows)
    except DatabaseError as error:
        if len(rows) == 1:
            return [error]
        return [written(write, [row])[0] for row in rows]
    return list(rows)


def _settled(write, rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        write(rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
