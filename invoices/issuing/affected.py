"""Find the invoices that a correction of usage or prices affects.

This implements the interface in `tariffs.affected_invoices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse

from invoices.models import Invoice, InvoicedPeriod
from invoices.querysets import InvoiceQuerySet
from tariffs.affected_invoices import AffectedInvoice, Span
from usage.models import UsageInterval


class IssuedInvoices:
    """The invoices in force."""

    def of_organizations(self, spans: Mapping[int, Span]) -> list[AffectedInvoice]:
        """Return the invoices whose period overlaps the span of their organization.

        `spans` are by organization id.
        """
        invoices = _in_force().filter(organization__in=spans)
        if spans:
            invoices = invoices.filter(ends_at__gt=min(start for start, _end in spans.values()))
        return [_document(each) for each in invoices if _is_in(each, spans[each.organization_id])]

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> list[AffectedInvoice]:
        """Return the invoices whose period overlaps `[start, end)` and includes use of a tariff.

        `end` is None for an open end.
        """
        used = UsageInterval.objects.filter(
            Q(ended_at=None) | Q(ended_at__gt=OuterRef("starts_at")),
            organization=OuterRef("organization"),
            tariff=tariff_id,
            started_at__lt=OuterRef("ends_at"),
        )
        return [
            _document(each) for each in _in_force().overlapping(start, end).filter(Exists(used))
        ]

    def invoiced_until(self, organization_id: int) -> date | None:
        """Return the end of an organization's last invoiced period, or None."""
        periods = InvoicedPeriod.objects.filter(organization=organization_id)
        until: date | None = periods.aggregate(until=Max("period_until"))["until"]
        return until


def _in_force() -> InvoiceQuerySet:
    return Invoice.objects.in_force().order_by("issued_at", "pk")


def _is_in(invoice: Invoice, span: Span) -> bool:
    start, end = span
    return start < invoice.ends_at and (end is None or invoice.starts_at < end)


def _document(invoice: Invoice) -> AffectedInvoice:
    return AffectedInvoice(invoice.number, reverse("invoices:differences", args=[invoice.pk]))
