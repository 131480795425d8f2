"""How much of an invoice a question can dispute."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from invoices.models import InvoiceLine
from rating.money import minor_digits, to_places


def with_tax(line: InvoiceLine, currency: str) -> Decimal:
    """Return the amount of a line with its tax, rounded half up to the decimals of the currency."""
    exact = Fraction(line.amount) * (1 + Fraction(line.tax_percent) / 100)
    return to_places(exact, minor_digits(currency))
