"""The browser enforces the Content-Security-Policy, and tests notice what it refuses."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from tests.browser.conftest import Complaints
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

_ADD_STYLE = "document.body.setAttribute('style', 'color: red')"
_ADD_SCRIPT = "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"


@pytest.mark.parametrize(
    ("add", "directive"), [(_ADD_STYLE, "style-src-attr"), (_ADD_SCRIPT, "script-src-elem")]
)
def test_inline_code_is_refused_and_reported(
    page: Page, live_server: LiveServer, complaints: Complaints, add: str, directive: str
) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    with page.expect_console_message(lambda message: directive in message.text):
        page.evaluate(add)

    assert any(f"{directive} refused inline" in message for message in complaints)
    complaints.clear()


def test_back_shows_nothing_after_signing_out(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], live_server: LiveServer
) -> None:
    # Playwright disables the back/forward cache that a person's browser has.
    memory = ["--disable-back-forward-cache"]
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=memory)
    context = browser.new_context()
    sign_in(context, OperatorFactory.create(), live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/organizations/")
    page.goto(f"{live_server.url}/organizations/add/")
    page.get_by_role("group").filter(has_text="Sign out").locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    page.evaluate("history.back()")
    page.wait_for_url(re.compile("organizations/add/"))

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    browser.close()
