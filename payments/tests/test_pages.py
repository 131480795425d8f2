"""Tests of the pages that record and reverse payments, and of access to them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.issuing import operations
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from payments.balances import balances_of
from payments.models import Payment
from payments.operations import reverse_payment
from payments.tests.test_operations import pay
from tariffs.provider_calendar import provider_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(owner: User) -> Invoice:
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization)
    return issued_invoice(organization)


def page_of(invoice: Invoice) -> str:
    return reverse("invoices:invoice", args=[invoice.pk])


def add_page(invoice: Invoice) -> str:
    return reverse("payments:add", args=[invoice.pk])


def reverse_page(payment: Payment) -> str:
    return reverse("payments:reverse", args=[payment.pk])


def filled(**fields: str) -> dict[str, str]:
    values = {"amount": "10.71", "paid_on": "2026-11-02", "method": "transfer", "reference": "R 1"}
    return {**values, **fields}


def test_the_form_suggests_today_and_the_outstanding_amount(
    operator_client: Client, invoice: Invoice
) -> None:
    pay(invoice, "4")

    answer = operator_client.get(add_page(invoice))

    initial = answer.context["form"].initial
    assert (initial["amount"], initial["paid_on"]) == (
        Decimal("6.71"),
        provider_date(timezone.now()),
    )
    assert 'name="shown" value="6.71"' in answer.text
    assert 'value="6.71"' in answer.text.partition('name="amount"')[2].partition(">")[0]


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("10.71", "was recorded. The invoice is paid."),
        ("4", "EUR\N{NO-BREAK SPACE}6.71 is still outstanding"),
        ("20", "That is EUR\N{NO-BREAK SPACE}9.29 more than was outstanding"),
    ],
)
def test_a_payment_is_recorded_and_its_effect_is_shown(
    operator_client: Client, operator: User, invoice: Invoice, amount: str, message: str
) -> None:
    answer = operator_client.post(
        add_page(invoice), filled(amount=amount, shown="10.71"), follow=True
    )

    assert answer.redirect_chain == [(page_of(invoice), 302)]
    assert message in answer.text
    payment = Payment.objects.get()
    assert (payment.amount, payment.paid_on) == (Decimal(amount), date(2026, 11, 2))
    assert (payment.method, payment.reference, payment.recorded_by) == ("transfer", "R 1", operator)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "1000000000000"}, "amount"),
        ({"paid_on": "2199-01-01"}, "paid_on"),
        ({"paid_on": "2016-11-02"}, "paid_on"),
        ({"paid_on": "yesterday"}, "paid_on"),
        ({"method": "shells"}, "method"),
        ({"reference": "x" * 141}, "reference"),
        ({"reference": "two\nlines"}, "reference"),
    ],
)
def test_an_error_is_shown_at_its_field(
    operator_client: Client, invoice: Invoice, fields: dict[str, str], wrong: str
) -> None:
    answer = operator_client.post(add_page(invoice), filled(**fields))

    assert list(answer.context["form"].errors) == [wrong]
    assert not Payment.objects.exists()


def test_a_second_click_records_one_payment_and_shows_the_new_outstanding_amount(
    operator_client: Client, invoice: Invoice
) -> None:
    operator_client.post(add_page(invoice), filled(amount="4", shown="10.71"))

    answer = operator_client.post(add_page(invoice), filled(amount="4", shown="10.71"))

    assert "6.71 is now outstanding" in answer.text
    assert Payment.objects.count() == 1
    assert 'name="shown" value="6.71' in answer.text


def test_another_error_keeps_the_outstanding_amount_that_the_person_saw(
    operator_client: Client, invoice: Invoice
) -> None:
    pay(invoice, "4")

    answer = operator_client.post(add_page(invoice), filled(amount="", shown="10.71"))

    assert 'name="shown" value="10.71"' in answer.text


def test_in_russian_amounts_have_a_comma(operator_client: Client, invoice: Invoice) -> None:
    russian = {"HTTP_ACCEPT_LANGUAGE": "ru"}

    page = operator_client.get(add_page(invoice), **russian)  # type: ignore[arg-type]
    assert 'name="shown" value="10.71"' in page.text
    assert 'value="10,71"' in page.text

    operator_client.post(
        add_page(invoice),
        filled(amount="10,71", shown="10.71"),
        **russian,  # type: ignore[arg-type]
    )
    assert OpenItem.objects.get().outstanding == 0


def test_a_document_that_does_not_take_payments_says_so_at_once(
    operator_client: Client, invoice: Invoice
) -> None:
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    cancelled = operator_client.get(add_page(invoice), follow=True)
    credited = operator_client.post(add_page(credit_note), filled(), follow=True)

    assert "was cancelled by credit note CN-2026-000001" in cancelled.text
    assert (
        "A credit note cannot be paid. Record the payment on the invoice it belongs to."
        in credited.text
    )
    assert add_page(invoice) not in cancelled.text


def test_a_payment_is_reversed_after_a_confirmation(
    operator_client: Client, operator: User, invoice: Invoice
) -> None:
    payment = pay(invoice, "4")
    assert (
        ") will no longer count. What it pays is outstanding again. It stays in the list, "
        "with a reversal dated today."
    ) in operator_client.get(reverse_page(payment)).text
    assert Payment.objects.count() == 1

    answer = operator_client.post(reverse_page(payment), {"reason": "Bounced"}, follow=True)

    assert answer.redirect_chain == [(page_of(invoice), 302)]
    assert "The payment of EUR\N{NO-BREAK SPACE}4.00 was reversed." in answer.text
    reversal = Payment.objects.get(reverses=payment)
    assert (reversal.reference, reversal.recorded_by) == ("Bounced", operator)
    again = operator_client.post(reverse_page(payment), {"reason": ""}, follow=True)
    assert "This payment has already been reversed." in again.text
    assert (
        "This payment has already been reversed."
        in operator_client.get(reverse_page(payment), follow=True).text
    )
    of_reversal = operator_client.get(reverse_page(reversal), follow=True)
    assert "A reversal cannot be reversed" in of_reversal.text


def test_the_invoice_shows_its_payments_and_marks_reversals(
    operator_client: Client, invoice: Invoice, operator: User
) -> None:
    payment = pay(invoice, "4", reference="Statement 17", by=operator)
    kept = pay(invoice, "5")
    operator_client.post(reverse_page(payment), {"reason": "Bounced"})

    answer = operator_client.get(page_of(invoice))

    shown = answer.text.partition('id="payments"')[2]
    listed = [each.payment.pk for each in answer.context["payments"].shown]
    assert listed[:2] == [payment.pk, kept.pk]
    assert "Statement 17" in shown
    assert "Bounced" in shown
    assert shown.count(">Reversed<") == shown.count(">Reversal<") == 1
    assert reverse_page(payment) not in shown
    assert reverse_page(kept) in shown
    assert add_page(invoice) in shown
    assert operator.email in shown


def test_the_history_of_the_invoice_shows_payments_with_their_currency(
    support_client: Client, invoice: Invoice
) -> None:
    payment = pay(invoice, "5", paid_on=date(2026, 11, 3), now=IN_NOVEMBER + timedelta(days=2))
    reverse_payment(payment_id=payment.pk, reason="", now=IN_NOVEMBER + timedelta(days=2), by=None)

    page = support_client.get(f"/invoices/{invoice.pk}/history/").text

    assert "EUR\N{NO-BREAK SPACE}-5.00" in page or "-EUR\N{NO-BREAK SPACE}5.00" in page
    assert "3 Nov 2026, EUR\N{NO-BREAK SPACE}5.00" in page


def test_support_and_owners_can_only_read(
    support_client: Client, owner_client: Client, invoice: Invoice, operator: User
) -> None:
    payment = pay(invoice, "4", reference="Statement 17", by=operator)

    for client, sees_who in ((support_client, True), (owner_client, False)):
        page = client.get(page_of(invoice)).text
        assert "Statement 17" in page
        assert (operator.email in page) == sees_who
        for address in (add_page(invoice), reverse_page(payment)):
            assert address not in page
            assert client.get(address).status_code == 403
            assert client.post(address, filled()).status_code == 403
    assert Payment.objects.count() == 1


def test_the_number_of_queries_does_not_depend_on_the_number_of_payments(
    operator_client: Client,
    invoice: Invoice,
    operator: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pay(invoice, "1", by=operator)
    with CaptureQueriesContext(connection) as for_one:
        operator_client.get(page_of(invoice))
    for _ in range(3):
        pay(invoice, "1", by=operator)

    with django_assert_num_queries(len(for_one)):
        operator_client.get(page_of(invoice))


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("", [2, 5]),
        ("?from=2026-11-05&to=2026-11-30", [5]),
        ("?from=2026-11-01&to=2026-11-02", [2]),
        ("?from=2026-11-03&to=2026-11-04", []),
        ("?from=2026-11-03", [5]),
    ],
)
def test_the_payments_of_an_organization_are_those_of_its_dates(
    operator_client: Client, invoice: Invoice, query: str, days: list[int]
) -> None:
    pay(invoice, "1")
    pay(invoice, "1", paid_on=date(2026, 11, 5), now=IN_NOVEMBER + timedelta(days=3))

    page = operator_client.get(
        reverse("payments:of_organization", args=[invoice.organization_id]) + query
    )

    assert sorted(each.paid_on.day for each in page.context["table"].data) == days
    assert ("Show all dates" in page.text) == bool(query)
    # What is owed does not depend on the dates.
    assert "EUR\N{NO-BREAK SPACE}8.71" in page.text


def test_payments_name_their_method(operator_client: Client, invoice: Invoice) -> None:
    pay(invoice, "1")

    page = operator_client.get(reverse("payments:of_organization", args=[invoice.organization_id]))

    assert ">Bank transfer<" in page.text


# --- Balances ------------------------------------------------------------------------------------


def balances(client: Client, invoice: Invoice) -> list[Any]:
    address = reverse("payments:of_organization", args=[invoice.organization_id])
    shown: list[Any] = client.get(address).context["balances"]
    return shown


def test_an_organization_owes_what_was_invoiced_less_credited_and_paid(
    owner_client: Client, invoice: Invoice
) -> None:
    september = issued_invoice(invoice.organization, SEPTEMBER)
    pay(invoice, "4")
    pay(september, "10.71")
    operations.cancel(invoice_id=september.pk, now=IN_NOVEMBER, by=None)

    (balance,) = balances(owner_client, invoice)

    assert (balance.currency, balance.invoiced) == ("EUR", Decimal("21.42"))
    assert (balance.credited, balance.paid) == (Decimal("10.71"), Decimal("14.71"))
    assert (balance.owed, balance.credit) == (Decimal("-4.00"), Decimal("4.00"))
    # Overpaying another invoice does not reduce the overdue amount.
    assert balance.overdue == Decimal("6.71")


def test_a_balance_is_read_in_two_queries(
    invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        (balance,) = balances_of(invoice.organization, date(2026, 11, 16))
    assert balance.owed == Decimal("10.71")
    assert balance.credit == balance.overdue == 0
