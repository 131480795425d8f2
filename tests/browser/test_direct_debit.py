"""A direct debit from the mandate to a return on a bank statement."""

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from bank.reading.tests.files import camt, entry, statement
from bank.tests.factories import an_account, paid
from debits.models import DebitBatch
from invoices.models import Delivery, OpenItem
from invoices.tests.factories import BilledUseFactory, issued_invoice
from tariffs.provider_calendar import provider_date
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def upload(page: Page, live_server: LiveServer, content: bytes) -> None:
    page.goto(f"{live_server.url}/bank/upload/")
    file: FilePayload = {"name": "day.xml", "mimeType": "text/xml", "buffer": content}
    page.get_by_label("File from the bank").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("1 new line was read.")).to_be_visible()
    run_jobs()


def test_what_is_due_is_collected_and_taken_back(
    page: Page, live_server: LiveServer, smtp_server: MailServer
) -> None:
    use = BilledUseFactory.create(camera__organization__title="Harbour")
    invoice = issued_invoice(use.camera.organization)
    Delivery.objects.all().delete()
    an_account()
    sign_in(page.context, OperatorFactory.create(), live_server.url)

    page.goto(f"{live_server.url}/debits/settings/")
    page.get_by_label("Creditor identifier").fill("DE98 ZZZ 0999 9999 999")
    page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 51")
    page.get_by_label("Notice in days").fill("1")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{live_server.url}/organizations/{invoice.organization_id}/mandates/")
    page.get_by_role("link", name="Add mandate").click()
    page.get_by_label("Mandate reference").fill("M-2026/7")
    page.get_by_label("IBAN").fill("DE75 5121 0800 1245 1261 99")
    page.get_by_label("Signed on").fill("2026-01-05")
    page.get_by_role("button", name="Add mandate").click()
    expect(page.get_by_text("The mandate was added.")).to_be_visible()

    page.goto(f"{live_server.url}/debits/")
    page.get_by_role("link", name="Collect what is due").click()
    expect(page.get_by_label(f"Collect {invoice.number}")).to_be_checked()
    page.get_by_role("button", name="Make the file for the bank").click()
    expect(page.get_by_text("The file was made.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="File for the bank").click()
    batch = DebitBatch.objects.get()
    assert download.value.path().read_bytes() == bytes(batch.content)
    run_jobs()
    (mail,) = smtp_server.messages
    assert "Mandate reference: M-2026/7" in text_of(mail)
    page.goto(f"{live_server.url}/organizations/{invoice.organization_id}/payments/")
    expect(page.locator("#reminders")).to_contain_text("EUR: collected on")

    # The day on which the test runs; earlier than the collection, but the bank names the batch.
    day = f"<BookgDt><Dt>{provider_date(timezone.now())}</Dt></BookgDt>"
    ids = f"<NtryDtls><Btch><MsgId>{batch.message_id}</MsgId></Btch></NtryDtls></Ntry>"
    upload(page, live_server, camt(statement(entry("10.71", booked=day).replace("</Ntry>", ids))))
    page.goto(f"{live_server.url}/bank/")
    page.get_by_role("link", name="without a name").click()
    expect(page.get_by_role("heading", name="Direct debit of")).to_contain_text("certain")
    # The button of the proposal has the focus.
    page.keyboard.press("Enter")
    expect(page.get_by_text("The payments were recorded.")).to_be_visible()
    assert OpenItem.objects.get().outstanding == 0

    reason = "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>"
    back = paid(end_to_end=invoice.number, mark="DBIT", name="Harbour Ltd")
    upload(page, live_server, camt(statement(back.replace("<RmtInf>", f"{reason}<RmtInf>"))))
    page.goto(f"{live_server.url}/bank/")
    page.get_by_role("link", name="Harbour Ltd").click()
    page.get_by_role("button", name="Reverse the payment of Harbour").click()
    expect(page.get_by_text("The payment was reversed.")).to_be_visible()

    assert OpenItem.objects.get().outstanding == invoice.total
    page.goto(f"{live_server.url}/organizations/{invoice.organization_id}/mandates/")
    expect(page.get_by_role("main")).to_contain_text("Failed")
    expect(page.get_by_role("main")).to_contain_text("AM04")
    page.get_by_role("button", name="Use M-2026/7 again").click()
    expect(page.get_by_text("The mandate is used again.")).to_be_visible()
    page.goto(f"{live_server.url}/debits/{batch.pk}/")
    expect(page.get_by_role("cell", name="Taken back")).to_contain_text("AM04")
