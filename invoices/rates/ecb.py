"""Read the euro reference rates of the European Central Bank: eurofxref-daily.xml and its kin.

The files of one day and of the last 90 days have the same form: a `Cube` with a `time` for each
day, and in it one with `currency` and `rate` for each currency. Elements are found by their local
names. A file is read whole or refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from invoices.rates.models import PLACES

if TYPE_CHECKING:
    from lxml import etree

BASE = "EUR"
SENDER = "European Central Bank"
_CODE = re.compile(r"[A-Z]{3}")
_RATE = re.compile(rf"\d{{1,10}}(\.\d{{1,{PLACES}}})?", re.ASCII)


class UnreadableRatesError(Exception):
    """A file is not one of the ECB's, or not whole. The text says what is wrong with it."""


class ReadRate(NamedTuple):
    """What one euro cost in a currency on a day."""

    day: date
    currency: str
    rate: Decimal


def read_rates(content: bytes, *, today: date) -> list[ReadRate]:
    """Return all rates of a file, in its order.

    Raises:
        UnreadableRatesError: it is no such file, or has no rates, or wrong, repeated or later ones.
    """
    # With what it imports, it takes memory that a process that reads no rates does not need.
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        text = _("The file is not complete XML: %(error)s")
        raise UnreadableRatesError(text % {"error": error.msg}) from None
    if _name(root) != "Envelope" or root.findtext("{*}Sender/{*}name", "").strip() != SENDER:
        raise UnreadableRatesError(
            _(
                "This is not a file of the European Central Bank. Download eurofxref-daily.xml or "
                "eurofxref-hist-90d.xml."
            )
        )
    days = [each for each in root.iterfind("{*}Cube//{*}Cube") if "time" in each.attrib]
    rates = [rate for each in days for rate in _of_day(each, today)]
    if not rates or len(list(root.iterfind("{*}Cube//{*}Cube"))) != len(days) + len(rates):
        raise UnreadableRatesError(
            _("The file has rates without a date, or none. Download it again.")
        )
    found: set[tuple[date, str]] = set()
    for rate in rates:
        if rate[:2] in found:
            raise UnreadableRatesError(
                _("The file has two rates for %(currency)s of %(date)s. Download it again.")
                % {"currency": rate.currency, "date": date_format(rate.day)}
            )
        found.add(rate[:2])
    return rates


def _name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _of_day(cube: etree._Element, today: date) -> Iterator[ReadRate]:
    """Yield the rates of a day, which has at least one."""
    text = cube.get("time", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UnreadableRatesError(
            _("The file has a day that is not a date: “%(text)s”.") % {"text": text[:20]}
        ) from None
    if day > today:
        raise UnreadableRatesError(
            _("The file has rates of %(date)s, which is still to come.")
            % {"date": date_format(day)}
        )
    rates = list(cube)
    if not rates:
        raise UnreadableRatesError(
            _("The file has no rates for %(date)s. Download it again.") % {"date": date_format(day)}
        )
    for each in rates:
        currency, rate = each.get("currency", ""), each.get("rate", "")
        is_code = _CODE.fullmatch(currency) and currency != BASE
        if not is_code or not _RATE.fullmatch(rate) or not Decimal(rate):
            raise UnreadableRatesError(
                _("The file has a rate of %(date)s that cannot be read: “%(currency)s %(rate)s”.")
                % {"date": date_format(day), "currency": currency[:10], "rate": rate[:30]}
            )
        yield ReadRate(day, currency, Decimal(rate))
