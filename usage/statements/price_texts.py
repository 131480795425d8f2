"""Say how prices come about: the list, volume steps, individual prices and discounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from foundation.lists.exports import trimmed
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.price import Price
from rating.agreement.volume import VolumePrice
from rating.periods import Period
from rating.pricing import Segment
from tariffs.money import format_money
from usage.statements.statement import Statement

STEP_PLACES = 6


class PriceText(NamedTuple):
    """How the price of a segment comes about: in few words, and in full."""

    short: str
    full: str


def price_texts(statement: Statement, segment: Segment) -> list[PriceText]:
    """Return how the price of a segment comes about; nothing if it is that of the list."""
    if not statement.has_terms:
        return []
    parts = statement.agreed.prices_of(segment).parts
    if all(_is_plain(price) for _dates, price in parts):
        return []
    currency = segment.rate.currency
    return [PriceText(_short(price), _full(dates, price, currency)) for dates, price in parts]


def dates_text(dates: Period) -> str:
    """Return dates from the first to the last; one date alone stands for itself."""
    first, last = date_format(dates.start), date_format(dates.last)
    return first if first == last else f"{first} – {last}"


def months_text(camera_months: Fraction | Decimal) -> str:
    """Return a number of camera-months with up to six places, never more than it is."""
    return number_format(in_places(camera_months))


def in_places(camera_months: Fraction | Decimal) -> Decimal:
    """Return camera-months with up to six places, rounded down: no step is reached too early."""
    scaled = Fraction(camera_months) * 10**STEP_PLACES
    number = Decimal(scaled.numerator // scaled.denominator).scaleb(-STEP_PLACES)
    return trimmed(number, 0)


def _is_plain(price: Price) -> bool:
    return not price.percent and not isinstance(price.basis, (VolumePrice, IndividualPrice))


def _short(price: Price) -> str:
    parts = []
    match price.basis:
        case IndividualPrice():
            parts.append(_("individual price"))
        case VolumePrice(step=step):
            bound = months_text(step.camera_months if step else Decimal(0))
            parts.append(_("from %(bound)s camera-months") % {"bound": bound})
    if price.percent:
        percent = number_format(trimmed(price.percent, 0))
        parts.append(_("%(percent)s%% discount") % {"percent": percent})
    return ", ".join(parts)


def _full(dates: Period, price: Price, currency: str) -> str:
    text = _base(price, currency)
    if price.percent and price.net is not None:
        text = _("%(price)s, less %(percent)s%%: %(net)s") % {
            "price": text,
            "percent": number_format(trimmed(price.percent, 0)),
            "net": format_money(price.net, currency),
        }
    return f"{dates_text(dates)}: {text}"


def _base(price: Price, currency: str) -> str:
    """Return where a price comes from, before the discount."""
    if price.gross is None:
        return _("no price")
    values = {"price": format_money(price.gross, currency)}
    match price.basis:
        case IndividualPrice():
            return _("individual price %(price)s") % values
        case VolumePrice(step=step, camera_months=camera_months):
            values["bound"] = months_text(step.camera_months if step else Decimal(0))
            values["used"] = months_text(camera_months)
            return (
                _("list price %(price)s from %(bound)s camera-months, as %(used)s are used")
                % values
            )
    return _("list price %(price)s") % values
