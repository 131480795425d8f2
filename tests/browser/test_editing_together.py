"""Two operators edit the same organization, each in their own browser."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def acme(live_server: LiveServer) -> Organization:
    basic = TariffFactory.create(name="Basic")
    TariffFactory.create(name="Pro")
    return OrganizationFactory.create(title="Acme", tariffs=[basic])


def open_edit(page: Page, live_server: LiveServer, acme: Organization, email: str) -> None:
    """Sign in as an operator with that email address, and open Edit."""
    client = Client()
    client.force_login(OperatorFactory.create(email=email))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/organizations/{acme.pk}/edit/")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def change_as_bob(page: Page, live_server: LiveServer, acme: Organization) -> None:
    """Save a different title and tariff as bob."""
    open_edit(page, live_server, acme, "bob@example.com")
    page.get_by_label("Title").fill("Theirs")
    page.get_by_label("Pro").check()
    save(page)
    expect(page.get_by_text("Changes to Theirs were saved.")).to_be_visible()


def test_the_second_operator_sees_both_versions_and_decides(
    page: Page, someone_else: Page, live_server: LiveServer, acme: Organization
) -> None:
    open_edit(page, live_server, acme, "ann@example.com")
    change_as_bob(someone_else, live_server, acme)
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Contract number").fill("K-7")
    save(page)

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Nothing was saved: this has changed since you opened the form")
    expect(notice).to_be_focused()
    versions = notice.get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.nth(0)).to_contain_text("Mine")
    expect(versions.nth(0)).to_contain_text("Theirs")
    expect(versions.nth(0)).to_contain_text("bob@example.com")
    expect(versions.nth(1)).to_contain_text("Basic, Pro")
    expect(page.get_by_label("Title")).to_have_value("Mine")
    expect(page.get_by_label("Contract number")).to_have_value("K-7")
    assert Organization.objects.get().title == "Theirs"

    save(page)
    expect(page.get_by_text("Changes to Mine were saved.")).to_be_visible()
    changed = Organization.objects.get()
    assert (changed.title, changed.contract_number) == ("Mine", "K-7")
    assert [tariff.name for tariff in changed.tariffs.all()] == ["Basic"]

    page.goto(f"{live_server.url}/organizations/{acme.pk}/history/")
    entries = page.locator(".history-entry")
    expect(entries.nth(0)).to_contain_text("ann@example.com")
    expect(entries.nth(1)).to_contain_text("bob@example.com")


def test_the_second_operator_can_take_the_stored_version(
    page: Page, someone_else: Page, live_server: LiveServer, acme: Organization
) -> None:
    open_edit(page, live_server, acme, "ann@example.com")
    change_as_bob(someone_else, live_server, acme)
    page.get_by_label("Title").fill("Mine")
    save(page)
    page.get_by_role("link", name="Discard my changes").click()

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("Theirs")
    expect(page.get_by_label("Pro")).to_be_checked()


def test_works_without_a_script(
    browser: Browser, someone_else: Page, live_server: LiveServer, acme: Organization
) -> None:
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    open_edit(page, live_server, acme, "ann@example.com")
    change_as_bob(someone_else, live_server, acme)
    page.get_by_label("Title").fill("Mine")
    save(page)

    expect(page.get_by_role("alert")).to_contain_text("Theirs")
    expect(page.get_by_role("alert")).to_be_focused()
    save(page)
    expect(page.get_by_text("Changes to Mine were saved.")).to_be_visible()
    plain.close()
