"""Create months or years of data: usage, invoices, payments, deliveries, runs and the audit trail.

    with empty_database():
        years.fill(organizations=100_000, cameras=1_000_000, months=36)

The statements of years.sql write it set by set, two at a time. Triggers do not fire, foreign keys
are not checked, and indexes are built afterwards. The exclusion constraints are not restored: that
would take longer than everything else, and no page reads their indexes. To keep a database for
other measurements:

    python -m benchmarks.years billing_years --organizations 10000 --cameras 100000 --months 36
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

_STATEMENTS = Path(__file__).with_name("years.sql")
_NEXT_STAGE, _BETWEEN = "-- next stage\n", ";\n\n"
_CONNECTIONS = 2

_SIZE = """
    CREATE UNLOGGED TABLE size AS
    SELECT %(organizations)s::bigint AS organizations, %(cameras)s::bigint AS cameras,
        %(months)s::integer AS months,
        (date '2026-11-01' - %(months)s * interval '1 month')::date AS since,
        greatest(2, %(months)s * 8 / 36) AS intervals,
        (SELECT min(id) FROM organizations_organization) AS first_organization,
        (SELECT min(id) FROM tariffs_tariff) AS first_tariff
"""
# Those of no constraint; also of tables that are hardly filled, which costs nothing.
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND relname ~ '^(usage|invoices|payments)_'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY indexrelid
"""
_EXCLUSIONS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'x' AND connamespace = 'public'::regnamespace
"""
_RECOUNTS = (
    "invoices_recount_tallies",
    "invoices_recount_runs",
    "usage_recount_tariffs",
    "invoices_recount_uninvoiced",
)
_TABLES = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY pg_relation_size(oid) DESC
"""
_SEQUENCES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES'
        AND table_name ~ '^(usage|invoices|payments)_'
"""


def fill(*, organizations: int, cameras: int, months: int) -> None:
    """Fill an empty database with months of data, the last of which is `data.MONTH`.

    Each organization has an owner, cameras by turns and an invoice a month. Three years have 8
    intervals of each camera.
    """
    from benchmarks import data

    data.add_provider(owners=organizations, organizations=organizations)
    with connection.cursor() as cursor:
        cursor.execute(
            _SIZE, {"organizations": organizations, "cameras": cameras, "months": months}
        )
        indexes = _drop_indexes(cursor)
        functions, *stages = _STATEMENTS.read_text("utf-8").split(_NEXT_STAGE)
        cursor.execute(functions)
        for stage in stages:
            _execute_all(stage.split(_BETWEEN))
        _execute_all(indexes)
        _execute_all([f"SELECT {recount}()" for recount in _RECOUNTS])
        cursor.execute("DROP TABLE size, bill")
        cursor.execute("DROP FUNCTION benchmark_chance, benchmark_change_at")
        _count_up(cursor)
        cursor.execute(_TABLES)
        _execute_all([f"VACUUM (ANALYZE) {table}" for (table,) in cursor.fetchall()])


def _drop_indexes(cursor: CursorWrapper) -> list[str]:
    """Drop exclusion constraints and the indexes of no constraint; return statements for these."""
    cursor.execute(_INDEXES)
    indexes = cursor.fetchall()
    cursor.execute(_EXCLUSIONS)
    for table, name in cursor.fetchall():
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes]


def _execute_all(statements: Sequence[str]) -> None:
    """Execute statements that do not depend on each other, a few at once, without triggers."""
    waiting = deque(statements)

    def work() -> None:
        with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
            own.execute("SET session_replication_role = replica")
            own.execute("SET maintenance_work_mem = '1GB'")
            own.execute("SET synchronous_commit = off")
            with suppress(IndexError):
                while True:
                    own.execute(waiting.popleft())

    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        for done in [threads.submit(work) for _ in range(_CONNECTIONS)]:
            done.result()


def _count_up(cursor: CursorWrapper) -> None:
    """Let the sequences of ids continue after those that were given."""
    cursor.execute(_SEQUENCES)
    for table, column in cursor.fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column}))"
            f" FROM {table}"
        )


def main() -> int:
    """Create a database with a name, which must not exist, and fill it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--organizations", type=int, default=10_000)
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=36)
    sizes = vars(parser.parse_args())
    name = sizes.pop("name")
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()
    connection.settings_dict["NAME"] = name
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill(**sizes)
    print(f"{name}: {time.perf_counter() - begin:,.0f} s")
    return 0


if __name__ == "__main__":
    import benchmarks.__main__  # noqa: F401 (chooses the server and sets Django up)

    sys.exit(main())
