"""The search in the header: with the keyboard, with the mouse, on a phone and without a script."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from organizations.tests.factories import OrganizationFactory
from tests.browser.people import sign_in
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(page: Page, live_server: LiveServer, operator: User) -> Page:
    """The list of tariff plans as an operator sees it, with things to find elsewhere."""
    for number in range(7):
        OrganizationFactory.create(title=f"Kühl & Brückner {number}")
    organization = OrganizationFactory.create(title="Harbour")
    UsageIntervalFactory.create(
        organization=organization,
        camera__organization=organization,
        camera__name="cam-1",
        camera__title="Brückner’s gate",
    )
    sign_in(page.context, operator, live_server.url)
    page.goto(f"{live_server.url}/tariffs/")
    return page


def test_results_are_reached_by_keyboard(signed_in: Page) -> None:
    page = signed_in
    field = page.get_by_role("combobox", name="Find anything")
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.insert_text("bruckner")
    results = page.get_by_role("listbox", name="Results")
    expect(results.get_by_role("option")).to_have_count(7)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))

    page.keyboard.press("ArrowDown")
    first = results.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(first.get_attribute("id")))
    expect(field).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(results.get_by_role("option", name="cam-1")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("cam-1")


def test_enter_without_a_chosen_result_shows_the_page_and_all_of_a_kind(signed_in: Page) -> None:
    page = signed_in
    page.keyboard.press("/")
    page.keyboard.insert_text("brueckner")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    expect(page.get_by_role("combobox", name="Find anything")).to_have_value("brueckner")

    page.get_by_role("main").get_by_role("link", name="Organizations: show all 7").click()

    expect(page.get_by_role("heading", name="Organizations", level=1)).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(7)


def test_escape_closes_the_results_then_leaves(signed_in: Page) -> None:
    page = signed_in
    field = page.get_by_role("combobox", name="Find anything")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Taxes")
    link.focus()
    page.keyboard.press("/")
    page.keyboard.insert_text("bruckner")
    options = page.get_by_role("listbox", name="Results").get_by_role("option")
    expect(options).to_have_count(7)

    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("bruckner")
    page.keyboard.press("Escape")

    expect(link).to_be_focused()


def test_a_slash_is_typed_in_other_fields(signed_in: Page, live_server: LiveServer) -> None:
    page = signed_in
    page.goto(f"{live_server.url}/organizations/")
    page.get_by_label("Search").focus()
    page.keyboard.type("a/b")

    expect(page.get_by_label("Search")).to_have_value("a/b")


def test_a_result_is_opened_by_mouse(signed_in: Page) -> None:
    page = signed_in
    page.get_by_role("combobox", name="Find anything").fill("harb")
    page.get_by_role("option", name="Harbour").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour")


def test_nothing_found_says_so(signed_in: Page) -> None:
    page = signed_in
    page.get_by_role("combobox", name="Find anything").fill("zzzz")

    expect(page.get_by_role("listbox").get_by_text("Nothing found")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 390)])
def test_axe_finds_no_violation(
    browser: Browser, live_server: LiveServer, operator: User, scheme: str, width: int
) -> None:
    OrganizationFactory.create(title="W" * 200)
    # axe is not part of the product, so the policy would refuse its script.
    context = browser.new_context(
        bypass_csp=True,
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 844},
    )
    sign_in(context, operator, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/organizations/")
    if width < 1280:
        page.get_by_role("link", name="Find anything").click()
    field = page.get_by_role("combobox", name="Find anything")
    options = page.get_by_role("listbox", name="Results").get_by_role("option")
    found = []
    for text in ("wwww", "zzzz"):
        field.fill(text)
        field.press("End")
        expect(options).to_have_count(1)
        field.press("ArrowDown")
        found += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        field.fill("")
        expect(options).to_have_count(0)
    field.fill("wwww")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
    found += Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()

    assert not found


def test_it_is_a_form_without_a_script(
    browser: Browser, live_server: LiveServer, operator: User
) -> None:
    OrganizationFactory.create(title="Harbour")
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, operator, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/search/")
    field = page.get_by_role("searchbox", name="Find anything")
    field.fill("harb")
    field.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Harbour").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour")
    context.close()
