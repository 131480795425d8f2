"""Tests of the pages that allocate payments, pay them out and write amounts off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import (
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from payments.access import MOST_SHOWN
from payments.models import OnAccount, Payment, PaymentKind
from payments.tests.factories import a_deposit
from payments.tests.test_on_account import receive
from payments.tests.test_operations import TOTAL, left, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(owner: User) -> Invoice:
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization)
    return issued_invoice(organization)


def page(name: str, *ids: int) -> str:
    return reverse(f"payments:{name}", args=ids)


def filled(**fields: str) -> dict[str, str]:
    values = {"amount": "5", "paid_on": "2026-11-02", "method": "transfer", "reference": "R 1"}
    return {**values, **fields}


@pytest.mark.parametrize(
    ("use", "kind", "remaining"),
    [
        ("oldest", PaymentKind.PAYMENT, 0),
        ("nothing", PaymentKind.PAYMENT, 5),
        ("deposit", PaymentKind.DEPOSIT, 5),
    ],
)
def test_a_payment_of_an_organization_is_recorded_once(
    operator_client: Client, invoice: Invoice, use: str, kind: str, remaining: int
) -> None:
    address = page("add_on_account", invoice.organization_id)
    data = filled(currency="EUR", use=use, request=str(uuid4()))

    for _click in range(2):
        answer = operator_client.post(address, data, follow=True)
        assert "5.00 was recorded." in answer.text

    payment = Payment.objects.get()
    assert answer.redirect_chain == [(page("payment", payment.pk), 302)]
    assert (payment.kind, payment.invoice, left(payment)) == (kind, None, remaining)


def test_an_equal_payment_is_recorded_after_confirmation(
    operator_client: Client, invoice: Invoice
) -> None:
    address = page("add_on_account", invoice.organization_id)
    data = filled(currency="EUR", use="nothing")
    operator_client.post(address, data)

    asked = operator_client.post(address, data)
    assert list(asked.context["form"].errors) == ["again"]
    assert 'name="again"' in asked.text
    assert Payment.objects.count() == 1

    operator_client.post(address, {**data, "again": "on", "request": str(uuid4())})
    assert Payment.objects.count() == 2


def test_the_tab_shows_what_is_left_and_leads_to_its_allocation(
    operator_client: Client, owner_client: Client, invoice: Invoice
) -> None:
    payment = pay(invoice, "15")
    a_deposit(invoice.organization)
    address = page("of_organization", invoice.organization_id)

    shown = operator_client.get(address)

    assert [each.remaining for each in shown.context["credits"]] == [Decimal("4.29"), 50]
    assert page("allocate", payment.pk) in shown.text
    assert "Deposits" in shown.text
    seen = owner_client.get(address)
    assert len(seen.context["credits"]) == 2
    assert page("allocate", payment.pk) not in seen.text


def test_what_is_due_first_is_proposed_and_allocated(
    operator_client: Client, invoice: Invoice
) -> None:
    earlier = issued_invoice(invoice.organization, SEPTEMBER)
    payment = receive(invoice.organization, "12", automatically=False)
    address = page("allocate", payment.pk)

    rows = operator_client.get(address).context["form"].rows
    assert [field.initial for _item, field in rows] == [TOTAL, Decimal("1.29")]
    assert [field.initial for _item, field in _rows(operator_client, f"{address}?empty")] == [
        None,
        None,
    ]

    answer = operator_client.post(
        address, {f"invoice-{invoice.pk}": "2", f"invoice-{earlier.pk}": "3.50"}, follow=True
    )
    assert "The payment was allocated." in answer.text
    assert left(payment) == Decimal("6.50")


def _rows(client: Client, address: str) -> Any:
    return client.get(address).context["form"].rows


@pytest.mark.parametrize(
    ("amount", "message"),
    [("10.72", "Only EUR\N{NO-BREAK SPACE}10.71 of INV-2026-000001"), ("x", "Enter a"), ("", "")],
)
def test_a_wrong_amount_is_shown_and_nothing_is_allocated(
    operator_client: Client, invoice: Invoice, amount: str, message: str
) -> None:
    payment = receive(invoice.organization, "12", automatically=False)

    answer = operator_client.post(
        page("allocate", payment.pk), {f"invoice-{invoice.pk}": amount, "sent": "1"}
    )

    assert message in answer.text
    assert answer.context["form"].errors
    assert left(payment) == 12


def test_an_allocation_is_undone(operator_client: Client, invoice: Invoice) -> None:
    payment = pay(invoice, "4")
    address = page("undo_allocation", payment.pk, invoice.pk)

    answer = operator_client.post(address, follow=True)
    assert "4.00 is on account again." in answer.text
    assert OpenItem.objects.get().outstanding == TOTAL

    again = operator_client.post(address, follow=True)
    assert "This payment no longer pays the invoice." in again.text


def test_a_refund_is_recorded_once(operator_client: Client, invoice: Invoice) -> None:
    payment = pay(invoice, "20")
    data = filled(amount="4", request=str(uuid4()))

    for _click in range(2):
        answer = operator_client.post(page("refund", payment.pk), data, follow=True)
        assert "The refund was recorded." in answer.text

    assert left(payment) == Decimal("5.29")
    assert "Refund" in answer.text
    wrong = operator_client.post(page("refund", payment.pk), filled(amount="6", reference="R 2"))
    assert list(wrong.context["form"].errors) == ["amount"]


def test_a_form_that_was_used_can_record_another_payment_once_that_is_known(
    operator_client: Client, owner: User, invoice: Invoice
) -> None:
    payment = pay(invoice, "30")
    other = BilledOrganizationFactory.create(title="Mountain", owner=owner)
    open_invoice = issued_invoice()
    forms: list[tuple[str, dict[str, str]]] = [
        (page("add", open_invoice.pk), filled(reference="R")),
        (page("add_on_account", other.pk), filled(currency="EUR", use="nothing", reference="R")),
        (page("write_off", open_invoice.pk), {"reason": "Small"}),
        (page("refund", payment.pk), filled(reference="R")),
        (page("transfer", payment.pk), {"to": str(other.pk)}),
    ]
    for address, data in forms:
        data["request"] = str(uuid4())
        before = Payment.objects.count()
        operator_client.post(address, {**data, "amount": "2"})
        recorded = Payment.objects.count()
        assert recorded > before

        back = operator_client.post(address, {**data, "amount": "3"})

        assert "2.00 was recorded with this form before." in back.text.replace("\xa0", " ")
        assert Payment.objects.count() == recorded
        new = back.context["form"]["request"].value()
        operator_client.post(address, {**data, "amount": "3", "request": new})
        assert Payment.objects.count() > recorded


def test_a_transfer_offers_the_owners_other_organizations(
    operator_client: Client, owner: User, invoice: Invoice
) -> None:
    payment = pay(invoice, "20")
    address = page("transfer", payment.pk)
    assert "The owner has no other organization." in operator_client.get(address, follow=True).text

    other = BilledOrganizationFactory.create(title="Mountain", owner=owner)
    answer = operator_client.post(address, {"amount": "4", "to": str(other.pk)}, follow=True)

    assert "The amount was transferred." in answer.text
    assert OnAccount.objects.get(organization=other).remaining == 4


def test_a_write_off_is_recorded(operator_client: Client, invoice: Invoice) -> None:
    pay(invoice, "10")
    address = page("write_off", invoice.pk)

    assert operator_client.get(address).context["form"].initial["amount"] == Decimal("0.71")
    missing = operator_client.post(address, {"amount": "0.71", "reason": ""})
    assert list(missing.context["form"].errors) == ["reason"]
    answer = operator_client.post(address, {"amount": "0.71", "reason": "Small"}, follow=True)

    assert "0.71 was written off." in answer.text
    assert "Write-off" in answer.text
    assert OpenItem.objects.get().outstanding == 0


def test_an_invoice_with_many_payments_shows_the_newest_with_as_many_queries(
    operator_client: Client, invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:

    address = reverse("invoices:invoice", args=[invoice.pk])
    for _payment in range(2):
        pay(invoice, "0.01")
    operator_client.get(address)
    with CaptureQueriesContext(connection) as for_two:
        operator_client.get(address)
    for _payment in range(MOST_SHOWN):
        pay(invoice, "0.01")

    with django_assert_num_queries(len(for_two)):
        shown = operator_client.get(address)

    assert shown.text.count('class="list-group-item payment"') == MOST_SHOWN
    assert "Only the newest payments are shown." in shown.text


def test_the_history_says_who_allocated_what(
    operator_client: Client, operator: User, invoice: Invoice
) -> None:
    payment = receive(invoice.organization, "5", automatically=False)
    operator_client.post(page("allocate", payment.pk), {f"invoice-{invoice.pk}": "5"})

    shown = operator_client.get(page("history", payment.pk))

    assert operator.email in shown.text
    assert invoice.number in shown.text


def test_others_do_not_see_a_payment(client: Client, invoice: Invoice) -> None:
    payment = pay(invoice)
    other = BilledOrganizationFactory.create().owner
    client.force_login(other)

    assert client.get(page("payment", payment.pk)).status_code == 404
