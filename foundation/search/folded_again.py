"""Migrations of tables that hold folded texts, after `search_text` has changed."""

from collections.abc import Sequence

from django.db.migrations import RunSQL

# Most texts have none of the letters that are folded in another way now.
_CHANGED = r"[^\u0001-\u0125\u0300-\u1cff]"


def folded_again(table: str, columns: Sequence[str], *, index: str = "") -> RunSQL:
    """Return an operation that folds texts again where that may change them.

    The table has a column `folded` of these `columns`; if it has none, name the `index` of them,
    which is built again. The table is read once: a second for a million rows.
    """
    texts = " || ' ' || ".join(columns)
    changed = f"WHERE {texts} ~ '{_CHANGED}'"
    if not index:
        return RunSQL(f"UPDATE {table} SET {columns[0]} = {columns[0]} {changed}", RunSQL.noop)
    return RunSQL(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM {table} {changed}) THEN"
        f" REINDEX INDEX {index}; END IF; END $$",
        RunSQL.noop,
    )
