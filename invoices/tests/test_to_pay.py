"""The page of an invoice says how what is outstanding is paid, for operators and owners."""

from base64 import b64decode
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.paying.tests.transfers import GERMAN
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from payments.models import Method
from payments.operations import record_payment
from tests.barcodes import code_in_svg

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(owner: User) -> Invoice:
    """An invoice for EUR 10.71."""
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization)
    return issued_invoice(organization)


def pay(invoice: Invoice, amount: Decimal) -> None:
    record_payment(
        invoice_id=invoice.pk,
        paid_on=IN_NOVEMBER.date(),
        amount=amount,
        method=Method.TRANSFER,
        reference="",
        now=IN_NOVEMBER,
        by=None,
    )


def code_on(client: Client, invoice: Invoice) -> list[str]:
    """Return what a payer's app reads from the page."""
    page = client.get(f"/invoices/{invoice.pk}/").text
    begin = '<img class="payment-code" src="data:image/svg+xml;base64,'
    if begin not in page:
        return []
    picture = b64decode(page.split(begin)[1].split('"')[0])
    return code_in_svg(picture).text.split("\n")


def test_operators_and_the_owner_see_the_code(
    operator_client: Client, owner_client: Client, invoice: Invoice
) -> None:
    for client in (operator_client, owner_client):
        read = code_on(client, invoice)

        assert read[6:8] == [GERMAN, "EUR10.71"]
        assert read[11] == invoice.number


def test_the_code_asks_for_what_is_left(operator_client: Client, invoice: Invoice) -> None:
    pay(invoice, Decimal(5))

    assert code_on(operator_client, invoice)[7] == "EUR5.71"


def test_a_paid_invoice_has_none(operator_client: Client, invoice: Invoice) -> None:
    for amount in (Decimal(5), Decimal("5.71")):
        pay(invoice, amount)

    assert code_on(operator_client, invoice) == []
    assert "How to pay" not in operator_client.get(f"/invoices/{invoice.pk}/").text


def test_a_cancelled_invoice_and_its_credit_note_have_none(
    operator_client: Client, invoice: Invoice
) -> None:
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    for document in (invoice, credit_note):
        assert code_on(operator_client, document) == []
        assert "How to pay" not in operator_client.get(f"/invoices/{document.pk}/").text
