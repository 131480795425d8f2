"""Billing details: the organization's data on invoices, and its tax."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypedDict

from organizations.models import Organization, TaxCategory


class BillingDetails(TypedDict):
    """The editable billing details of an organization."""

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
    """Return the stored billing details by field name."""
    return {name: getattr(organization, name) for name in BillingDetails.__annotations__}


def missing_billing_details(organization: Organization) -> list[str]:
    """Return the names of empty fields that must be filled in before invoices can be issued."""
    needed: Sequence[str] = _NEEDED
    if organization.tax_category == TaxCategory.REVERSE_CHARGE:
        needed = (*needed, "billing_tax_id")
    return [name for name in needed if not getattr(organization, name)]
