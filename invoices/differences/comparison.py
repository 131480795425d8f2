"""Compare what an invoice charges with what its period comes to now, before tax.

An invoice is compared together with its corrections in force.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from foundation.lists.exports import text_cell
from invoices.documents.frozen_charges import Row, rows_of
from invoices.models import Invoice
from rating.money import in_major_units
from usage.statements.statement import Statement, statement_for


@dataclass(frozen=True, slots=True)
class CameraDifference:
    """One camera's sum as invoiced and as it would be now. A sum without charges is None."""

    camera: str
    invoiced: Decimal | None
    now: Decimal | None

    @property
    def change(self) -> Decimal:
        """The change since the invoice, positive if the sum is higher now."""
        return (self.now or Decimal(0)) - (self.invoiced or Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """What an invoice and its corrections charged, and what its period comes to now, before tax.

    `differences` are the cameras whose sums differ, in order of name. `unpriced` is the number of
    current charges without a price.
    """

    invoice: Invoice
    invoiced: Decimal
    now: Decimal
    differences: Sequence[CameraDifference]
    unpriced: int

    @property
    def change(self) -> Decimal:
        """The change since the invoice, positive if more would be charged now."""
        return self.now - self.invoiced

    @property
    def is_same(self) -> bool:
        """Whether the invoice would charge the same now."""
        return not (self.differences or self.unpriced)


def compare(invoice: Invoice, now: datetime) -> Comparison:
    """Compare an invoice with its period under the current usage, prices and trial."""
    before = _invoiced_sums(invoice)
    statement = statement_for(organization=invoice.organization, period=invoice.period, as_of=now)
    after, unpriced = _sums_now(statement, invoice.currency)
    differences = [
        CameraDifference(camera, before.get(camera), after.get(camera))
        for camera in sorted(before.keys() | after.keys())
        if before.get(camera, 0) != after.get(camera, 0)
    ]
    nothing = in_major_units(0, invoice.digits)
    return Comparison(
        invoice,
        sum(before.values(), nothing),
        sum(after.values(), nothing),
        differences,
        unpriced,
    )


def invoiced_rows(invoice: Invoice) -> Iterator[Row]:
    """Yield the charges of an invoice, and those of its corrections in force."""
    yield from rows_of(bytes(invoice.frozen_charges.content))
    for correction in invoice.received_corrections.in_force():
        yield from rows_of(bytes(correction.content))


def _invoiced_sums(invoice: Invoice) -> dict[str, Decimal]:
    """Return what an invoice and its corrections charge, by camera."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in invoiced_rows(invoice):
        sums[row["camera"]] += Decimal(row["amount"] or 0)
    return sums


def _sums_now(statement: Statement, currency: str) -> tuple[dict[str, Decimal], int]:
    """Return what the cameras come to in a currency, and the number of charges without a price.

    Cameras are named as in the frozen charges.
    """
    sums, unpriced, digits = Counter[str](), 0, 0
    for pieces, names in statement.named_pieces():
        for camera_id, segment, *_, minor in pieces:
            if segment.rate.currency != currency:
                continue
            digits = segment.rate.digits
            if minor is None:
                unpriced += 1
            sums[names[camera_id][0]] += minor or 0
    amounts = {text_cell(name): in_major_units(minor, digits) for name, minor in sums.items()}
    return amounts, unpriced
