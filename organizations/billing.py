"""Billing details: what invoices say of an organization, and how they tax it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypedDict

from organizations.models import Organization, TaxCategory


class BillingDetails(TypedDict):
    """What a person decides about an organization's invoices."""

    billing_name: str
    billing_street: str
    billing_postal_code: str
    billing_city: str
    billing_country: str
    billing_tax_id: str
    billing_email: str
    tax_category: str
    tax_rate: Decimal | None
    invoice_language: str


_NEEDED = ("billing_name", "billing_street", "billing_city", "billing_country", "tax_category")


def stored_billing_details(organization: Organization) -> dict[str, Any]:
    """Return what is decided now, by the name of the field."""
    return {name: getattr(organization, name) for name in BillingDetails.__annotations__}


def missing_billing_details(organization: Organization) -> list[str]:
    """Return the fields that must be filled in before anything can be invoiced."""
    needed: Sequence[str] = _NEEDED
    if organization.tax_category == TaxCategory.REVERSE_CHARGE:
        needed = (*needed, "billing_tax_id")
    return [name for name in needed if not getattr(organization, name)]
