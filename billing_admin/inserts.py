"""Rows stored in half the time of `bulk_create`: what comes by the thousand in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from django.db import connection, models


def insert(objects: Sequence[models.Model]) -> None:
    """Store new objects of one model by one statement, whose text is made once for as many.

    Keys that the database is to make are None in all of the objects, and stay so. It goes past
    Django's cursors, for PostgreSQL to get the values in binary and not to read them out of the
    text; and so past `pghistory.context`, which must have told already who is at work.
    """
    if not objects:
        return
    first = objects[0]
    statement, fields = _statement_of(type(first), first.pk is not None, len(objects))
    values = [
        field.get_db_prep_save(getattr(each, field.attname), connection)
        for each in objects
        for field in fields
    ]
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)


@lru_cache
def _statement_of(
    model: type[models.Model], has_keys: bool, number: int
) -> tuple[str, Sequence[models.Field[Any, Any]]]:
    """Return the statement that stores so many objects, and the fields whose values it takes."""
    meta, quoted = model._meta, connection.ops.quote_name
    fields = [field for field in meta.concrete_fields if has_keys or not field.primary_key]
    row = f"({', '.join(['%s'] * len(fields))})"
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    rows = ", ".join([row] * number)
    return f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES {rows}", fields
