"""Searching invoices: few or many, by number or by name."""

import pytest
from django.db import connection

from invoices.listing import search
from invoices.models import BilledName, Invoice
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
