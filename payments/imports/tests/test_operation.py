"""Tests of the import of payments from a CSV file."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pghistory
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from foundation.imports.models import UploadedFile, UploadedPart
from invoices.issuing import operations
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, issued_invoice
from payments.imports.operation import PaymentReport, import_payments
from payments.imports.payees import Outcome
from payments.models import Allocation, OnAccount, Payment
from payments.tests.test_operations import pay
from payments.tests.test_operations import reverse as reverse_payment
from tariffs.tests.test_operations_concurrency import wait_until_blocked
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db
# For tests whose work is done in jobs, on connections of their own.
IN_JOBS = pytest.mark.django_db(transaction=True)

HEADER = "invoice,date,amount,currency,method,reference"
# Two invoices for EUR 10.71. One becomes partly paid, then overpaid; the other becomes paid.
FIRST = "INV-2026-000001,2026-11-02,4,EUR,card,R 1"
SECOND = "INV-2026-000001,2026-11-01,7.00,EUR,,R 2"
OTHER = "INV-2026-000002,2026-10-30,10.71,EUR,transfer,"


@pytest.fixture
def invoice(db: None) -> Invoice:
    """Invoice INV-2026-000001. INV-2026-000002 exists too."""
    invoice = issued_invoice()
    issued_invoice(invoice.organization, SEPTEMBER)
    return invoice


def import_lines(
    *lines: str, dry_run: bool = False, header: str = HEADER, by: User | None = None
) -> PaymentReport:
    content = "\n".join([header, *lines]) + "\n"
    return import_payments(BytesIO(content.encode()), now=IN_NOVEMBER, by=by, dry_run=dry_run)


def outcomes(report: PaymentReport) -> list[tuple[int, Outcome, Decimal]]:
    return [(each.line.number, each.outcome, each.left) for each in report.planned]


def errors(report: PaymentReport) -> list[tuple[int, str]]:
    return [(error.line, error.reason) for error in report.errors]


# --- Imported payments ---------------------------------------------------------------------------


def test_the_history_says_who_recorded_each_payment_of_a_file(
    invoice: Invoice, operator: User
) -> None:
    with pghistory.context(user=operator.pk):
        import_lines(FIRST, SECOND, OTHER, by=operator)

    models: list[Any] = [Payment, Allocation]
    for model in models:
        events = model.pgh_event_model.objects.all()
        assert [each.pgh_context for each in events] == [{"user": operator.pk}] * 3


def test_a_dry_run_reports_the_outcome_of_each_line_and_records_nothing(invoice: Invoice) -> None:
    report = import_lines(FIRST, SECOND, OTHER, dry_run=True)

    assert outcomes(report) == [
        (2, Outcome.PART_PAID, Decimal("6.71")),
        (3, Outcome.OVERPAID, Decimal("-0.29")),
        (4, Outcome.PAID, Decimal(0)),
    ]
    assert report.planned[1].too_much == Decimal("0.29")
    assert [tuple(each) for each in report.sums] == [("EUR", 3, Decimal("21.71"))]
    assert not Payment.objects.exists()


def test_an_import_records_all_payments(invoice: Invoice, operator: User) -> None:
    report = import_lines(FIRST, SECOND, OTHER, by=operator)

    assert (report.is_refused, report.new, report.known) == (False, 3, 0)
    rows = Payment.objects.order_by("amount").values_list(
        "invoice__number", "paid_on", "amount", "method", "reference", "recorded_by"
    )
    assert list(rows) == [
        ("INV-2026-000001", date(2026, 11, 2), 4, "card", "R 1", operator.pk),
        ("INV-2026-000001", date(2026, 11, 1), 7, "transfer", "R 2", operator.pk),
        ("INV-2026-000002", date(2026, 10, 30), Decimal("10.71"), "transfer", "", operator.pk),
    ]
    assert OpenItem.objects.get(invoice=invoice).outstanding == 0
    assert OnAccount.objects.get(payment__reference="R 2").remaining == Decimal("0.29")


def test_columns_can_have_any_order_and_a_byte_order_mark_is_accepted(invoice: Invoice) -> None:
    report = import_lines(
        ' 4 ,inv-2026-000001,eur,"Statement 17, p. 2",2026-11-02,CARD',
        header="\N{BYTE ORDER MARK}Amount,Invoice,Currency,Reference,Date,Method",
    )

    assert errors(report) == []
    assert Payment.objects.get().reference == "Statement 17, p. 2"


def test_method_and_reference_may_be_absent(invoice: Invoice) -> None:
    import_lines("INV-2026-000001,2026-11-02,4,EUR", header="invoice,date,amount,currency")

    payment = Payment.objects.get()
    assert (payment.method, payment.reference) == ("transfer", "")


def test_rows_without_text_are_skipped(invoice: Invoice) -> None:
    report = import_lines(",,,,,", FIRST, " , ,,,,", ",", OTHER)

    assert outcomes(report) == [(3, Outcome.PART_PAID, Decimal("6.71")), (6, Outcome.PAID, 0)]


# --- Payments that are already recorded ----------------------------------------------------------


def test_importing_a_file_again_records_only_new_payments(invoice: Invoice) -> None:
    import_lines(FIRST, OTHER)

    again = import_lines(FIRST, OTHER, SECOND.replace("7.00", "6.71"))

    assert outcomes(again) == [
        (2, Outcome.KNOWN, Decimal("6.71")),
        (3, Outcome.KNOWN, Decimal(0)),
        (4, Outcome.PAID, Decimal(0)),
    ]
    assert again.known == 2
    assert Payment.objects.count() == 3


def test_a_payment_recorded_by_hand_is_already_recorded(invoice: Invoice) -> None:
    pay(invoice, "4", paid_on=date(2026, 11, 2), reference="R 1", method="transfer")

    assert outcomes(import_lines(FIRST)) == [(2, Outcome.KNOWN, Decimal("6.71"))]


@pytest.mark.parametrize(
    "line",
    [
        FIRST.replace("11-02", "11-01"),
        FIRST.replace(",4,", ",4.01,"),
        FIRST.replace("R 1", "R 2"),
        FIRST.replace("000001", "000002"),
    ],
)
def test_another_date_amount_reference_or_invoice_is_another_payment(
    invoice: Invoice, line: str
) -> None:
    import_lines(FIRST)

    assert import_lines(line).new == 1


def test_a_reversed_payment_stays_reversed(invoice: Invoice) -> None:
    import_lines(FIRST)
    reverse_payment(Payment.objects.get())

    assert outcomes(import_lines(FIRST)) == [(2, Outcome.REVERSED, Decimal("10.71"))]
    assert Payment.objects.count() == 2


def test_a_payment_recorded_again_after_its_reversal_is_already_recorded(invoice: Invoice) -> None:
    import_lines(FIRST)
    reverse_payment(Payment.objects.get())
    pay(invoice, "4", paid_on=date(2026, 11, 2), reference="R 1")

    assert outcomes(import_lines(FIRST)) == [(2, Outcome.KNOWN, Decimal("6.71"))]


def test_a_payment_recorded_before_a_cancellation_is_already_recorded(invoice: Invoice) -> None:
    import_lines(FIRST)
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert outcomes(import_lines(FIRST)) == [(2, Outcome.KNOWN, Decimal(0))]


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            FIRST.replace("000001", "000009"),
            "Invoice “INV-2026-000009” does not exist. Correct the number.",
        ),
        (FIRST.replace("INV-2026-000001", ""), "The invoice number is missing. Add it, or name a"),
        (FIRST.replace("EUR", "USD"), "INV-2026-000001 is in EUR. Correct the currency or the"),
        (FIRST.replace("EUR", ""), "INV-2026-000001 is in EUR"),
        (
            FIRST.replace("2026-11-02", "11/02/2026"),
            "“11/02/2026” is not a valid date. Use the format 2026-11-02 or 02.11.2026.",
        ),
        (FIRST.replace("2026-11-02", "2026-02-30"), "“2026-02-30” is not a valid date"),
        (
            FIRST.replace("2026-11-02", "2026-11-03"),
            "The date is in the future. Enter today’s date or an earlier one.",
        ),
        (FIRST.replace("2026-11-02", "2016-11-02"), "more than a year before the invoice"),
        (
            FIRST.replace(",4,", ',"4,000",'),
            "“4,000” is not a valid amount. Use digits and a decimal point",
        ),
        (FIRST.replace(",4,", ",1 00,"), "“1 00” is not a valid amount"),
        (
            FIRST.replace(",4,", ",-4,"),
            (
                "“-4” is not a valid amount. Use digits and a decimal point "
                "or comma, for example 1234.50. Three digits after a comma could be thousands. "
                "To undo a payment, reverse it on its invoice."
            ),
        ),
        (FIRST.replace(",4,", ",0,"), "Enter an amount above 0"),
        (FIRST.replace(",4,", ",4.001,"), "An amount in EUR can have at most 2 decimal places"),
        (
            FIRST.replace("card", "shells"),
            "“shells” is not a payment method. Use one of these: transfer, card,",
        ),
        (FIRST.replace("R 1", "x" * 141), "longer than 140 characters. Shorten it"),
        (FIRST.replace("R 1", "a\tb"), "contains invisible characters. Remove them"),
        (FIRST + ",more", "The line has 7 columns, but the header has 6"),
    ],
)
def test_a_wrong_line_is_reported_and_nothing_is_imported(
    invoice: Invoice, line: str, reason: str
) -> None:
    report = import_lines(OTHER, line)

    ((number, message),) = errors(report)
    assert number == 3
    assert reason in message
    assert not Payment.objects.exists()


def test_cancelled_invoices_and_credit_notes_do_not_take_payments(invoice: Invoice) -> None:
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    report = import_lines(FIRST, FIRST.replace("INV-", "CN-"))

    assert [line for line, _ in errors(report)] == [2, 3]
    assert "cancelled by credit note CN-2026-000001. Record the payment on" in errors(report)[0][1]
    assert (
        "A credit note cannot be paid. Record the payment on the invoice it belongs to."
        in errors(report)[1][1]
    )


def test_the_same_payment_twice_in_one_file_is_refused(invoice: Invoice) -> None:
    report = import_lines(FIRST, SECOND, FIRST.replace(",4,", ",4.00,").replace("card", "cash"))

    ((number, message),) = errors(report)
    assert number == 4
    assert "This line repeats line 2. If there were two payments, give them different" in message


def test_errors_of_reading_and_of_planning_are_in_the_order_of_the_file(invoice: Invoice) -> None:
    report = import_lines(
        FIRST.replace("000001", "000009"), FIRST.replace("card", "?"), FIRST.replace("EUR", "USD")
    )

    assert [line for line, _ in errors(report)] == [2, 3, 4]


@pytest.mark.parametrize("header", ["", "invoice.date.amount.currency.method.reference"])
def test_a_file_with_another_header_is_refused(invoice: Invoice, header: str) -> None:
    report = import_lines(header=header)

    assert report.is_refused
    assert "invoice,date,amount,currency" in errors(report)[0][1]


def test_a_long_file_does_not_need_more_queries(
    invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as for_two:
        import_lines(FIRST, OTHER)
    more = [FIRST.replace("R 1", f"S {number}") for number in range(50)]

    with django_assert_num_queries(len(for_two)):
        assert import_lines(*more).new == 50


# --- Concurrency ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_concurrent_imports_of_a_file_records_nothing(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        import_lines(FIRST, OTHER)
        later = background.submit(import_lines, FIRST, OTHER)
        wait_until_blocked(later)
    assert later.result().known == 2
    assert Payment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_payment_recorded_by_hand_at_the_same_time_is_already_recorded(
    background: ThreadPoolExecutor, invoice: Invoice
) -> None:
    with transaction.atomic():
        pay(invoice, "4", reference="R 1")
        later = background.submit(import_lines, FIRST)
        wait_until_blocked(later)
    assert later.result().known == 1
    assert Payment.objects.count() == 1


# --- The pages -----------------------------------------------------------------------------------


def upload(client: Client, *lines: str) -> str:
    content = "\n".join([HEADER, *lines]).encode()
    file = SimpleUploadedFile("bank.csv", content, content_type="text/csv")
    answer = client.post(reverse("payments:import"), {"file": file})
    assert answer.status_code == 302
    run_jobs()
    return str(answer.headers["Location"])


def confirm(client: Client, review: str) -> Any:
    """Confirm a dry run, have the file imported, and return the page afterwards."""
    client.post(review)
    run_jobs()
    return client.get(review)


@IN_JOBS
def test_a_file_is_reviewed_and_then_imported(
    operator_client: Client, operator: User, invoice: Invoice
) -> None:
    review = upload(operator_client, FIRST, SECOND)

    shown = operator_client.get(review).text
    assert "2 payments to record" in shown
    assert "EUR\N{NO-BREAK SPACE}6.71 outstanding" in shown
    assert "by EUR\N{NO-BREAK SPACE}0.29" in shown
    assert not Payment.objects.exists()

    done = confirm(operator_client, review)
    assert "2 payments were recorded." in done.text
    assert {payment.recorded_by for payment in Payment.objects.all()} == {operator}
    assert not UploadedPart.objects.exists()


@IN_JOBS
def test_wrong_lines_are_listed_separately(operator_client: Client, invoice: Invoice) -> None:
    review = upload(operator_client, FIRST, OTHER.replace("EUR", "USD"))

    for answer in (operator_client.get(review), confirm(operator_client, review)):
        assert [wrong.line for wrong in answer.context["wrong_lines"]] == [3]
        assert [each.line.number for each in answer.context["report"].planned] == [2]
        assert "Nothing was imported: 1 line has errors" in answer.text
    assert not Payment.objects.exists()


@IN_JOBS
def test_importing_a_file_again_says_that_nothing_was_imported(
    operator_client: Client, invoice: Invoice
) -> None:
    confirm(operator_client, upload(operator_client, FIRST))
    review = upload(operator_client, FIRST)

    assert "nothing would change" in operator_client.get(review).text
    done = confirm(operator_client, review)
    assert "Nothing was imported: every payment in the file is already recorded." in done.text
    assert Payment.objects.count() == 1


@IN_JOBS
def test_after_a_second_click_the_page_says_what_the_first_did(
    operator_client: Client, invoice: Invoice
) -> None:
    review = upload(operator_client, FIRST)
    operator_client.post(review)

    for answer in (confirm(operator_client, review), operator_client.get(review)):
        assert "1 payment was recorded." in answer.text
    assert Payment.objects.count() == 1


@IN_JOBS
def test_a_discarded_file_is_gone(operator_client: Client, invoice: Invoice) -> None:
    review = upload(operator_client, FIRST)
    operator_client.post(f"{review}discard/")

    for answer in (
        operator_client.post(review, follow=True),
        operator_client.get(review, follow=True),
    ):
        assert "This file is no longer available" in answer.text
        assert answer.redirect_chain == [(reverse("payments:import"), 302)]


@IN_JOBS
def test_a_file_can_be_discarded(operator_client: Client, invoice: Invoice) -> None:
    answer = operator_client.post(f"{upload(operator_client, FIRST)}discard/", follow=True)

    assert answer.redirect_chain == [(reverse("payments:import"), 302)]
    assert not UploadedFile.objects.exists()


def test_a_file_that_is_too_large_needs_the_command(operator_client: Client) -> None:
    file = SimpleUploadedFile("bank.csv", b"x" * 5_000_001)
    answer = operator_client.post(reverse("payments:import"), {"file": file})

    assert "larger than 5 MB. Split it, or use manage.py import_payments" in answer.text


@IN_JOBS
def test_only_operators_can_import(
    operator_client: Client, support_client: Client, owner_client: Client, invoice: Invoice
) -> None:
    review = upload(operator_client, FIRST)

    for client in (support_client, owner_client):
        for address in (reverse("payments:import"), review, f"{review}discard/"):
            assert client.post(address).status_code == 403
    assert UploadedFile.objects.count() == 1


# --- The command ---------------------------------------------------------------------------------


def command(path: Path, *options: str) -> str:
    output = StringIO()
    call_command("import_payments", str(path), *options, stdout=output, stderr=output, verbosity=0)
    return output.getvalue()


def test_the_command_imports_a_file(invoice: Invoice, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(f"{HEADER}\n{FIRST}\n{OTHER}\n")

    assert "This was a dry run" in command(path, "--dry-run")
    assert not Payment.objects.exists()
    assert "EUR: EUR\N{NO-BREAK SPACE}14.71" in command(path)
    assert "Payments already recorded: 2" in command(path)
    assert Payment.objects.count() == 2


def test_the_command_reports_wrong_lines(invoice: Invoice, tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(f"{HEADER}\n{FIRST}\n{OTHER.replace('EUR', 'USD')}\n")

    with pytest.raises(CommandError, match=r"1 line has errors\. Nothing was imported\."):
        command(path)
    assert not Payment.objects.exists()


# --- Files as spreadsheets write them ------------------------------------------------------------


@IN_JOBS
def test_a_file_of_excel_in_another_country_is_imported(operator_client: Client) -> None:
    issued_invoice()
    content = f"{HEADER}\nINV-2026-000001,01.11.2026,'4,50',EUR,card,Счёт №1\n"
    content = content.replace(",", ";").replace("'4;50'", "4,50").replace("\n", "\r\n")
    file = SimpleUploadedFile("payments.csv", content.encode("cp1251"))
    response = operator_client.post(
        reverse("payments:import"), {"file": file, "encoding": "cp1251"}
    )
    review = response.headers["Location"]
    run_jobs()

    assert "Read as CSV in Windows-1251 (Cyrillic)" in operator_client.get(review).text
    operator_client.post(review)
    run_jobs()
    payment = Payment.objects.get()
    assert (payment.paid_on, payment.amount) == (date(2026, 11, 1), Decimal("4.5"))
    assert payment.reference == "Счёт №1"


@IN_JOBS
def test_a_workbook_is_imported(operator_client: Client) -> None:
    issued_invoice()
    book = Workbook()
    book.worksheets[0].append(HEADER.split(","))
    book.worksheets[0].append(["INV-2026-000001", date(2026, 11, 1), 4.5, "EUR", "card", 17])
    content = BytesIO()
    book.save(content)
    file = SimpleUploadedFile("payments.xlsx", content.getvalue())
    review = operator_client.post(reverse("payments:import"), {"file": file}).headers["Location"]
    run_jobs()

    assert "Read as CSV" not in operator_client.get(review).text
    operator_client.post(review)
    run_jobs()
    payment = Payment.objects.get()
    assert (payment.paid_on, payment.amount) == (date(2026, 11, 1), Decimal("4.5"))
    assert payment.reference == "17"


# --- Lines with errors left out ------------------------------------------------------------------


def check_again_without_errors(client: Client, content: str, **values: str) -> str:
    """Upload a file with errors, and have the other lines checked; return the page's address."""
    file = SimpleUploadedFile("bank.csv", content.encode(values.get("encoding", "utf-8")))
    answer = client.post(reverse("payments:import"), {"file": file, **values})
    review = str(answer.headers["Location"])
    run_jobs()
    client.post(f"{review}leave-out/")
    run_jobs()
    return review


