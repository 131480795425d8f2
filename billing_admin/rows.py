"""Rows stored in half the time that models take: what comes by the thousand in a minute.

Statements go past Django's cursors, for PostgreSQL to get values in binary and not to read them out
of the text; and so past `pghistory.context`, which must have told already who is at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection, models

Fields = Sequence["models.Field[Any, Any]"]


def insert(*batches: Sequence[models.Model]) -> None:
    """Store new objects, each batch of one model by one statement, and wait once for all of them.

    Keys that the database is to make are None in all objects of a batch, and stay so.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        for objects in filter(None, batches):
            first = objects[0]
            text, fields = _insert(type(first), first.pk is not None, len(objects))
            with psycopg.Cursor(connection.connection) as cursor:
                cursor.execute(text, [value for each in objects for value in _values(each, fields)])


def update(stored: models.Model, *names: str) -> None:
    """Store these fields of an object that is there."""
    text, fields = _update(type(stored), names)
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(text, _values(stored, fields))


def _values(of: models.Model, fields: Fields) -> list[Any]:
    return [field.get_db_prep_save(getattr(of, field.attname), connection) for field in fields]


@lru_cache
def _insert(model: type[models.Model], has_keys: bool, number: int) -> tuple[str, Fields]:
    """Return the statement that stores so many objects, and the fields of each that it takes."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if has_keys or not field.primary_key]
    row = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    rows = ", ".join([row] * number)
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {rows}", fields


@lru_cache
def _update(model: type[models.Model], names: Sequence[str]) -> tuple[str, Fields]:
    """Return the statement that changes an object, and the fields that it takes."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if field.name in names]
    columns = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    key = quoted(str(meta.pk.column))
    return f"UPDATE {quoted(meta.db_table)} SET {columns} WHERE {key} = %s", [*fields, meta.pk]
