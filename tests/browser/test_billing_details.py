"""Billing details and provider details, filled in with the help of a script."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.documents.tests.pictures import png, svg
from invoices.provider.models import Provider
from organizations.models import BillingDetails, Organization
from organizations.tests.factories import OrganizationFactory, a_tax
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operators_page(page: Page, live_server: LiveServer) -> Page:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    return page


@pytest.fixture
def billing(operators_page: Page, live_server: LiveServer) -> Page:
    """Open the empty billing details of an organization."""
    a_tax()
    organization = OrganizationFactory.create(title="Harbour")
    operators_page.goto(f"{live_server.url}/organizations/{organization.pk}/billing/")
    return operators_page


@pytest.fixture
def new_tax(operators_page: Page, live_server: LiveServer) -> Page:
    """Open the form for a new tax."""
    operators_page.goto(f"{live_server.url}/taxes/add/")
    return operators_page


def choose_country(page: Page, typed: str) -> None:
    page.get_by_role("combobox", name="Country", exact=True).press_sequentially(typed)
    page.keyboard.press("Enter")


def test_an_operator_fills_in_the_billing_details(billing: Page) -> None:
    page = billing
    page.get_by_role("status").get_by_role("link", name="Legal name").click()
    expect(page.get_by_label("Legal name")).to_be_focused()
    page.keyboard.type("Harbour Storage GmbH")
    page.get_by_role("alert").or_(page.get_by_role("status")).get_by_text("Country").click()
    expect(page.get_by_role("combobox", name="Country", exact=True)).to_be_focused()
    choose_country(page, "germ")
    page.get_by_label("Street address").fill("5 Quay")
    page.get_by_label("City").fill("Hamburg")
    page.get_by_label("Tax", exact=True).select_option("VAT 19 %")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("The billing details of Harbour were saved.")).to_be_visible()
    stored = BillingDetails.objects.get()
    assert (stored.country, str(stored.tax), stored.valid_from) == ("DE", "VAT 19 %", None)


def test_the_rate_is_shown_only_for_the_standard_rate(new_tax: Page) -> None:
    category, rate = new_tax.get_by_label("Category"), new_tax.get_by_label("Tax rate, %")
    reason = new_tax.get_by_label("Reason for the exemption")
    expect(rate).to_be_hidden()

    category.select_option("Standard rate")
    expect(rate).to_be_visible()
    expect(reason).to_be_hidden()
    rate.fill("much")
    category.select_option("Exempt from tax")
    expect(rate).to_be_hidden()
    expect(reason).to_be_visible()
    new_tax.get_by_label("Name").fill("Charity")
    new_tax.locator("main").get_by_role("button", name="Add tax").click()

    expect(new_tax.get_by_text("Tax “Charity” has been added.")).to_be_visible()


def test_without_a_script_the_rate_is_always_shown(
    browser: Browser, live_server: LiveServer, new_tax: Page
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(new_tax.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto(new_tax.url)

    expect(plain.get_by_label("Tax rate, %")).to_be_visible()
    expect(plain.get_by_label("VATEX code")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("field", "role"), [("city", "textbox"), ("country", "combobox")])
def test_a_link_to_a_missing_detail_leads_to_its_field_and_back(
    billing: Page,
    live_server: LiveServer,
    field: str,
    role: Literal["textbox", "combobox"],
) -> None:
    query = urlencode({"next": "/tariffs/"})
    billing.goto("about:blank")
    pk = Organization.objects.get().pk
    billing.goto(f"{live_server.url}/organizations/{pk}/billing/?{query}#id_{field}")

    expect(billing.get_by_role(role, name=field.capitalize(), exact=True)).to_be_focused()

    billing.get_by_label("Tax ID").fill("DE1")
    billing.get_by_role("button", name="Save").click()
    expect(billing.get_by_label("Tax ID")).to_be_focused()

    billing.get_by_label("Tax ID").fill("")
    billing.get_by_role("button", name="Save").click()
    expect(billing).to_have_url(f"{live_server.url}/tariffs/")


def test_a_logo_is_uploaded_and_removed(
    operators_page: Page, live_server: LiveServer, tmp_path: Path
) -> None:
    page = operators_page
    good, bad = tmp_path / "logo.png", tmp_path / "logo.svg"
    good.write_bytes(png(40, 20))
    bad.write_bytes(svg("<script>alert(1)</script>"))
    page.goto(f"{live_server.url}/invoices/provider/")
    for label, text in (
        ("Legal name", "Watchful Ltd"),
        ("Street address", "1 Harbour Road"),
        ("City", "Berlin"),
        ("Tax ID", "DE123456788"),
        ("Email address", "billing@watchful.example"),
        ("Bank account (IBAN)", "DE02120300000000202051"),
    ):
        page.get_by_label(label).fill(text)
    choose_country(page, "germ")

    page.get_by_label("Logo").set_input_files(bad)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Save it as a plain SVG and upload it again.")).to_be_visible()
    expect(page.get_by_label("City")).to_have_value("Berlin")

    page.get_by_label("Logo").set_input_files(good)
    page.get_by_role("button", name="Save").click()
    logo = page.get_by_role("img", name="Current logo")
    expect(logo).to_be_visible()
    expect(logo).to_have_js_property("naturalWidth", 40)

    page.get_by_label("Remove logo").check()
    page.get_by_role("button", name="Save").click()
    expect(logo).to_be_hidden()
    assert Provider.objects.get().logo is None
