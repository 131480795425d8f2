"""The tax of a document in the currency in which the provider accounts for it.

EN 16931 has it as BT-6 (the currency) and BT-111 (the sum). Directive 2006/112/EC requires it in
article 230, with the rates of article 91.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.web.money import format_number_of, locale_of
from rating.money import minor_digits, to_places


@dataclass(frozen=True, slots=True)
class AppliedRate:
    """An exchange rate: one unit of `base` costs `rate` units of `quote`, on `day` by `source`."""

    base: str
    quote: str
    rate: Decimal
    day: date
    source: str

    def converted(self, amount: Decimal, currency: str) -> Fraction:
        """Return an amount of the other currency in `currency`, exactly."""
        exact, rate = Fraction(amount), Fraction(self.rate)
        return exact * rate if currency == self.quote else exact / rate


@dataclass(frozen=True, slots=True)
class AccountingTax:
    """The taxes of a document in another `currency`, whose amounts have `digits` decimal places.

    `amounts` are in the order of the document's taxes. Each is rounded once, halves away from 0.
    """

    currency: str
    digits: int
    rate: AppliedRate
    amounts: tuple[Decimal, ...]

    @classmethod
    def of(cls, currency: str, rate: AppliedRate, taxes: Iterable[Decimal]) -> AccountingTax:
        """Return what taxes come to in a currency."""
        digits = minor_digits(currency)
        return cls(currency, digits, rate, _converted(taxes, currency, digits, rate))

    def at_same_rate(self, taxes: Iterable[Decimal]) -> AccountingTax:
        """Return what other taxes come to at the rate of this one."""
        amounts = _converted(taxes, self.currency, self.digits, self.rate)
        return AccountingTax(self.currency, self.digits, self.rate, amounts)

    @property
    def amount(self) -> Decimal:
        """The sum (BT-111)."""
        return sum(self.amounts, Decimal(0).scaleb(-self.digits))


def _converted(
    taxes: Iterable[Decimal], currency: str, digits: int, rate: AppliedRate
) -> tuple[Decimal, ...]:
    return tuple(to_places(rate.converted(tax, currency), digits) for tax in taxes)


def stored(tax: AccountingTax | None) -> dict[str, Any] | None:
    """Return the values to store with a document, of which `restored` makes the same again."""
    if tax is None:
        return None
    rate = tax.rate
    return {
        "currency": tax.currency,
        "digits": tax.digits,
        "amounts": [f"{amount:f}" for amount in tax.amounts],
        "base": rate.base,
        "quote": rate.quote,
        "rate": f"{rate.rate:f}",
        "day": rate.day.isoformat(),
        "source": rate.source,
    }


def restored(values: dict[str, Any] | None) -> AccountingTax | None:
    """Return what was stored with a document."""
    if values is None:
        return None
    rate = AppliedRate(
        base=values["base"],
        quote=values["quote"],
        rate=Decimal(values["rate"]),
        day=date.fromisoformat(values["day"]),
        source=values["source"],
    )
    amounts = tuple(map(Decimal, values["amounts"]))
    return AccountingTax(values["currency"], values["digits"], rate, amounts)


def accounting_notes(
    tax: AccountingTax | None, names: Iterable[str], language: str
) -> Iterator[str]:
    """Yield what a document states of it, in the current language; `names` are of its taxes."""
    if tax is None:
        return

    def money(amount: Decimal) -> str:
        return format_number_of(amount, tax.currency, tax.digits, language)

    if len(tax.amounts) > 1:
        for name, amount in zip(names, tax.amounts, strict=True):
            yield _("%(tax)s: %(amount)s") % {"tax": name, "amount": money(amount)}
    yield _("VAT in %(currency)s: %(amount)s") % {
        "currency": tax.currency,
        "amount": money(tax.amount),
    }
    yield rate_note(tax, language)


def rate_note(tax: AccountingTax, language: str) -> str:
    """Return the rate with its date and source, in the current language."""
    return _("1 %(base)s = %(rate)s %(quote)s on %(date)s (%(source)s)") % {
        "base": tax.rate.base,
        "rate": format_decimal(
            tax.rate.rate, locale=locale_of(language), decimal_quantization=False
        ),
        "quote": tax.rate.quote,
        "date": date_format(tax.rate.day),
        "source": tax.rate.source,
    }
