"""SQL files beside migrations, in which functions and triggers are laid out to be read."""

import re
from pathlib import Path

from django.db.migrations import RunSQL

_CREATED = re.compile(r"^CREATE FUNCTION ([\w.]+)\(", re.MULTILINE)


def read_sql(migration: str, name: str) -> str:
    """Return the text of the file `sql/<name>` beside a migration, which gives its `__file__`."""
    return (Path(migration).parent / "sql" / name).read_text("utf-8")


def create_functions(migration: str, name: str) -> RunSQL:
    """Return an operation that runs a file of new functions and triggers.

    Backwards it drops each function that the file creates, and with it the triggers that call it.
    What the file only replaces (`CREATE OR REPLACE`) stays: it belongs to others. A change of
    functions has no such way back by itself: give the SQL of both ways to `RunSQL`.
    """
    sql = read_sql(migration, name)
    return RunSQL(sql, f"DROP FUNCTION {', '.join(_CREATED.findall(sql))} CASCADE")
