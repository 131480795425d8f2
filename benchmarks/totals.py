"""Calculate the totals of a statement in SQL: a third implementation of docs/pricing.md."""

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
    """Return the text of an SQL file beside this module."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


SQL = f"{sql_of('rates')},\n{sql_of('pieces')}{sql_of('totals')}"


class TotalsRow(NamedTuple):
    """The totals of one tariff or, without a tariff, of all; units are added up regardless."""

    tariff_id: int | None
    cameras: int
    charges: int
    unpriced: int
    billable: int
    trial: int
    minor: int


def parameters_of(statement: Statement) -> dict[str, Any]:
    """Return the parameters of the SQL for a statement."""
    currencies = Tariff.objects.values_list("currency", flat=True).distinct()
    return {
        "organization": statement.organization.pk,
        "organizations": [statement.organization.pk],
        "first": statement.period.start,
        "last": statement.period.last,
        "as_of": epoch(statement.as_of),
        "digits": json.dumps({code: minor_digits(code) for code in currencies}),
    }


def totals_by_sql(statement: Statement) -> list[TotalsRow]:
    """Return the totals of a statement as PostgreSQL calculates them."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, parameters_of(statement))
        rows = [TotalsRow(*row) for row in cursor.fetchall()]
    # Without any charge, SQL returns one row, the total, whose sums are null.
    return [TotalsRow(row.tariff_id, *map(int, row[1:])) for row in rows if row.charges]


def totals_by_engine(statement: Statement) -> list[TotalsRow]:
    """Return the totals of a statement as the engine calculates them."""
    totals = statement.totals()
    by_tariff = sorted(totals.by_tariff.items())
    rows = [_row(tariff_id, sums) for tariff_id, sums in by_tariff]
    return [*rows, _row(None, totals.all)] if rows else []


def _row(tariff_id: int | None, sums: ChargeSum) -> TotalsRow:
    return TotalsRow(
        tariff_id,
        sums.cameras,
        sums.charges,
        sums.unpriced,
        sums.billable_seconds + sums.billable_days,
        sums.trial_seconds + sums.trial_days,
        sum(sums.minor.values()),
    )
