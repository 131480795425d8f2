"""A language chosen in the menu is remembered."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import PASSWORD
from organizations.tests.factories import OrganizationFactory
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_language_is_chosen_in_the_menu_and_remembered(
    live_server: LiveServer, page: Page, someone_else: Page, operator: User
) -> None:
    OrganizationFactory.create(title="Harbour Storage")
    sign_in(page.context, operator, live_server.url)
    page.goto(f"{live_server.url}/organizations/?q=harbour")

    page.get_by_label("Language").click()
    page.get_by_role("button", name="Русский").click()

    expect(page.get_by_role("heading", name="Организации")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/organizations/?q=harbour")
    expect(page.get_by_role("link", name="Harbour Storage", exact=True)).to_be_visible()
    sign_in(someone_else.context, operator, live_server.url)
    someone_else.goto(f"{live_server.url}/tariffs/")
    expect(someone_else.locator("html")).to_have_attribute("lang", "ru")


def test_the_language_is_chosen_before_sign_in_without_a_script(
    live_server: LiveServer, browser: Browser, operator: User
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")

    page.get_by_role("button", name="Русский").click()
    page.get_by_label("Адрес электронной почты").fill(operator.email)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()

    expect(page.get_by_role("heading", name="Главная", level=1)).to_be_visible()
    context.close()
    operator.refresh_from_db()
    assert operator.language == "ru"
