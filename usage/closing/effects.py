"""Find out what closing an organization would change, to show it first."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from organizations.models import Organization
from rating.money import Amount
from rating.periods import ONE_DAY, Period
from tariffs.affected_invoices import AffectedInvoices
from usage.models import UsageInterval
from usage.statements.statement import statement_for


@dataclass(frozen=True, slots=True)
class Closing:
    """The effects of closing an organization after `last_on`, at the instant `closed_at`.

    `camera_count` cameras are in use. `unbilled` are the charges so far, by currency, for usage
    after the date. `affected` are the invoices for time after the date.
    """

    last_on: date
    closed_at: datetime
    is_over: bool
    camera_count: int
    unbilled: Sequence[Amount]
    affected: AffectedInvoices

    @property
    def seen(self) -> str:
        """The form value by which a person confirms having seen this."""
        return f"{self.last_on} {self.affected.agreed}"


def closing_of(organization: Organization, last_on: date, now: datetime) -> Closing:
    """Return the effects of closing an organization after a date."""
    closed_at = organization.start_of(last_on + ONE_DAY)
    is_over = closed_at <= now
    return Closing(
        last_on=last_on,
        closed_at=closed_at,
        is_over=is_over,
        camera_count=UsageInterval.objects.in_use_by(organization.pk).count(),
        unbilled=_billed_between(organization, last_on + ONE_DAY, now) if is_over else (),
        affected=AffectedInvoices.by_usage({organization.pk: (closed_at, None)}),
    )


def reopening_of(organization: Organization, now: datetime) -> AffectedInvoices:
    """Return the invoices for time in which recorded usage would be billed again."""
    closed_at = organization.closed_at
    recorded = organization.usage_intervals.order_by()
    if closed_at is None or not recorded.overlapping(closed_at, None).exists():
        return AffectedInvoices(())
    return AffectedInvoices.by_usage({organization.pk: (closed_at, None)})


def _billed_between(organization: Organization, start: date, now: datetime) -> list[Amount]:
    """Return the charges from a date until now, as if the organization were open."""
    reopened = copy(organization)
    reopened.closed_at = None
    until = organization.date_at(now) + ONE_DAY
    if start >= until:
        return []
    statement = statement_for(organization=reopened, period=Period(start, until), as_of=now)
    return [amount for amount in statement.totals().all.amounts if amount]
