"""State the taxes of documents in the provider's accounting currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from invoices.documents.accounting_tax import AccountingTax
from invoices.documents.document import Document, TaxSubtotal
from invoices.issuing.refusals import ExchangeRateMissing
from invoices.provider.models import Provider, RateDate
from invoices.rates.lookup import RatesUpTo
from rating.periods import ONE_DAY, Period


class Accounting:
    """The taxes of a provider's new documents for a period; rates are read once, if needed."""

    def __init__(self, provider: Provider, period: Period, issued_on: date) -> None:
        self._currency, self._days = provider.accounting_currency, provider.rate_days
        self._day = _rate_day(provider.rate_date, period, issued_on)

    @cached_property
    def _rates(self) -> RatesUpTo:
        return RatesUpTo(self._day, days=self._days)

    def stated(self, document: Document) -> Document:
        """Return a document with its taxes in the accounting currency, if it must state them.

        Raises:
            ExchangeRateMissing: it must, and there is no rate.
        """
        if not is_due(document, self._currency):
            return document
        rate = self._rates.between(document.currency, self._currency)
        if rate is None:
            raise ExchangeRateMissing(
                currency=document.currency,
                accounting=self._currency,
                day=self._day.isoformat(),
                days=self._days,
            )
        amounts = [tax.amount for tax in document.taxes]
        return replace(document, accounting_tax=AccountingTax.of(self._currency, rate, amounts))


def is_due(document: Document, accounting_currency: str) -> bool:
    """Return whether a document must state its taxes in another currency."""
    is_other = accounting_currency not in ("", document.currency)
    return is_other and any(tax.amount for tax in document.taxes)


def _rate_day(rule: str, period: Period, issued_on: date) -> date:
    match RateDate(rule):
        case RateDate.ISSUED:
            return issued_on
        case RateDate.DAY_BEFORE_ISSUED:
            return issued_on - ONE_DAY
        case RateDate.PERIOD_END:
            return period.last
        case RateDate.DAY_BEFORE_PERIOD_END:
            return period.last - ONE_DAY


def at_rate_of(original: Document, taxes: Sequence[TaxSubtotal]) -> AccountingTax | None:
    """Return what taxes that correct a document come to, at its rate; None if it states none."""
    stated = original.accounting_tax
    if stated is None or not any(tax.amount for tax in taxes):
        return None
    return stated.at_same_rate(tax.amount for tax in taxes)


def less(original: Document, credited: Sequence[Document]) -> AccountingTax | None:
    """Return what is left of the accounting taxes of a document, so that all add up to 0."""
    if original.accounting_tax is None:
        return None
    amounts = tuple(
        amount - sum(each for document in credited for each in _of(document, tax))
        for tax, amount in zip(original.taxes, original.accounting_tax.amounts, strict=True)
    )
    return replace(original.accounting_tax, amounts=amounts)


def _of(document: Document, tax: TaxSubtotal) -> list[Decimal]:
    """Return the amounts that a document states for a category and percentage."""
    if document.accounting_tax is None:
        return []
    return [
        amount
        for each, amount in zip(document.taxes, document.accounting_tax.amounts, strict=True)
        if (each.category, each.percent) == (tax.category, tax.percent)
    ]
