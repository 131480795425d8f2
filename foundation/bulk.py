"""Change many rows at once, on a connection that may have changed a few before.

PostgreSQL keeps the plans of foreign keys, and of statements in trigger functions, as long as a
connection lives. A plan made for a table of a few rows reads all of them; once the table has grown,
it still does, for each row that is written. docs/decisions/imports.md has figures.
"""

from __future__ import annotations

import time
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection, models
from psycopg import Connection

# How long the connection of a worker keeps plans. A table grows by a few thousand rows meanwhile.
PLANS_KEPT_SECONDS = 10.0

# When the plans of each connection were last forgotten, or it was first seen.
_forgotten: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()


def forget_plans() -> None:
    """Make this connection plan its statements again, as a new one would; costs a round trip.

    Call it before a bulk change, and within one whenever the tables have become much larger.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def forget_old_plans() -> None:
    """Forget plans unless that was done in the last `PLANS_KEPT_SECONDS`."""
    connection.ensure_connection()
    now, this = time.monotonic(), connection.connection
    if now - _forgotten.setdefault(this, now) > PLANS_KEPT_SECONDS:
        forget_plans()
        _forgotten[this] = now


def analyze(*filled: type[models.Model]) -> None:
    """Have PostgreSQL look at tables that a bulk change has filled, without waiting for autovacuum.

    In a transaction, this keeps others from doing so until the transaction ends.
    """
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in filled)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
