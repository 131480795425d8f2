"""Signing in for browser tests."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, OperatorFactory


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    """Sign the user in to the pages of `context` at `address`."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


def sign_in_by_hand(page: Page, address: str) -> None:
    """Sign a new operator in as a person does, and go on from Home to the organizations."""
    operator = OperatorFactory.create()
    page.goto(address)
    page.get_by_label("Email address").fill(operator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Organizations").click()
    expect(page.get_by_role("heading", name="Organizations", level=1)).to_be_visible()
