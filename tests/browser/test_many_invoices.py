"""Many invoices at once: reviewed as drafts and released; downloaded; sent again."""

from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from invoices.runs import operations as runs
from invoices.runs.models import RunItem
from invoices.tests.factories import BilledOrganizationFactory, BilledUseFactory, ProviderFactory
from organizations.models import Organization
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)

LAST_MONTH = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def operator(page: Page, live_server: LiveServer) -> User:
    operator = OperatorFactory.create(email="olga@watchful.example")
    sign_in(page.context, operator, live_server.url)
    return operator


def customer(title: str) -> Organization:
    organization: Organization = BilledOrganizationFactory.create(title=title)
    BilledUseFactory.create(camera__organization=organization)
    return organization


@pytest.mark.usefixtures("operator")
def test_drafts_are_reviewed_and_released_then_downloaded_and_sent_again(
    page: Page, live_server: LiveServer, smtp_server: MailServer
) -> None:
    ProviderFactory.create()
    for title in ("Harbour", "Hill", "Left out"):
        customer(title)
    page.goto(f"{live_server.url}/invoices/runs/{LAST_MONTH:%Y-%m}/")
    page.get_by_role("button", name="Create drafts for release").click()
    expect(page.get_by_text("Creating drafts.")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("3 organizations have drafts for release")).to_be_visible()
    page.get_by_role("checkbox", name="Select Left out").check()
    page.get_by_role("button", name="Leave out of the run").click()
    page.get_by_role("button", name="Release 2 organizations").click()
    expect(page.get_by_text("Running.")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("Finished.")).to_be_visible()

    page.goto(f"{live_server.url}/invoices/")
    page.get_by_role("checkbox", name="All on this page").check()
    page.get_by_role("button", name="Download as zip").click()
    page.get_by_role("button", name="Create the file").click()
    expect(page.get_by_text("0 of 2 documents packed")).to_be_visible()
    run_jobs()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download", exact=True).click()
    with ZipFile(download.value.path()) as packed:
        assert len(packed.namelist()) == 5

    smtp_server.messages.clear()
    page.goto(f"{live_server.url}/invoices/")
    page.get_by_role("checkbox", name="All on this page").check()
    page.get_by_role("button", name="Send again").click()
    page.get_by_role("button", name="Send 2 emails").click()
    expect(page.get_by_text("0 of 2 emails processed")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("All emails were sent.")).to_be_visible()
    assert len(smtp_server.messages) == 2


@pytest.mark.usefixtures("operator")
def test_what_is_selected_and_typed_stays_while_jobs_create_drafts(
    page: Page, live_server: LiveServer
) -> None:
    ProviderFactory.create()
    for title in ("Harbour", "Hill"):
        customer(title)
    runs.start(month=LAST_MONTH, now=timezone.now(), by=None, drafts_only=True)
    run_jobs()
    RunItem.objects.filter(organization__title="Hill").update(state="draft")
    page.goto(f"{live_server.url}/invoices/runs/{LAST_MONTH:%Y-%m}/")
    page.get_by_role("checkbox", name="Select Harbour").check()
    search = page.get_by_role("searchbox", name="Organization, owner or contract")
    search.press_sequentially("Harb")

    for _ in range(2):
        with page.expect_response("**/invoices/runs/**"):
            pass

    expect(page.get_by_role("checkbox", name="Select Harbour")).to_be_checked()
    expect(search).to_have_value("Harb")
    expect(search).to_be_focused()
    expect(page.get_by_text("Creating drafts.")).to_be_visible()
