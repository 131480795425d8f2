"""Tests of the terms that invoices state: they are read at once, and frozen with the invoice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from invoices.documents.document import Account
from invoices.documents.issued import document_of
from invoices.documents.terms import NO_TERMS, CashDiscount, Terms
from invoices.issuing import operations
from invoices.issuing.crediting import credit_note_of
from invoices.models import Invoice
from invoices.provider.parties import account_of, provider_details
from invoices.terms.agreed import agreed_terms
from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from invoices.terms.operations import OF_DOCUMENTS
from invoices.terms.tests.factories import (
    DOLLARS,
    an_account_for,
    document_terms,
    organization_terms,
)
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

ISSUED, DUE = date(2026, 11, 2), date(2026, 11, 16)


def stored(invoice: Invoice) -> Terms:
    return document_of(Invoice.objects.get(pk=invoice.pk)).terms


def test_nothing_is_stated_unless_it_was_entered() -> None:
    organization = OrganizationFactory.create()
    provider = ProviderFactory.create()

    agreed = agreed_terms([organization.pk])

    assert agreed.terms(organization.pk, "en", DUE, ISSUED) == NO_TERMS
    assert agreed.days_to_pay(provider, organization.pk) == provider.days_to_pay
    assert agreed.account(provider, "EUR") == account_of(provider)
    assert issued_invoice().terms == {}


def test_there_is_a_text_for_each_language() -> None:
    for name in ("payment_terms", "footer"):
        wanted = {f"{name}_{code}" for code, _language in settings.LANGUAGES}
        assert wanted == {each for each in OF_DOCUMENTS if each.startswith(name)}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "By 16 Nov 2026, in 14 days"), ("ru", "До 16.11.2026, 14 дн.")],
)
def test_texts_are_in_the_language_of_the_document(language: str, words: str) -> None:
    document_terms(
        payment_terms_en="By {due_date}, in {days} days",
        payment_terms_ru="До {due_date}, {days} дн.",
        footer_en="HRB 1\nBerlin",
        footer_ru="ОГРН 1",
    )

    terms = agreed_terms([]).terms(0, language, DUE, ISSUED)

    assert terms.words == words
    assert terms.footer == {"en": "HRB 1\nBerlin", "ru": "ОГРН 1"}[language]
    assert terms.discounts == (CashDiscount(Decimal("2.00"), 7),)


def test_an_organization_has_days_and_discounts_of_its_own() -> None:
    document_terms()
    usual, own, none, later = OrganizationFactory.create_batch(4)
    two = {"first_percent": 3, "first_days": 5, "second_percent": 1, "second_days": 10}
    organization_terms(own, has_own_discounts=True, days_to_pay=0, **two)
    organization_terms(none, has_own_discounts=True)
    organization_terms(later, days_to_pay=60)
    provider = ProviderFactory.create()

    agreed = agreed_terms([usual.pk, own.pk, none.pk, later.pk])

    def of(organization: Organization) -> tuple[int, list[tuple[Decimal, int]]]:
        terms = agreed.terms(organization.pk, "en", DUE, ISSUED)
        pairs = [(each.percent, each.days) for each in terms.discounts]
        return agreed.days_to_pay(provider, organization.pk), pairs

    assert of(usual) == (14, [(Decimal(2), 7)])
    assert of(own) == (0, [(Decimal(3), 5), (Decimal(1), 10)])
    assert of(none) == (14, [])
    assert of(later) == (60, [(Decimal(2), 7)])


def test_all_is_read_with_one_query(
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    document_terms()
    an_account_for("USD")
    an_account_for("CHF")
    organizations = OrganizationFactory.create_batch(3)
    for each in organizations:
        organization_terms(each, days_to_pay=5)

    with django_assert_num_queries(1):
        agreed = agreed_terms([each.pk for each in organizations])

    assert {*agreed.accounts} == {"USD", "CHF"}


def test_an_invoice_keeps_what_it_states() -> None:
    document_terms(payment_terms_en="By {due_date}", footer_en="HRB 1")
    invoice = issued_invoice()
    DocumentTerms.objects.update(first_percent=5, payment_terms_en="", footer_en="")

    assert stored(invoice) == Terms("By 16 Nov 2026", (CashDiscount(Decimal("2.00"), 7),), "HRB 1")
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert stored(credit_note) == Terms(footer="HRB 1")


def test_a_previewed_credit_note_equals_the_issued_one() -> None:
    document_terms(footer_en="HRB 1")
    invoice = issued_invoice()

    assert credit_note_of(invoice, IN_NOVEMBER).terms == Terms(footer="HRB 1")


def test_an_invoice_is_due_by_the_terms_of_its_organization() -> None:
    organization = BilledUseFactory.create().organization
    organization_terms(organization, days_to_pay=30)

    assert issued_invoice(organization).due_on == date(2026, 12, 2)


def test_invoices_state_the_account_of_their_currency() -> None:
    ProviderFactory.create()
    an_account_for("USD", correspondent_account="")
    use = BilledUseFactory.create()
    dollars = TariffFactory.create(currency="USD")
    BilledUseFactory.create(camera__organization=use.organization, tariff=dollars)

    issued = operations.issue(
        organization_id=use.organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None
    )

    accounts = {each.currency: Account(**each.account) for each in issued}
    assert accounts["EUR"] == account_of(provider_details())
    assert accounts["USD"] == Account(DOLLARS, "BUKBGB22", "Dollar Bank")
    # The reference has the form that the account of the invoice asks for.
    CurrencyAccount.objects.update(account_number="CH4431999123000889012")
    (in_dollars,) = [each for each in issued if each.currency == "USD"]
    reference = document_of(Invoice.objects.get(pk=in_dollars.pk)).payment_reference
    assert reference is not None
    assert reference.stated.startswith("RF")


@pytest.mark.parametrize(
    "fields",
    [
        {"first_percent": 2},
        {"first_days": 2},
        {"first_percent": 0, "first_days": 2},
        {"first_percent": 2, "first_days": 366},
        {"second_percent": 2, "second_days": 2},
        {"first_percent": 2, "first_days": 7, "second_percent": 1},
        {"first_percent": 2, "first_days": 7, "second_days": 14},
        {"first_percent": 2, "first_days": 7, "second_percent": 2, "second_days": 14},
        {"first_percent": 2, "first_days": 7, "second_percent": 1, "second_days": 7},
    ],
)
def test_the_database_refuses_discounts_out_of_order(fields: dict[str, Any]) -> None:
    organization = OrganizationFactory.create()

    with pytest.raises(IntegrityError, match="discounts"), transaction.atomic():
        DocumentTerms.objects.create(**fields)
    with pytest.raises(IntegrityError, match="discounts"), transaction.atomic():
        organization_terms(organization, has_own_discounts=True, **fields)


def test_the_database_refuses_what_contradicts_itself() -> None:
    organization = OrganizationFactory.create()
    an_account_for("USD")

    for model, values, name in (
        (DocumentTerms, {"pk": 2}, "one"),
        (OrganizationTerms, {"days_to_pay": 366}, "days"),
        (OrganizationTerms, {"first_percent": 2, "first_days": 7}, "own"),
        (CurrencyAccount, {"currency": "USD", "account_number": "1"}, "unique"),
        (CurrencyAccount, {"currency": "usd", "account_number": "1"}, "currency"),
        (CurrencyAccount, {"currency": "CHF", "account_number": ""}, "number"),
    ):
        of = {"organization": organization} if model is OrganizationTerms else {}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model._default_manager.create(**of, **values)


def test_the_column_of_terms_is_empty_without_a_value() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_default FROM information_schema.columns"
            " WHERE table_name = 'invoices_invoice' AND column_name = 'terms'"
        )
        assert cursor.fetchone() == ("'{}'::jsonb",)
