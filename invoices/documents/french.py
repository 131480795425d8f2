"""What invoices between French companies state beside EN 16931, by the rules BR-FR of flux 2.

The notes are those that the Code de commerce requires, with subject codes of UNTDID 4451.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stdnum.fr import siren, siret

from invoices.documents.french_codes import ADDRESSES, COUNTRIES, SERVICES, SIREN
from rating.money import to_places

if TYPE_CHECKING:
    from invoices.documents.document import DocumentLine, Party

# BR-FR-DEC-02 and BR-FR-DEC-03: the maximum number of decimal places.
QUANTITY_PLACES = 4
PRICE_PLACES = 6

_VAT_LENGTH = len("FR12") + len("345678901")


@dataclass(frozen=True, slots=True)
class French:
    """The SIRENs of both companies, the three notes, and the code of the business process."""

    seller: str
    buyer: str
    penalties: str
    recovery: str
    discount: str
    process: str = SERVICES

    @property
    def notes(self) -> Iterator[tuple[str, str]]:
        """The notes with their subject codes (BT-21 and BT-22)."""
        yield "PMD", self.penalties
        yield "PMT", self.recovery
        yield "AAB", self.discount


def siren_of(party: Party) -> str:
    """Return the SIREN of a company in France, or an empty text if there is none or it is unknown.

    A French VAT number ends with the SIREN, and a SIRET begins with it.
    """
    if party.country not in COUNTRIES:
        return ""
    if party.legal_scheme == SIREN:
        return party.legal_id
    number = "".join(party.tax_id.split()).upper()
    if number.startswith("FR") and len(number) == _VAT_LENGTH:
        number = number[-9:]
    elif siret.is_valid(number):
        number = number[:9]
    return number if siren.is_valid(number) else ""


def in_french_places(line: DocumentLine) -> DocumentLine:
    """Return a line whose quantity and price have no more decimal places than the rules allow.

    Its amount does not change: the line states the difference as an allowance or a charge.
    """
    quantity, price = line.quantity, line.price
    if _places(quantity) > QUANTITY_PLACES:
        quantity = to_places(Fraction(quantity), QUANTITY_PLACES)
    if _places(price) > PRICE_PLACES:
        price = to_places(Fraction(price), PRICE_PLACES)
    return replace(line, quantity=quantity, price=price)


def _places(number: Decimal) -> int:
    """Return the decimal places that are written, of which the last can be zeros."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return -exponent


def stated_in_french(
    french: French, seller: Party, buyer: Party, stated: dict[str, Any]
) -> dict[str, Any]:
    """Return the terms of a document, as `xml` states them, with what the French rules require."""
    notes: Sequence[dict[str, str]] = stated.get("BG-1", ())
    return stated | {
        "BT-23": french.process,
        "BG-1": [*notes, *({"BT-21": code, "BT-22": text} for code, text in french.notes)],
        "BG-4": stated["BG-4"] | _identified(french.seller, seller),
        "BG-7": stated["BG-7"] | _identified(french.buyer, buyer),
    }


def _identified(number: str, party: Party) -> dict[str, str]:
    """Return the SIREN of a party, and its address in the directory: its own, or the SIREN."""
    has_own = party.endpoint_scheme == ADDRESSES
    return {
        "legal_identifier": number,
        "legal_identifier_schemeid": SIREN,
        "einvoicing_addr": party.endpoint if has_own else number,
        "einvoicing_addr_schemeid": ADDRESSES,
    }
