"""An operator connects, changes, moves and disconnects cameras in a browser."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def harbour() -> Organization:
    """An organization in Berlin with two tariffs and without cameras."""
    tariffs = [TariffPriceFactory.create(tariff__name="Basic").tariff]
    tariffs += [TariffFactory.create(name="Pro")]
    return OrganizationFactory.create(
        title="Harbour Storage", time_zone="Europe/Berlin", tariffs=tariffs
    )


@pytest.fixture
def cameras(page: Page, live_server: LiveServer, harbour: Organization) -> Page:
    """Open the cameras of Harbour Storage from the list of organizations, as an operator."""
    client = Client()
    client.force_login(OperatorFactory.create())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/organizations/")
    page.get_by_role("link", name="Cameras for Harbour Storage").click()
    return page


def use(harbour: Organization, *names: str) -> list[UsageInterval]:
    return [
        UsageIntervalFactory.create(
            camera__organization=harbour,
            camera__name=name,
            camera__title="",
            tariff=harbour.tariffs.get(name="Basic"),
        )
        for name in names
    ]


def row(page: Page, name: str) -> Callable[[str], None]:
    """Return a function that expects a text in the row of a camera."""
    found = page.get_by_role("row", name=re.compile(name))

    def shows(text: str) -> None:
        expect(found).to_contain_text(text)

    return shows


def choose_past(page: Page, local: str) -> None:
    expect(page.get_by_label("Date and time")).to_be_hidden()
    page.get_by_label("In the past").check()
    page.get_by_label("Date and time").fill(local)


def test_a_camera_is_connected_changed_and_disconnected(cameras: Page) -> None:
    page = cameras
    expect(page.get_by_text("No cameras yet")).to_be_visible()
    page.get_by_role("link", name="Connect a camera").first.click()
    page.get_by_label("Stream name").fill("gate-01")
    page.get_by_label("Title").fill("Main gate")
    page.get_by_label("Tariff plan").select_option(
        label="Basic: EUR\N{NO-BREAK SPACE}9.00 per month"
    )
    choose_past(page, "2026-03-29T02:30:00")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("This time does not exist in Europe/Berlin")).to_be_visible()
    expect(page.get_by_label("Date and time")).to_be_focused()
    page.get_by_label("Date and time").fill("2026-03-29T03:00:00")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("“gate-01” is in use by “Harbour Storage”")).to_be_visible()
    expect(page.get_by_text("Charges since that time have been recalculated.")).to_be_visible()
    row(page, "gate-01")("29 Mar 2026 03:00:00")

    page.get_by_role("link", name="gate-01").click()
    page.get_by_role("link", name="Change tariff").click()
    page.get_by_label("Tariff plan").select_option(label="Pro: no price yet")
    choose_past(page, "2026-04-01T00:00:00")
    page.get_by_role("button", name="Change tariff").click()
    expect(page.get_by_role("heading", name="gate-01")).to_be_visible()
    row(page, "Pro")("1 Apr 2026 00:00:00")
    row(page, "Basic")("29 Mar 2026 03:00:00")

    page.get_by_role("link", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("heading", name="gate-01 not in use")).to_be_visible()
    page.get_by_role("link", name="Harbour Storage").first.click()
    expect(page.get_by_text("No cameras found")).to_be_visible()
    page.get_by_label("Show").select_option(label="No longer in use")
    row(page, "gate-01")("Pro")


def test_several_cameras_are_selected_and_changed_together(
    cameras: Page, harbour: Organization
) -> None:
    use(harbour, "gate-01", "gate-02", "yard-03")
    page = cameras
    page.reload()
    page.get_by_label("Search").fill("gate")
    expect(page.get_by_text("yard-03")).to_have_count(0)
    page.get_by_label("All on this page").check()
    expect(page.get_by_label("Select gate-02")).to_be_checked()
    page.get_by_label("Select gate-02").uncheck()
    expect(page.get_by_label("All on this page")).not_to_be_checked()
    page.get_by_label("Select gate-02").check()
    expect(page.get_by_label("All on this page")).to_be_checked()
    page.get_by_role("button", name="Change tariff").click()
    expect(page.get_by_role("heading", name="Change tariff for 2 cameras")).to_be_visible()
    page.get_by_label("Tariff plan").select_option(label="Pro: no price yet")
    page.get_by_role("button", name="Change tariff").click()
    expect(page.get_by_text("2 cameras are on “Pro”")).to_be_visible()
    assert "q=gate" in page.url
    for name in ("gate-01", "gate-02"):
        row(page, name)("Pro")


def test_cameras_with_a_problem_are_listed_and_the_others_can_continue(
    cameras: Page, harbour: Organization
) -> None:
    use(harbour, "gate-01", "gate-02")
    page = cameras
    page.reload()
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Disconnect").click()
    later = UsageInterval.objects.get(camera__name="gate-02")
    later.started_at = later.started_at.replace(month=6)
    later.save()
    choose_past(page, "2026-05-01T00:00:00")
    page.get_by_role("button", name="Disconnect").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("“gate-02” has been on “Basic” since 1 Jun 2026")
    page.get_by_role("button", name="Continue with the other 1").click()
    done = "1 camera is disconnected as of 1 May 2026 00:00:00 (Europe/Berlin)."
    expect(page.get_by_text(done)).to_be_visible()
    assert UsageInterval.objects.in_use().get() == later


def test_a_camera_in_use_elsewhere_is_moved_instead(
    cameras: Page, harbour: Organization, live_server: LiveServer
) -> None:
    dock = OrganizationFactory.create(title="Dock", tariffs=harbour.tariffs.all())
    (held,) = use(harbour, "gate-01")
    page = cameras
    page.goto(f"{live_server.url}/organizations/{dock.pk}/cameras/connect/")
    page.get_by_label("Stream name").fill("gate-01")
    page.get_by_label("Tariff plan").select_option(index=1)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("is already in use by “Harbour Storage” on “Basic”")).to_be_visible()
    page.get_by_role("link", name="Move it to Dock").click()
    page.get_by_role("link", name="Choose another").click()
    page.get_by_role("combobox", name="Organization").press_sequentially("do")
    page.get_by_role("option", name=re.compile("Dock")).click()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Tariff plan").select_option(index=2)
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("“gate-01” is in use by “Dock”")).to_be_visible()
    assert Camera.objects.get().organization == dock
    held.refresh_from_db()
    assert held.ended_at == UsageInterval.objects.in_use().get().started_at


def test_of_two_operators_the_second_is_told_why(
    cameras: Page, harbour: Organization, live_server: LiveServer
) -> None:
    (held,) = use(harbour, "gate-01")
    page = cameras
    page.goto(f"{live_server.url}/cameras/{held.camera_id}/")
    page.get_by_role("link", name="Disconnect").click()
    second = page.context.new_page()
    second.goto(f"{live_server.url}/cameras/{held.camera_id}/")
    second.get_by_role("link", name="Disconnect").click()
    for each in (page, second):
        each.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("1 camera is disconnected")).to_be_visible()
    expect(second.get_by_text("Someone has disconnected “gate-01”")).to_be_visible()


def test_works_without_a_script(
    cameras: Page, harbour: Organization, context: BrowserContext, live_server: LiveServer
) -> None:
    use(harbour, "gate-01", "gate-02")
    OrganizationFactory.create(title="Dock", tariffs=harbour.tariffs.all())
    plain = context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=context.storage_state()
    )
    page = plain.new_page()
    page.goto(f"{live_server.url}/organizations/{harbour.pk}/cameras/")
    expect(page.get_by_text("All on this page")).to_be_hidden()
    page.get_by_label("Select gate-01").check()
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("1 camera is disconnected")).to_be_visible()
    page.get_by_role("link", name="gate-02").click()
    page.get_by_role("link", name="Move").click()
    page.get_by_label("Organization").fill("do")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Dock").click()
    page.get_by_label("Tariff plan").select_option(index=1)
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("“gate-02” is in use by “Dock”")).to_be_visible()
    plain.close()
