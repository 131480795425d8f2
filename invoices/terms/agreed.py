"""Read the terms that new documents of organizations state, with one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.mail_texts.kinds import filled
from foundation.among import among
from invoices.documents.document import Account
from invoices.documents.terms import CashDiscount, Terms
from invoices.provider.models import Provider
from invoices.provider.parties import account_of
from invoices.terms.models import DISCOUNTS, CurrencyAccount, DocumentTerms, OrganizationTerms

PLACEHOLDERS = ("due_date", "days")
"""What payment terms in words can contain in braces."""


@dataclass(frozen=True)
class AgreedTerms:
    """The stored terms: those of the provider, those of organizations by id, and the accounts."""

    accounts: Mapping[str, Account] = field(default_factory=dict)
    _of_provider: Mapping[str, Any] = field(default_factory=dict)
    _of_organizations: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def account(self, provider: Provider, currency: str) -> Account:
        """Return the account for invoices in a currency; without one of its own, the default."""
        return self.accounts.get(currency) or account_of(provider)

    def days_to_pay(self, provider: Provider, organization_id: int) -> int:
        """Return how many days after the date of its invoices an organization has to pay them."""
        days: int | None = self._of_organizations.get(organization_id, {}).get("days_to_pay")
        return provider.days_to_pay if days is None else days

    def terms(self, organization_id: int, language: str, due_on: date, issued_on: date) -> Terms:
        """Return what an invoice of an organization states in its language, without a country."""
        words = self._of_provider.get(f"payment_terms_{language}", "")
        if words:
            with override(language):
                values = {
                    "due_date": date_format(due_on),
                    "days": str((due_on - issued_on).days),
                }
            words = filled(words, values)
        own = self._of_organizations.get(organization_id, {})
        source = own if own.get("has_own_discounts") else self._of_provider
        return Terms(words=words, discounts=_discounts(source), footer=self.footer(language))

    def footer(self, language: str) -> str:
        """Return what is printed at the bottom of documents in a language, with line breaks."""
        footer: str = self._of_provider.get(f"footer_{language}", "")
        return footer


def _discounts(stored: Mapping[str, Any]) -> tuple[CashDiscount, ...]:
    return tuple(
        CashDiscount(Decimal(stored[f"{name}_percent"]), stored[f"{name}_days"])
        for name in _LEVELS
        if stored.get(f"{name}_percent") is not None
    )


_LEVELS = ("first", "second")
_TEXTS = ("payment_terms_en", "payment_terms_ru", "footer_en", "footer_ru")
_ACCOUNT = ("account_number", "bic", "bank", "correspondent_account")


def agreed_terms(organization_ids: Collection[int]) -> AgreedTerms:
    """Read what the documents of organizations state, whatever their number, with one query."""
    own = OrganizationTerms.objects.filter(among("organization", organization_ids))
    rows = _rows(DocumentTerms.objects.all(), *DISCOUNTS, *_TEXTS).union(
        _rows(CurrencyAccount.objects.order_by(), "currency", *_ACCOUNT),
        _rows(own, "organization_id", "days_to_pay", "has_own_discounts", *DISCOUNTS),
        all=True,
    )
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for kind, values in rows:
        found[kind].append(values)
    accounts = found[CurrencyAccount.__name__]
    return AgreedTerms(
        {each["currency"]: Account(*(each[name] for name in _ACCOUNT)) for each in accounts},
        next(iter(found[DocumentTerms.__name__]), {}),
        {each["organization_id"]: each for each in found[OrganizationTerms.__name__]},
    )


def _rows(rows: QuerySet[Any], *names: str) -> QuerySet[Any, Any]:
    """Return the name of the model and the values by name, with exact percentages as text."""
    values = {
        name: Cast(name, CharField()) if name.endswith("_percent") else F(name) for name in names
    }
    kind = Value(rows.model.__name__, output_field=CharField())
    found: QuerySet[Any, Any] = rows.annotate(kind=kind, stated=JSONObject(**values))
    return found.values_list("kind", "stated")
