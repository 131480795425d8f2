"""Bookings in DATEV's format: EXTF 700, category 21 (Buchungsstapel), version 13.

A file is about one financial year and amounts in euro. It is written in Windows-1252, as DATEV
reads it; a character that it does not have becomes a question mark. Never tried with DATEV itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from accounting.journal import Booking
from accounting.models import AccountingSettings
from rating.periods import Period

CURRENCY = "EUR"
ENCODING = "cp1252"

_NAME = "Buchungsstapel"
_MAX_NUMBER, _MAX_TEXT = 36, 60
# What a document number (Belegfeld 1) may have: [\w$%\-\/]{0,36} in DATEV's description.
_NOT_IN_NUMBER = re.compile(r"[^A-Za-z0-9_$%/-]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

# The 125 columns. The text ones are quoted; the others hold numbers and dates.
HEADINGS = (
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
    "Postensperre",
    "Diverse Adressnummer",
    "Geschäftspartnerbank",
    "Sachverhalt",
    "Zinssperre",
    "Beleglink",
    *chain.from_iterable(
        (f"Beleginfo - Art {number}", f"Beleginfo - Inhalt {number}") for number in range(1, 9)
    ),
    "KOST1 - Kostenstelle",
    "KOST2 - Kostenstelle",
    "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)",
    "Abw. Versteuerungsart",
    "Sachverhalt L+L",
    "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp",
    "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung",
    *chain.from_iterable(
        (f"Zusatzinformation - Art {number}", f"Zusatzinformation- Inhalt {number}")
        for number in range(1, 21)
    ),
    "Stück",
    "Gewicht",
    "Zahlweise",
    "Forderungsart",
    "Veranlagungsjahr",
    "Zugeordnete Fälligkeit",
    "Skontotyp",
    "Auftragsnummer",
    "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)",
    "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)",
    "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz",
    "Buchungs GUID",
    "KOST-Datum",
    "SEPA-Mandatsreferenz",
    "Skontosperre",
    "Gesellschaftername",
    "Beteiligtennummer",
    "Identifikationsnummer",
    "Zeichnernummer",
    "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung",
    "Festschreibung",
    "Leistungsdatum",
    "Datum Zuord. Steuerperiode",
    "Fälligkeit",
    "Generalumkehr (GU)",
    "Steuersatz",
    "Land",
    "Abrechnungsreferenz",
    "BVV-Position",
    "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
)
_PLACES = {name: place for place, name in enumerate(HEADINGS)}


def year_of(period: Period, settings: AccountingSettings) -> date | None:
    """Return the first day of the financial year of a period, or None if it is in several."""

    def begin(day: date) -> date:
        year = day.year if day.month >= settings.year_begins else day.year - 1
        return date(year, settings.year_begins, 1)

    first = begin(period.start)
    return first if begin(period.last) == first else None


def can_number(first: int, last: int, digits: int) -> bool:
    """Return whether debtors can have these numbers beside accounts of so many digits.

    Numbers of debtors have one digit more, and begin with 1 to 6.
    """
    least: int = 10**digits
    return least <= first <= last < 7 * least


def debtor_form(digits: int) -> str:
    """Return what debtor numbers match beside accounts of so many digits, as `can_number` says."""
    return f"^[1-6][0-9]{{{digits}}}$"


def lines(
    period: Period,
    settings: AccountingSettings,
    bookings: Iterable[Booking],
    *,
    now: datetime,
    is_closed: bool,
) -> Iterator[bytes]:
    """Yield the lines of a file with the bookings in euro.

    `is_closed` says that the period is closed here, so that DATEV takes it as final
    (Festschreibung).
    """
    yield _line(_header(period, settings, now, is_closed=is_closed))
    yield _line(HEADINGS)
    for each in bookings:
        if each.is_booked and each.currency == CURRENCY:
            yield _line(_row(each, is_closed=is_closed))


def _header(
    period: Period, settings: AccountingSettings, now: datetime, *, is_closed: bool
) -> list[str]:
    created = f"{now:%Y%m%d%H%M%S}{now.microsecond // 1000:03}"
    year = year_of(period, settings)
    if year is None:
        raise ValueError(period)
    return [
        '"EXTF"',
        "700",
        "21",
        f'"{_NAME}"',
        "13",
        created,
        "",
        '"RE"',
        '""',
        '""',
        str(settings.consultant),
        str(settings.client),
        f"{year:%Y%m%d}",
        str(settings.account_digits),
        f"{period.start:%Y%m%d}",
        f"{period.last:%Y%m%d}",
        f'"{period.start:%Y-%m-%d} {period.last:%Y-%m-%d}"',
        '""',
        "1",
        "0",
        "1" if is_closed else "0",
        f'"{CURRENCY}"',
        "",
        '""',
        "",
        "",
        '""',
        "",
        "",
        '""',
        '""',
    ]


def _row(booking: Booking, *, is_closed: bool) -> list[str]:
    """Return the cells of a booking, seen from the debtor's account."""
    other = booking.credit if booking.is_debtor_debited else booking.debit
    # A payment is about the invoice that it pays, if it is one.
    about = booking.number if booking.tax is not None else booking.refers_to or booking.number
    row = [""] * len(HEADINGS)
    for name, cell in {
        "Umsatz (ohne Soll/Haben-Kz)": _amount(booking.amount),
        "Soll/Haben-Kennzeichen": _quoted("S" if booking.is_debtor_debited else "H"),
        "WKZ Umsatz": _quoted(booking.currency),
        "Konto": booking.debtor,
        "Gegenkonto (ohne BU-Schlüssel)": other,
        "BU-Schlüssel": _quoted(booking.tax_key),
        "Belegdatum": f"{booking.day:%d%m}",
        "Belegfeld 1": _quoted(_NOT_IN_NUMBER.sub("", about)[:_MAX_NUMBER]),
        "Buchungstext": _quoted(_CONTROL.sub(" ", booking.text)[:_MAX_TEXT]),
        "Festschreibung": "1" if is_closed else "0",
    }.items():
        row[_PLACES[name]] = cell
    return row


def _amount(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace('"', '""')) if text else '""'


def _line(row: Iterable[str]) -> bytes:
    return (";".join(row) + "\r\n").encode(ENCODING, "replace")
