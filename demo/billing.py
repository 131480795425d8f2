"""Billing details of the demonstration's organizations: pure, the same for the same number."""

# The letters of other scripts are intended.

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from stdnum import luhn
from stdnum.iso7064 import mod_11_10

from demo.e_invoices import BUYERS
from demo.records import DetailsRow, TaxPercentRow, TaxRow
from demo.words import Region
from organizations.billing.details import DeliveryFields
from organizations.models import TaxCategory


class RegionBilling(NamedTuple):
    """Addresses and tax of a region's organizations; `{n}` in a street is the house number."""

    country: str
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    """Postal codes and names."""
    tax_id: Callable[[int], str]
    """Makes a tax id in the local format from the organization's number."""
    tax: TaxCategory = TaxCategory.NONE
    """The tax that a provider in Germany charges them."""


def _german(number: int) -> str:
    digits = f"{20_000_000 + number * 731:08d}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def _french(number: int) -> str:
    digits = f"{30_000_000 + number * 731:08d}"
    siren = digits + luhn.calc_check_digit(digits)
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _polish(number: int) -> str:
    candidates = (f"{701_003_600 + number * 10 + last}" for last in range(10))
    checked = (
        (digits, _weighed(digits, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11) for digits in candidates
    )
    # Numbers whose check digit would be 10 are not given to anybody.
    return next(f"PL{digits}{check}" for digits, check in checked if check < 10)


def _british(number: int) -> str:
    digits = f"{1_000_000 + number * 73 % 9_000_000:07d}"
    return f"GB{digits}{97 - _weighed(digits, range(8, 1, -1)) % 97:02d}"


def _norwegian(number: int) -> str:
    candidates = (f"{91_000_000 + number * 10 + last}" for last in range(10))
    checked = ((digits, -_weighed(digits, (3, 2, 7, 6, 5, 4, 3, 2)) % 11) for digits in candidates)
    # Numbers whose check digit would be 10 are not given to anybody.
    return next(f"NO {digits}{check} MVA" for digits, check in checked if check < 10)


def _weighed(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


_PLACES = {
    "Europe/Berlin": RegionBilling(
        "DE",
        ("Hafenstraße {n}", "Am Alten Speicher {n}", "Lindenallee {n}"),
        (("20457", "Hamburg"), ("10115", "Berlin"), ("28195", "Bremen"), ("50667", "Köln")),
        _german,
        TaxCategory.STANDARD,
    ),
    "Europe/London": RegionBilling(
        "GB",
        ("{n} Harbour Street", "{n} Old Mill Lane", "{n} Station Road"),
        (("E14 5AB", "London"), ("M1 2WD", "Manchester"), ("BS1 4DJ", "Bristol")),
        _british,
    ),
    "Europe/Moscow": RegionBilling(
        "RU",
        ("ул. Портовая, д. {n}", "Складской проезд, д. {n}", "Набережная, д. {n}"),
        (("101000", "Москва"), ("190000", "Санкт-Петербург"), ("420111", "Казань")),
        lambda number: f"{7_700_000_000 + number * 731}",
    ),
    "Asia/Tokyo": RegionBilling(
        "JP",
        ("{n}-2 Minato", "{n}-7 Sakuragicho"),
        (("105-0011", "Tokyo"), ("231-0062", "Yokohama")),
        lambda number: f"T{1_010_400_000_000 + number * 731}",
    ),
    "America/New_York": RegionBilling(
        "US",
        ("{n} Maple Avenue", "{n} Riverside Drive", "{n} Dock Street"),
        (("NY 10004", "New York"), ("MA 02110", "Boston"), ("NJ 07302", "Jersey City")),
        lambda number: f"{20 + number % 70}-{1_000_000 + number * 731:07d}",
    ),
    "America/Sao_Paulo": RegionBilling(
        "BR",
        ("Rua das Palmeiras, {n}", "Avenida do Porto, {n}"),
        (("01310-100", "São Paulo"), ("11013-000", "Santos")),
        lambda number: f"12.{100 + number % 900}.678/0001-90",
    ),
    "Asia/Kolkata": RegionBilling(
        "IN",
        ("{n} Lake Road", "{n} Harbour View"),
        (("400001", "Mumbai"), ("560001", "Bengaluru")),
        lambda number: f"27AAACD{number % 10_000:04d}F1Z5",
    ),
    "Africa/Cairo": RegionBilling(
        "EG",
        ("{n} Corniche Street", "{n} Palm Square"),
        (("11511", "Cairo"), ("21511", "Alexandria")),
        lambda number: f"{200 + number % 700}-451-220",
    ),
    "UTC": RegionBilling(
        "NO",
        ("Havnegata {n}", "Fyrveien {n}"),
        (("5003", "Bergen"), ("9008", "Tromsø")),
        _norwegian,
    ),
    "Europe/Paris": RegionBilling(
        "FR",
        ("{n} rue du Port", "{n} quai des Tilleuls", "{n} avenue du Marché"),
        (("75011", "Paris"), ("13002", "Marseille"), ("69002", "Lyon")),
        _french,
        TaxCategory.REVERSE_CHARGE,
    ),
}
# The places of organizations that are not in the country of their region, by number.
_ELSEWHERE = {
    19: RegionBilling(
        "PL", ("ul. Portowa {n}",), (("80-001", "Gdańsk"),), _polish, TaxCategory.REVERSE_CHARGE
    ),
}
# Divisor and remainder: the numbers of organizations whose details are missing or incomplete.
_UNKNOWN = 9, 8
_WITHOUT_STREET_AND_TAX = 13, 7
_WITHOUT_EMAIL = 11, 4
_WITH_CHARGES = 6, 2
# The number of the organization that has moved, and of the one that will move.
_MOVED, _WILL_MOVE = 0, 10

_IDS = {category: number for number, category in enumerate(TaxCategory, start=1)}
TAXES = (
    TaxRow(_IDS[TaxCategory.STANDARD], "German VAT", "S", "", "", True),
    TaxRow(_IDS[TaxCategory.ZERO], "Zero rate", "Z", "", "", False),
    TaxRow(_IDS[TaxCategory.EXEMPT], "Charity", "E", "Exempt under § 4 UStG", "", False),
    TaxRow(_IDS[TaxCategory.REVERSE_CHARGE], "Reverse charge", "AE", "", "", False),
    TaxRow(_IDS[TaxCategory.NONE], "Outside the EU", "O", "", "", False),
    TaxRow(_IDS[TaxCategory.INTRA_EU], "Intra-EU supply", "K", "", "", False),
    TaxRow(_IDS[TaxCategory.EXPORT], "Export", "G", "", "", False),
)
PERCENTS = (
    TaxPercentRow(_IDS[TaxCategory.STANDARD], Decimal("19.00"), date(2007, 1, 1)),
    TaxPercentRow(_IDS[TaxCategory.STANDARD], Decimal("16.00"), date(2020, 7, 1)),
    TaxPercentRow(_IDS[TaxCategory.STANDARD], Decimal("19.00"), date(2021, 1, 1)),
)


def delivery(number: int, region: Region) -> DeliveryFields:
    """Return how an organization's documents are sent."""
    is_sent = not (_is_turn(number, _WITHOUT_EMAIL) or _is_turn(number, _UNKNOWN))
    return {
        "billing_email": f"invoices-{number + 1}@example.org" if is_sent else "",
        "invoice_language": "ru" if region.language == "ru" else "en",
        "attach_charges": is_sent and _is_turn(number, _WITH_CHARGES),
    }


def billing_details(number: int, title: str, region: Region, today: date) -> Iterator[DetailsRow]:
    """Yield the versions of an organization's billing details, complete or in part, if any."""
    if _is_turn(number, _UNKNOWN):
        return
    details = _complete(number, title, region)
    if number in BUYERS:
        tax = _IDS[_PLACES[region.time_zone].tax]
        yield details._replace(**BUYERS[number].details, tax_id=tax)
        return
    if _is_turn(number, _WITHOUT_STREET_AND_TAX):
        details = details._replace(street="", tax_id=None)
    yield details
    if number in (_MOVED, _WILL_MOVE):
        streets = _PLACES[region.time_zone].streets
        since = today - timedelta(days=45) if number == _MOVED else today + timedelta(days=20)
        street = streets[(number + 1) % len(streets)].format(n=12)
        yield details._replace(valid_from=since, street=street)


def _is_turn(number: int, turn: tuple[int, int]) -> bool:
    each, remainder = turn
    return number % each == remainder


def _complete(number: int, title: str, region: Region) -> DetailsRow:
    place = _ELSEWHERE.get(number) or _PLACES[region.time_zone]
    postal_code, city = place.cities[number % len(place.cities)]
    return DetailsRow(
        organization_id=number + 1,
        valid_from=None,
        name=title,
        street=place.streets[number % len(place.streets)].format(n=number % 97 + 1),
        postal_code=postal_code,
        city=city,
        country=place.country,
        tax_number=place.tax_id(number),
        tax_id=_IDS[_tax(number, place)],
    )


def _tax(number: int, place: RegionBilling) -> TaxCategory:
    # Changes each time the numbers have gone through all regions.
    match number // len(_PLACES) % 4, place.tax:
        case 3, TaxCategory.STANDARD:
            return TaxCategory.EXEMPT
        case 1, TaxCategory.NONE:
            return TaxCategory.ZERO
        case 2, TaxCategory.NONE:
            return TaxCategory.EXPORT
        case 2, TaxCategory.REVERSE_CHARGE:
            return TaxCategory.INTRA_EU
    return place.tax
