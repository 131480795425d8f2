"""The demonstration's buyers who accept electronic invoices only in a form of their own."""

from __future__ import annotations

from typing import Any, NamedTuple

from stdnum.iso7064 import mod_97_10

from invoices.provider.operations import EInvoicing
from organizations.billing.profiles import BuyerKind, Profile

PROVIDER: EInvoicing = {
    "contact_name": "Accounts",
    "contact_phone": "+49 40 5550100",
    "endpoint": "DE123456788",
    "endpoint_scheme": "9930",
    "legal_id": "",
    "legal_scheme": "",
}
"""What electronic invoices state of the provider."""


class Buyer(NamedTuple):
    """An organization by its number: its title, and what differs in its billing details."""

    title: str
    details: dict[str, Any]


def _leitweg(base: str) -> str:
    return f"{base}-{mod_97_10.calc_check_digits(base.replace('-', ''))}"


def _belgian(digits: str) -> str:
    return f"{digits}{97 - int(digits) % 97:02d}"


_ROUTE = _leitweg("02000000-HAFENRAND")
_ENTERPRISE = _belgian("08990010")
BUYERS = {
    20: Buyer(
        "Bezirksamt Hafenrand",
        {
            "buyer_kind": BuyerKind.PUBLIC.value,
            "profile": Profile.XRECHNUNG_CII.value,
            "endpoint": _ROUTE,
            "endpoint_scheme": "0204",
            "buyer_reference": _ROUTE,
            "project_reference": "Videoanlage 2026",
        },
    ),
    39: Buyer(
        "Entrepôts du Canal SA",
        {
            "street": "Quai des Péniches 12",
            "postal_code": "1000",
            "city": "Brussel",
            "country": "BE",
            "tax_number": f"BE{_ENTERPRISE}",
            "buyer_kind": BuyerKind.COMPANY.value,
            "profile": Profile.PEPPOL.value,
            "endpoint": _ENTERPRISE,
            "endpoint_scheme": "0208",
            "order_reference": "PO-4711",
        },
    ),
}
"""By number: a German public body with a Leitweg-ID, and a Belgian company on Peppol."""
