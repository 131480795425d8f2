"""Find the invoices that a correction of usage or prices affects, and what it changes.

This implements the interface in `tariffs.affected_invoices`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Least
from django.urls import reverse

from invoices.models import CarriedCredit, Invoice, InvoicedPeriod
from invoices.querysets import InvoiceQuerySet, overlap
from organizations.billing.details import details_of_all
from organizations.models import Organization, Partnership
from organizations.partners.payers import partners_of, payers_of
from rating.money import Amount
from rating.periods import ONE_DAY, Period, epoch
from tariffs.affected_invoices import (
    MOST_NAMED,
    AffectedInvoice,
    AffectedInvoices,
    CurrencyDay,
    Span,
    Spans,
)
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs
from usage.statements.statement import bills_of_all, statements_for

# What a change costs is calculated while someone waits, and while the change holds its locks.
MOST_PRICED, MOST_CHARGES = 200, 100_000
# More do not fit into an address.
_MOST_ORGANIZATIONS = 100

_USAGE = re.compile(r"usage((?:_\d{1,18}-\d{1,10}-\d{0,10})+)")
_PRICE = re.compile(r"price_(\d{1,18})-(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)?")


class UsageChange(NamedTuple):
    """The time in which charges change, by the id of the organization that is billed."""

    spans: Mapping[int, Sequence[Span]]

    @classmethod
    def of(cls, *changed: Mapping[int, Sequence[Span]]) -> UsageChange:
        """Return the change of all these spans."""
        spans = defaultdict[int, list[Span]](list)
        for each in changed:
            for pk, of_one in each.items():
                spans[pk] += (span for span in of_one if span not in spans[pk])
        return cls(dict(spans))

    def affects(self) -> Q:
        """Return the condition that an invoice's instants overlap a span of its organization."""
        by_span: dict[Span, list[int]] = defaultdict(list)
        for pk, spans in self.spans.items():
            for span in spans:
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
            for pk, of_one in self.spans.items()
            for start, end in of_one
        )
        return f"usage{''.join(spans)}"


class PriceChange(NamedTuple):
    """The dates from which on, and up to which, the price of a tariff changes.

    It changes what the organizations are billed that used the tariff, or whose customers did.
    """

    tariff_id: int
    start: date
    end: date | None

    def affects(self) -> Q:
        """Return the condition that an invoice's period overlaps the dates and includes use."""
        used = UsageInterval.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef("starts_at")),
            tariff=self.tariff_id,
            started_at__lt=OuterRef("ends_at"),
        )
        own = used.filter(organization=OuterRef("organization"))
        return overlap(self.start, self.end) & (
            Q(Exists(own)) & ~Q(Exists(_billed_to_partner())) | Q(Exists(_used_by_customers(used)))
        )

    def __str__(self) -> str:
        """Return the change as the parameter of an address."""
        return f"price_{self.tariff_id}-{self.start}_{self.end or ''}"


def _until(partnership: str = "") -> Least:
    """Return the last date of a partnership, which ends with its partner; NULL if it is open."""
    return Least(f"{partnership}last_on", f"{partnership}partner__closed_on")


def _billed_to_partner() -> QuerySet[Partnership]:
    """Return the partnerships of an invoice's organization that have its whole period."""
    lasting = Partnership.objects.filter(
        organization=OuterRef("organization"), first_on__lte=OuterRef("period_from")
    )
    found: QuerySet[Partnership] = lasting.alias(until=_until()).filter(
        Q(until=None) | Q(until__gte=OuterRef("period_until") - ONE_DAY),
        # The last date of a partner in another time zone can end earlier.
        Q(partner__closed_at=None) | Q(partner__closed_at__gte=OuterRef("ends_at")),
    )
    return found


def _used_by_customers(used: QuerySet[UsageInterval]) -> QuerySet[UsageInterval]:
    """Keep usage of customers of an invoice's organization in their partnership.

    Its dates are compared in UTC, and count from a day before to a day after in other time zones.
    """
    of = "organization__partnerships__"
    first, until = (Cast(each, DateTimeField()) for each in (F(f"{of}first_on"), F("until")))
    days = Value(ONE_DAY, DurationField()), Value(2 * ONE_DAY, DurationField())
    return (
        used.filter(**{f"{of}partner": OuterRef("organization")})
        .annotate(until=_until(of))
        .annotate(begins_at=first - days[0], ends_after=until + days[1])
        .filter(
            Q(ended_at=None) | Q(ended_at__gt=F("begins_at")),
            Q(ends_after=None)
            | Q(ends_after__gt=F("started_at")) & Q(ends_after__gt=OuterRef("starts_at")),
            begins_at__lt=OuterRef("ends_at"),
        )
    )


