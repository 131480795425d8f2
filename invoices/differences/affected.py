"""Find the invoices that a correction of usage or prices affects, and what it changes.

This implements the interface in `tariffs.affected_invoices`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.urls import reverse
from iso4217 import Currency

from invoices.models import Invoice, InvoicedPeriod
from invoices.querysets import InvoiceQuerySet, overlap
from organizations.models import Organization
from rating.money import Amount
from rating.periods import ONE_DAY, epoch
from tariffs.affected_invoices import MOST_NAMED, AffectedInvoice, AffectedInvoices, Change, Span
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs
from usage.statements.statement import statement_for

# What a change costs is calculated while someone waits, and while the change holds its locks.
MOST_PRICED, MOST_CHARGES = 200, 100_000
# More do not fit into an address.
_MOST_ORGANIZATIONS = 100

_USAGE = re.compile(r"usage((?:_\d{1,18}-\d{1,10}-\d{0,10})+)")
_PRICE = re.compile(r"price_(\d{1,18})-(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)?")


class UsageChange(NamedTuple):
    """The time in which usage changes, by organization id."""

    spans: Mapping[int, Span]

    def affects(self) -> Q:
        """Return the condition that an invoice's instants overlap the span of its organization."""
        by_span: dict[Span, list[int]] = defaultdict(list)
        for pk, span in self.spans.items():
            by_span[span].append(pk)
        condition = Q(pk__in=[])
        for (start, end), organizations in by_span.items():
            overlaps = Q(organization__in=organizations, ends_at__gt=start)
            condition |= overlaps & Q(starts_at__lt=end) if end else overlaps
        return condition

    def __str__(self) -> str:
        """Return the change as the parameter of an address."""
        spans = (
            f"_{pk}-{epoch(start)}-{epoch(end) if end else ''}"
            for pk, (start, end) in self.spans.items()
        )
        return f"usage{''.join(spans)}"


class PriceChange(NamedTuple):
    """The dates from which on, and up to which, the price of a tariff changes."""

    tariff_id: int
    start: date
    end: date | None

    def affects(self) -> Q:
        """Return the condition that an invoice's period overlaps the dates and includes use."""
        used = UsageInterval.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef("starts_at")),
            organization=OuterRef("organization"),
            tariff=self.tariff_id,
            started_at__lt=OuterRef("ends_at"),
        )
        return overlap(self.start, self.end) & Q(Exists(used))

    def __str__(self) -> str:
        """Return the change as the parameter of an address."""
        return f"price_{self.tariff_id}-{self.start}_{self.end or ''}"


def change_from(text: str) -> UsageChange | PriceChange | None:
    """Return the change that `str` turned into a text, or None if it is not such a text."""
    try:
        if match := _USAGE.fullmatch(text):
            return UsageChange(dict(map(_span, match[1][1:].split("_"))))
        if match := _PRICE.fullmatch(text):
            end = date.fromisoformat(match[3]) if match[3] else None
            return PriceChange(int(match[1]), date.fromisoformat(match[2]), end)
    except (ValueError, OverflowError):
        return None
    return None


def _span(text: str) -> tuple[int, Span]:
    pk, start, end = text.split("-")
    ends_at = datetime.fromtimestamp(int(end), UTC) if end else None
    return int(pk), (datetime.fromtimestamp(int(start), UTC), ends_at)


class IssuedInvoices:
    """The invoices in force."""

    def of_organizations(self, spans: Mapping[int, Span]) -> AffectedInvoices:
        """Return the invoices whose period overlaps the span of their organization.

        `spans` are by organization id.
        """
        affected = _in_force(UsageChange(spans))
        if len(spans) > _MOST_ORGANIZATIONS:
            ids = affected.order_by().values_list("organization", flat=True).distinct()
            spans = {pk: spans[pk] for pk in ids}
        return _summary(affected, _address(UsageChange(spans)))

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> AffectedInvoices:
        """Return the invoices whose period overlaps `[start, end)` and includes use of a tariff.

        `end` is None for an open end.
        """
        of_price = PriceChange(tariff_id, start, end)
        return _summary(_in_force(of_price), _address(of_price))

    def invoiced_until(self, organization_id: int) -> date | None:
        """Return the end of an organization's last invoiced period, or None."""
        periods = InvoicedPeriod.objects.filter(organization=organization_id)
        until: date | None = periods.aggregate(until=Max("period_until"))["until"]
        return until

    def is_invoiced(self, organization_id: int, currency: str, day: date) -> bool:
        """Return whether an invoice in force of the currency has a date in its period."""
        periods = InvoicedPeriod.objects.overlapping(day, day + ONE_DAY)
        number = Currency(currency).number
        return periods.filter(organization=organization_id, currency_number=number).exists()


def _in_force(change: UsageChange | PriceChange) -> InvoiceQuerySet:
    return Invoice.objects.in_force().filter(change.affects()).order_by("issued_at", "pk")


def _address(change: UsageChange | PriceChange) -> str:
    """Return the address of the list of the affected invoices.

    If they are those of too many organizations, the list has all invoices since the first change.
    """
    if isinstance(change, UsageChange) and len(change.spans) > _MOST_ORGANIZATIONS:
        since = min(start for start, _end in change.spans.values())
        return reverse("invoices:list", query={"since": since.date().isoformat()})
    return reverse("invoices:list", query={"changed": str(change)})


def _summary(affected: InvoiceQuerySet, address: str) -> AffectedInvoices:
    sums = list(
        affected.order_by("currency")
        .values_list("currency")
        .annotate(Count("pk"), Sum("net"), Sum("frozen_charges__count"))
    )
    number = sum(count for _currency, count, *_ in sums)
    if not number:
        return AffectedInvoices()
    is_small = number <= MOST_PRICED and sum(charges for *_, charges in sums) <= MOST_CHARGES
    return AffectedInvoices(
        documents=[_document(each) for each in affected[:MOST_NAMED]],
        number=number,
        address=address,
        invoiced=[Amount(net, currency) for currency, _count, net, _charges in sums],
        are_too_many=not is_small,
        calculate=partial(_changes, affected) if is_small else None,
    )


def _document(invoice: Invoice) -> AffectedInvoice:
    return AffectedInvoice(invoice.number, reverse("invoices:differences", args=[invoice.pk]))


def _changes(affected: InvoiceQuerySet, change: Change) -> list[Amount]:
    """Make a change, return by how much it changes what invoices charge, and take it back."""
    invoices = list(affected)
    before = _charged(invoices)
    with transaction.atomic():
        change()
        after = _charged(invoices)
        transaction.set_rollback(True)
    return [Amount(after[each] - before[each], each) for each in sorted(before)]


def _charged(invoices: Collection[Invoice]) -> dict[str, Decimal]:
    """Return what the periods of invoices come to now, by currency."""
    organizations = Organization.objects.in_bulk({each.organization_id for each in invoices})
    charged, tariffs = defaultdict[str, Decimal](Decimal), all_tariffs()
    for invoice in invoices:
        organization = organizations[invoice.organization_id]
        statement = statement_for(
            organization=organization,
            period=invoice.period,
            # The period is over, so nothing after it counts.
            as_of=organization.start_of(invoice.period.end),
            tariffs=tariffs,
        )
        amounts = {bill.currency: bill.total.number for bill in statement.bills()}
        charged[invoice.currency] += amounts.get(invoice.currency, Decimal(0))
    return charged
