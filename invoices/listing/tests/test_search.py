"""Searching invoices: few or many, by number or by name."""

from decimal import Decimal

import pytest
from django.db import connection

from invoices.listing import search
from invoices.models import BilledName, Invoice
from invoices.paying.references import Form, reference_for
from invoices.tests.factories import issued_invoice
from organizations.models import Organization

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[search.FEW_NAMES, 0], ids=["few", "many"], autouse=True)
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW_NAMES", request.param)
    monkeypatch.setattr(search, "FEW", request.param)


def found(text: str) -> list[int]:
    return list(Invoice.objects.search(text).values_list("pk", flat=True))


def test_the_names_on_the_invoice_are_searched_not_those_of_today() -> None:
    invoice = issued_invoice()
    title = invoice.organization_title
    Organization.objects.update(title="Renamed")

    assert found(title) == [invoice.pk]
    assert found("renamed") == []


def test_names_are_stored_once() -> None:
    invoice = issued_invoice()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO invoices_invoice
            SELECT (jsonb_populate_record(
                one, jsonb_build_object('id', id + 1000, 'number', 'INV-2026-000777')
            )).*
            FROM invoices_invoice AS one
            """
        )

    assert BilledName.objects.count() == 1
    assert sorted(found(invoice.buyer_name)) == [invoice.pk, invoice.pk + 1000]
    assert found("777") == [invoice.pk + 1000]


def test_a_number_can_come_with_other_words() -> None:
    invoice = issued_invoice()
    words = invoice.buyer_name.lower()

    assert found(f"{words} 1") == found("inv 1") == found("2026 1") == [invoice.pk]
    assert found("nobody 1") == found("2025 1") == []


def test_a_payment_reference_finds_its_invoice() -> None:
    invoice = issued_invoice()
    reference = reference_for(
        number=invoice.number, key=invoice.pk, account=invoice.account["number"]
    )

    assert reference.form is Form.RF
    assert found(reference.printed) == found(reference.text.lower()) == [invoice.pk]
    assert search.with_number(Invoice.objects.all(), reference.text, 5) == [invoice.pk]
    assert found("RF00" + reference.text[4:]) == []


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("142.80", {"142.80"}),
        ("EUR\xa0142.80", {"142.80"}),
        ("-EUR\xa04.00", {"4"}),
        ("-4,00\xa0EUR", {"4"}),
        ("\N{MINUS SIGN}4", {"4"}),
        ("JPY\xa01,234", {"1234", "1.234"}),
        ("1.234\xa0KWD", {"1234", "1.234"}),
        ("12345,678", {"12345.678"}),
        ("1,234,567", {"1234567"}),
        ("1 234,50", {"1234.50"}),
        ("1,2,3", set()),
        ("--4", set()),
        ("9" * 13, set()),
    ],
)
def test_an_amount_is_found_as_pages_of_any_language_show_it(text: str, amounts: set[str]) -> None:
    assert search.typed_amounts(text) == {Decimal(each) for each in amounts}
