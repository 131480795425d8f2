"""Two who record, reverse or cancel at once: on real connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from invoices.issuing import operations
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments import operations as payments
from payments.models import Payment
from payments.tests.test_operations import TOTAL, pay, reverse
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoice() -> Invoice:
    return issued_invoice()


def test_of_two_who_record_one_payment_the_second_is_told(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, shown=TOTAL)
        later = background.submit(pay, invoice, shown=TOTAL)
        wait_until_blocked(later)
    with pytest.raises(payments.OutstandingChanged):
        later.result()
    assert Payment.objects.count() == 1


def test_of_two_payments_both_are_counted(background: ThreadPoolExecutor, invoice: Invoice) -> None:
    with transaction.atomic():
        pay(invoice, "4")
        later = background.submit(pay, invoice, "5")
        wait_until_blocked(later)
    assert later.result()
    assert OpenItem.objects.get().outstanding == TOTAL - 9


def test_of_two_reversals_one_is_made(background: ThreadPoolExecutor, invoice: Invoice) -> None:
    payment = pay(invoice)
    with transaction.atomic():
        reverse(payment)
        later = background.submit(reverse, payment)
        wait_until_blocked(later)
    with pytest.raises(payments.AlreadyReversed):
        later.result()


def test_an_invoice_cancelled_meanwhile_takes_no_payment(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
        later = background.submit(pay, invoice)
        wait_until_blocked(later)
    with pytest.raises(payments.CancelledNotPaid):
        later.result()
    assert OpenItem.objects.get().outstanding == 0


def test_a_payment_recorded_meanwhile_is_known_to_who_cancels(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, "4")
        later = background.submit(
            operations.cancel, invoice_id=invoice.pk, now=IN_NOVEMBER, by=None
        )
        wait_until_blocked(later)
    assert later.result()
    assert OpenItem.objects.get().outstanding == -4
