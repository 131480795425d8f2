"""Factories of exchange rates."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import date
from decimal import Decimal

from factory.django import DjangoModelFactory

from invoices.rates.models import ExchangeRate


class ExchangeRateFactory(DjangoModelFactory[ExchangeRate]):
    """Make a rate of the US dollar against the euro."""

    class Meta:
        model = ExchangeRate

    base = "EUR"
    currency = "USD"
    day = date(2026, 10, 30)
    rate = Decimal("1.0812")
    source = "European Central Bank"
