"""Everything works without JavaScript, in a plainer form."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OwnerFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tests.browser.conftest import Complaints
from tests.browser.imports import check_file, confirm_import
from tests.browser.people import sign_in_by_hand

pytestmark = pytest.mark.django_db(transaction=True)

USAGE = """\
Customer,camera,TITLE,Tariff,From,Ended at
Harbour Storage,gate-01,Main gate,Standard,2026-09-01T00:00:00+00:00,2026-10-01T00:00:00+00:00
"""


@pytest.fixture
def plain(
    browser: Browser,
    browser_context_args: dict[str, Any],
    complaints: Complaints,
    live_server: LiveServer,
) -> Iterator[Page]:
    """A page without JavaScript, signed in as an operator."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.set_default_timeout(10_000)
    complaints.watch(context)
    page = context.new_page()
    sign_in_by_hand(page, live_server.url)
    yield page
    context.close()


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def test_the_main_job(plain: Page, tmp_path: Path) -> None:
    OwnerFactory.create(email="vera@harbour.example")
    page = plain
    add_tariff(page)
    add_organization(page)
    import_usage(page, tmp_path)
    show_usages(page)


def add_tariff(page: Page) -> None:
    menu(page, "Tariff plans")
    page.get_by_role("link", name="Add tariff plan").click()
    page.get_by_label("Name").fill("Standard")
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("8.00")
    page.get_by_label("Price applies from").fill("2026-01-01")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("DVR depth (days)").fill("30")
    page.get_by_label("DVR space (GB)").fill("0")
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_role("button", name="Add tariff plan").click()
    page.get_by_role("link", name="Standard", exact=True).click()
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("9.00")
    page.get_by_label("Applies from").fill("2026-02-01")
    page.get_by_role("button", name="Set price").click()
    page.get_by_role("button", name="Set this price").click()
    expect(page.get_by_role("table")).to_contain_text("9.00")


def add_organization(page: Page) -> None:
    menu(page, "Organizations")
    page.get_by_role("link", name="Add new organization").click()
    page.get_by_role("button", name="Add organization").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    page.get_by_label("Title").fill("Harbour Storage")
    page.get_by_label("Owner").fill("Vera@Harbour.example")
    page.get_by_role("checkbox", name=re.compile("Standard")).check()
    page.get_by_label("Time zone").select_option("UTC")
    page.get_by_role("button", name="Add organization").click()
    expect(page.get_by_text("Harbour Storage was added.")).to_be_visible()
    assert Organization.objects.get().owner.email == "vera@harbour.example"


def import_usage(page: Page, folder: Path) -> None:
    file = folder / "usage.csv"
    file.write_text(USAGE)
    menu(page, "Import")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    check_file(page)
    expect(page.get_by_label("Title")).to_have_value("2")
    page.get_by_label("Organization").select_option("Customer")
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("Choose the heading of this column.")).to_be_visible()
    page.get_by_label("Started at").select_option("From")
    check_file(page)
    confirm_import(page)
    expect(page.get_by_text("1 interval added")).to_be_visible()


def show_usages(page: Page) -> None:
    menu(page, "Organizations")
    page.get_by_role("link", name="Usages for Harbour Storage").click()
    page.get_by_role("textbox", name="From").fill("2026-09-01")
    page.get_by_role("textbox", name="To", exact=True).fill("2026-09-30")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".total-amount").first).to_have_text("EUR\N{NO-BREAK SPACE}9.00")
    formula = page.get_by_text("amount = monthly price × billable ÷ month")
    expect(formula).to_be_hidden()
    page.get_by_role("row", name=re.compile("gate-01")).locator("summary").click()
    expect(formula).to_be_visible()


def test_a_list_can_be_searched_and_filtered(plain: Page) -> None:
    OrganizationFactory.create(title="Harbour Storage")
    OrganizationFactory.create(title="Mountain Railway")
    page = plain
    page.reload()
    page.get_by_label("Search").fill("harbour")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Harbour Storage", exact=True)).to_be_visible()
    expect(page.get_by_text("Mountain Railway")).to_have_count(0)

    page.get_by_label("Trial").select_option("until")
    page.get_by_role("button", name="Search").click()

    expect(page.get_by_text("No organizations found")).to_be_visible()


def test_menus_open_and_controls_that_need_a_script_are_hidden(plain: Page) -> None:
    page = plain
    expect(page.get_by_label("Switch between light and dark theme")).to_be_hidden()
    page.locator("summary").and_(page.get_by_label("Account")).click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
