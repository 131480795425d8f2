"""Tests of the pages of terms, texts and accounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from foundation.web.one_row import values_of
from foundation.web.versions import version_of
from invoices.models import Invoice
from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from invoices.terms.operations import (
    OF_ACCOUNT,
    OF_DOCUMENTS,
    OF_ORGANIZATION,
    stored_document_terms,
    stored_organization_terms,
)
from invoices.terms.tests.factories import (
    DOLLARS,
    an_account_for,
    document_terms,
    organization_terms,
)
from invoices.tests.factories import ProviderFactory, issued_invoice
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

TERMS = "/invoices/provider/terms/"
ACCOUNTS = "/invoices/provider/accounts/"
ENTERED = {
    "first_percent": "2.5",
    "first_days": "7",
    "second_percent": "1",
    "second_days": "14",
    "payment_terms_en": "By {due_date}\r\nThank you",
    "payment_terms_ru": "",
    "footer_en": "HRB 1\r\nBerlin",
    "footer_ru": "",
}


def sent(**changed: Any) -> dict[str, Any]:
    shown = version_of(stored_document_terms(DocumentTerms.objects.first()))
    return {**ENTERED, "version": shown, **changed}


class TestTermsOfDocuments:
    def test_are_stored(self, operator_client: Client) -> None:
        ProviderFactory.create()
        answer = operator_client.post(TERMS, sent())

        assert answer["Location"] == "/invoices/provider/"
        assert values_of(DocumentTerms.objects.get(), OF_DOCUMENTS) == {
            "first_percent": Decimal("2.5"),
            "first_days": 7,
            "second_percent": 1,
            "second_days": 14,
            "payment_terms_en": "By {due_date}\nThank you",
            "payment_terms_ru": "",
            "footer_en": "HRB 1\nBerlin",
            "footer_ru": "",
        }

    @pytest.mark.parametrize(
        ("changed", "field", "error"),
        [
            ({"first_days": ""}, "first_days", "Enter both, or leave both empty."),
            ({"second_percent": ""}, "second_percent", "Enter both, or leave both empty."),
            (
                {"first_percent": "", "first_days": ""},
                "first_percent",
                "Enter the first cash discount before the second.",
            ),
            ({"second_days": "7"}, "second_days", "Enter more days than for the first"),
            ({"second_percent": "2.5"}, "second_percent", "Enter less than the first"),
            ({"first_percent": "0"}, "first_percent", "greater than or equal to 0.01"),
            ({"payment_terms_ru": "{when}"}, "payment_terms_ru", "Unknown placeholder {when}"),
            ({"footer_en": "\n".join("123456789")}, "footer_en", "more than 8 rows"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, operator_client: Client, changed: dict[str, str], field: str, error: str
    ) -> None:
        answer = operator_client.post(TERMS, sent(**changed))

        assert [*answer.context["form"].errors] == [field]
        assert error in answer.context["form"].errors[field][0]
        assert not DocumentTerms.objects.exists()

    def test_shows_what_somebody_else_changed(self, operator_client: Client) -> None:
        opened = sent()
        document_terms(footer_en="Theirs")

        answer = operator_client.post(TERMS, opened)

        assert [each.label for each in answer.context["conflict"].differences] == [
            "Cash discount, %",
            "Footer in English",
        ]
        assert DocumentTerms.objects.get().footer_en == "Theirs"


class TestTermsOfAnOrganization:
    def test_are_stored_and_dropped(self, operator_client: Client) -> None:
        organization = OrganizationFactory.create()
        address = f"/organizations/{organization.pk}/payment-terms/"
        shown = version_of(stored_organization_terms(None))
        entries = {"days_to_pay": "30", "has_own_discounts": "True", "version": shown}
        discount = {"first_percent": "3", "first_days": "10"}

        answer = operator_client.post(address, {**entries, **discount})

        assert answer["Location"] == f"/organizations/{organization.pk}/billing/"
        stored = OrganizationTerms.objects.get(organization=organization)
        assert values_of(stored, OF_ORGANIZATION)["first_percent"] == 3
        entries |= {"version": version_of(stored_organization_terms(stored))}
        operator_client.post(address, {**entries, **discount, "has_own_discounts": "False"})
        stored.refresh_from_db()
        assert (stored.has_own_discounts, stored.first_percent, stored.days_to_pay) == (
            False,
            None,
            30,
        )

    def test_are_reached_from_billing_details_and_are_in_the_history(
        self, operator_client: Client
    ) -> None:
        organization = OrganizationFactory.create()
        organization_terms(organization, days_to_pay=30)

        page = operator_client.get(f"/organizations/{organization.pk}/billing/")
        history = operator_client.get(f"/organizations/{organization.pk}/history/")

        assert f"/organizations/{organization.pk}/payment-terms/" in page.text
        assert "Payment term (days)" in history.text


class TestAccounts:
    def entries(self, **changed: str) -> dict[str, str]:
        given = {"currency": "USD", "account_number": DOLLARS, "bic": "", "bank": ""}
        return {**given, "correspondent_account": "", **changed}

    def test_are_added_changed_and_deleted(self, operator_client: Client) -> None:
        ProviderFactory.create()
        operator_client.post(f"{ACCOUNTS}add/", self.entries())
        account = CurrencyAccount.objects.get()
        assert (account.currency, account.account_number) == ("USD", DOLLARS)

        shown = version_of(values_of(account, OF_ACCOUNT))
        entries = self.entries(bank="Bank", version=shown)
        operator_client.post(f"{ACCOUNTS}{account.pk}/", entries)
        account.refresh_from_db()
        assert (account.currency, account.bank) == ("USD", "Bank")

        operator_client.post(f"{ACCOUNTS}{account.pk}/delete/")
        assert not CurrencyAccount.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"account_number": "DE02120300000000202052"}, "account_number"),
            ({"bic": "x"}, "bic"),
            ({"currency": "XXX"}, "currency"),
            ({"currency": "CHF"}, "currency"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, operator_client: Client, changed: dict[str, str], field: str
    ) -> None:
        an_account_for("CHF")

        answer = operator_client.post(f"{ACCOUNTS}add/", self.entries(**changed))

        assert [*answer.context["form"].errors] == [field]
        assert CurrencyAccount.objects.count() == 1

    def test_need_the_providers_details_first(self, operator_client: Client) -> None:
        answer = operator_client.post(f"{ACCOUNTS}add/", self.entries())

        assert "Enter the provider details first" in answer.text
        assert not CurrencyAccount.objects.exists()

    def test_are_listed_with_the_default_and_in_the_history(self, operator_client: Client) -> None:
        an_account_for("USD")

        page = operator_client.get(ACCOUNTS)
        history = operator_client.get("/invoices/provider/history/")

        assert DOLLARS in page.text
        assert "DE02120300000000202051" in page.text
        assert DOLLARS in history.text


def test_the_page_of_an_invoice_shows_its_terms(operator_client: Client) -> None:
    document_terms(payment_terms_en="By {due_date}")
    invoice = issued_invoice()

    page = operator_client.get(f"/invoices/{invoice.pk}/")

    assert "By 16 Nov 2026" in page.text
    assert "If paid by 9 Nov 2026: 2% cash discount" in page.text
    assert Invoice.objects.get().terms["discounts"] == [["2.00", 7]]
