"""The columns of a file of terms, as it is imported and exported: one line for each term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.agreement.kinds import Kind
from organizations.agreement.models import (
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Suspension,
)

ENTRY = "entry"
"""The column that says of which kind a term is."""

LABELS = {
    "organization": _("organization"),
    ENTRY: pgettext_lazy("of an agreement", "entry"),
    "first_day": _("first day"),
    "last_day": _("last day"),
    "tariff": _("tariff plan"),
    "text": pgettext_lazy("of a charge", "text"),
    "percent": _("discount, %"),
    "quantity": _("quantity"),
    "amount": _("amount"),
    "currency": _("currency"),
    "reason": _("reason"),
    "charged": pgettext_lazy("in a suspension or trial", "charged"),
}
"""The columns, those that a file must have first, and what people call them."""
COLUMNS = tuple(LABELS)
REQUIRED = ("organization", "entry", "first_day")
OPTIONAL = tuple(column for column in COLUMNS if column not in REQUIRED)

ENTRIES = {
    IndividualPrice: "price",
    Discount: "discount",
    DiscountExemption: "exemption",
    Fee: "fee",
    OneOffCharge: "one_off",
    Minimum: "minimum",
    Suspension: "suspension",
}
"""What each kind of term is called in a file."""

_DATES = {"first_day": "first_on", "last_day": "last_on"}
FIELDS: Mapping[Any, Mapping[str, str]] = {
    IndividualPrice: {"tariff": "tariff", "first_day": "valid_from", "amount": "amount"},
    Discount: {"tariff": "tariff", "percent": "percent", **_DATES},
    DiscountExemption: {"tariff": "tariff", **_DATES},
    Fee: {
        **{"text": "name", "amount": "amount", "currency": "currency", "charged": "in_trial"},
        **_DATES,
    },
    OneOffCharge: {
        **{"first_day": "day", "text": "text", "quantity": "quantity", "amount": "amount"},
        **{"currency": "currency", "reason": "reason"},
    },
    Minimum: {"amount": "amount", "currency": "currency", **_DATES},
    Suspension: {"reason": "reason", "charged": "is_charged", **_DATES},
}
"""The field of a term in each column that its kind has."""


def entry_of(kind: Kind) -> str:
    """Return what a kind of term is called in a file."""
    return ENTRIES[kind.model]
