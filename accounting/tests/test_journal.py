"""The journal: every cent of documents and payments, from one account to another."""

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounting.journal import COLUMNS, accounts, bookings, stored_settings
from accounting.models import AccountingSettings
from accounting.tests.factories import all_accounts
from invoices.issuing.operations import cancel
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    issued_invoice,
)
from organizations.models import Organization
from payments import payouts
from payments.models import Method, Payment
from payments.operations import allocate, record_on_account, record_payment, reverse_payment
from payments.tests.factories import a_payment
from rating.periods import Period

pytestmark = pytest.mark.django_db

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
ADDRESS = "/accounting/journal.csv?from=2026-11-01&to=2026-11-30"
BY: dict[str, Any] = {"now": IN_NOVEMBER, "by": None}


def received(organization: Organization, amount: str, **fields: Any) -> Payment:
    values: dict[str, Any] = {
        "currency": "EUR",
        "automatically": False,
        "paid_on": IN_NOVEMBER.date(),
        "method": Method.TRANSFER,
        "reference": "Advance",
        "request": uuid4(),
        **BY,
        **fields,
    }
    return record_on_account(organization_id=organization.pk, amount=Decimal(amount), **values)


def debtor(of: Invoice | Organization) -> str:
    """Return the number of an organization's personal account."""
    pk = of.organization_id if isinstance(of, Invoice) else of.pk
    return str(stored_settings().debtor(pk))


