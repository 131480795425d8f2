"""Make terms and accounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from invoices.tests.factories import ProviderFactory
from organizations.models import Organization

DOLLARS = "GB33BUKB20201555555555"


def an_account_for(currency: str = "USD", **fields: Any) -> CurrencyAccount:
    """Return the provider's account for a currency."""
    ProviderFactory.create()
    given = {"account_number": DOLLARS, "bic": "BUKBGB22", "bank": "Dollar Bank", **fields}
    return CurrencyAccount.objects.create(currency=currency, **given)


def document_terms(**fields: Any) -> DocumentTerms:
    """Return the terms of all documents: 2 % within 7 days, unless given otherwise."""
    discount = {"first_percent": Decimal("2.00"), "first_days": 7}
    return DocumentTerms.objects.create(**{**discount, **fields})


def organization_terms(organization: Organization, **fields: Any) -> OrganizationTerms:
    """Return the terms of an organization."""
    return OrganizationTerms.objects.create(organization=organization, **fields)
