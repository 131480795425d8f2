"""Find out what closing an organization would change, to show it first."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from organizations.models import Organization
from organizations.partners.payers import customers_between
from rating.money import Amount
from rating.periods import ONE_DAY, Period
from tariffs.affected_invoices import AffectedInvoices
from usage.models import PlannedChange, UsageInterval
from usage.statements.statement import statement_for


@dataclass(frozen=True, slots=True)
class Recorded:
    """The charges, by currency, for usage recorded so far from a date to another, both included."""

    first_on: date
    last_on: date
    amounts: Sequence[Amount]


@dataclass(frozen=True, slots=True)
class Closing:
    """The effects of closing an organization after `last_on`, at the instant `closed_at`.

    `camera_count` cameras are in use; the use of `late_count` others began after the date.
    `planned_count` changes are planned for after the date.
    `stay_disconnected` says whether cameras can have been disconnected after an earlier date, which
    a later one does not undo. `unbilled` is no longer billed. `billed_again` is not billed
    now, because the organization is closed after an earlier date. `affected` are the invoices for
    time that either changes.
    """

    last_on: date
    closed_at: datetime
    is_over: bool
    camera_count: int
    late_count: int
    planned_count: int
    stay_disconnected: bool
    unbilled: Recorded | None
    billed_again: Recorded | None
    affected: AffectedInvoices

    @property
    def seen(self) -> str:
        """The form value by which a person confirms having seen this."""
        return f"{self.last_on} {self.affected.agreed}"


def closing_of(organization: Organization, last_on: date, now: datetime) -> Closing:
    """Return the effects of closing an organization after a date, in place of any other date."""
    closed_at = organization.start_of(last_on + ONE_DAY)
    before_on, before = organization.closed_on, organization.closed_at
    planned = PlannedChange.objects.about(organization.pk).waiting()
    in_use = UsageInterval.objects.in_use_by(organization.pk)
    late_count = in_use.filter(started_at__gte=closed_at).count()
    return Closing(
        last_on=last_on,
        closed_at=closed_at,
        is_over=closed_at <= now,
        camera_count=in_use.count() - late_count,
        late_count=late_count,
        planned_count=planned.filter(at__gte=closed_at).count(),
        stay_disconnected=before is not None and before <= now and before < closed_at,
        unbilled=_recorded(organization, last_on, before_on, now),
        billed_again=_recorded(organization, before_on, last_on, now) if before_on else None,
        affected=_affected(organization, before_on, last_on),
    )


def reopening_of(organization: Organization, now: datetime) -> AffectedInvoices:
    """Return the invoices for time in which recorded usage would be billed again."""
    closed_on = organization.closed_on
    if closed_on is None or not _has_later_charges(organization, closed_on):
        return AffectedInvoices()
    return _affected(organization, closed_on, None)


def _has_later_charges(organization: Organization, closed_on: date) -> bool:
    """Return whether reopening an organization can change what it or its customers are billed."""
    later = organization.start_of(closed_on + ONE_DAY)
    terms = (organization.fees, organization.minimums, organization.customers)
    return organization.usage_intervals.order_by().overlapping(later, None).exists() or any(
        each.not_over(closed_on + ONE_DAY).exists() for each in terms
    )


def _affected(
    organization: Organization, before_on: date | None, last_on: date | None
) -> AffectedInvoices:
    """Return the invoices for the time between two last days; None is no last day.

    Its customers are billed themselves after the last day of a partner.
    """
    if before_on == last_on:
        return AffectedInvoices()
    first, *other = sorted(each for each in (before_on, last_on) if each)
    dates = Period.since(first + ONE_DAY, *other)
    own = {
        organization.pk: (
            organization.start_of(dates.start),
            organization.start_of(dates.end) if other else None,
        )
    }
    customers = customers_between(organization, dates)
    return AffectedInvoices.by_change(usage=own, terms={**customers, **own})


def _recorded(
    organization: Organization, after: date, last_on: date | None, now: datetime
) -> Recorded | None:
    """Return the charges after a date until another or now, as if the organization were open.

    Return None if there are none.
    """
    today = organization.date_at(now)
    last_on = today if last_on is None else min(last_on, today)
    if after >= last_on:
        return None
    reopened = copy(organization)
    reopened.closed_at = None
    period = Period.inclusive(after + ONE_DAY, last_on)
    bills = statement_for(organization=reopened, period=period, as_of=now).bills()
    amounts = [Amount.of_minor(bill.charged, bill.currency) for bill in bills if bill.charged]
    return Recorded(period.start, period.last, amounts) if amounts else None