def exported(client: Client, address: str = ADDRESS) -> list[dict[str, str]]:
    text = client.get(address).getvalue().decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def balances(period: Period = NOVEMBER) -> dict[str, Decimal]:
    """Return what is booked to each account: debits less credits."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in bookings(period, accounts()):
        if each.is_booked:
            found[each.debit] += each.amount
            found[each.credit] -= each.amount
    return {account: amount for account, amount in found.items() if amount}


@pytest.fixture
def invoice() -> Invoice:
    """An invoice of October for EUR 10.71, issued in November, with all accounts entered."""
    all_accounts()
    return issued_invoice()


def test_an_invoice_is_booked_from_revenue_to_its_debtor(
    operator_client: Client, invoice: Invoice
) -> None:
    (row,) = exported(operator_client)

    assert list(row) == list(COLUMNS)
    assert row == {
        "date": "2026-11-02",
        "entry": "invoice",
        "number": invoice.number,
        "refers_to": "",
        "organization": invoice.organization_title,
        "contract": invoice.buyer_reference,
        "debtor": debtor(invoice),
        "debit_account": debtor(invoice),
        "credit_account": "8400",
        "currency": "EUR",
        "amount": "10.71",
        "tax_category": "S",
        "tax_percent": "19.00",
        "net": "9.00",
        "tax": "1.71",
        "text": invoice.organization_title,
    }


def test_a_credit_note_takes_back_what_its_invoice_booked(invoice: Invoice) -> None:
    note = cancel(invoice_id=invoice.pk, **BY)

    first, second = bookings(NOVEMBER, accounts())

    numbers = {each.number: each for each in (first, second)}
    booked = numbers[note.number]
    assert (booked.debit, booked.credit, booked.amount) == (
        "8400",
        debtor(invoice),
        Decimal("10.71"),
    )
    assert (booked.net, booked.tax, booked.refers_to) == (
        Decimal(-9),
        Decimal("-1.71"),
        invoice.number,
    )
    assert balances() == {}


def test_each_kind_of_payment_has_its_account(invoice: Invoice) -> None:
    organization = invoice.organization
    record_payment(
        invoice_id=invoice.pk,
        paid_on=IN_NOVEMBER.date(),
        amount=Decimal("9.71"),
        bank_fee=Decimal("0.50"),
        method=Method.CASH,
        reference="",
        **BY,
    )
    payouts.write_off(invoice_id=invoice.pk, amount=Decimal("0.50"), reason="Small", **BY)
    assert balances() == {
        "8400": Decimal("-10.71"),
        "1000": Decimal("9.71"),
        "4970": Decimal("0.50"),
        "2400": Decimal("0.50"),
    }
    advance = received(organization, "20.00", method=Method.CARD)
    payouts.refund(
        payment_id=advance.pk,
        amount=Decimal(5),
        paid_on=IN_NOVEMBER.date(),
        method=Method.TRANSFER,
        reference="Back",
        **BY,
    )
    assert balances()["1201"] == 20
    assert balances()["1200"] == -5
    assert balances()[debtor(invoice)] == -15


def test_a_transfer_leaves_nothing_on_the_clearing_account(invoice: Invoice) -> None:
    other = BilledOrganizationFactory.create(owner=invoice.organization.owner)
    advance = received(invoice.organization, "20.00")
    payouts.transfer(payment_id=advance.pk, to=other, amount=Decimal(8), reference="", **BY)

    assert balances() == {
        "8400": Decimal("-10.71"),
        "1200": 20,
        debtor(invoice): Decimal("-1.29"),
        debtor(other): -8,
    }


def test_a_reversal_takes_back_its_payment(operator_client: Client, invoice: Invoice) -> None:
    payment = a_payment(invoice)
    reverse_payment(payment_id=payment.pk, reason="Returned", now=IN_NOVEMBER, by=None)

    assert balances() == {"8400": Decimal("-10.71"), debtor(invoice): Decimal("10.71")}
    (reversal,) = (row for row in exported(operator_client) if row["entry"] == "reversal")
    assert reversal["refers_to"] == invoice.number
    assert (reversal["debit_account"], reversal["credit_account"]) == (debtor(invoice), "1200")


def test_allocations_book_nothing(operator_client: Client, invoice: Invoice) -> None:
    payment = received(invoice.organization, "20.00")
    before = balances()
    allocate(payment_id=payment.pk, parts={invoice.pk: Decimal("10.71")}, **BY)

    assert balances() == before
    (row,) = (row for row in exported(operator_client) if row["entry"] == "allocation")
    assert (row["number"], row["refers_to"]) == (f"P{payment.pk}", invoice.number)
    assert (row["amount"], row["debit_account"], row["credit_account"]) == ("10.71", "", "")


def test_only_entries_of_the_dates_are_in_it(operator_client: Client, invoice: Invoice) -> None:
    received(invoice.organization, "1.00", paid_on=date(2026, 10, 31))
    received(invoice.organization, "2.00", paid_on=date(2026, 11, 1))

    assert [row["amount"] for row in exported(operator_client)] == ["2.00", "10.71"]
    october = exported(operator_client, "/accounting/journal.csv?from=2026-10-01&to=2026-10-31")
    assert [row["amount"] for row in october] == ["1.00"]


def test_the_debtor_number_is_the_organization_counted_from_the_first(invoice: Invoice) -> None:
    AccountingSettings.objects.update(first_debtor=20_000)

    (booked,) = bookings(NOVEMBER, accounts())
    assert booked.debtor == str(20_000 + invoice.organization_id - 1)


def test_without_accounts_cells_are_empty(operator_client: Client) -> None:
    invoice = issued_invoice()

    (row,) = exported(operator_client)
    assert (row["debit_account"], row["credit_account"]) == (debtor(invoice), "")


def test_xlsx_has_the_same_rows(operator_client: Client, invoice: Invoice) -> None:
    a_payment(invoice)
    answer = operator_client.get(ADDRESS.replace("csv", "xlsx"))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]

    assert sheet is not None
    heading, *rows = sheet.iter_rows(values_only=True)
    assert heading == COLUMNS
    amounts = [Decimal(row["amount"]) for row in exported(operator_client)]
    assert [
        Decimal(str(row[COLUMNS.index("amount")])).quantize(Decimal("0.01")) for row in rows
    ] == amounts


def test_the_number_of_queries_is_constant(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    all_accounts()
    for _ in range(3):
        a_payment(issued_invoice())
    exported(operator_client)

    with django_assert_num_queries(7):
        exported(operator_client)


def test_a_period_that_ends_before_it_begins_is_refused(operator_client: Client) -> None:
    answer = operator_client.get("/accounting/journal.csv?from=2026-11-30&to=2026-11-01")

    assert answer.status_code == 400
    assert "Swap them" in answer.text
