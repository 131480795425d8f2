"""Measure many payments of one invoice: their import, the page of the invoice, and the account."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils import timezone

from benchmarks import data
from benchmarks.invoice_run import _make_billable
from benchmarks.measuring import Figure, milliseconds, seconds, side_by_side
from benchmarks.pages import operator, page_of
from invoices.issuing import operations
from invoices.models import Invoice
from payments.imports.operation import import_payments

IMPORT_LIMIT, PAGE_LIMIT, CAMERAS, RUNS = 2.0, 0.2, 100, 5


class IncompleteError(Exception):
    """Not every payment was recorded."""


def measure(payments: int) -> Iterator[Figure]:
    """Import payments of one invoice into an empty database, and open its pages."""
    (organization,) = data.add_provider(owners=1, organizations=1)
    _make_billable([organization])
    data.add_cameras(1, CAMERAS, [organization])
    invoice = operations.issue(
        organization_id=organization.pk, period=data.MONTH, now=timezone.now(), by=None
    )[0]
    size = f"{payments:,} payments of an invoice"
    time = seconds(partial(_import, invoice, payments))
    yield Figure("import of payments", size, milliseconds(time), "under 2 s", time / IMPORT_LIMIT)
    client = operator()
    for what, address in (
        ("page of the invoice", reverse("invoices:invoice", args=[invoice.pk])),
        ("Payments tab", reverse("payments:of_organization", args=[organization.pk])),
    ):
        (page,) = side_by_side(RUNS, partial(page_of, client, address, {}))
        limit = f"under {milliseconds(PAGE_LIMIT)}"
        yield Figure(what, size, milliseconds(page), limit, page / PAGE_LIMIT)


def _import(invoice: Invoice, payments: int) -> None:
    day = timezone.now().date().isoformat()
    lines = [
        f"{invoice.number},{day},0.01,{invoice.currency},transfer,R {number}"
        for number in range(payments)
    ]
    content = "\n".join(["invoice,date,amount,currency,method,reference", *lines])
    report = import_payments(
        io.BytesIO(content.encode()), now=timezone.now(), by=None, dry_run=False
    )
    if report.new != payments:
        raise IncompleteError(report.errors[:3])
