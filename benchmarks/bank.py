"""Measure a large bank statement: its import, and its matching with many open items."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.utils import timezone

from bank.importing import import_file
from bank.models import BankAccount, BankLine, BankProposal
from bank.proposing import propose
from benchmarks import data
from benchmarks.invoice_run import _make_billable
from benchmarks.measuring import Figure, milliseconds, seconds
from invoices.issuing import operations
from invoices.models import Invoice, OpenItem

LIMIT, CAMERAS, OF_ONE = 10.0, 1, 10
ACCOUNT, CURRENCY = "DE89370400440532013000", "EUR"
# Copies an invoice: each organization gets the same number of them, each with its own total.
_COPY = """
    INSERT INTO invoices_invoice ({columns})
    SELECT {values}
    FROM invoices_invoice, generate_series(1, %(number)s) AS copy
    WHERE id = %(invoice)s
"""
_CHANGED = {
    "id": "nextval(pg_get_serial_sequence('invoices_invoice', 'id'))",
    "number": "'INV-2027-' || lpad(copy::text, 6, '0')",
    "organization_id": "%(organization)s + copy %% %(organizations)s",
    "net": "copy",
    "tax_amount": "0",
    "total": "copy",
}


class IncompleteError(Exception):
    """Not every line was stored or matched."""


def measure(lines: int, items: int) -> Iterator[Figure]:
    """Import a statement into an empty database with open items, and match it.

    Of five lines, three name an invoice and pay it, one names it and pays something else, and one
    names nothing.
    """
    organizations = data.add_provider(owners=1, organizations=items // OF_ONE)
    _make_billable(organizations[:1])
    data.add_cameras(1, CAMERAS, organizations[:1])
    invoice = operations.issue(
        organization_id=organizations[0].pk, period=data.MONTH, now=timezone.now(), by=None
    )[0]
    _copy(invoice, organizations[0].pk, len(organizations), items)
    BankAccount.objects.create(number=ACCOUNT, currency=CURRENCY, title="Main account")
    size = f"{lines:,} lines, {OpenItem.objects.count():,} open items"
    reading = seconds(partial(_import, lines))
    yield Figure("import of a statement", size, milliseconds(reading), "", None)
    time = seconds(partial(propose, currency=CURRENCY))
    certain = BankProposal.objects.filter(is_certain=True).count()
    if (BankLine.objects.count(), certain) != (lines, lines * 3 // 5):
        raise IncompleteError(certain)
    yield Figure("matching of its lines", size, milliseconds(time), "under 10 s", time / LIMIT)


def _copy(invoice: Invoice, organization: int, organizations: int, number: int) -> None:
    names = [str(field.column) for field in Invoice._meta.concrete_fields]
    # The currency of the first invoice can be another one.
    changed = {**_CHANGED, "currency": f"'{CURRENCY}'", "digits": "2"}
    with connection.cursor() as cursor:
        cursor.execute(
            _COPY.format(
                columns=", ".join(names),
                values=", ".join(changed.get(name, f"invoices_invoice.{name}") for name in names),
            ),
            {
                "number": number,
                "invoice": invoice.pk,
                "organization": organization,
                "organizations": organizations,
            },
        )
        cursor.execute("ANALYZE invoices_invoice, invoices_openitem")


def _import(lines: int) -> None:
    rows = [":20:1", f":25:{ACCOUNT}", ":28C:1", f":60F:C261101{CURRENCY}0,00"]
    closing = 0
    for number in range(1, lines + 1):
        amount = number if number % 5 < 3 else number + 1
        text = f"INV 2027 {number:06}" if number % 5 < 4 else f"thanks {number}"
        closing += amount
        rows += [f":61:2611021102C{amount},NTRFNONREF", f":86:166?00X?20SVWZ+{text}?32Payer"]
    rows += [f":62F:C261130{CURRENCY}{closing},", "-"]
    import_file(name="statement.sta", content="\n".join(rows).encode(), now=timezone.now(), by=None)
