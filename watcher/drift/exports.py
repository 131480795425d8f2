"""Export the lists of differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from foundation.lists.exports import ROWS_A_FETCH, Cell
from watcher.drift.models import Difference, ReportDifference
from watcher.drift.shown import here_of, there_of

EXPORT_COLUMNS = (
    "kind",
    "name",
    "organization",
    "organization_in_watcher",
    "here",
    "in_watcher",
    "since",
    "amount_here",
    "currency_here",
    "amount_in_watcher",
    "currency_in_watcher",
    "ignored",
    "ignored_by",
    "reason",
)
REPORT_COLUMNS = ("camera", "organization", "watcher_id", "side", "first_day", "last_day", "days")


def export_rows(differences: Any) -> Iterator[list[Cell]]:
    """Yield the cells under `EXPORT_COLUMNS`; instants are in the time zone of the page."""
    each: Difference
    for each in differences.iterator(ROWS_A_FETCH):
        yield [
            each.kind,
            each.name,
            each.organization.title if each.organization else "",
            each.tenant.title if each.tenant else "",
            ", ".join(filter(None, here_of(each))),
            ", ".join(filter(None, there_of(each))),
            timezone.localtime(each.since_at).replace(microsecond=0),
            each.here_amount,
            each.here_currency,
            each.there_amount,
            each.there_currency,
            each.ignored_at is not None,
            str(each.ignored_by or ""),
            each.ignored_reason,
        ]


def report_rows(differences: Any) -> Iterator[list[Cell]]:
    """Yield the cells under `REPORT_COLUMNS`; days are those of UTC, both inclusive."""
    each: ReportDifference
    for each in differences.iterator(ROWS_A_FETCH):
        yield [
            each.name,
            each.organization.title if each.organization else "",
            each.account_id,
            each.side,
            each.first_on,
            each.last_on,
            (each.last_on - each.first_on).days + 1,
        ]
