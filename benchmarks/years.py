"""Create months or years of data: usage, invoices, payments, deliveries, runs and the audit trail.

    with empty_database():
        years.fill(organizations=100_000, cameras=1_000_000, months=36)

The statements of years.sql write it set by set. Triggers do not fire, foreign keys are not
checked, and indexes are built afterwards. To keep it for other measurements:

    python -m benchmarks.years billing_years --organizations 10000 --cameras 100000 --months 36
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

_STATEMENTS = Path(__file__).with_name("years.sql")

_SIZE = """
    CREATE TEMP TABLE size AS
    SELECT %(organizations)s::bigint AS organizations, %(cameras)s::bigint AS cameras,
        %(months)s::integer AS months,
        (date '2026-11-01' - %(months)s * interval '1 month')::date AS since,
        greatest(2, %(months)s * 8 / 36) AS intervals,
        (SELECT min(id) FROM organizations_organization) AS first_organization,
        (SELECT min(id) FROM tariffs_tariff) AS first_tariff
"""
# Indexes that no constraint has; also those of tables that are hardly filled, which costs nothing.
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND relname ~ '^(usage|invoices|payments)_'
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
_EXCLUSIONS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'x' AND connamespace = 'public'::regnamespace
"""
_RECOUNT = """
    SELECT invoices_recount_tallies(), invoices_recount_runs(), usage_recount_tariffs()
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
        with _bare_tables(cursor):
            # Without parameters, psycopg sends all statements at once.
            cursor.execute(_STATEMENTS.read_text("utf-8"))
            cursor.execute(_RECOUNT)
        cursor.execute("DROP TABLE size")
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def _bare_tables(cursor: CursorWrapper) -> Iterator[None]:
    """Fill tables without triggers, foreign keys and indexes; then restore them.

    The exclusion constraints check all rows when they are restored, foreign keys do not.
    """
    cursor.execute(_INDEXES)
    indexes = cursor.fetchall()
    cursor.execute(_EXCLUSIONS)
    exclusions = cursor.fetchall()
    for table, name, _definition in exclusions:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("RESET session_replication_role")
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in exclusions:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    cursor.execute("RESET maintenance_work_mem")
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
