"""Terms as people read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import NamedTuple

from django.db.models import Model
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organizations.agreement.models import (
    DatedTerm,
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Suspension,
)
from rating.agreement import one_off
from rating.money import Amount
from tariffs.money import format_money


class Description(NamedTuple):
    """What a term is about, its amount, a remark, and one that only staff may read; or ""."""

    what: str
    amount: str = ""
    remark: str = ""
    internal: str = ""


@singledispatch
def description(term: Model) -> Description:
    """Return what people are told of a term beside its dates."""
    raise NotImplementedError(term)


@description.register
def _price(term: IndividualPrice) -> Description:
    if term.amount is None:
        return Description(term.tariff.name, _("list price"))
    return Description(term.tariff.name, format_money(term.amount, term.tariff.currency))


@description.register
def _discount(term: Discount) -> Description:
    scope = term.tariff.name if term.tariff else _("All tariff plans")
    return Description(scope, f"{_plain(term.percent)} %")


@description.register
def _exemption(term: DiscountExemption) -> Description:
    return Description(term.tariff.name)


@description.register
def _fee(term: Fee) -> Description:
    remark = _("charged in the trial too") if term.in_trial else ""
    return Description(term.name, format_money(term.amount, term.currency), remark)


@description.register
def _one_off(term: OneOffCharge) -> Description:
    quantity, each = _plain(term.quantity), format_money(term.amount, term.currency)
    return Description(
        term.text,
        format_money(one_off_total(term).number, term.currency),
        "" if term.quantity == 1 else f"{quantity} \N{MULTIPLICATION SIGN} {each}",
        term.reason,
    )


@description.register
def _minimum(term: Minimum) -> Description:
    return Description(term.currency, format_money(term.amount, term.currency))


@description.register
def _suspension(term: Suspension) -> Description:
    amount = _("charged meanwhile") if term.is_charged else _("not charged")
    return Description(term.reason, amount)


def one_off_total(term: OneOffCharge) -> Amount:
    """Return what a one-off charge comes to; less than 0 for a credit."""
    charge = one_off.OneOffCharge(term.pk, term.text, term.day, term.quantity, term.money)
    return Amount.of_minor(charge.minor, term.currency)


def _plain(number: Decimal) -> str:
    """Return a number without zeros at its end."""
    return number_format(number.quantize(Decimal(1)) if number % 1 == 0 else number.normalize())


def dates_text(first: date, last: date | None) -> str:
    """Return dates, both inclusive; an empty last date leaves the end open."""
    if last is None:
        return _("from %(first)s") % {"first": date_format(first)}
    if first == last:
        return date_format(first)
    return _("%(first)s to %(last)s") % {"first": date_format(first), "last": date_format(last)}


def when_text(term: Model) -> str:
    """Return the dates of a term; a price tells only its first."""
    match term:
        case IndividualPrice():
            return dates_text(term.valid_from, None)
        case OneOffCharge():
            return date_format(term.day)
        case DatedTerm():
            return dates_text(term.first_on, term.last_on)
    raise NotImplementedError(term)


def described(term: Model) -> str:
    """Return a term in one line, for example to name it in an error."""
    about = description(term)
    kind = str(capfirst(term._meta.verbose_name))
    return ", ".join(filter(None, (kind, about.what, about.amount, when_text(term))))
