"""The first day of a month: from Home to blocked organizations, a run, debts and cameras."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.models import Invoice
from invoices.tests.factories import (
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from invoices.uninvoiced.tests.stored import keep_all
from tariffs.tests.factories import TariffPriceFactory
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from usage.models import PlannedChange, UsageInterval
from usage.planned.operations import carry_out_due

pytestmark = pytest.mark.django_db(transaction=True)

LAST_MONTH = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
ITS_START = datetime.combine(LAST_MONTH, time(), UTC)


@pytest.fixture
def harbour(transactional_db: None) -> UsageInterval:
    """A camera in use all of last month, whose organization's billing details lack the city."""
    harbour = BilledOrganizationFactory.create(title="Harbour Storage", details__city="")
    use: UsageInterval = BilledUseFactory.create(
        camera__organization=harbour,
        camera__name="gate-01",
        camera__title="Loading dock, north side",
        started_at=ITS_START,
    )
    return use


@pytest.fixture
def mill(transactional_db: None) -> UsageInterval:
    """A camera in use all of last month, of an organization that can be invoiced."""
    mill = BilledOrganizationFactory.create(title="Old Mill")
    use: UsageInterval = BilledUseFactory.create(camera__organization=mill, started_at=ITS_START)
    return use


@pytest.fixture
def overdue(transactional_db: None) -> Invoice:
    """An invoice of another organization, which is overdue."""
    use = BilledUseFactory.create(
        camera__organization=BilledOrganizationFactory.create(title="Late Payer"),
        started_at=datetime(2026, 9, 1, tzinfo=UTC),
        ended_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    return issued_invoice(use.organization, SEPTEMBER)


@pytest.fixture
def home(page: Page, live_server: LiveServer) -> Page:
    """Home of an operator who has just signed in."""
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    page.goto(live_server.url)
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()
    return page


def go_home(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Home", level=1)).to_be_visible()


def attend_to(page: Page, entry: str) -> None:
    """Follow an entry of Home."""
    page.get_by_role("link", name=re.compile(entry)).click()


def draft_last_month(page: Page) -> None:
    """Create drafts of last month's invoices, of which one organization is blocked."""
    attend_to(page, "not invoiced")
    page.get_by_role("navigation", name="Invoices").get_by_role("link", name="Invoice run").click()
    page.get_by_role("button", name="Show month").click()
    blocked = page.get_by_role("row", name=re.compile("Harbour Storage"))
    expect(blocked).to_contain_text("Fill in the missing details: City.")
    page.get_by_role("button", name="Create drafts for release").click()
    expect(page.get_by_text(re.compile("^0 of . organizations processed"))).to_be_visible()
    run_jobs()
    expect(page.get_by_text("1 organization has drafts for release")).to_be_visible()
    assert not Invoice.objects.filter(organization__title="Old Mill").exists()


def fix_the_blocked_one(page: Page) -> None:
    """Go from Home to the organization that was refused, to its missing city, and back."""
    attend_to(page, "blocked in the run")
    blocked = page.get_by_role("row", name=re.compile("Harbour Storage"))
    blocked.get_by_role("link", name="Fix it").click()
    city = page.get_by_label(re.compile("^City"))
    expect(city).to_be_focused()
    city.fill("Hamburg")
    page.get_by_role("button", name="Save").click()
    expect(blocked).to_be_visible()
    page.get_by_role("button", name="Create the drafts again").click()
    run_jobs()
    expect(page.get_by_text("2 organizations have drafts for release")).to_be_visible()


def release(page: Page) -> None:
    """Go from Home to the drafts, and issue them."""
    attend_to(page, "release")
    page.get_by_role("button", name="Release 2 organizations").click()
    run_jobs()
    expect(page.get_by_text("All organizations are processed.")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Issued")).click()
    for title in ("Harbour Storage", "Old Mill"):
        expect(page.get_by_role("row", name=re.compile(title))).to_contain_text("INV-")


def collect_the_debt(page: Page, overdue: Invoice) -> None:
    attend_to(page, "1 invoice is overdue")
    expect(page.get_by_role("row", name=re.compile("INV-"))).to_have_count(1)
    page.get_by_role("link", name=overdue.number).click()
    page.get_by_role("link", name="Record payment").click()
    page.get_by_role("button", name="Record payment", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Paid")


def plan_another_tariff(page: Page) -> None:
    """Find a camera by the middle of its title, and plan another tariff for it."""
    page.keyboard.press("/")
    page.keyboard.type("dock, nor")
    page.get_by_role("option", name=re.compile("gate-01")).click()
    expect(page.get_by_role("heading", name=re.compile("gate-01"), level=1)).to_be_visible()
    page.get_by_role("link", name="Change tariff").click()
    page.get_by_label("Tariff plan").select_option(
        label="Pro: EUR\N{NO-BREAK SPACE}24.00 per month"
    )
    page.get_by_label("In the future").check()
    tomorrow = timezone.now() + timedelta(days=1)
    page.get_by_label("Date and time").fill(f"{tomorrow:%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="Change tariff").click()
    expect(page.get_by_role("heading", name="Planned changes")).to_be_visible()
    expect(page.get_by_text("Change to Pro")).to_be_visible()


def test_an_operator_does_the_work_of_the_first_day(
    home: Page, harbour: UsageInterval, mill: UsageInterval, overdue: Invoice
) -> None:
    page = home
    pro = TariffPriceFactory.create(
        tariff__name="Pro", amount="24.00", tariff__currency="EUR"
    ).tariff
    harbour.organization.tariffs.add(pro)
    ProviderFactory.create()
    keep_all(timezone.now())

    page.reload()
    draft_last_month(page)
    go_home(page)
    fix_the_blocked_one(page)
    go_home(page)
    release(page)
    for use in (harbour, mill):
        assert Invoice.objects.get(organization=use.organization).net == 9

    go_home(page)
    expect(page.get_by_role("link", name=re.compile("blocked in the run"))).to_have_count(0)
    collect_the_debt(page, overdue)
    go_home(page)
    expect(page.get_by_role("link", name=re.compile("overdue"))).to_have_count(0)

    plan_another_tariff(page)
    planned = PlannedChange.objects.get()
    carry_out_due(planned.at)
    page.reload()
    expect(page.get_by_role("row", name=re.compile("Pro"))).to_contain_text("in use")
    assert harbour.camera.usage_intervals.in_use().get().tariff == pro
