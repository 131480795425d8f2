"""Closing of the books: nothing can be dated into a closed month, by any way."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounting.tests.factories import a_closing
from bank.models import LineState
from bank.posting import Part, post
from bank.tests.factories import a_line
from debits.models import DebitBatch
from debits.tests.factories import a_stored_batch
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments import payouts
from payments.books import (
    BooksClosed,
    BooksClosing,
    ClosedAlready,
    NotOver,
    NotTheLatest,
    ReopenedWhy,
    close_books,
    closed_through,
    reopen_books,
)
from payments.imports.operation import import_payments
from payments.models import Allocation, Method, Payment
from payments.operations import record_on_account, record_payment, reverse_payment
from tariffs.provider_calendar import end_of_day

pytestmark = pytest.mark.django_db

OCTOBER_31, SEPTEMBER_30 = date(2026, 10, 31), date(2026, 9, 30)
RECEIVED: dict[str, Any] = {
    "amount": Decimal(5),
    "method": Method.TRANSFER,
    "reference": "RF18",
    "now": IN_NOVEMBER,
    "by": None,
}


def pay(invoice: Invoice, paid_on: date, **fields: Any) -> Payment:
    return record_payment(invoice_id=invoice.pk, paid_on=paid_on, **{**RECEIVED, **fields})


def test_payments_cannot_be_dated_into_a_closed_month() -> None:
    invoice = issued_invoice()
    a_closing(OCTOBER_31)

    with pytest.raises(BooksClosed):
        pay(invoice, OCTOBER_31)
    with pytest.raises(BooksClosed):
        record_on_account(
            organization_id=invoice.organization_id,
            currency="EUR",
            automatically=True,
            paid_on=OCTOBER_31,
            **RECEIVED,
        )
    payment = pay(invoice, date(2026, 11, 1), amount=Decimal(20))
    with pytest.raises(BooksClosed):
        payouts.refund(
            payment_id=payment.pk,
            amount=Decimal(1),
            paid_on=OCTOBER_31,
            method=Method.TRANSFER,
            reference="Back",
            now=IN_NOVEMBER,
            by=None,
        )
    assert Payment.objects.get() == payment


def test_an_imported_line_of_a_closed_month_is_refused() -> None:
    invoice = issued_invoice()
    a_closing(OCTOBER_31)
    content = f"invoice,date,amount,currency\n{invoice.number},2026-10-31,5.00,EUR\n"

    report = import_payments(BytesIO(content.encode()), now=IN_NOVEMBER, by=None, dry_run=False)

    assert report.is_refused
    assert "closed through" in str(report.errors[0])
    assert not Payment.objects.exists()


def test_sql_cannot_date_anything_into_a_closed_month() -> None:
    invoice = issued_invoice()
    payment = pay(invoice, date(2026, 11, 1))
    a_closing(OCTOBER_31)

    for row in (invoice, payment):
        row.pk = None
        row._state.adding = True
    invoice.number, invoice.issued_on = "INV-1", OCTOBER_31
    payment.paid_on = OCTOBER_31
    for row in (invoice, payment):
        with pytest.raises(DatabaseError, match="books are closed"), transaction.atomic():
            row.save(force_insert=True)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
def test_sql_cannot_date_an_allocation_into_a_closed_month(settings: Any, zone: str) -> None:
    settings.TIME_ZONE = zone
    invoice = issued_invoice()
    (allocation,) = pay(invoice, date(2026, 11, 1)).allocations.all()
    a_closing(OCTOBER_31)
    end = datetime(2026, 11, 1, tzinfo=ZoneInfo(zone))

    def taken_back_at(at: datetime) -> None:
        Allocation.objects.create(
            payment=allocation.payment,
            invoice=invoice,
            amount=-allocation.amount,
            allocated_at=at,
        )

    with pytest.raises(DatabaseError, match="books are closed"), transaction.atomic():
        taken_back_at(end - timedelta(microseconds=1))
    taken_back_at(end)


def test_a_collection_of_a_closed_month_is_refused_with_a_reason(operator_client: Client) -> None:
    batch = a_stored_batch()
    DebitBatch.objects.filter(pk=batch.pk).update(collected_on=OCTOBER_31)
    a_closing(OCTOBER_31)

    page = operator_client.post(f"/debits/{batch.pk}/collected/", follow=True)

    assert "closed through" in page.text
    assert not Payment.objects.exists()


def test_a_bank_line_of_a_closed_month_is_left_to_people() -> None:
    invoice = issued_invoice()
    line = a_line("10.71", invoice.number)
    in_december = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
    close_books(month=date(2026, 11, 1), now=in_december, by=None)
    part = Part(invoice.organization_id, line.amount, [invoice.pk])

    with pytest.raises(BooksClosed):
        post(line_id=line.pk, parts=[part], now=in_december, by=None)

    line.refresh_from_db()
    assert line.state == LineState.OPEN
    assert not Payment.objects.exists()


def test_the_page_of_a_bank_line_says_what_to_do_about_a_closed_month(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    line = a_line("10.71", invoice.number)
    close_books(month=date(2026, 11, 1), now=datetime(2026, 12, 2, tzinfo=UTC), by=None)
    sent = {"organization_1": invoice.organization.title, "amount_1": "10.71"}

    page = operator_client.post(f"/bank/lines/{line.pk}/record/", sent, follow=True)

    assert "Reopen the month" in page.text
    assert not Payment.objects.exists()


def test_what_belongs_to_a_closed_month_can_be_reversed_later() -> None:
    payment = pay(issued_invoice(), OCTOBER_31)
    a_closing(OCTOBER_31)

    reversal = reverse_payment(payment_id=payment.pk, reason="", now=IN_NOVEMBER, by=None)
    assert reversal.paid_on == IN_NOVEMBER.date()


def test_only_months_that_are_over_are_closed() -> None:
    last_second = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(NotOver):
        close_books(month=date(2026, 10, 5), now=last_second, by=None)
    close_books(month=date(2026, 10, 5), now=datetime(2026, 11, 1, 0, tzinfo=UTC), by=None)
    assert closed_through() == OCTOBER_31


def test_months_are_closed_in_order_and_once() -> None:
    a_closing(OCTOBER_31)
    for month in (OCTOBER_31, SEPTEMBER_30):
        with pytest.raises(ClosedAlready):
            a_closing(month)


def test_only_the_latest_closing_is_reopened_and_for_a_reason() -> None:
    first, second = a_closing(SEPTEMBER_30), a_closing(OCTOBER_31)
    again: dict[str, Any] = {"now": IN_NOVEMBER, "by": None}

    with pytest.raises(NotTheLatest):
        reopen_books(closing_id=first.pk, reason="Late payment", **again)
    with pytest.raises(ReopenedWhy):
        reopen_books(closing_id=second.pk, reason=" ", **again)
    reopen_books(closing_id=second.pk, reason="Late payment", **again)
    assert closed_through() == SEPTEMBER_30
    with pytest.raises(NotTheLatest):
        reopen_books(closing_id=second.pk, reason="Late payment", **again)
    assert a_closing(OCTOBER_31).pk != second.pk


@pytest.mark.parametrize("day", [date(2026, 10, 30), date(2028, 2, 28)])
def test_sql_closes_whole_months(day: date) -> None:
    with pytest.raises(DatabaseError, match="last day of a month"), transaction.atomic():
        BooksClosing.objects.create(last_on=day, ends_at=end_of_day(day), closed_at=IN_NOVEMBER)


def test_sql_neither_changes_nor_deletes_closings() -> None:
    closing = a_closing()
    of_it = BooksClosing.objects.filter(pk=closing.pk)

    with pytest.raises(DatabaseError, match="only be reopened"), transaction.atomic():
        of_it.update(closed_at=IN_NOVEMBER)
    with pytest.raises(DatabaseError), transaction.atomic():
        of_it.delete()


class TestPages:
    def test_a_month_is_closed_and_reopened(self, operator_client: Client) -> None:
        page = operator_client.post("/accounting/closing/close/", {"month": "2026-09"}, follow=True)
        assert "closed through" in page.text
        closing = BooksClosing.objects.get()

        address = f"/accounting/closing/{closing.pk}/reopen/"
        assert address in page.text
        page = operator_client.post(address, {"reason": ""})
        assert page.context["form"].errors
        page = operator_client.post(address, {"reason": "A payment was missing"}, follow=True)
        assert "A payment was missing" in page.text
        assert closed_through() is None

    def test_a_second_tab_is_told_that_nothing_changed(self, operator_client: Client) -> None:
        a_closing()
        page = operator_client.post("/accounting/closing/close/", {"month": "2026-09"}, follow=True)
        assert "already closed" in page.text

    @pytest.mark.parametrize("month", ["", "2026-13", "September"])
    def test_what_is_no_month_is_refused(self, operator_client: Client, month: str) -> None:
        page = operator_client.post("/accounting/closing/close/", {"month": month}, follow=True)
        assert "Choose a month." in page.text

    def test_a_form_names_the_date_to_correct(self, operator_client: Client) -> None:
        invoice = issued_invoice()
        a_closing(OCTOBER_31)
        page = operator_client.post(
            f"/invoices/{invoice.pk}/payments/add/",
            {"amount": "5.00", "paid_on": "2026-10-31", "method": "transfer", "reference": ""},
        )
        assert "closed through" in str(page.context["form"].errors["paid_on"])

    def test_support_staff_can_look(self, support_client: Client) -> None:
        a_closing()
        page = support_client.get("/accounting/closing/")
        assert "/reopen/" not in page.text
        assert "/close/" not in page.text
