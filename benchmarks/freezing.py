"""Measure freezing the charges of all organizations for invoices, against writing rows in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from statistics import median

from django.db import connection, transaction

from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from benchmarks.statements import DifferentError, statement_of
from benchmarks.totals import parameters_of, sql_of
from organizations.models import Organization
from usage.statements.freezing import freeze, lines_of
from usage.statements.price_list import all_tariffs

RUNS = 3
ONE_LIMIT, TWO_LIMIT, MEMORY_LIMIT = 1.0, 0.6, 400e6
COMPARED = 20
_WHAT = "charges frozen"

_FILES = """
    CREATE TABLE benchmark_file (
        organization_id bigint, currency text, content bytea, size bigint, sha256 text,
        PRIMARY KEY (organization_id, currency)
    );
    -- The content is compressed already.
    ALTER TABLE benchmark_file ALTER content SET STORAGE EXTERNAL
"""
# The columns of usages.csv, with the cheapest key.
_ROWS = """
    CREATE TABLE benchmark_charge (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization text, camera text,
        title text, tariff text, currency text, month date, price numeric, "from" timestamptz,
        "to" timestamptz, used bigint, trial bigint, billable bigint, month_length bigint,
        unit text, amount numeric, billable_before bigint
    )
"""
_INSERT = f"WITH {sql_of('pieces')}{sql_of('charges')}"


def measure(organizations: Sequence[Organization], cameras: int) -> Iterator[Figure]:
    """Measure the organizations, which have `cameras` cameras in total."""
    one, two, sql, memory = _measured(organizations)
    _compare(organizations[:COMPARED])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE benchmark_file, benchmark_charge")
    size = f"{len(organizations):,} organizations, {cameras:,} cameras"
    rows = f"{milliseconds(sql)} for rows in SQL"
    yield Figure(_WHAT, size, milliseconds(one), f"{ONE_LIMIT:g} × {rows}", one / sql / ONE_LIMIT)
    yield Figure(
        _WHAT, "on 2 processes", milliseconds(two), f"{TWO_LIMIT:g} × {rows}", two / sql / TWO_LIMIT
    )
    yield Figure(_WHAT, "memory", megabytes(memory), "under 400 MB", memory / MEMORY_LIMIT)


def _measured(organizations: Sequence[Organization]) -> tuple[float, float, float, int]:
    """Return the times of one process, of two, and of SQL, in seconds, and the peak memory."""
    ones, twos, sqls, memories = [], [], [], []
    for _ in range(RUNS):
        make_tables()
        ((one, memory),) = in_processes(_freeze_all, [(organizations,)])
        make_tables()
        halves = in_processes(_freeze_all, [(organizations[::2],), (organizations[1::2],)])
        ((sql, _),) = in_processes(write_rows, [(organizations,)])
        ones.append(one)
        twos.append(max(time for time, _ in halves))
        sqls.append(sql)
        memories.append(memory)
    return median(ones), median(twos), median(sqls), max(memories)


def make_tables() -> None:
    """Create empty tables; drop any that exist."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_file, benchmark_charge")
        cursor.execute(_FILES)
        cursor.execute(_ROWS)


def _freeze_all(organizations: Sequence[Organization]) -> float:
    connection.ensure_connection()
    return seconds(partial(_freeze_each, organizations))


def _freeze_each(organizations: Sequence[Organization]) -> None:
    tariffs = all_tariffs()
    for organization in organizations:
        with transaction.atomic(), connection.cursor() as cursor:
            for currency, frozen in freeze(statement_of(organization, tariffs)).items():
                cursor.execute(
                    "INSERT INTO benchmark_file VALUES (%s, %s, %s, %s, %s)",
                    [organization.pk, currency, frozen.content, frozen.size, frozen.sha256],
                )


def write_rows(organizations: Sequence[Organization], statement: str = _INSERT) -> float:
    """Let PostgreSQL write the rows; return the time in seconds, without preparing the rates."""
    with connection.cursor() as cursor:
        for table in ("rate", "period"):
            for number, organization in enumerate(organizations):
                into = f"INSERT INTO {table}" if number else f"CREATE TEMPORARY TABLE {table} AS"
                cursor.execute(
                    f"{into} {sql_of('rates')} SELECT * FROM {table}",
                    parameters_of(statement_of(organization)),
                )
            cursor.execute(f"ANALYZE {table}")
        keys = [organization.pk for organization in organizations]
        return seconds(partial(cursor.execute, statement, {"organizations": keys}))


def _compare(organizations: Sequence[Organization]) -> None:
    """Check that frozen lines have the same cameras, tariffs, times and amounts as the rows."""
    for organization in organizations:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT camera, tariff, month_length, used, trial, amount"
                " FROM benchmark_charge WHERE organization = %s ",
                [organization.title],
            )
            rows = cursor.fetchall()
        lines = [
            (line[1], line[3], *map(int, line[12:13] + line[9:11]), _amount(line[14]))
            for frozen in freeze(statement_of(organization)).values()
            for line in lines_of(frozen.content)
        ]
        if not rows or sorted(rows, key=str) != sorted(lines, key=str):
            raise DifferentError(organization)


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None
