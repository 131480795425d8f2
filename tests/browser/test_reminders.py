"""A reminder from its level to the payment of what it reminds of."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.models import Delivery, OpenItem
from invoices.tests.factories import issued_invoice
from organizations.models import OneOffCharge
from reminders.models import Reminder
from reminders.tasks import look
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reminder_is_sent_and_what_it_reminds_of_is_paid(
    page: Page, live_server: LiveServer, smtp_server: MailServer
) -> None:
    # It has been due since November 2026.
    invoice = issued_invoice()
    Delivery.objects.all().delete()
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    page.goto(f"{live_server.url}/reminders/")
    page.get_by_role("link", name="Add level").click()
    page.get_by_label("Name").fill("First reminder")
    page.get_by_label("Days overdue").fill("7")
    page.get_by_label("New payment term (days)").fill("10")
    page.get_by_label("Fee (EUR)").fill("5")
    page.get_by_label("Subject").first.fill("{level}: {total}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The level was saved.")).to_be_visible()
    look(timestamp=0)
    run_jobs()

    page.goto(live_server.url)
    page.get_by_role("link", name="1 reminder is to be sent").click()
    page.get_by_label(f"Select {invoice.organization.title}").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("1 reminder is being sent.")).to_be_visible()
    run_jobs()
    (mail,) = [each for each in smtp_server.messages if each["Subject"].startswith("First")]
    assert mail["Subject"] == "First reminder: EUR 10.71"
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]
    assert OneOffCharge.objects.get().amount == 5

    page.get_by_label("Show").select_option(label="Sent")
    page.get_by_role("link", name=invoice.organization.title).click()
    expect(page.get_by_role("main")).to_contain_text("accounts@harbour.example")
    page.get_by_role("link", name=invoice.organization.title).click()
    expect(page.locator("#reminders")).to_contain_text("First reminder")
    page.get_by_role("link", name="Record payment").click()
    page.get_by_label("Amount").fill("10.71")
    page.get_by_role("textbox", name="Reference").fill(invoice.number)
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_text("EUR 10.71 was recorded.")).to_be_visible()

    assert OpenItem.objects.get().outstanding == 0
    look(timestamp=0)
    run_jobs()
    assert Reminder.objects.get().follow_up == "done"