def change_from(text: str) -> UsageChange | PriceChange | None:
    """Return the change that `str` turned into a text, or None if it is not such a text."""
    try:
        if match := _USAGE.fullmatch(text):
            return UsageChange.of(*map(_span, match[1][1:].split("_")))
        if match := _PRICE.fullmatch(text):
            end = date.fromisoformat(match[3]) if match[3] else None
            return PriceChange(int(match[1]), date.fromisoformat(match[2]), end)
    except (ValueError, OverflowError):
        return None
    return None


def _span(text: str) -> dict[int, list[Span]]:
    pk, start, end = text.split("-")
    ends_at = datetime.fromtimestamp(int(end), UTC) if end else None
    return {int(pk): [(datetime.fromtimestamp(int(start), UTC), ends_at)]}


def _each(spans: Spans) -> dict[int, list[Span]]:
    return {pk: [span] for pk, span in spans.items()}


class IssuedInvoices:
    """The invoices in force."""

    def of_organizations(self, *, usage: Spans, terms: Spans, zones: Spans) -> AffectedInvoices:
        """Return the invoices whose period overlaps what a change changes.

        What a customer uses is billed to its partner.
        """
        change = UsageChange.of(
            payers_of(usage), _each(terms), _each(zones), partners_of(zones) if zones else {}
        )
        affected = _in_force(change)
        if len(change.spans) > _MOST_ORGANIZATIONS:
            ids = affected.order_by().values_list("organization", flat=True).distinct()
            change = UsageChange({pk: change.spans[pk] for pk in ids})
        return _summary(affected, _address(change))

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

    def invoiced_days(
        self, organization_id: int, days: Collection[CurrencyDay]
    ) -> set[CurrencyDay]:
        """Keep the dates that are in the period of an invoice in force of their currency."""
        ordered = sorted(day for _currency, day in days)
        periods = InvoicedPeriod.objects.overlapping(ordered[0], ordered[-1] + ONE_DAY)
        rows = periods.filter(organization=organization_id)
        invoiced = defaultdict[str, list[Period]](list)
        for currency, *dates in rows.values_list(
            "invoice__currency", "period_from", "period_until"
        ):
            invoiced[currency].append(Period(*dates))
        return {
            (currency, day)
            for currency, day in days
            if any(period.includes(day) for period in invoiced[currency])
        }

    def carried_credits(self, charges: Collection[int]) -> set[int]:
        """Keep the ids of one-off charges that are what invoices in force left of credits."""
        # Those of cancelled invoices are deleted.
        rows = CarriedCredit.objects.filter(charge__in=charges)
        return set(rows.values_list("charge_id", flat=True))


def _in_force(change: UsageChange | PriceChange) -> InvoiceQuerySet:
    return Invoice.objects.in_force().filter(change.affects()).order_by("issued_at", "pk")


def _address(change: UsageChange | PriceChange) -> str:
    """Return the address of the list of the affected invoices.

    If they are those of too many organizations, the list has all invoices since the first change.
    """
    if isinstance(change, UsageChange) and len(change.spans) > _MOST_ORGANIZATIONS:
        since = min(start for spans in change.spans.values() for start, _end in spans)
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
        measure=partial(_charged, affected) if is_small else None,
    )


def _document(invoice: Invoice) -> AffectedInvoice:
    return AffectedInvoice(invoice.number, reverse("invoices:differences", args=[invoice.pk]))


def _charged(affected: InvoiceQuerySet) -> dict[str, Decimal]:
    """Return what the periods of invoices come to now before credits, by currency.

    Credits stay as the invoices have deducted them, as `comparison` says.
    The number of queries depends on the number of different periods only.
    """
    invoices = list(affected)
    ids = {each.organization_id for each in invoices}
    organizations = Organization.objects.prefetch_related("earlier_time_zones").in_bulk(ids)
    details = details_of_all(organizations.values())
    of_periods = defaultdict[Period, list[Invoice]](list)
    for invoice in invoices:
        of_periods[invoice.period].append(invoice)
    charged, tariffs = defaultdict[str, Decimal](Decimal), all_tariffs()
    for period, of_period in of_periods.items():
        billed = [organizations[pk] for pk in {each.organization_id for each in of_period}]
        statements = statements_for(
            organizations=billed,
            period=period,
            # The period is over everywhere, so nothing after it counts.
            as_of=max(each.start_of(period.end) for each in billed),
            details=details,
            tariffs=tariffs,
        )
        owed = {
            (pk, bill.currency): Amount.of_minor(bill.charged, bill.currency).number
            for pk, bills in bills_of_all(statements).items()
            for bill in bills
        }
        for invoice in of_period:
            key = invoice.organization_id, invoice.currency
            charged[invoice.currency] += owed.get(key, Decimal(0))
    return dict(charged)
