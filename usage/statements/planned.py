"""Price usage that is planned but not stored, to show what a correction would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import NamedTuple

from rating.agreement.volume import VolumeCount, has_steps
from rating.line_sums import LineSums
from rating.pricing import Counted
from usage.statements.statement import Statement
from usage.statements.usage_query import PlannedRow, Row


class MonthSum(NamedTuple):
    """What a month comes to before credits, in minor units, and how many charges are unpriced."""

    minor: int = 0
    unpriced: int = 0


MonthSums = dict[tuple[date, str], MonthSum]
"""Sums by the first date of the month and the currency code."""


def monthly_sums(
    statement: Statement, planned: Mapping[int, Sequence[PlannedRow]] | None = None
) -> MonthSums:
    """Return what a statement comes to by month and currency, each month on its own.

    `planned` are the rows of some cameras, by camera id and in order of time, that take the place
    of the stored ones; the statement has those that it would have if they were stored.
    """
    instead = {pk: list(statement.source.of(rows)) for pk, rows in (planned or {}).items()}
    statement = _with_volume(statement, instead)
    schedule, sums = statement.schedule, LineSums()
    if schedule.starts_at < schedule.ends_at:
        rows = _rows(statement, instead, schedule.reads_from, schedule.ends_at)
        sums.add_all(schedule.pieces(rows, Counted()))
    return {
        (month, bill.currency): MonthSum(of_month.charged, of_month.unpriced)
        for bill in statement.bills(sums.values())
        for month, of_month in bill.by_month().items()
    }


def _with_volume(statement: Statement, planned: Mapping[int, Sequence[Row]]) -> Statement:
    """Return the statement with the prices by the volume of planned usage."""
    terms = statement.schedule.terms.values()
    stepped = {each.tariff_id for each in terms if has_steps([each])}
    used = {row[1] for rows in planned.values() for row in rows}
    if not planned or (statement.camera_months is None and not stepped & used):
        return statement
    count = VolumeCount(statement.schedule)
    count.add_all(_rows(statement, planned, count.reads_from, count.reads_until))
    return statement.with_camera_months(count.camera_months())


def _rows(
    statement: Statement, planned: Mapping[int, Sequence[Row]], starts_at: int, ends_at: int
) -> Iterator[Row]:
    instants = (datetime.fromtimestamp(each, UTC) for each in (starts_at, ends_at))
    stored = statement.source.fetch(*instants)
    kept = (row for row in stored if row[0] not in planned)
    instead = (
        row
        for rows in planned.values()
        for row in rows
        if row[2] < ends_at and (row[3] is None or row[3] > starts_at)
    )
    return chain(kept, instead)
