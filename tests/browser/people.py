"""Signing in for browser tests."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext

from accounts.models import User


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    """Sign the user in to the pages of `context` at `address`."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
