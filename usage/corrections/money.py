"""Show what a correction changes: the money of each affected month, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from organizations.models import Organization
from organizations.partners.payers import payers_of
from rating.money import Amount
from rating.periods import Period, epoch, month_of
from tariffs.affected_invoices import Span, joined
from usage.corrections.plan import Use
from usage.statements.planned import MonthSum, monthly_sums
from usage.statements.price_list import Tariffs, all_tariffs
from usage.statements.statement import statement_for
from usage.statements.usage_query import PlannedRow


class MonthMoney(NamedTuple):
    """What an organization owes for a calendar month in a currency, before and after."""

    organization: Organization
    month: date
    before: Amount
    after: Amount
    unpriced: int
    """The number of charges without a price after the correction."""

    @property
    def difference(self) -> Amount:
        """What it owes more, or less if below 0."""
        return self.after - self.before


def money_of(
    *, spans: Mapping[int, Span], uses: Mapping[int, Sequence[Use]], as_of: datetime
) -> list[MonthMoney]:
    """Return the months whose money changes, by title of the organization that is billed.

    `uses` are all intervals after the change of each camera that changes, by camera id. Only the
    months of the span of the organization that used them are compared.
    """
    tariffs, billed = all_tariffs(), payers_of(spans)
    planned = {camera: [_row(use) for use in of_camera] for camera, of_camera in uses.items()}
    organizations = Organization.objects.filter(pk__in=billed).order_by("title")
    return [
        money
        for organization in organizations
        for money in _money_of(
            organization, joined(billed[organization.pk]), planned, as_of, tariffs
        )
    ]


def _money_of(
    organization: Organization,
    span: Span,
    planned: Mapping[int, Sequence[PlannedRow]],
    as_of: datetime,
    tariffs: Tariffs,
) -> Iterator[MonthMoney]:
    statement = statement_for(
        organization=organization,
        period=months_of(organization, span, as_of),
        as_of=as_of,
        tariffs=tariffs,
    )
    before, after = monthly_sums(statement), monthly_sums(statement, planned)
    for month, currency in sorted(before.keys() | after.keys()):
        was = before.get((month, currency), MonthSum())
        becomes = after.get((month, currency), MonthSum())
        if was != becomes:
            yield MonthMoney(
                organization,
                month,
                Amount.of_minor(was.minor, currency),
                Amount.of_minor(becomes.minor, currency),
                becomes.unpriced,
            )


def months_of(organization: Organization, span: Span, as_of: datetime) -> Period:
    """Return the whole calendar months in which a span lies, up to the month of `as_of`."""
    start, end = span
    first = month_of(organization.date_at(start))
    last = month_of(organization.date_at(min(end or as_of, as_of)))
    return Period(first.start, max(first.end, last.end))


def _row(use: Use) -> PlannedRow:
    """Return an interval as statements read it."""
    return (
        use.camera_id,
        use.tariff_id,
        epoch(use.started_at),
        None if use.ended_at is None else epoch(use.ended_at),
        use.organization_id,
    )
