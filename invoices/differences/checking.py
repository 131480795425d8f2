"""Compare the invoices that changes may affect, one organization at a time.

A check locks the organization, as issuing does. It first deletes what triggers recorded, and then
reads usage and prices. So a change has either been read, or is recorded and checked later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from invoices.differences.comparison import compare
from invoices.differences.late_usage import late_usage_of
from invoices.differences.models import (
    DeferredCorrection,
    InvoiceDifference,
    LateUsage,
    Recheck,
)
from invoices.documents.document import Kind
from invoices.models import Invoice, InvoiceRun, RunItem
from organizations.models import Organization
from rating.periods import Period, month_of, next_month


class Dates(NamedTuple):
    """Dates from one on, up to but excluding another; None means without end."""

    start: date
    end: date | None

    def overlap(self, period: Period) -> bool:
        return self.start < period.end and (self.end is None or period.start < self.end)


def waiting_organizations() -> list[int]:
    """Return the ids of the organizations with something to check."""
    waiting = Recheck.objects.order_by("organization_id").values_list("organization_id", flat=True)
    return list(waiting.distinct())


@transaction.atomic
def check(*, organization_id: int, now: datetime) -> list[Dates]:
    """Compare an organization's invoices of the recorded dates, and find usage without an invoice.

    Return the recorded dates. Further calls do nothing until something changes again.
    """
    locked = Organization.objects.select_for_update(no_key=True)
    organization = locked.filter(pk=organization_id).first()
    changed = _taken(organization_id)
    if organization is None or not changed:
        return changed
    invoices = _invoices_since(organization, min(each.start for each in changed))
    for invoice in invoices:
        if _is_in_force(invoice) and any(each.overlap(invoice.period) for each in changed):
            _store_difference(invoice, now)
    months = [
        month
        for month in _invoiced_months(organization, invoices)
        if organization.start_of(next_month(month)) <= now
        and any(each.overlap(month_of(month)) for each in changed)
    ]
    in_force = [invoice for invoice in invoices if _is_in_force(invoice)]
    _store_late_usage(organization, months, in_force, now)
    return changed


def _taken(organization_id: int) -> list[Dates]:
    """Delete what is recorded about an organization; return the dates."""
    recorded = Recheck.objects.filter(organization=organization_id)
    rows = list(recorded.values_list("pk", "from_on", "until_on"))
    Recheck.objects.filter(pk__in=[pk for pk, *_ in rows]).delete()
    return [Dates(start, end) for _pk, start, end in rows]


def _invoices_since(organization: Organization, start: date) -> list[Invoice]:
    """Return an organization's invoices, cancelled ones too, whose period ends after a date."""
    since = organization.invoices.filter(kind=Kind.INVOICE, period_until__gt=start)
    return list(since.for_periods().select_related("organization", "invoiced_period"))


def _is_in_force(invoice: Invoice) -> bool:
    return hasattr(invoice, "invoiced_period")


def _store_difference(invoice: Invoice, now: datetime) -> None:
    comparison = compare(invoice, now)
    if comparison.is_same:
        InvoiceDifference.objects.filter(invoice=invoice).delete()
        DeferredCorrection.objects.filter(invoice=invoice).delete()
        return
    InvoiceDifference.objects.update_or_create(
        invoice=invoice,
        defaults={
            "currency": invoice.currency,
            "amount": comparison.change,
            "cameras": len(comparison.differences),
            "unpriced": comparison.unpriced,
            "checked_at": now,
        },
    )


def _invoiced_months(organization: Organization, invoices: Sequence[Invoice]) -> list[date]:
    """Return the months with an invoice or a run, unless the run has yet to issue it.

    A run with drafts has issued nothing before they are released.
    """
    months = {month for invoice in invoices for month in _months_of(invoice.period)}
    waiting = RunItem.objects.filter(organization=organization, state__in=RunItem.NOT_ISSUED_YET)
    issued = RunItem.objects.filter(run=OuterRef("pk"), state=RunItem.State.ISSUED)
    issuing = InvoiceRun.objects.filter(Q(drafted_at=None) | Exists(issued))
    runs = issuing.order_by("month").values_list("month", flat=True)
    months.update(runs.exclude(pk__in=waiting.values("run")))
    return sorted(months)


def _months_of(period: Period) -> Iterator[date]:
    month = period.start.replace(day=1)
    while month < period.end:
        yield month
        month = next_month(month)


def _store_late_usage(
    organization: Organization, months: Collection[date], in_force: Sequence[Invoice], now: datetime
) -> None:
    """Replace what was found in months by what is found now."""
    if not months:
        return
    found = [
        LateUsage(
            organization=organization,
            month=month,
            found_at=now,
            currency=each.currency,
            amount=each.amount,
            unpriced=each.unpriced,
        )
        for month in months
        for each in late_usage_of(organization, month, in_force, now)
        if each.amount or each.unpriced
    ]
    LateUsage.objects.filter(organization=organization, month__in=months).delete()
    LateUsage.objects.bulk_create(found)
