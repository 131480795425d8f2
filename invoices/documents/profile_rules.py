"""What the profiles of electronic invoices decide about the XML of a document."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from organizations.billing.identifiers import OFF_PEPPOL
from organizations.billing.profiles import XRECHNUNG, Profile

if TYPE_CHECKING:
    from invoices.documents.document import Party

_PEPPOL_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_EN16931 = "urn:cen.eu:en16931:2017"
_XRECHNUNG = f"{_EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PEPPOL = f"{_EN16931}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"

# The schemes that legal IDs must have in Peppol if the seller is Dutch (NL-R-003, NL-R-005), and
# those of sellers who must have one (DK-R-002, DK-R-014, IS-R-002).
_DUTCH_SCHEMES = ("0106", "0190")
_SCHEMES_OF_SELLERS = {"DK": "0184", "IS": "0196"}
# Peppol prescribes the numbers of Greek sellers' invoices (GR-R-001), which are not ours.
_NOT_ON_PEPPOL = frozenset({"GR"})


class Syntax(StrEnum):
    """A syntax of EN 16931, as factur-x names it."""

    CII = "factur-x"
    UBL = "ubl-2.1"


class Rules(NamedTuple):
    """What a profile decides.

    `specification` is BT-24 and `process` BT-23, if it is stated. The first of the `syntaxes` is
    the one that is sent. A profile that `is_strict` has rules of its own beside EN 16931, and the
    XML is sent as a file, because its readers take nothing else.
    """

    specification: str
    process: str
    syntaxes: tuple[Syntax, ...]
    is_strict: bool = True


_BOTH = (Syntax.CII, Syntax.UBL)
_RULES = {
    Profile.EN16931: Rules(_EN16931, "", _BOTH, is_strict=False),
    Profile.FACTUR_X: Rules(_EN16931, "", _BOTH, is_strict=False),
    Profile.XRECHNUNG_CII: Rules(_XRECHNUNG, _PEPPOL_PROCESS, _BOTH),
    Profile.XRECHNUNG_UBL: Rules(_XRECHNUNG, _PEPPOL_PROCESS, _BOTH[::-1]),
    Profile.PEPPOL: Rules(_PEPPOL, _PEPPOL_PROCESS, (Syntax.UBL,)),
}


def rules_of(profile: Profile) -> Rules:
    """Return what a profile decides."""
    return _RULES[profile]


def with_specification(xml: bytes, profile: Profile) -> bytes:
    """Return XML of factur-x with the specification of a profile.

    factur-x 7.8 writes the specification of its level (BT-24), whatever it is given.
    """
    wanted = rules_of(profile).specification
    if wanted == _EN16931:
        return xml
    # Texts of people contain no angle brackets in XML.
    before, found, after = xml.partition(f">{_EN16931}<".encode())
    if not found:
        raise ValueError("The XML states no specification.")
    return b"".join((before, f">{wanted}<".encode(), after))


def is_for_sellers_in(profile: Profile, country: str) -> bool:
    """Return whether sellers in a country can state documents in a profile at all."""
    return profile is not Profile.PEPPOL or country not in _NOT_ON_PEPPOL


def missing_of_seller(profile: Profile, seller: Party) -> list[str]:
    """Return the names of a seller's details that a profile requires and that are empty."""
    if profile in XRECHNUNG:
        names = ("contact_name", "contact_phone", "email", "postal_code", "city")
        return [name for name in names if not getattr(seller, name)]
    if profile is Profile.PEPPOL:
        missing = [] if _is_on_peppol(seller) else ["endpoint"]
        scheme = _SCHEMES_OF_SELLERS.get(seller.country)
        if scheme and not (seller.legal_id and seller.legal_scheme == scheme):
            missing.append("legal_id")
        return [*missing, *_missing_of_dutch(seller, seller.country)]
    return []


def missing_of_buyer(profile: Profile, buyer: Party, seller_country: str) -> list[str]:
    """Return the names of a buyer's details that a profile requires and that are empty.

    References are not among them.
    """
    if profile in XRECHNUNG:
        missing = [name for name in ("postal_code", "city") if not getattr(buyer, name)]
        return missing if buyer.endpoint or buyer.email else [*missing, "endpoint"]
    if profile is Profile.PEPPOL:
        missing = [] if _is_on_peppol(buyer) else ["endpoint"]
        if seller_country == buyer.country == "IS" and not buyer.legal_id:
            missing.append("legal_id")  # IS-R-004
        return [*missing, *_missing_of_dutch(buyer, seller_country)]
    return []


def _missing_of_dutch(party: Party, seller_country: str) -> list[str]:
    """Return what Peppol requires of a Dutch seller, and of its Dutch buyers, and is missing."""
    if not seller_country == party.country == "NL":
        return []
    missing = [] if party.postal_code else ["postal_code"]
    if party.legal_id and party.legal_scheme not in _DUTCH_SCHEMES:
        missing.append("legal_scheme")
    return missing


def _is_on_peppol(party: Party) -> bool:
    return bool(party.endpoint) and party.endpoint_scheme not in OFF_PEPPOL


def places_of(profile: Profile, digits: int, most: int) -> Decimal:
    """Return the unit to which a line's product is rounded before it is compared with its amount.

    `digits` are those of the currency, and `most` those that EN 16931 allows. The rules of Peppol
    and XRechnung compare the exact product, also of currencies without decimals (R120).
    """
    return Decimal(1).scaleb(-(most if rules_of(profile).is_strict else digits))
