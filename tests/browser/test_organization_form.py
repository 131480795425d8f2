"""The organization form with a script: owners are found and added, and nothing is lost."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from accounts.tests.links import deliver
from organizations.models import Organization
from tariffs.tests.factories import TariffFactory
from tests.browser.conftest import Complaints
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(page: Page, live_server: LiveServer) -> Page:
    """Open Add new organization as an operator."""
    client = Client()
    client.force_login(OperatorFactory.create())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/organizations/add/")
    page.get_by_label("Title").fill("Typed title")
    return page


def type_owner(form: Page, text: str) -> None:
    form.get_by_role("combobox", name="Owner").press_sequentially(text)


def open_dialog(form: Page) -> None:
    form.get_by_role("link", name="Add", exact=True).click()
    expect(form.get_by_role("dialog")).to_be_visible()


def add_owner(form: Page, email: str) -> None:
    form.get_by_role("dialog").get_by_label("Email address").fill(email)
    form.keyboard.press("Enter")


def expect_owner(form: Page, email: str) -> None:
    expect(form.locator("#id_owner")).to_have_value(email)
    expect(form.get_by_label("Title")).to_have_value("Typed title")


def test_an_owner_is_found_by_part_of_a_name(form: Page) -> None:
    OwnerFactory.create(email="ann@example.com", name="Ann <b>Lee</b>", password=None)

    type_owner(form, "lee")
    option = form.get_by_role("option")
    expect(option).to_have_text("ann@example.comAnn <b>Lee</b>not yet activated")
    form.keyboard.press("Enter")

    expect_owner(form, "ann@example.com")


def test_says_that_no_owner_was_found(form: Page) -> None:
    type_owner(form, "nobody")

    expect(form.get_by_text("No owner found")).to_be_visible()


def test_typed_text_is_kept_when_the_field_loses_focus(form: Page) -> None:
    type_owner(form, "new@example.com")
    form.keyboard.press("Tab")

    expect_owner(form, "new@example.com")
    open_dialog(form)
    email = form.get_by_role("dialog").get_by_label("Email address")
    expect(email).to_have_value("new@example.com")
    expect(email).to_be_focused()


def test_escape_closes_the_dialog_and_goes_back(form: Page) -> None:
    open_dialog(form)
    form.keyboard.press("Escape")

    expect(form.get_by_role("dialog")).to_be_hidden()
    expect(form.get_by_role("link", name="Add", exact=True)).to_be_focused()
    expect_owner(form, "")


def test_errors_are_shown_in_the_dialog(form: Page) -> None:
    open_dialog(form)
    add_owner(form, "no address")

    expect(form.get_by_role("dialog")).to_contain_text("Enter a valid email address.")
    expect(form.get_by_role("dialog").get_by_label("Email address")).to_be_focused()


def test_a_new_owner_is_selected(form: Page, smtp_server: MailServer) -> None:
    open_dialog(form)
    add_owner(form, "new@example.com")

    expect(form.get_by_role("dialog")).to_be_hidden()
    expect_owner(form, "new@example.com")
    expect(form.get_by_role("combobox", name="Owner")).to_be_focused()
    expect(form.locator("#owner-status")).to_contain_text("will get the activation email")
    deliver()
    assert len(smtp_server.messages) == 1


def test_resend_shows_its_outcome_and_keeps_the_form(form: Page) -> None:
    OwnerFactory.create(email="new@example.com", password=None)
    open_dialog(form)
    add_owner(form, "new@example.com")
    expect(form.locator("#owner-status")).to_contain_text("is already an owner")
    form.get_by_role("button", name="Resend activation email").click()

    expect(form.locator("#resend-answer")).to_contain_text("is on its way")
    expect_owner(form, "new@example.com")


def test_being_signed_out_loses_nothing(form: Page) -> None:
    form.context.clear_cookies()
    form.get_by_role("link", name="Add", exact=True).click()

    expect(form.get_by_role("alert")).to_contain_text("You are signed out.")
    expect_owner(form, "")


def test_a_server_error_is_shown(form: Page, complaints: Complaints) -> None:
    form.route("**/owners/add/**", lambda route: route.fulfill(status=502))
    form.get_by_role("link", name="Add", exact=True).click()

    expect(form.get_by_role("alert")).to_contain_text("Try again.")
    assert "502" in complaints.pop(0)
    assert "502" in complaints.pop(0)


def test_a_second_click_sends_nothing(form: Page) -> None:
    OwnerFactory.create(email="ann@example.com")
    type_owner(form, "ann@example.com")
    form.get_by_role("button", name="Add organization").dblclick()

    expect(form.get_by_text("Typed title was added.")).to_be_visible()
    assert Organization.objects.count() == 1


def test_many_tariffs_can_be_filtered_and_selected_ones_stay(form: Page) -> None:
    TariffFactory.create(name="Night watch")
    for number in range(12):
        TariffFactory.create(name=f"Plan {number}")
    form.reload()
    form.get_by_label("Plan 3", exact=False).check()
    form.get_by_label("Find a tariff plan").fill("night")

    shown = form.locator(".choice:visible")
    expect(shown).to_have_count(2)
    expect(shown).to_have_text([re.compile("Night watch"), re.compile("Plan 3")])


def test_works_without_a_script(
    form: Page, context: BrowserContext, live_server: LiveServer, smtp_server: MailServer
) -> None:
    plain = context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto(f"{live_server.url}/organizations/add/")
    with plain.expect_page() as opened:
        page.get_by_role("link", name="Add", exact=True).click()
    opened.value.get_by_label("Email address").fill("new@example.com")
    opened.value.get_by_role("button", name="Add owner").click()
    expect(opened.value.get_by_text("You can close this page.")).to_be_visible()
    page.get_by_label("Title").fill("Plain")
    page.get_by_role("textbox", name="Owner").fill("new@example.com")
    page.get_by_role("button", name="Add organization").click()

    expect(page.get_by_text("Plain was added.")).to_be_visible()
    assert Organization.objects.get().owner == User.objects.get(email="new@example.com")
    plain.close()
