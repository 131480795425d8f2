"""Everything works with the keyboard alone, and the focus goes where people expect it."""

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffPriceFactory
from tests.browser.people import sign_in
from tests.mail_server import MailServer
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Keyboard:
    """A person who uses only the keyboard."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address

    def open(self, path: str) -> None:
        self.page.goto(self._address + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until `wanted` has the focus; fail after a hundred steps."""
        expect(wanted).to_be_visible()
        for _ in range(100):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press(key)
        expect(wanted).to_be_focused()


@pytest.fixture
def keyboard(page: Page, live_server: LiveServer, operator: User) -> Keyboard:
    """A signed-in operator who uses only the keyboard."""
    sign_in(page.context, operator, live_server.url)
    return Keyboard(page, live_server.url)


def test_the_menu_can_be_skipped(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.open("/organizations/")
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()

    keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    keyboard.press("Tab")

    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


@pytest.mark.parametrize(("menu", "entry"), [("Account", "Sign out"), ("Language", "Русский")])
def test_a_menu_opens_and_closes(keyboard: Keyboard, menu: str, entry: str) -> None:
    page = keyboard.page
    keyboard.open("/tariffs/")
    opener = page.locator("summary").and_(page.get_by_label(menu))
    inside = page.get_by_role("button", name=entry)
    keyboard.go_to(opener)
    keyboard.press("Enter")
    keyboard.go_to(inside)
    keyboard.press("Escape")
    expect(inside).to_be_hidden()
    expect(opener).to_be_focused()

    keyboard.press("Space")
    expect(inside).to_be_visible()
    keyboard.go_to(page.get_by_role("navigation", name="Main").get_by_role("link").last)

    expect(inside).to_be_hidden()


def test_sign_out(keyboard: Keyboard) -> None:
    keyboard.open("/tariffs/")
    keyboard.go_to(keyboard.page.locator("summary").and_(keyboard.page.get_by_label("Account")))
    keyboard.press("Enter")
    keyboard.go_to(keyboard.page.get_by_role("button", name="Sign out"))
    keyboard.press("Enter")

    expect(keyboard.page.get_by_label("Email address")).to_be_focused()


def test_the_theme_is_switched(keyboard: Keyboard) -> None:
    keyboard.open("/tariffs/")
    root = keyboard.page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    keyboard.go_to(keyboard.page.get_by_role("button", name="Switch between light and dark theme"))
    keyboard.press("Enter")

    expect(root).to_have_attribute("data-bs-theme", "dark")
    keyboard.page.reload()
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_a_search_keeps_the_focus_and_announces_the_number_found(keyboard: Keyboard) -> None:
    for title in ("Harbour Storage", "Harbour Hotel", "Mountain Railway"):
        OrganizationFactory.create(title=title)
    page = keyboard.page
    keyboard.open("/organizations/")
    search, status = page.get_by_label("Search"), page.get_by_role("status")
    keyboard.go_to(search)
    page.keyboard.type("harbour")
    expect(status).to_have_text("2 found")
    expect(search).to_be_focused()
    expect(page.get_by_text("Mountain Railway")).to_have_count(0)

    page.keyboard.type(" no")

    expect(status).to_have_text("Nothing found")
    expect(search).to_be_focused()
    expect(search).to_have_value("harbour no")
    assert status.get_attribute("id") == "found"


def test_a_search_for_charges_keeps_the_focus_and_announces_the_number_found(
    keyboard: Keyboard, charges: Organization
) -> None:
    page = keyboard.page
    keyboard.open(f"/organizations/{charges.pk}/usages/?from=2026-09-01&to=2026-09-30")
    keyboard.go_to(page.get_by_label("Camera", exact=True))
    page.keyboard.type("sou")

    expect(page.get_by_role("status")).to_have_text("1 found")
    expect(page.get_by_label("Camera", exact=True)).to_be_focused()


def test_a_list_can_be_sorted(keyboard: Keyboard) -> None:
    for title in ("Anchor", "Zebra"):
        OrganizationFactory.create(title=title)
    page = keyboard.page
    keyboard.open("/organizations/")
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("Anchor")
    keyboard.go_to(page.get_by_role("columnheader").get_by_role("link", name="Title"))
    keyboard.press("Enter")

    expect(rows.first).to_contain_text("Zebra")
    expect(page.get_by_role("columnheader", name="Title")).to_have_attribute(
        "aria-sort", "descending"
    )


@pytest.fixture
def charges(db: None) -> Organization:
    """An organization with two cameras in use all year."""
    organization = OrganizationFactory.create()
    tariff = TariffPriceFactory.create(valid_from=date(2026, 1, 1)).tariff
    for name in ("north-gate", "south-gate"):
        UsageIntervalFactory.create(
            tariff=tariff, camera__name=name, camera__organization=organization
        )
    return organization


def test_a_charge_opens_its_formula(keyboard: Keyboard, charges: Organization) -> None:
    page = keyboard.page
    keyboard.open(f"/organizations/{charges.pk}/usages/?from=2026-09-01&to=2026-09-30")
    formula = page.get_by_text("amount = monthly price × billable ÷ month").first
    expect(formula).to_be_hidden()
    keyboard.go_to(page.locator(".charges summary").first)
    keyboard.press("Enter")
    expect(formula).to_be_visible()

    keyboard.press("Enter")

    expect(formula).to_be_hidden()


def test_the_dialog_takes_the_focus_and_gives_it_back(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.open("/organizations/add/")
    opener, dialog = page.get_by_role("link", name="Add", exact=True), page.get_by_role("dialog")
    keyboard.go_to(opener)
    keyboard.press("Enter")
    expect(dialog.get_by_label("Email address")).to_be_focused()
    keyboard.go_to(dialog.get_by_role("button", name="Add owner"))
    keyboard.go_to(dialog.get_by_role("button", name="Close"))
    keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()

    keyboard.press("Enter")
    expect(dialog.get_by_label("Email address")).to_be_focused()
    keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()


def test_enter_in_the_dialog_works_immediately(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.open("/organizations/add/")
    page.evaluate(
        """() => document.addEventListener("htmx:afterSwap", () => setTimeout(
            () => document.querySelector("dialog form").requestSubmit()), { once: true })"""
    )
    keyboard.go_to(page.get_by_role("link", name="Add", exact=True))
    keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_contain_text("This field is required.")
    expect(page).to_have_url(re.compile("/organizations/add/$"))


def test_an_organization_is_added_with_a_new_owner(
    keyboard: Keyboard, smtp_server: MailServer
) -> None:
    TariffPriceFactory.create(tariff__name="Standard")
    page = keyboard.page
    keyboard.open("/organizations/")
    keyboard.go_to(page.get_by_role("link", name="Add new organization"))
    keyboard.press("Enter")
    keyboard.go_to(page.get_by_label("Title"))
    page.keyboard.type("Harbour Storage")
    keyboard.go_to(page.get_by_role("link", name="Add", exact=True))
    keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_label("Email address")).to_be_focused()
    page.keyboard.type("vera@harbour.example")
    keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Owner")).to_be_focused()
    keyboard.go_to(page.get_by_role("checkbox", name=re.compile("Standard")))
    keyboard.press("Space")
    keyboard.go_to(page.get_by_role("button", name="Add organization"))
    keyboard.press("Enter")

    expect(page.get_by_text("Harbour Storage was added.")).to_be_visible()
    organization = Organization.objects.get()
    assert organization.owner.email == "vera@harbour.example"
    assert [tariff.name for tariff in organization.tariffs.all()] == ["Standard"]


def test_an_owner_and_a_time_zone_are_chosen(keyboard: Keyboard) -> None:
    OwnerFactory.create(email="ann@example.com", name="Ann Lee")
    page = keyboard.page
    keyboard.open("/organizations/add/")
    zone = page.get_by_role("combobox", name="Time zone")
    keyboard.go_to(page.get_by_label("Title"))
    page.keyboard.type("Lee Ltd")
    keyboard.go_to(zone)
    page.keyboard.type("Europe/Ber")
    keyboard.press("Enter")
    keyboard.go_to(page.get_by_role("combobox", name="Owner"))
    page.keyboard.type("lee")
    expect(page.get_by_role("option", name="ann@example.com")).to_be_visible()
    keyboard.press("Enter")
    keyboard.go_to(page.get_by_role("button", name="Add organization"))
    keyboard.press("Enter")

    expect(page.get_by_text("Lee Ltd was added.")).to_be_visible()
    organization = Organization.objects.get()
    assert (organization.owner.email, organization.time_zone) == (
        "ann@example.com",
        "Europe/Berlin",
    )


@pytest.mark.parametrize(
    ("path", "button", "first_wrong"),
    [
        ("/organizations/add/", "Add organization", "Title"),
        ("/organizations/owners/add/", "Add owner", "Email address"),
        ("/tariffs/add/", "Add tariff plan", "Name"),
        ("/usage/import/", "Check file", "CSV or XLSX file"),
        ("/accounts/password/change/", "Change password", "Current password"),
    ],
)
def test_an_error_gets_the_focus(
    keyboard: Keyboard, path: str, button: str, first_wrong: str
) -> None:
    page = keyboard.page
    keyboard.open(path)
    keyboard.go_to(page.get_by_role("main").get_by_role("button", name=button))
    keyboard.press("Enter")

    field = page.get_by_label(first_wrong, exact=False).first
    expect(page.locator(".is-invalid").first).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("."))
