"""Price usage that is planned but not stored, to show what a correction would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple

from rating.pricing import Counted
from usage.statements import usage_query
from usage.statements.statement import Statement
from usage.statements.usage_query import Row


class MonthSum(NamedTuple):
    """The charges of a month in a currency: their sum in minor units, and how many are unpriced."""

    minor: int = 0
    unpriced: int = 0


MonthSums = dict[tuple[date, str], MonthSum]
"""Sums by the first date of the month and the currency code."""


def monthly_sums(
    statement: Statement, planned: Mapping[int, Sequence[Row]] | None = None
) -> MonthSums:
    """Add up the charges of a statement by month and currency.

    `planned` are the rows of some cameras, by camera id and in order of time, that take the place
    of the stored ones.
    """
    sums: MonthSums = {}
    if statement.schedule.starts_at >= statement.schedule.ends_at:
        return sums
    rows = _rows(statement, planned or {})
    pieces = statement.schedule.pieces(rows, Counted())
    for _camera, segment, *_, minor in pieces:
        key = segment.rate.month, segment.rate.currency
        known = sums.get(key) or MonthSum()
        sums[key] = MonthSum(known.minor + (minor or 0), known.unpriced + (minor is None))
    return sums


def _rows(statement: Statement, planned: Mapping[int, Sequence[Row]]) -> Iterator[Row]:
    stored = usage_query.fetch(*statement.query_values)
    kept = (row for row in stored if row[0] not in planned)
    starts_at, ends_at = statement.schedule.reads_from, statement.schedule.ends_at
    instead = (
        row
        for rows in planned.values()
        for row in rows
        if row[2] < ends_at and (row[3] is None or row[3] > starts_at)
    )
    return chain(kept, instead)
