"""What the Usages page says of documents: the tax on its charges, and the period's invoices.

docs/pricing.md says what charges are; what an organization owes is what its documents state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from accounts.models import User
from invoices.differences.settlement import subtotals
from invoices.documents.document import TaxSubtotal
from invoices.issuing.line_taxes import TaxOn, stated_taxes, taxes_by_date
from invoices.issuing.lines import lines_of_bill
from invoices.models import Invoice
from organizations.access import sees_all_of
from organizations.billing.details import details_of
from organizations.models import TaxCategory
from rating.agreement.bills import Bill
from rating.agreement.lines import Section
from rating.money import Amount, in_major_units, minor_digits
from tariffs.provider_calendar import provider_date
from usage.statements.excerpt import Excerpt
from usage.statements.statement import Statement

MOST_NAMED = 20
"""The maximum number of invoices of a period that the page names."""


class TaxedCharges(NamedTuple):
    """The charges of a currency with the taxes on them, as an invoice would state them now."""

    net: Amount
    taxes: Sequence[TaxSubtotal]
    total: Amount


class _ChargedPart(NamedTuple):
    """What an invoice would have as a line."""

    period_from: date
    tax_category: TaxCategory
    tax_percent: Decimal
    amount: Decimal


def beside_charges(user: User, statement: Statement, excerpt: Excerpt) -> dict[str, Any]:
    """Return the context for templates/invoices/_beside_charges.html.

    Owners are not told what charges come to with tax: their documents say what they owe. Readers
    are told nothing of documents.
    """
    organization, period = statement.organization, statement.period
    in_period = Invoice.objects.visible_to(user).filter(organization=organization)
    in_force = in_period.in_force().overlapping(period.start, period.end).order_by("pk")
    now = provider_date(statement.as_of)
    found = list(in_force.with_open_item(now)[: MOST_NAMED + 1])
    charged = {bill.currency for bill in excerpt.bills}
    return {
        "taxed": [] if user.is_owner else taxed_charges(statement, excerpt.bills),
        "invoices_in_force": found[:MOST_NAMED],
        "more_in_force": len(found) > MOST_NAMED,
        "sees_invoices": sees_all_of(user, organization),
        "is_invoiced": bool(found) and charged <= {each.currency for each in found},
    }


def taxed_charges(statement: Statement, bills: Iterable[Bill]) -> list[TaxedCharges]:
    """Return what is owed by currency with its taxes; nothing while dates have no tax."""
    organization = statement.organization
    spans = details_of(organization.pk).tax_spans(statement.period)
    if any(span.terms is None or span.terms.percent is None for span in spans):
        return []
    tax_on = taxes_by_date(spans, organization.invoice_language)
    taxed = (_taxed(bill, statement.tariff_names, tax_on) for bill in bills)
    return [each for each in taxed if each.taxes]


def _taxed(bill: Bill, names: Mapping[int, str], tax_on: TaxOn) -> TaxedCharges:
    digits = minor_digits(bill.currency)
    parts = [
        _ChargedPart(line.period.last, line.tax_category, line.tax_percent, line.amount)
        for line in lines_of_bill(bill, names, tax_on)
    ]
    # What is free is stated too.
    parts += [
        _ChargedPart(day, tax.category, tax.percent, in_major_units(0, digits))
        for line in bill.section(Section.USAGE)
        if not line.minor and not line.is_unpriced
        for day in [line.dates.start]
        for tax in [tax_on(day)]
    ]
    taxes = subtotals(parts, stated_taxes(parts, digits, tax_on), digits)
    total = sum((tax.amount for tax in taxes), bill.total.number)
    return TaxedCharges(bill.total, taxes, Amount(total, bill.currency))
