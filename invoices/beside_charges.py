"""What the Usages page says of documents: the tax on its charges, and the period's invoices.

docs/pricing.md says what charges are; what an organization owes is what its documents state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from accounts.models import User
from invoices.differences.settlement import subtotals
from invoices.documents.document import TaxSubtotal
from invoices.issuing.drafts import TaxOn, stated_taxes, taxes_by_date
from invoices.models import Invoice
from organizations.access import sees_all_of
from organizations.billing.details import details_of
from organizations.models import TaxCategory
from rating.money import Amount, in_major_units
from rating.pricing import Segment
from tariffs.provider_calendar import provider_date
from usage.statements.statement import Excerpt, Statement

MOST_NAMED = 20
"""The maximum number of invoices of a period that the page names."""


class TaxedCharges(NamedTuple):
    """The charges of a currency with the taxes on them, as an invoice would state them now."""

    net: Amount
    taxes: Sequence[TaxSubtotal]
    total: Amount


class _ChargedPart(NamedTuple):
    """The charges of a segment: what an invoice would have as a line."""

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
    charged = set(excerpt.totals.all.minor)
    return {
        "taxed": [] if user.is_owner else taxed_charges(statement, excerpt.nets),
        "invoices_in_force": found[:MOST_NAMED],
        "more_in_force": len(found) > MOST_NAMED,
        "sees_invoices": sees_all_of(user, organization),
        "is_invoiced": bool(found) and charged <= {each.currency for each in found},
    }


def taxed_charges(statement: Statement, nets: Mapping[Segment, int]) -> list[TaxedCharges]:
    """Return the charges by currency with their taxes; nothing while dates have no tax."""
    organization = statement.organization
    spans = details_of(organization.pk).tax_spans(statement.period)
    if any(span.terms is None or span.terms.percent is None for span in spans):
        return []
    tax_on = taxes_by_date(spans, organization.invoice_language)
    by_currency: dict[str, dict[Segment, int]] = {}
    for segment, minor in nets.items():
        by_currency.setdefault(segment.rate.currency, {})[segment] = minor
    return [_taxed(code, of_code, tax_on) for code, of_code in sorted(by_currency.items())]


def _taxed(currency: str, nets: Mapping[Segment, int], tax_on: TaxOn) -> TaxedCharges:
    digits = next(iter(nets)).rate.digits
    parts = [
        _ChargedPart(segment.period.start, tax.category, tax.percent, in_major_units(minor, digits))
        for segment, minor in nets.items()
        for tax in [tax_on(segment.period.start)]
    ]
    taxes = subtotals(parts, stated_taxes(parts, digits, tax_on), digits)
    net = sum((part.amount for part in parts), in_major_units(0, digits))
    total = sum((tax.amount for tax in taxes), net)
    return TaxedCharges(Amount(net, currency), taxes, Amount(total, currency))
