"""A filter is saved, found again, shared and used, with the keyboard and without a script."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.saved_filters.operations import save_filter
from accounts.tests.factories import OperatorFactory
from organizations.tests.factories import OrganizationFactory
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def organizations() -> None:
    for title in ("Aoba Hotels", "Union Bakery"):
        OrganizationFactory.create(title=title)


def test_a_filter_that_was_typed_is_saved_and_used_by_a_colleague(
    page: Page, someone_else: Page, live_server: LiveServer, operator: User
) -> None:
    sign_in(page.context, operator, live_server.url)
    page.goto(f"{live_server.url}/organizations/")
    page.get_by_label("Search").fill("hotel")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.locator(".saved-filters > summary").press("Enter")
    page.get_by_role("link", name="Save the present filter").press("Enter")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("All hotels")
    page.get_by_label("Share with colleagues").check()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Filter: All hotels")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_load_state("load")  # Until then, nothing listens to what is typed.
    page.get_by_label("Search").fill("")
    expect(page.get_by_text("Saved filters", exact=True)).to_be_visible()

    sign_in(someone_else.context, OperatorFactory.create(), live_server.url)
    someone_else.goto(f"{live_server.url}/organizations/")
    someone_else.get_by_text("Saved filters", exact=True).click()
    someone_else.get_by_role("link", name="All hotels").click()
    expect(someone_else.locator("tbody tr")).to_have_count(1)
    expect(someone_else.locator(".saved-filters [aria-current]")).to_contain_text("All hotels")


@pytest.mark.parametrize("width", [390, 1400])
def test_long_names_fit_and_the_menu_works_without_a_script(
    browser: Browser, live_server: LiveServer, operator: User, width: int
) -> None:
    for name in ("W" * 100, "Hotels in the north with unpaid invoices and trials that end soon"):
        save_filter(
            author_id=operator.pk,
            list_name="organizations:list",
            name=name,
            query=f"q={name[0]}",
            is_shared=False,
        )
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    sign_in(context, operator, live_server.url)
    page.goto(f"{live_server.url}/organizations/?q=W")

    page.locator(".saved-filters > summary").click()

    box = page.locator(".saved-filters .menu-body").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.get_by_role("link", name="Rename, update or delete filters").click()
    page.get_by_role("button", name=f"Delete {'W' * 100}").click()
    expect(page.get_by_role("link", name="W" * 100, exact=True)).to_have_count(0)
    context.close()
