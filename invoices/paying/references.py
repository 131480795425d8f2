"""The reference of an invoice in the form that banks of the account's country preserve.

It follows from the invoice's number, its id and the account that it states. None of them ever
changes, so the reference need not be stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from typing import NamedTuple

from stdnum import iso11649, luhn
from stdnum.be import ogm_vcs
from stdnum.ch import esr
from stdnum.iso7064 import mod_97_10

# A number of which the letters and digits alone say where its prefix ends.
_PLAIN_NUMBER = re.compile(r"([A-Z0-9]{1,10})-([0-9]{4})-([0-9]{6,7})", re.ASCII)
_SERIAL_DIGITS = 6, 7
# The longest id that the forms with digits only can contain.
_MOST_DIGITS = 10
_FINNISH_WEIGHTS = (7, 3, 1)
# Identifiers of banks in QR-IBANs (SIX, Swiss Payment Standards).
_QR_BANKS = range(30_000, 32_000)


class Form(StrEnum):
    """The form of a reference, by the country of the account."""

    NUMBER = "number"
    RF = "rf"
    SWISS = "qrr"
    BELGIAN = "belgian"
    FINNISH = "finnish"
    NORWEGIAN = "kid"


@dataclass(frozen=True, slots=True)
class PaymentReference:
    """What a payer states: `text` without spaces, with its check digits."""

    form: Form
    text: str

    @property
    def printed(self) -> str:
        """The reference in the groups in which the standard of its form prints it."""
        match self.form:
            case Form.RF:
                return str(iso11649.format(self.text))
            case Form.SWISS:
                return str(esr.format(self.text))
            case Form.BELGIAN:
                return f"+++{ogm_vcs.format(self.text)}+++"
            case Form.FINNISH:
                return _in_fives_from_the_end(self.text)
        return self.text

    @property
    def stated(self) -> str:
        """The reference without spaces; a Belgian one with the marks that tell it from others."""
        return self.printed if self.form is Form.BELGIAN else self.text

    @property
    def in_rf(self) -> str:
        """The reference by ISO 11649, or "" if its form has none."""
        match self.form:
            case Form.RF:
                return self.text
            case Form.FINNISH:
                return _rf(self.text)
        return ""

    @property
    def names(self) -> tuple[str, ...]:
        """The texts by which a payment names the invoice, beside its number."""
        if self.form is Form.NUMBER:
            return ()
        return tuple(dict.fromkeys(filter(None, (self.text, self.in_rf))))


def reference_for(*, number: str, key: int, account: str) -> PaymentReference:
    """Return the reference of the invoice with a number and the id `key`, paid to an account.

    Without an IBAN, it is the number. By the country of the IBAN, it is

    - for a Swiss QR-IBAN the QR reference (27 digits; modulo 10, recursive), because its bank
      accepts nothing else,
    - in Belgium the structured communication (12 digits; modulo 97),
    - in Finland the national reference (13 digits; weights 7, 3, 1),
    - in Norway the KID (13 digits; modulo 10),
    - elsewhere an RF reference (ISO 11649; up to 25 letters and digits; modulo 97).

    An RF reference contains the number without its hyphens. A number with a hyphen or a slash in
    its prefix could then equal another one, so the id takes its place. Forms of digits contain
    the id. So no two invoices have the same reference.
    """
    iban = "".join(account.split()).upper()
    country = iban[:2]
    if not country.isalpha() or len(str(key)) > _MOST_DIGITS:
        return PaymentReference(Form.NUMBER, number)
    if is_qr_iban(iban):
        return PaymentReference(Form.SWISS, _with(f"{key:026}", esr.calc_check_digit))
    match country:
        case "BE":
            return PaymentReference(Form.BELGIAN, _with(f"{key:010}", ogm_vcs.calc_check_digits))
        # Banks drop zeros at the beginning, so these begin with a one.
        case "FI":
            return PaymentReference(Form.FINNISH, _with(f"1{key:011}", _finnish_check_digit))
        case "NO":
            return PaymentReference(Form.NORWEGIAN, _with(f"1{key:011}", luhn.calc_check_digit))
    plain = _PLAIN_NUMBER.fullmatch(number)
    return PaymentReference(Form.RF, _rf("".join(plain.groups()) if plain else str(key)))


def names_of(*, number: str, key: int, account: str) -> tuple[str, ...]:
    """Return the texts by which a payment can name an invoice: its number, and its reference."""
    reference = reference_for(number=number, key=key, account=account)
    return (number, *reference.names)


class Candidates(NamedTuple):
    """The ids and the numbers of invoices of which some may have a reference."""

    keys: Sequence[int]
    numbers: Sequence[str]


def candidates_for(text: str) -> Candidates:
    """Return which invoices a text may be the number or the reference of; mostly none.

    Spaces, hyphens, small letters and Belgian marks do not matter. `means` says for one of these
    invoices whether it is.
    """
    compact = _compact(text)
    body = compact[4:] if iso11649.is_valid(compact) else compact
    plain = [f"{prefix}-{year}-{serial}" for prefix, year, serial in _split(body)]
    keys = {body} if body != compact else set()
    match len(body):
        case 12:
            keys.add(body[:10])
        case 13:
            keys.add(body[1:12])
        case 27:
            keys.add(body[:26])
    found = {int(key) for key in keys if key.isascii() and key.isdecimal()}
    return Candidates(sorted(key for key in found if len(str(key)) <= _MOST_DIGITS), plain)


def means(text: str, *, number: str, key: int, account: str) -> bool:
    """Return whether a text is the number or the reference of an invoice, however it is written."""
    compact = _compact(text)
    return any(
        _compact(each) == compact for each in names_of(number=number, key=key, account=account)
    )


def is_qr_iban(iban: str) -> bool:
    """Return whether a compact IBAN is one of Switzerland or Liechtenstein for QR references."""
    return iban[:2] in ("CH", "LI") and iban[4:9].isdecimal() and int(iban[4:9]) in _QR_BANKS


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))


def _split(compact: str) -> Iterator[tuple[str, str, str]]:
    """Yield the ways to split a number without hyphens into prefix, year and serial number."""
    for digits in _SERIAL_DIGITS:
        prefix, rest = compact[: -digits - 4], compact[-digits - 4 :]
        parts = prefix, rest[:4], rest[4:]
        if _PLAIN_NUMBER.fullmatch("-".join(parts)):
            yield parts


def _with(digits: str, check: Callable[[str], str]) -> str:
    return f"{digits}{check(digits)}"


def _rf(text: str) -> str:
    return f"RF{mod_97_10.calc_check_digits(f'{text}RF')}{text}"


def _finnish_check_digit(digits: str) -> str:
    """Return the check digit of a Finnish reference, by the rule of Finance Finland."""
    weighted = zip(reversed(digits), cycle(_FINNISH_WEIGHTS), strict=False)
    return str(-sum(int(digit) * weight for digit, weight in weighted) % 10)


def _in_fives_from_the_end(digits: str) -> str:
    first = len(digits) % 5
    groups = [digits[:first], *(digits[at : at + 5] for at in range(first, len(digits), 5))]
    return " ".join(filter(None, groups))
