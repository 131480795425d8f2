"""Work out how a document settles the difference of an invoice: lines, and charges by camera.

Only cameras whose sum differs are corrected. Their charges so far are negated, and their present
charges follow; what is in both is left out. Lines add these up by tariff, price and dates. Fees,
one-off charges and minimums that differ are taken back and charged again in the same way. Credits
stay as the invoice deducted them. A line has the tax that the invoice stated for its dates.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import compress, pairwise
from typing import NamedTuple, Protocol

from foundation.lists.exports import text_cell
from foundation.web.versions import digest_of
from invoices.differences.comparison import (
    agreed_now,
    compare,
    invoiced_rows,
    other_lines_of,
)
from invoices.documents.document import CAMERA_MONTH_PLACES, Document, DocumentLine, TaxSubtotal
from invoices.documents.frozen_charges import Row, rows_of
from invoices.documents.issued import document_of
from invoices.models import Invoice
from organizations.models import TaxCategory
from rating.agreement.lines import Section
from rating.money import in_major_units, to_places
from rating.periods import Period
from usage.statements.charge_rows import EXPORT_COLUMNS
from usage.statements.freezing import ChargesFile, PackedCharges, freeze
from usage.statements.statement import Statement, statement_for

# What of a charge adds up; the other columns, except names, say which charge it is.
_SUMS = ("used", "trial", "suspended", "billable", "amount")
_KEYS = tuple(each for each in EXPORT_COLUMNS if each not in (*_SUMS, "organization", "title"))

TaxKey = tuple[TaxCategory, Decimal]


class Taxed(Protocol):
    """An amount before tax, such as a line, and its tax."""

    @property
    def tax_category(self) -> TaxCategory: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def amount(self) -> Decimal: ...


@dataclass(frozen=True)
class Settlement:
    """What corrects an invoice: positive where more is charged now.

    `lines` and `taxes` state the `charges`, which are in the columns of usages.csv and of which
    `count` is the number, and what else differs. `cameras` is the number of cameras whose sums
    differ, and `others` that of fees, one-off charges and minimums. While charges have no price,
    which `unpriced` counts, nothing can be settled.
    """

    invoice: Invoice
    lines: tuple[DocumentLine, ...]
    taxes: tuple[TaxSubtotal, ...]
    charges: ChargesFile
    count: int
    cameras: int
    unpriced: int
    others: int = 0

    @property
    def differs(self) -> bool:
        """Whether there is anything to settle, or something has no price."""
        return bool(self.cameras or self.others or self.unpriced)

    @property
    def net(self) -> Decimal:
        """What is charged more, before tax."""
        nothing = in_major_units(0, self.invoice.digits)
        return sum((line.amount for line in self.lines), nothing)

    @property
    def total(self) -> Decimal:
        """What is charged more, with tax."""
        return sum((tax.amount for tax in self.taxes), self.net)

    @property
    def version(self) -> str:
        """A digest of everything that would be issued, to compare it with what a person saw."""
        return digest_of(self.lines, self.taxes, self.charges.sha256)


class UnbalancedError(Exception):
    """The lines do not add up to the charges: they would charge a wrong amount."""


def settlement_of(invoice: Invoice, now: datetime) -> Settlement:
    """Return what corrects an invoice, so that it charges what its period comes to now."""
    comparison = compare(invoice, now)
    original = document_of(invoice)
    tax = _TaxOfOriginal(original)
    statement = statement_for(
        organization=invoice.organization, period=invoice.period, as_of=now, cuts=tax.changes
    )
    every = freeze(statement)
    frozen = every.get(invoice.currency)
    charges = _Charges({each.camera for each in comparison.differences})
    stated = _Places(_stated_places(invoice, original))
    charges.add(invoiced_rows(invoice), stated, sign=-1)
    if frozen:
        present = _Places(_places_of(frozen, statement, tax))
        charges.add(rows_of(frozen.content), present, sign=1)
    lines = charges.lines(invoice)
    # Not with the comparison: usage may have changed since that was read.
    if sum(line.amount for line in lines) != charges.amount:
        raise UnbalancedError(invoice)
    if comparison.others:
        items = {(each.section, each.item) for each in comparison.others}
        sums = [each for of_currency in every.values() for each in of_currency.sums]
        present_others = agreed_now(statement, sums, invoice.currency, tax.on)
        lines += _other_lines(items, other_lines_of(invoice), present_others, invoice)
    file, count = charges.packed()
    return Settlement(
        invoice=invoice,
        lines=lines,
        taxes=subtotals(lines, original.taxes, invoice.digits),
        charges=file,
        count=count,
        cameras=len(comparison.differences),
        unpriced=comparison.unpriced,
        others=len(comparison.others),
    )


def subtotals(
    lines: Iterable[Taxed], stated: Collection[TaxSubtotal], digits: int
) -> tuple[TaxSubtotal, ...]:
    """Return the taxes on lines, each rounded half up once (EN 16931, BR-CO-17).

    Each has all reasons that are `stated` for it.
    """
    nets: dict[TaxKey, Decimal] = defaultdict(Decimal)
    for line in lines:
        nets[line.tax_category, line.tax_percent] += line.amount
    return tuple(
        _subtotal(
            [each for each in stated if (each.category, each.percent) == key],
            net,
            to_places(Fraction((net * key[1]).scaleb(-2)), digits),
        )
        for key, net in sorted(nets.items())
    )


def _subtotal(stated: Sequence[TaxSubtotal], net: Decimal, amount: Decimal) -> TaxSubtotal:
    codes = {each.reason_code for each in stated}
    return replace(
        stated[0],
        reason="; ".join(dict.fromkeys(each.reason for each in stated if each.reason)),
        reason_code=stated[0].reason_code if len(codes) == 1 else "",
        net=net,
        amount=amount,
    )


class _Place(NamedTuple):
    """What a line adds up: a tariff at a price on some dates, with a tax."""

    tariff: str
    price: Decimal
    period: Period
    tax: TaxKey


class _Places:
    """Finds the place of a charge."""

    def __init__(self, places: Iterable[_Place]) -> None:
        self._places: dict[tuple[str, Decimal, str], list[_Place]] = defaultdict(list)
        for each in sorted(places, key=lambda place: place.period):
            # Charges name tariffs as usages.csv does.
            key = text_cell(each.tariff), each.price, f"{each.period.start:%Y-%m}"
            self._places[key].append(each)

    def of(self, row: Row) -> _Place | None:
        """Return the place of a charge, or None if it is free: no line states what is free."""
        if not row["price"] or not Decimal(row["billable"]):
            return None
        places = self._places.get((row["tariff"], Decimal(row["price"]), row["month"]), [])
        day = date.fromisoformat(row["from"][:10])
        index = bisect_right(places, day, key=lambda place: place.period.start)
        return places[max(index - 1, 0)] if places else None


class _TaxOfOriginal:
    """The tax that an invoice stated for its own charges, by date."""

    def __init__(self, original: Document) -> None:
        own = _own_lines(original)
        # These are cut where the tax changes. A credit can be deducted from what has another tax.
        cut = [line for line in own if line.is_by_month] or own
        starts = {line.period.start: _tax_of(line) for line in cut}
        self._starts = sorted(starts)
        self._taxes = [starts[start] for start in self._starts]

    @property
    def changes(self) -> list[date]:
        """The dates on which the tax changes."""
        changed = [before != after for before, after in pairwise(self._taxes)]
        return list(compress(self._starts[1:], changed))

    def on(self, day: date) -> TaxKey:
        """Return the tax on a date, or that of the nearest earlier date, or else of a later one."""
        return self._taxes[max(bisect_right(self._starts, day) - 1, 0)]


def _own_lines(original: Document) -> list[DocumentLine]:
    """Return the lines of an invoice without those that correct earlier ones."""
    return [line for line in original.lines if not line.corrects]


def _tax_of(line: DocumentLine) -> TaxKey:
    return line.tax_category, line.tax_percent


def _stated_places(invoice: Invoice, original: Document) -> Iterator[_Place]:
    """Yield the places that an invoice and its corrections have stated.

    Those of cancelled corrections too: a later one may have moved charges from one camera to
    another there, which adds up to nothing, so it has no line.
    """
    lines = _own_lines(original)
    for correction in invoice.received_corrections.named().select_related("document"):
        stated = document_of(correction.document).lines
        lines += [line for line in stated if line.corrects == invoice.number]
    for line in lines:
        if line.section is not Section.USAGE:
            continue
        yield _Place(line.item, line.price, line.period, _tax_of(line))


def _places_of(frozen: ChargesFile, statement: Statement, tax: _TaxOfOriginal) -> Iterator[_Place]:
    """Yield the places of the present charges."""
    for each in frozen.sums:
        rate, period = each.segment.rate, each.segment.period
        if rate.price is not None:
            name = statement.tariff_names[rate.tariff_id]
            yield _Place(name, rate.price, period, tax.on(period.start))


@dataclass(slots=True)
class _Charge:
    """A charge and by how much its columns in `_SUMS` change."""

    row: Row
    place: _Place | None = None
    sums: list[Decimal] = field(default_factory=lambda: [Decimal(0)] * len(_SUMS))


@dataclass(slots=True)
class _Sum:
    """What a line adds up."""

    cameras: set[str] = field(default_factory=set)
    camera_months: Fraction = Fraction(0)
    amount: Decimal = Decimal(0)


class _Charges:
    """Adds up charges of some cameras, so that what is taken back and charged again is left out."""

    def __init__(self, cameras: Collection[str]) -> None:
        self._cameras = cameras
        self._charges: dict[tuple[str, ...], _Charge] = {}

    def add(self, rows: Iterable[Row], places: _Places, *, sign: int) -> None:
        """Add charges, or take them back."""
        for row in rows:
            if row["camera"] not in self._cameras:
                continue
            key = tuple(row[name] for name in _KEYS)
            charge = self._charges.get(key)
            if charge is None:
                charge = self._charges[key] = _Charge(row)
            # What was free before has its place only now, and the other way round.
            charge.place = charge.place or places.of(row)
            for index, name in enumerate(_SUMS):
                charge.sums[index] += sign * Decimal(row[name] or 0)

    @property
    def amount(self) -> Decimal:
        """What all charges come to, also those without a place."""
        return sum((charge.sums[-1] for charge in self._charges.values()), Decimal(0))

    @property
    def _left(self) -> list[_Charge]:
        return [self._charges[key] for key in sorted(self._charges) if any(self._charges[key].sums)]

    def lines(self, invoice: Invoice) -> tuple[DocumentLine, ...]:
        """Return the lines by month, tariff, dates and price."""
        sums: dict[_Place, _Sum] = defaultdict(_Sum)
        for charge in self._left:
            if charge.place is None:
                continue
            *_free, billable, amount = charge.sums
            line = sums[charge.place]
            line.cameras.add(charge.row["camera"])
            line.camera_months += Fraction(billable) / int(charge.row["month_length"])
            line.amount += amount
        return tuple(
            _line(place, sums[place], invoice)
            for place in sorted(sums, key=_order)
            if sums[place].amount or sums[place].camera_months
        )

    def packed(self) -> tuple[ChargesFile, int]:
        """Return the charges as a file in the columns of usages.csv, and their number."""
        packed, charges = PackedCharges(), self._left
        for charge in charges:
            sums = {name: f"{each:f}" for name, each in zip(_SUMS, charge.sums, strict=True)}
            text = io.StringIO()
            csv.DictWriter(text, EXPORT_COLUMNS).writerow(charge.row | sums)
            packed.write(text.getvalue().encode())
        return packed.finish([]), len(charges)


def _order(place: _Place) -> tuple[date, str, Period, Decimal]:
    return place.period.start.replace(day=1), place.tariff, place.period, place.price


def _line(place: _Place, added: _Sum, invoice: Invoice) -> DocumentLine:
    category, percent = place.tax
    return DocumentLine(
        item=place.tariff,
        period_from=place.period.start,
        period_until=place.period.end,
        price=place.price,
        cameras=len(added.cameras),
        quantity=to_places(added.camera_months, CAMERA_MONTH_PLACES),
        amount=added.amount,
        tax_category=category,
        tax_percent=percent,
        corrects=invoice.number,
    )


def _other_lines(
    items: Collection[tuple[Section, str]],
    before: Iterable[DocumentLine],
    present: Iterable[DocumentLine],
    invoice: Invoice,
) -> tuple[DocumentLine, ...]:
    """Return the lines that take back what was charged for items, and charge what is due now.

    What is in both is left out.
    """
    sums: dict[DocumentLine, DocumentLine] = {}
    for line in (*(each.turned() for each in before), *present):
        if (line.section, line.item) not in items:
            continue
        nothing = Decimal(0)
        key = replace(line, quantity=nothing, amount=nothing, days=None, corrects="")
        known = sums.get(key, replace(key, days=0 if line.days is not None else None))
        sums[key] = replace(
            known,
            quantity=known.quantity + line.quantity,
            amount=known.amount + line.amount,
            days=None if line.days is None else (known.days or 0) + line.days,
            corrects=invoice.number,
        )
    left = [line for line in sums.values() if line.amount or line.quantity]
    order = list(Section)
    return tuple(sorted(left, key=lambda each: (order.index(each.section), each.item, each.period)))
