"""Charts of usages, and downloads of usages and lists, in a browser."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffPriceFactory
from tests.browser.people import sign_in_by_hand
from usage.tests.factories import UsageIntervalFactory


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    """An organization with a tariff change, a price change and a trial in September."""
    organization = OrganizationFactory.create(
        title="Harbour", trial_first_on=date(2026, 9, 1), trial_last_on=date(2026, 9, 5)
    )
    basic = TariffPriceFactory.create(tariff__name="Basic").tariff
    pro = TariffPriceFactory.create(tariff__name="Pro", amount=Decimal(15)).tariff
    TariffPriceFactory.create(tariff=pro, amount=Decimal(30), valid_from=date(2026, 9, 21))
    change = datetime(2026, 9, 11, tzinfo=UTC)
    before = UsageIntervalFactory.create(
        tariff=basic, camera__organization=organization, camera__name="gate-01", ended_at=change
    )
    UsageIntervalFactory.create(tariff=pro, camera=before.camera, started_at=change)
    UsageIntervalFactory.create(
        tariff=basic, camera__organization=organization, camera__name="yard-01"
    )
    return organization


@pytest.fixture
def signed_in(page: Page, live_server: LiveServer) -> Page:
    sign_in_by_hand(page, live_server.url)
    return page


@pytest.fixture
def usages(signed_in: Page, live_server: LiveServer, organization: Organization) -> Page:
    """Open the organization's usages in September."""
    signed_in.goto(
        f"{live_server.url}/organizations/{organization.pk}/usages/?from=2026-09-01&to=2026-09-30"
    )
    return signed_in


def width(page: Page, selector: str, index: int = 0) -> float:
    box = page.locator(selector).nth(index).bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("screen", [1400, 390])
def test_bars_are_proportional_to_time_on_any_screen(usages: Page, screen: int) -> None:
    usages.set_viewport_size({"width": screen, "height": 900})
    whole = width(usages, ".timeline-bars")
    shares = [width(usages, ".timeline-bar .bar", index) / whole for index in range(4)]
    assert shares == pytest.approx([10 / 30, 10 / 30, 10 / 30, 1], abs=0.01)
    assert usages.evaluate("document.documentElement.scrollWidth") == screen


def test_charts_have_a_text_alternative(usages: Page) -> None:
    expect(
        usages.get_by_role("img", name=re.compile("^Basic, 1 Sep 2026, 00:00 – 11 Sep"))
    ).to_have_count(1)
    by_day = re.compile(
        r"^Cost by day, EUR Total: EUR.[\d.]+\. Highest: EUR.[\d.]+ \(\d+ Sep 2026\)\."
    )
    expect(usages.get_by_role("img", name=by_day)).to_have_count(1)
    usages.get_by_text("Show as a table").click()
    table = usages.get_by_role("region", name="Cost by day, EUR")
    expect(table.get_by_role("row", name=re.compile("^21 Sep 2026"))).to_contain_text("1.30")


def test_a_bar_opens_the_formula_of_its_charge(usages: Page) -> None:
    usages.locator(".timeline-bar").nth(1).click()
    formula = usages.get_by_text("amount = monthly price").nth(1)
    expect(formula).to_be_visible()
    expect(formula).to_be_in_viewport()
    expect(usages.get_by_text("amount = monthly price").first).to_be_hidden()


def test_a_search_filters_the_timeline_and_the_charges(usages: Page) -> None:
    expect(usages.locator(".timeline-camera")).to_have_text(["gate-01", "yard-01"])
    usages.get_by_label("Camera").fill("yard")
    expect(usages.locator(".timeline-camera")).to_have_text(["yard-01"])


def test_usages_are_downloaded_with_their_totals(usages: Page) -> None:
    with usages.expect_download() as download:
        usages.get_by_role("link", name="usages.xlsx").click()
    with open(download.value.path(), "rb") as file:
        totals = openpyxl.load_workbook(file)["Totals"]
    sums = [row[1].value for row in totals.iter_rows() if row[0].value == "EUR"]
    shown = usages.locator(".total-amount").first.inner_text()
    assert [f"EUR\N{NO-BREAK SPACE}{amount:.2f}" for amount in sums] == [shown]


def test_a_list_is_downloaded_as_filtered(signed_in: Page, organization: Organization) -> None:
    OrganizationFactory.create(title="Other")
    signed_in.reload()
    signed_in.get_by_label("Search").fill("harb")
    expect(signed_in.get_by_text("Other", exact=True)).to_have_count(0)
    with signed_in.expect_download() as download:
        signed_in.get_by_role("link", name="CSV", exact=True).click()
    with open(download.value.path(), encoding="utf-8", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == ["Harbour"]
