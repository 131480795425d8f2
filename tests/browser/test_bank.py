"""A bank statement from its upload to its last open line, by keyboard where that is quicker."""

from decimal import Decimal

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from bank.models import BankLine
from bank.reading.tests.files import ACCOUNT, balance, camt, statement
from bank.tests.factories import an_account, paid
from invoices.models import OpenItem
from invoices.tests.factories import BilledUseFactory, issued_invoice
from tests.browser.people import sign_in
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_statement_is_uploaded_and_each_line_decided(page: Page, live_server: LiveServer) -> None:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    harbour, hill = (
        issued_invoice(BilledUseFactory.create(camera__organization__title=title).organization)
        for title in ("Harbour", "Hill")
    )
    content = camt(
        statement(
            balance("OPBD", "100.00"),
            paid(text=f"Invoice {harbour.number}", name="Harbour Ltd"),
            paid("15.71", "Cameras", name="J. Hill"),
            paid("6.50", "Account fees", name="Bank", mark="DBIT"),
            balance("CLBD", "119.92"),
        )
    )
    page.goto(f"{live_server.url}/bank/")
    page.get_by_role("link", name="Add bank account").click()
    page.get_by_label("Name").fill("Main account")
    page.get_by_label("Account number").fill(ACCOUNT)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The bank account was saved.")).to_be_visible()

    page.goto(f"{live_server.url}/bank/upload/")
    file: FilePayload = {"name": "day.xml", "mimeType": "text/xml", "buffer": content}
    page.get_by_label("File from the bank").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("3 new lines were read.")).to_be_visible()
    run_jobs()
    page.reload()
    expect(page.get_by_role("row", name="Harbour Ltd")).to_contain_text("certain")

    page.get_by_role("link", name="Bank", exact=True).last.click()
    page.get_by_label("Reason").fill("Fees")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The line is ignored.")).to_be_visible()
    page.get_by_label("Organization").first.fill("Hill")
    page.get_by_role("option", name="Hill").click()
    page.get_by_label("Amount (EUR)").first.press("Enter")
    expect(page.get_by_role("heading", name="Harbour certain")).to_be_visible()
    # The button of the first proposal has the focus.
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing is left to decide.")).to_be_visible()
    assert not BankLine.objects.open().exists()
    items = OpenItem.objects.filter(pk__in=[harbour.pk, hill.pk])
    assert {each.outstanding for each in items} == {0}
    page.goto(f"{live_server.url}/organizations/{hill.organization_id}/payments/")
    expect(page.get_by_role("main")).to_contain_text("5.00")


def test_the_columns_of_a_csv_file_are_chosen_once(page: Page, live_server: LiveServer) -> None:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    an_account()
    rows = "Datum;Text;Betrag;Saldo\n02.11.2026;INV-1;1.234,50;1.234,50\n"
    later = "Datum;Text;Betrag;Saldo\n03.11.2026;INV-2;-5,00;1.229,50\n"

    def send(content: str) -> None:
        page.goto(f"{live_server.url}/bank/upload/")
        file: FilePayload = {
            "name": "day.csv",
            "mimeType": "text/csv",
            "buffer": content.encode(),
        }
        page.get_by_label("File from the bank").set_input_files(file)
        page.get_by_label("Account of a CSV file").select_option(index=1)
        page.get_by_role("button", name="Upload").click()

    send(rows)
    expect(page.get_by_role("cell", name="1.234,50").first).to_be_visible()
    page.get_by_label("Amounts are written like").select_option(".")
    page.get_by_label("Dates are written like").select_option("dmy")
    page.get_by_role("button", name="Import").click()
    # What was stated does not fit the file, which is refused with the line.
    expect(page.get_by_text("Line 2: “1.234,50” is not an amount.")).to_be_visible()
    page.get_by_label("Amounts are written like").select_option(",")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("1 new line was read.")).to_be_visible()

    send(later)

    expect(page.get_by_text("1 new line was read.")).to_be_visible()
    amounts = BankLine.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [Decimal("1234.50"), Decimal(-5)]
