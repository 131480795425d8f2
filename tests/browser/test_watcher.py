"""What an operator changes here arrives in Watcher, and what is changed there arrives here."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from foundation.encryption import encrypt
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from watcher import tasks
from watcher.models import PlatformPreset, PresetLink
from watcher.reading.operations import read_platform
from watcher.standin.seed import SERVICE_USER
from watcher.standin.standin import Size, StandIn
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 86_400


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A Watcher that was read once, to which presets are written."""
    with StandIn(Size(organizations=1, cameras=2)) as standin:
        ConnectionFactory.create(
            address=standin.url,
            login=SERVICE_USER[0],
            secret=encrypt(SERVICE_USER[1]),
            reads=True,
            writes_presets=True,
        )
        read_platform(clock=timezone.now, is_asked_for=True)
        yield standin


@pytest.fixture
def tariff(standin: StandIn) -> Tariff:
    """A tariff plan that a preset of Watcher means."""
    made: Tariff = TariffPriceFactory.create(
        tariff__name="30 days", tariff__dvr_depth_days=30, tariff__dvr_space_gb=500
    ).tariff
    PresetLink.objects.create(preset=PlatformPreset.objects.get(title="30 days"), tariff=made)
    return made


def open_tariff(page: Page, live_server: LiveServer, tariff: Tariff) -> None:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    page.goto(live_server.url + reverse("tariffs:edit", args=[tariff.pk]))


def work() -> None:
    """Do the job that the page has requested."""
    requested = ProcrastinateJob.objects.filter(task_name=tasks.write.name, status="todo")
    assert requested.delete()[0]
    tasks.write()


def test_a_tariff_plan_changed_here_arrives_in_watcher(
    page: Page, live_server: LiveServer, standin: StandIn, tariff: Tariff
) -> None:
    preset = next(each for each in standin.state.presets.values() if each.title == "30 days")
    open_tariff(page, live_server, tariff)
    page.get_by_label("Name").fill("60 days")
    page.get_by_label("DVR depth (days)").fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Tariff plan “60 days” has been saved.")).to_be_visible()
    work()

    assert (preset.title, preset.dvr["expiration"]) == ("60 days", 60 * DAY)
    page.reload()
    expect(page.get_by_role("heading", name="Requested in Watcher")).to_have_count(0)


def test_what_watcher_refuses_is_shown_with_the_tariff_plan_and_tried_again(
    page: Page, live_server: LiveServer, standin: StandIn, tariff: Tariff
) -> None:
    preset = next(each for each in standin.state.presets.values() if each.title == "30 days")
    standin.faults.order("forbidden", method="PUT", path="/presets")
    open_tariff(page, live_server, tariff)
    page.get_by_label("DVR depth (days)").fill("60")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("has been saved.")).to_be_visible()
    work()
    page.reload()
    requests = page.get_by_role("region", name="Requested in Watcher")
    expect(requests.get_by_text("The service user has no right to this")).to_be_visible()
    requests.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("1 change is being tried again.")).to_be_visible()
    work()

    assert preset.dvr["expiration"] == 60 * DAY


def test_a_camera_added_in_watcher_appears_here_with_its_tariff_and_instant(
    page: Page, live_server: LiveServer, standin: StandIn, tariff: Tariff
) -> None:
    (tenant,) = standin.state.organizations.values()
    OrganizationFactory.create(title="Harbour", watcher_id=str(tenant.id), tariffs=[tariff])
    page.goto(f"{standin.url}/standin/")
    page.get_by_label("Name", exact=True).fill("harbour/quay-9")
    page.get_by_label("Title", exact=True).fill("Quay 9")
    page.get_by_label("Organization").select_option(tenant.title)
    page.get_by_label("Preset").select_option("30 days")
    page.get_by_role("button", name="Add camera").click()
    expect(page.get_by_text("harbour/quay-9 was added.")).to_be_visible()

    sign_in(page.context, OperatorFactory.create(), live_server.url)
    page.goto(live_server.url + reverse("watcher:reading"))
    page.get_by_role("button", name="Read now").click()
    expect(page.get_by_text("Watcher is being read.")).to_be_visible()
    run_jobs(tasks.QUEUE)

    page.get_by_role("link", name="Changes", exact=True).click()
    page.get_by_label("Show").select_option("All")
    row = page.get_by_role("row").filter(has_text="harbour/quay-9")
    expect(row).to_contain_text("30 days")
    row.get_by_role("link", name="harbour/quay-9").click()
    expect(page.get_by_role("heading", name="harbour/quay-9 in use", level=1)).to_be_visible()
    use = page.get_by_role("row").filter(has_text="Harbour")
    expect(use).to_contain_text("30 days")
    created = datetime.fromtimestamp(standin.state.camera("harbour/quay-9").created_at // 1000, UTC)
    expect(use.locator("time").first).to_have_attribute("datetime", created.isoformat())
