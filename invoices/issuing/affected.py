"""Find the invoices that a correction of usage or prices affects.

This implements the interface in `tariffs.affected_invoices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet
from rating.periods import first_instant
from tariffs.affected_invoices import AffectedInvoice, Span
from usage.models import UsageInterval

# A date begins everywhere on Earth within this time.
_A_DAY = timedelta(days=1)


class IssuedInvoices:
    """The invoices in force."""

    def of_organizations(self, spans: Mapping[int, Span]) -> list[AffectedInvoice]:
        """Return the invoices whose period overlaps the span of their organization.

        `spans` are by organization id.
        """
        invoices = _in_force().filter(organization__in=spans).select_related("organization")
        if spans:
            first = min(start for start, _end in spans.values())
            invoices = invoices.filter(period_until__gte=first.date() - _A_DAY)
        return [_document(each) for each in invoices if _is_in(each, spans[each.organization_id])]

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> list[AffectedInvoice]:
        """Return the invoices whose period overlaps `[start, end)` and includes use of a tariff.

        `end` is None for an open end.
        """
        used = UsageInterval.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef("period_from")),
            organization=OuterRef("organization"),
            tariff=tariff_id,
            started_at__lt=OuterRef("period_until"),
        )
        return [
            _document(each) for each in _in_force().overlapping(start, end).filter(Exists(used))
        ]


def _in_force() -> InvoiceQuerySet:
    return Invoice.objects.in_force().order_by("issued_at", "pk")


def _is_in(invoice: Invoice, span: Span) -> bool:
    zone = invoice.organization.zone
    start, end = span
    begins, ends = (first_instant(day, zone) for day in invoice.period)
    return start < ends and (end is None or begins < end)


def _document(invoice: Invoice) -> AffectedInvoice:
    return AffectedInvoice(invoice.number, reverse("invoices:differences", args=[invoice.pk]))
