"""The kind of the search indexes: of pg_trgm where the server has it, otherwise of our own pieces.

Both hold pieces of the same folded texts, and a search compares what they find with these texts, so
it finds the same. Migrations and models only know our own kind. After every `migrate`, the indexes
are brought to what the server has, under the same names, so that a database can be restored to
another server, and a later migration can remove an index. docs/decisions/search.md
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.apps import apps as present_apps
from django.apps.registry import Apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from foundation.audit.sql_files import read_sql
from foundation.search import migrations
from foundation.search.index import Trigrams

logger = logging.getLogger(__name__)

# By the operator class of the indexes.
_OWN, _PG_TRGM = "array_ops", "gin_trgm_ops"
_HAS_PIECES = {
    _OWN: read_sql(migrations.__file__, "0003_has_pieces.sql"),
    # A needle has no characters with a meaning in LIKE.
    _PG_TRGM: """
        CREATE FUNCTION search_has_pieces(folded text, needle text) RETURNS boolean
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN folded LIKE '%' || needle || '%'
    """,
}
_IS_INSTALLED = """
    SELECT quote_ident(nspname)
    FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
    WHERE extname = 'pg_trgm'
"""
_IS_AVAILABLE = "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')"
_KINDS = """
    SELECT relname, opcname
    FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_opclass ON pg_opclass.oid = indclass[0]
    WHERE relname = ANY(%s) AND relnamespace = current_schema()::regnamespace
"""


def keep_indexes(*, using: str, apps: Apps = present_apps, **_signal: Any) -> None:
    """Bring the search indexes to what the server has; a receiver of `post_migrate`.

    `apps` are those of the migrations that have run. Creating the index of a million rows blocks
    changes of its table for some ten seconds.
    """
    connection = connections[using]
    schema = _schema_of_pg_trgm(connection)
    wanted = _OWN if schema is None else _PG_TRGM
    indexes = list(_search_indexes(apps))
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [[index.name for _, index in indexes]])
        kinds = dict(cursor.fetchall())
        cursor.execute("SELECT to_regproc('search_has_pieces')")
        (function,) = cursor.fetchone()
    other = [each for each in indexes if kinds.get(each[1].name) != wanted]
    if not other or function is None:
        return
    with transaction.atomic(using=using), connection.schema_editor() as editor:
        for model, index in other:
            kind = index if schema is None else _of_pg_trgm(index, schema)
            editor.remove_index(model, index)
            editor.add_index(model, kind)
        editor.execute("DROP FUNCTION search_has_pieces")
        editor.execute(_HAS_PIECES[wanted], params=None)
    # Of expressions, PostgreSQL has statistics only for the indexes that hold them.
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model, _ in other}):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def _schema_of_pg_trgm(connection: BaseDatabaseWrapper) -> str | None:
    """Return the quoted schema of pg_trgm, which is created if the role may, or None."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_INSTALLED)
        if row := cursor.fetchone():
            return str(row[0])
        cursor.execute(_IS_AVAILABLE)
        if cursor.fetchone() != (True,):
            return None
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION pg_trgm")
        except DatabaseError as error:
            # The role may not, or the provider of the server does not allow it.
            logger.info("pg_trgm is not used: %s", error)
            return None
        cursor.execute(_IS_INSTALLED)
        return str(cursor.fetchone()[0])


def _search_indexes(apps: Apps) -> Iterator[tuple[type[models.Model], GinIndex]]:
    for model in apps.get_models():
        for index in model._meta.indexes:
            if isinstance(index, GinIndex) and any(
                isinstance(each, Trigrams) for each in index.expressions
            ):
                yield model, index


def _of_pg_trgm(index: GinIndex, schema: str) -> GinIndex:
    trigrams: Any = index.expressions[0]
    (folded,) = trigrams.get_source_expressions()
    return GinIndex(OpClass(folded, name=f"{schema}.{_PG_TRGM}"), name=index.name)
