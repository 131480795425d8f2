"""Compare what an invoice charges with what its period comes to now, before tax.

An invoice is compared together with its corrections in force.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from foundation.lists.exports import text_cell
from invoices.documents.agreed_lines import SECTIONS, TaxOn, other_lines
from invoices.documents.document import DocumentLine, Kind
from invoices.documents.frozen_charges import Row, rows_of
from invoices.documents.issued import line_of
from invoices.models import Invoice, InvoiceLine
from organizations.models import TaxCategory
from rating.agreement.lines import Section
from rating.line_sums import LineSum, LineSums
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


@dataclass(frozen=True, slots=True)
class OtherDifference:
    """The sum of a fee, a one-off charge or minimums as invoiced, and as it would be now.

    `item` is empty for minimums.
    """

    section: Section
    item: str
    invoiced: Decimal | None
    now: Decimal | None

    @property
    def change(self) -> Decimal:
        """The change since the invoice, positive if the sum is higher now."""
        return (self.now or Decimal(0)) - (self.invoiced or Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """What an invoice and its corrections charged, and what its period comes to now, before tax.

    `differences` are the cameras whose sums differ, in order of name, and `others` what else
    differs. `unpriced` is the number of current charges without a price. Credits are left out: they
    stay as the invoice has deducted them.
    """

    invoice: Invoice
    invoiced: Decimal
    now: Decimal
    differences: Sequence[CameraDifference]
    unpriced: int
    others: Sequence[OtherDifference] = ()

    @property
    def change(self) -> Decimal:
        """The change since the invoice, positive if more would be charged now."""
        return self.now - self.invoiced

    @property
    def is_same(self) -> bool:
        """Whether the invoice would charge the same now."""
        return not (self.differences or self.others or self.unpriced)


def compare(invoice: Invoice, now: datetime) -> Comparison:
    """Compare an invoice with its period under the current usage, prices, trial and terms."""
    before, other_before = _invoiced_sums(invoice), _by_item(other_lines_of(invoice))
    statement = statement_for(organization=invoice.organization, period=invoice.period, as_of=now)
    current = _sums_now(statement, invoice.currency)
    after, other_after = current.by_camera, _by_item(current.others)
    differences = [
        CameraDifference(camera, before.get(camera), after.get(camera))
        for camera in sorted(before.keys() | after.keys())
        if before.get(camera, 0) != after.get(camera, 0)
    ]
    others = [
        OtherDifference(*key, other_before.get(key), other_after.get(key))
        for key in sorted(other_before.keys() | other_after.keys(), key=_order)
        if other_before.get(key, 0) != other_after.get(key, 0)
    ]
    nothing = in_major_units(0, invoice.digits)
    return Comparison(
        invoice,
        sum([*before.values(), *other_before.values()], nothing),
        sum([*after.values(), *other_after.values()], nothing),
        differences,
        current.unpriced,
        others,
    )


def other_lines_of(invoice: Invoice) -> Iterator[DocumentLine]:
    """Yield the fees, one-off charges and minimums of an invoice and its corrections in force.

    Those of credit notes are negative.
    """
    corrections = invoice.received_corrections.in_force()
    kinds = dict(corrections.values_list("document", "document__kind"))
    of_all = InvoiceLine.objects.filter(invoice__in=[invoice.pk, *kinds], section__in=SECTIONS)
    for stored in of_all.order_by("invoice", "position"):
        line, kind = line_of(stored, invoice.digits), kinds.get(stored.invoice_id)
        if line.corrects == ("" if kind is None else invoice.number):
            yield line.turned() if kind == Kind.CREDIT_NOTE else line


def _by_item(lines: Iterable[DocumentLine]) -> dict[tuple[Section, str], Decimal]:
    sums: dict[tuple[Section, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[line.section, line.item] += line.amount
    return sums


def _order(key: tuple[Section, str]) -> tuple[int, str]:
    section, item = key
    return SECTIONS.index(section), item


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


class _Sums(NamedTuple):
    """What the cameras come to, by name, the lines for anything else, and what has no price."""

    by_camera: Mapping[str, Decimal]
    others: Sequence[DocumentLine]
    unpriced: int


def _sums_now(statement: Statement, currency: str) -> _Sums:
    """Return what a statement charges in a currency; cameras are named as in frozen charges."""
    sums, unpriced, digits, lines = Counter[str](), 0, 0, LineSums()
    has_more = bool(statement.agreement.terms)
    for pieces, names in statement.named_pieces():
        if has_more:
            lines.add_all(pieces)
        for camera_id, segment, *_, minor in pieces:
            if segment.rate.currency != currency:
                continue
            digits = segment.rate.digits
            if minor is None:
                unpriced += 1
            sums[names[camera_id][0]] += minor or 0
    amounts = {text_cell(name): in_major_units(minor, digits) for name, minor in sums.items()}
    others = agreed_now(statement, lines.values(), currency, _untaxed) if has_more else []
    return _Sums(amounts, others, unpriced)


def agreed_now(
    statement: Statement, sums: Iterable[LineSum], currency: str, tax_on: TaxOn
) -> list[DocumentLine]:
    """Return the lines of a statement in a currency that are neither usage nor credits.

    `sums` are those of all its charges.
    """
    bills = [bill for bill in statement.bills(sums) if bill.currency == currency]
    return [line for bill in bills for line in other_lines(bill, tax_on)]


def _untaxed(_day: date) -> tuple[TaxCategory, Decimal]:
    return TaxCategory.NONE, Decimal(0)
