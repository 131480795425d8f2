"""Tests of people who record, reverse or cancel at the same time, on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from invoices.issuing import operations
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments import refusals
from payments.models import OnAccount, Payment
from payments.tests.test_operations import TOTAL, pay, reverse
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoice() -> Invoice:
    return issued_invoice()


def test_the_second_of_two_people_who_record_one_payment_is_refused(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, shown=TOTAL)
        later = background.submit(pay, invoice, shown=TOTAL)
        wait_until_blocked(later)
    with pytest.raises(refusals.OutstandingChanged):
        later.result()
    assert Payment.objects.count() == 1


def test_two_concurrent_payments_both_count(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, "4")
        later = background.submit(pay, invoice, "5")
        wait_until_blocked(later)
    assert later.result()
    assert OpenItem.objects.get().outstanding == TOTAL - 9


def test_the_second_of_two_concurrent_reversals_is_refused(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    payment = pay(invoice)
    with transaction.atomic():
        reverse(payment)
        later = background.submit(reverse, payment)
        wait_until_blocked(later)
    with pytest.raises(refusals.AlreadyReversed):
        later.result()


def test_an_invoice_cancelled_at_the_same_time_does_not_take_a_payment(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
        later = background.submit(pay, invoice)
        wait_until_blocked(later)
    with pytest.raises(refusals.CancelledNotPaid):
        later.result()
    assert OpenItem.objects.get().outstanding == 0


def test_a_cancellation_sees_a_payment_recorded_at_the_same_time(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, "4")
        later = background.submit(
            operations.cancel, invoice_id=invoice.pk, now=IN_NOVEMBER, by=None
        )
        wait_until_blocked(later)
    assert later.result()
    assert OpenItem.objects.get().outstanding == 0
    assert OnAccount.objects.get().remaining == 4
