"""The totals of a statement from one SQL statement: a third reading of docs/pricing.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from rating.money import minor_digits
from rating.periods import epoch
from rating.totals import ChargeSum
from tariffs.models import Tariff
from usage.statements.statement import Statement


def sql_of(name: str) -> str:
    """Return the text of a file of SQL."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


SQL = f"{sql_of('rates')},\n{sql_of('pieces')}{sql_of('totals')}"


class Row(NamedTuple):
    """The totals of a tariff, or of all (no tariff), each in its own units added up."""

    tariff_id: int | None
    cameras: int
    charges: int
    unpriced: int
    billable: int
    trial: int
    minor: int


def parameters_of(statement: Statement) -> dict[str, Any]:
    """Return what the SQL of a statement is asked."""
    currencies = Tariff.objects.values_list("currency", flat=True).distinct()
    return {
        "organization": statement.organization.pk,
        "organizations": [statement.organization.pk],
        "first": statement.period.start,
        "last": statement.period.last,
        "as_of": epoch(statement.as_of),
        "digits": json.dumps({code: minor_digits(code) for code in currencies}),
    }


def totals_by_sql(statement: Statement) -> list[Row]:
    """Return what PostgreSQL comes to for the question of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters_of(statement))
        rows = [Row(*row) for row in cursor.fetchall()]
    # Without any charge SQL has one row, of all, whose sums are null.
    return [Row(row.tariff_id, *map(int, row[1:])) for row in rows if row.charges]


def totals_by_engine(statement: Statement) -> list[Row]:
    """Return the same of the statement itself."""
    totals = statement.totals()
    by_tariff = sorted(totals.by_tariff.items())
    rows = [_row(tariff_id, sums) for tariff_id, sums in by_tariff]
    return [*rows, _row(None, totals.all)] if rows else []


def _row(tariff_id: int | None, sums: ChargeSum) -> Row:
    return Row(
        tariff_id,
        sums.cameras,
        sums.charges,
        sums.unpriced,
        sums.billable_seconds + sums.billable_days,
        sums.trial_seconds + sums.trial_days,
        sum(sums.minor.values()),
    )
