"""What a document states about its payment beside the due date, and its further texts.

It is stored with the invoice, so later changes of the terms do not change issued documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.web.money import locale_of
from tariffs.money import format_money


@dataclass(frozen=True, slots=True)
class CashDiscount:
    """What is taken off the total if it is paid within `days` after the date of the invoice.

    `percent` has two decimals, lies above 0 and below 100, and applies to the total with tax.
    """

    percent: Decimal
    days: int

    def until(self, issued_on: date) -> date:
        """Return the last date on which the discount applies."""
        return issued_on + timedelta(days=self.days)

    def off(self, total: Decimal, digits: int) -> Decimal:
        """Return what it takes off a total, rounded once to `digits` decimals, half up."""
        return (total * self.percent / 100).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms and texts of a document. All are empty unless they were set.

    `words` are the payment terms in the language of the document, `discounts` at most two cash
    discounts, the shorter first, `footer` what is printed at its end, both with line breaks.
    `delivery_country` (BT-80) is an ISO 3166 code, set if the taxes require it.
    """

    words: str = ""
    discounts: tuple[CashDiscount, ...] = ()
    footer: str = ""
    delivery_country: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Terms:
        """Return the terms that were stored as the values of `stored`."""
        discounts = tuple(
            CashDiscount(Decimal(percent), days) for percent, days in stored.get("discounts", ())
        )
        texts = {name: text for name, text in stored.items() if name != "discounts"}
        return cls(discounts=discounts, **texts)

    @property
    def stored(self) -> dict[str, Any]:
        """The values as JSON takes them, without those that are empty."""
        discounts = [[f"{each.percent:.2f}", each.days] for each in self.discounts]
        values = {
            "words": self.words,
            "discounts": discounts,
            "footer": self.footer,
            "delivery_country": self.delivery_country,
        }
        return {name: value for name, value in values.items() if value}

    @property
    def without_payment(self) -> Terms:
        """The terms of a document that is not to be paid, such as a credit note."""
        return Terms(footer=self.footer, delivery_country=self.delivery_country)


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Payable:
    """What an invoice is paid by: its date, its total, its currency, and how both are written."""

    issued_on: date
    total: Decimal
    currency: str
    digits: int
    language: str


def discounts_in_words(terms: Terms, of: Payable) -> list[str]:
    """Return a sentence for each cash discount; call it in the language of the document."""
    locale = locale_of(of.language)

    def sentence(each: CashDiscount) -> str:
        off = each.off(of.total, of.digits)
        return _(
            "If paid by %(date)s: %(percent)s%% cash discount (%(discount)s), amount to pay "
            "%(amount)s."
        ) % {
            "date": date_format(each.until(of.issued_on)),
            "percent": format_decimal(each.percent.normalize(), locale=locale),
            "discount": format_money(off, of.currency, of.language),
            "amount": format_money(of.total - off, of.currency, of.language),
        }

    return [sentence(each) for each in terms.discounts]


def in_words(terms: Terms, of: Payable) -> str:
    """Return the payment terms of EN 16931 (BT-20) on one line: the words, then the discounts."""
    return " ".join([*terms.words.split(), *discounts_in_words(terms, of)])


def structured(terms: Terms) -> str:
    """Return the payment terms as XRechnung 3.0 wants them in BT-20, or "" if there are none.

    Each cash discount is a line `#SKONTO#TAGE=7#PROZENT=2.00#` that ends in a line feed, also the
    last one. Words come before them, on lines of their own (rule BR-DE-18). They have no `#`,
    which would begin such a line.
    """
    words = [" ".join(line.replace("#", " ").split()) for line in terms.words.splitlines()]
    lines = [
        *(line for line in words if line),
        *(_skonto(terms.discounts)),
    ]
    if not terms.discounts:
        return "\n".join(lines)
    return "".join(f"{line}\n" for line in lines)


def _skonto(discounts: Iterable[CashDiscount]) -> list[str]:
    return [f"#SKONTO#TAGE={each.days}#PROZENT={each.percent:.2f}#" for each in discounts]
