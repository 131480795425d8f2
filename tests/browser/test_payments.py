"""A payment on account: recorded, allocated by keyboard, and the rest refunded."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.tests.factories import SEPTEMBER, issued_invoice
from payments.models import OnAccount, Payment
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_payment_is_allocated_by_keyboard_and_the_rest_is_refunded(
    page: Page, live_server: LiveServer
) -> None:
    invoice = issued_invoice()
    issued_invoice(invoice.organization, SEPTEMBER)
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    page.goto(f"{live_server.url}/organizations/{invoice.organization_id}/payments/")
    page.get_by_role("link", name="Record payment").click()
    page.get_by_label("Amount").fill("15")
    page.get_by_role("textbox", name="Reference").fill("Advance")
    page.get_by_label("Leave it on account, as an advance payment").check()
    page.get_by_role("button", name="Record payment").click()

    page.get_by_role("link", name="Allocate").press("Enter")
    first = page.get_by_label("INV-2026-000001")
    expect(first).to_have_value("10.71")
    expect(page.get_by_label("INV-2026-000002")).to_have_value("4.29")
    first.fill("10")
    page.keyboard.press("Tab")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The payment was allocated.")).to_be_visible()

    page.get_by_role("link", name="Refund").click()
    page.get_by_role("textbox", name="Reference").fill("Paid back")
    page.get_by_role("button", name="Record refund").click()
    expect(page.get_by_text("The refund was recorded.")).to_be_visible()
    assert set(OnAccount.objects.values_list("remaining", flat=True)) == {0}
    assert Payment.objects.get(kind="refund").amount == -3
