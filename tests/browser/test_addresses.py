"""A billing address from its proposal to the invoice that states it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.tests.factories import BilledUseFactory, issued_invoice
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_owner_proposes_an_address_and_an_operator_approves_the_second_one(
    page: Page, live_server: LiveServer, smtp_server: MailServer
) -> None:
    organization = BilledUseFactory.create().organization
    operator, owner = OperatorFactory.create(), organization.owner
    home, billing = live_server.url, f"{live_server.url}/organizations/{organization.pk}/billing/"
    reason = "There is no such street."

    for street, button in (("Quaiside 5", "Refuse"), ("Quayside 5", "Approve")):
        sign_in(page.context, owner, home)
        page.goto(billing)
        page.get_by_role("link", name="Propose a new address").click()
        page.get_by_label("Street address").fill(street)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("It applies once it is approved.")).to_be_visible()

        sign_in(page.context, operator, home)
        page.goto(home)
        page.get_by_role("link", name="1 new billing address waits for approval").click()
        page.get_by_role("link", name=organization.title).click()
        expect(page.get_by_role("row", name="Street address")).to_contain_text(street)
        if button == "Refuse":
            page.get_by_label("Reason").fill(reason)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text(f"The address is {button.lower().rstrip('e')}ed")).to_be_visible()
    run_jobs()

    subjects = [mail["Subject"] for mail in smtp_server.messages if mail["To"] == owner.email]
    told = f"The new billing address of {organization.title} is"
    assert sorted(subjects) == [f"{told} approved", f"{told} refused"]
    assert any(reason in str(mail) for mail in smtp_server.messages)
    assert issued_invoice(organization).buyer["street"] == "Quayside 5"
