"""The search path of functions in the database: fixed, whatever path the connection has.

pg_restore, logical replication and maintenance commands run with an empty search path. A trigger's
function that names tables without their schema would then not find them. pgtrigger, pghistory and
procrastinate write such functions, and so do our migrations. `CREATE OR REPLACE FUNCTION` removes
the setting, so it is set after every `migrate`, not in a migration.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from psycopg import sql

# PostgreSQL cannot inline a function that has a setting: calling an immutable function in SQL then
# takes six times as long. Such a function reads no table, so it needs no path.
_WITHOUT = """
    SELECT pg_proc.oid::regprocedure::text
    FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
    WHERE pronamespace = current_schema()::regnamespace
        AND prokind = 'f'
        AND (lanname = 'plpgsql' OR lanname = 'sql' AND provolatile <> 'i')
        AND NOT EXISTS (
            SELECT FROM unnest(proconfig) AS setting WHERE starts_with(setting, 'search_path=')
        )
        AND pg_has_role(proowner, 'USAGE')
        AND NOT EXISTS (
            SELECT FROM pg_depend
            WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
        )
    ORDER BY 1
"""


def functions_without_one(using: str) -> list[str]:
    """Return the signatures of the functions that need a search path and have none.

    They are in the schema in which `migrate` creates tables. The functions of an extension, or of
    another role, are not ours.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(_WITHOUT)
        return [signature for (signature,) in cursor.fetchall()]


def fix_search_path(*, using: str, **_signal: Any) -> None:
    """Set the search path of the functions that have none; a receiver of `post_migrate`.

    Each gets the schema of our tables, then that of temporary tables, which PostgreSQL would
    otherwise look through first.
    """
    without = functions_without_one(using)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = sql.Identifier(cursor.fetchone()[0])
        for signature in without:
            cursor.execute(
                sql.SQL("ALTER FUNCTION {} SET search_path = {}, pg_temp").format(
                    sql.SQL(signature),  # as PostgreSQL quotes it
                    schema,
                )
            )