@IN_JOBS
def test_the_lines_without_errors_are_imported_and_the_others_returned(
    operator_client: Client,
) -> None:
    issued_invoice()
    wrong = FIRST.replace("R 1", "Rätsel").replace("000001", "000009")
    content = f"{HEADER}\n{FIRST}\n{wrong}\n{SECOND}\n".replace(",", ";")
    review = check_again_without_errors(operator_client, content, encoding="cp1252")

    page = operator_client.get(review)

    assert "1 line is left out" in page.text
    assert (page.context["report"].lines, page.context["report"].new) == (2, 2)
    assert not Payment.objects.exists()
    operator_client.post(review)
    run_jobs()
    assert "2 payments were recorded." in operator_client.get(review).text
    assert Payment.objects.count() == 2
    assert not UploadedPart.objects.exists()
    answer = operator_client.get(f"{review}left-out/")
    assert 'filename="bank-errors.csv"' in answer.headers["Content-Disposition"]
    lines = answer.getvalue().decode("cp1252").splitlines()
    reason = "Invoice “INV-2026-000009” does not exist. Correct the number."
    assert lines == [f"{HEADER},error".replace(",", ";"), f"{wrong};{reason}".replace(",", ";")]


@IN_JOBS
def test_what_becomes_wrong_before_the_import_is_shown_and_stays_out_too(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    repeated = f"{HEADER}\n{FIRST}\n{FIRST}\n{SECOND}\n{OTHER}\n"
    issued_invoice(invoice.organization, SEPTEMBER)
    review = check_again_without_errors(operator_client, repeated)
    upload = UploadedFile.objects.get()
    assert [line for line, _reason in upload.left_out or ()] == [3]
    content = UploadedPart.objects.get()
    content.content = bytes(content.content).replace(b"10.71", b"oops!")
    content.save()

    operator_client.post(review)
    run_jobs()

    page = operator_client.get(review)
    assert "Nothing was imported: check again" in page.text
    assert "2 lines are left out" in page.text
    assert not Payment.objects.exists()
    operator_client.post(review)
    run_jobs()
    assert Payment.objects.count() == 2


@IN_JOBS
def test_lines_are_left_out_only_of_a_refused_file_with_other_lines(
    operator_client: Client,
) -> None:
    issued_invoice()
    for content in (f"{HEADER}\n{FIRST}\n", f"{HEADER}\n{OTHER}\n"):
        review = check_again_without_errors(operator_client, content)
        page = operator_client.get(review)
        assert "leave-out/" not in page.text
        assert UploadedFile.objects.latest("uploaded_at").left_out is None
        assert operator_client.get(f"{review}left-out/").status_code == 404
