"""An owner opens Watcher from their pages, in a new tab, and is signed in there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.people import sign_in
from watcher.reading.tests.worlds import World, a_world, link_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(live_server: LiveServer) -> Iterator[World]:
    """A Watcher that owners may open, in which the first owner has the same address."""
    with a_world() as world:
        link_all(world)
        world.connection.signs_on = True
        world.connection.save()
        tenant = world.standin.state.organizations[world.tenants[0]]
        email = world.standin.state.users[tenant.owner_id or 0].email
        User.objects.filter(pk=world.organizations[0].owner_id).update(email=email)
        yield world


@pytest.mark.parametrize("version", ["v3-26", "v2"])
def test_an_owner_is_signed_in_to_watcher(
    world: World, page: Page, context: BrowserContext, live_server: LiveServer, version: str
) -> None:
    world.speak(version)
    organization = world.organizations[0]
    sign_in(context, User.objects.get(pk=organization.owner_id), live_server.url)
    page.goto(f"{live_server.url}/organizations/{organization.pk}/")

    with context.expect_page() as opened:
        page.get_by_role("button", name="Open Watcher").click()

    expect(opened.value.get_by_role("status")).to_have_text("Signed in as lindenhof-eg.")
