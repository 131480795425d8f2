"""From usages to a paid invoice and a credit note; an invoice run; what an owner sees."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from invoices.models import Invoice
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from invoices.uninvoiced.tests.stored import keep_all
from organizations.models import Organization
from tests.browser.conftest import Complaints
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


@pytest.fixture
def harbour(transactional_db: None) -> Organization:
    """An organization with a camera in use, whose billing details lack the city."""
    organization: Organization = BilledOrganizationFactory.create(
        title="Harbour Storage", details__city=""
    )
    BilledUseFactory.create(camera__organization=organization, camera__name="gate-01")
    return organization


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def field(page: Page, label: str) -> Locator:
    """Find a field by its label, which has an asterisk if the field is required."""
    return page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))


def fill_in_the_provider(page: Page) -> None:
    for label, text in (
        ("Legal name", "Watchful Ltd"),
        ("Street address", "1 Harbour Road"),
        ("City", "Berlin"),
        ("Tax ID", "DE136695976"),
        ("Email address", "billing@watchful.example"),
        ("Bank account (IBAN)", "DE02120300000000202051"),
    ):
        field(page, label).fill(text)
    page.get_by_role("combobox", name="Country").click()
    page.keyboard.type("Germany")
    page.get_by_role("option", name="Germany").click()
    page.get_by_role("button", name="Save").click()


@pytest.mark.usefixtures("operator", "harbour")
def test_an_operator_goes_from_usages_to_a_paid_invoice_and_to_a_credit_note(
    page: Page, live_server: LiveServer, smtp_server: MailServer
) -> None:
    page.goto(f"{live_server.url}/organizations/")
    page.get_by_role("link", name="Usages for Harbour Storage").click()
    page.get_by_role("link", name="Last month").click()
    page.get_by_role("link", name="Issue invoice").click()

    # Each missing detail links to its field, and saving leads back.
    expect(page.get_by_role("button", name="Issue 1 invoice")).to_have_count(0)
    page.get_by_role("alert").get_by_role("link", name="Legal name (provider)").click()
    expect(field(page, "Legal name")).to_be_focused()
    fill_in_the_provider(page)
    page.get_by_role("alert").get_by_role("link", name="City").click()
    expect(field(page, "City")).to_be_focused()
    field(page, "City").fill("Hamburg")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("img", name="Page 1 of the document")).to_be_visible()
    page.get_by_role("button", name="Issue 1 invoice").click()
    number = f"INV-{date.today().year}-000001"
    expect(page.get_by_text(f"{number} was issued.")).to_be_visible()
    expect(
        page.get_by_text("The charges have not changed since this invoice was issued.")
    ).to_be_visible()
    # The comparison is loaded from another page, whose title must not replace this one's.
    expect(page).to_have_title(f"{number} · Camera billing")
    run_jobs()
    (mail,) = smtp_server.messages
    assert mail["To"] == "accounts@harbour.example"

    # The issued document.
    address = page.get_by_role("link", name="PDF").get_attribute("href")
    answer = page.request.get(f"{live_server.url}{address}")
    assert number in PdfReader(BytesIO(answer.body())).pages[0].extract_text()

    # Two payments.
    for part, state in (("5.71", "Partly paid"), (None, "Paid")):
        page.get_by_role("link", name="Record payment").click()
        if part:
            field(page, "Amount").fill(part)
        page.get_by_role("button", name="Record payment", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(state)

    # Cancellation.
    page.get_by_role("link", name="Cancel invoice").click()
    page.get_by_role("button", name="Issue credit note").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Credit note CN-")
    page.get_by_role("link", name=number).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cancelled")

    # The period can be invoiced again.
    page.get_by_role("navigation").or_(page.locator(".page-pretitle")).get_by_role(
        "link", name="Harbour Storage"
    ).click()
    page.get_by_role("link", name="Issue invoice for last month").click()
    page.get_by_role("button", name="Issue 1 invoice").click()
    expect(page.get_by_text(re.compile(r"INV-\d+-000002 was issued"))).to_be_visible()
    menu(page, "Invoices")
    expect(page.get_by_role("row")).to_have_count(4)


@pytest.mark.usefixtures("operator")
def test_on_a_phone_sums_are_opposite_their_names(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/invoices/{issued_invoice().pk}/")
    # The recalculation above moves the lines when it arrives.
    expect(page.locator("#differences[hx-get]")).to_have_count(0)

    total = page.get_by_role("row", name=re.compile("^Total"))
    name, amount = (cell.bounding_box() for cell in total.locator("th, td").all())

    assert name is not None
    assert amount is not None
    assert abs(name["y"] - amount["y"]) < 5
    assert amount["x"] > 195


@pytest.mark.usefixtures("operator")
def test_the_progress_of_a_run_is_shown_until_it_ends(
    page: Page, live_server: LiveServer, harbour: Organization
) -> None:
    ProviderFactory.create()
    good = BilledOrganizationFactory.create(title="Good", billing_email="")
    BilledUseFactory.create(camera__organization=good)
    keep_all(timezone.now())
    page.goto(f"{live_server.url}/invoices/")
    page.get_by_role("link", name="Invoice run").click()
    expect(page.get_by_label("Month")).to_have_value(f"{LAST_MONTH:%Y-%m}")
    page.get_by_role("button", name="Show month").click()
    expect(page.get_by_role("row", name=re.compile("Harbour"))).to_contain_text(
        "Fill in the missing details: City."
    )

    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("0 of 2 organizations processed")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_have_count(0)
    page.locator("#run-issued").focus()
    run_jobs()

    expect(page.get_by_text("2 of 2 organizations processed")).to_be_visible()
    expect(page.locator("#run-issued")).to_be_focused()
    expect(page.get_by_role("row", name=re.compile("Good"))).to_contain_text("INV-")
    harbour.billing_details.update(city="Hamburg")
    page.get_by_role("button", name="Run again").click()
    run_jobs()
    expect(page.get_by_role("row", name=re.compile("Harbour"))).to_contain_text("INV-")
    assert Invoice.objects.count() == 2


@pytest.mark.usefixtures("operator", "harbour")
def test_the_progress_is_updated_again_after_a_failure(
    page: Page, live_server: LiveServer, complaints: Complaints
) -> None:
    page.goto(f"{live_server.url}/invoices/runs/{LAST_MONTH:%Y-%m}/")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("0 of 1 organizations processed")).to_be_visible()
    page.route("**/invoices/runs/**", lambda route: route.abort())
    failure = page.get_by_role("alert").filter(
        has_text=(
            "The server could not be reached or returned an error. What you "
            "typed is still here. Try again."
        )
    )
    expect(failure).to_be_visible()
    run_jobs()
    page.unroute_all()

    expect(page.get_by_text("1 of 1 organizations processed")).to_be_visible()
    expect(failure).to_have_count(0)
    complaints.clear()


@pytest.mark.usefixtures("operator")
def test_the_active_tab_is_visible_on_a_phone(page: Page, live_server: LiveServer) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/invoices/provider/")

    expect(page.get_by_role("link", name="Provider details")).to_be_in_viewport(ratio=0.9)


def test_an_owner_sees_their_own_invoices(page: Page, live_server: LiveServer) -> None:
    invoice = issued_invoice()
    sign_in(page.context, invoice.organization.owner, live_server.url)
    page.goto(live_server.url)
    menu(page, "My invoices")
    page.get_by_role("link", name=invoice.number).click()
    expect(page.get_by_role("img", name="Page 1 of the document")).to_be_visible()
    for name in ("Cancel invoice", "Record payment", "History"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    page.get_by_role("link", name="View charges").click()
    expect(page.get_by_role("row")).to_have_count(2)
