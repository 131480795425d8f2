"""Documents of sellers in other countries than Germany, for tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from invoices.documents.document import Document, DocumentLine
from invoices.documents.tests.documents import PERCENTS, line, subtotal
from organizations.models import TaxCategory
from rating.agreement.lines import Section


def at_rate(document: Document, rate: Decimal) -> Document:
    """Return a document whose lines of the standard category have another rate of tax."""
    lines = tuple(
        replace(each, tax_percent=rate if each.tax_category in PERCENTS else each.tax_percent)
        for each in document.lines
    )
    nets: dict[tuple[TaxCategory, Decimal], Decimal] = {}
    for each in lines:
        key = each.tax_category, each.tax_percent
        nets[key] = nets.get(key, Decimal(0)) + each.amount
    taxes = (subtotal(*key, net, document.digits) for key, net in nets.items())
    return replace(document, lines=lines, taxes=tuple(taxes))


def every_line(category: TaxCategory, rate: Decimal) -> tuple[DocumentLine, ...]:
    """Return a line of each kind, with more decimal places than French rules allow.

    The `rate` is that of the standard category.
    """
    percent = rate if category in PERCENTS else Decimal(0)
    usage = replace(
        line(), tax_category=category, tax_percent=percent, quantity=Decimal("3.516129")
    )
    return (
        usage,
        replace(
            usage,
            item="Discounted",
            price=Decimal("8.00019991"),
            gross_price=Decimal("9.0000"),
            amount=Decimal("28.13"),
        ),
        replace(usage, item="Tiny", quantity=Decimal("0.000004"), amount=Decimal("0.01")),
        replace(
            usage,
            item="Service",
            section=Section.FEES,
            cameras=0,
            days=10,
            price=Decimal("20"),
            quantity=Decimal("0.322581"),
            amount=Decimal("6.45"),
        ),
        replace(
            usage,
            item="Mast",
            section=Section.ONE_OFF,
            cameras=0,
            price=Decimal("99.5"),
            quantity=Decimal("1.5"),
            amount=Decimal("149.25"),
        ),
        replace(
            usage,
            item="",
            section=Section.MINIMUM,
            cameras=0,
            gross_price=Decimal("300"),
            price=Decimal("12.34"),
            quantity=Decimal(1),
            amount=Decimal("12.34"),
        ),
        replace(
            usage,
            item="Outage",
            section=Section.CREDITS,
            cameras=0,
            price=Decimal("5.55"),
            quantity=Decimal(-1),
            amount=Decimal("-5.55"),
        ),
    )
