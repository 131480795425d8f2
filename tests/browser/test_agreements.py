"""What was agreed: individual prices and discounts on an invoice, a simulation, a partner."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.models import Invoice
from invoices.tests.factories import BilledOrganizationFactory, BilledUseFactory, ProviderFactory
from organizations.tests.factories import (
    DiscountFactory,
    IndividualPriceFactory,
    SuspensionFactory,
)
from tariffs.models import Tariff
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)

LAST_MONTH = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
ITS_START = datetime.combine(LAST_MONTH, time(), UTC)
ITS_LAST = date.today().replace(day=1) - timedelta(days=1)


@pytest.fixture
def use(transactional_db: None) -> UsageInterval:
    """A camera in use all of last month."""
    ProviderFactory.create()
    organization = BilledOrganizationFactory.create(title="Harbour Storage")
    use: UsageInterval = BilledUseFactory.create(
        camera__organization=organization, tariff__name="Cloud 7", started_at=ITS_START
    )
    return use


@pytest.fixture
def operator_page(page: Page, live_server: LiveServer) -> Page:
    """The page of an operator who has signed in."""
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    return page


def test_an_invoice_states_an_individual_price_with_its_discount(
    operator_page: Page, live_server: LiveServer, use: UsageInterval
) -> None:
    page, pk = operator_page, use.organization_id
    page.goto(live_server.url + reverse("reports:overview", args=[pk]))
    page.get_by_role("link", name="Agreement").click()
    expect(page.get_by_text("Nothing special was agreed")).to_be_visible()

    page.get_by_role("link", name="Add individual price").click()
    page.get_by_role("combobox", name="Tariff plan").click()
    page.get_by_role("option", name="Cloud 7").click()
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("8")
    page.get_by_label("Applies from").fill(LAST_MONTH.isoformat())
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Add discount").click()
    page.get_by_label("Discount, %").fill("12.5")
    page.get_by_label("First day").fill(LAST_MONTH.isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("12.5")

    query = {"from": LAST_MONTH.isoformat(), "to": ITS_LAST.isoformat()}
    page.goto(live_server.url + reverse("invoices:issue", args=[pk], query=query))
    expect(page.get_by_role("main")).to_contain_text("12.5")
    page.get_by_role("button", name="Issue").click()

    expect(page.get_by_role("main")).to_contain_text("EUR 7.00")
    expect(page.get_by_role("main")).to_contain_text("12.5")
    invoice = Invoice.objects.get()
    line = invoice.lines.get()
    assert line.amount == line.price == Decimal(7)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_charges_with_terms_do_not_widen_the_page(
    operator_page: Page, live_server: LiveServer, use: UsageInterval, language: str
) -> None:
    page, own = operator_page, {"organization": use.organization}
    IndividualPriceFactory.create(**own, tariff=use.tariff, valid_from=LAST_MONTH)
    DiscountFactory.create(**own, first_on=LAST_MONTH)
    day = LAST_MONTH + timedelta(days=9)
    SuspensionFactory.create(**own, first_on=day, last_on=day)
    BilledUseFactory.create(
        camera__organization=use.organization,
        camera__name="warehouse-013-0142",
        tariff=use.tariff,
        started_at=ITS_START + timedelta(hours=3, minutes=22, seconds=11),
    )
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )
    query = {"from": LAST_MONTH.isoformat(), "to": ITS_LAST.isoformat()}

    # So narrow that the table scrolls in its card.
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(live_server.url + reverse("usage:usages", args=[use.organization_id], query=query))

    expect(page.locator(".charges .num .d-block").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 900


def test_a_price_is_simulated_and_then_saved(
    operator_page: Page, live_server: LiveServer, use: UsageInterval
) -> None:
    page = operator_page
    page.goto(live_server.url + reverse("tariffs:edit", args=[use.tariff_id]))
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("10.80")
    page.get_by_role("button", name="Simulate").click()

    expect(page.get_by_role("textbox", name="Monthly price", exact=True)).to_have_value("10.80")
    page.get_by_role("main").get_by_role("button", name="Simulate").click()
    expect(page.get_by_role("heading", name="Cloud 7 for EUR 10.80")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("link", name="Harbour Storage")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("+EUR 1.80")

    page.get_by_role("link", name="Set this price").click()
    expect(page.get_by_role("textbox", name="Monthly price", exact=True)).to_have_value("10.8")
    page.get_by_label("Applies from").fill("2199-01-01")
    page.get_by_role("button", name="Set price").click()

    expect(page.get_by_text("The price has been set to EUR 10.80")).to_be_visible()
    tariff = Tariff.objects.get(pk=use.tariff_id)
    assert str(tariff.prices.get(valid_from="2199-01-01").amount) == "10.8000"


def test_a_partner_pays_wholesale_for_its_customers_and_sees_no_others(
    operator_page: Page, live_server: LiveServer, use: UsageInterval
) -> None:
    page = operator_page
    partner = BilledOrganizationFactory.create(title="Reseller", tariffs=[use.tariff])
    stranger = BilledOrganizationFactory.create(title="Quay Cranes")
    query = {"from": LAST_MONTH.isoformat(), "to": ITS_LAST.isoformat()}

    page.goto(live_server.url + reverse("usage:partners", args=[use.organization_id]))
    page.get_by_role("link", name="Add partner").click()
    page.get_by_role("combobox", name="Partner").fill("Resel")
    page.get_by_role("option", name="Reseller").click()
    page.get_by_label("First day").fill(LAST_MONTH.isoformat())
    page.get_by_role("button", name="Add partner").click()
    expect(page.get_by_role("link", name="Reseller").first).to_be_visible()

    page.goto(live_server.url + reverse("organizations:agreement", args=[partner.pk]))
    page.get_by_role("link", name="Add individual price").click()
    page.get_by_role("combobox", name="Tariff plan").click()
    page.get_by_role("option", name="Cloud 7").click()
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("6")
    page.get_by_label("Applies from").fill(LAST_MONTH.isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("EUR 6.00")

    customers = live_server.url + reverse("usage:customers", args=[partner.pk], query=query)
    page.goto(customers)
    row = page.get_by_role("row", name="Harbour Storage").first
    expect(row.get_by_role("cell")).to_have_text(
        ["Harbour Storage", "1", "EUR 9.00", "EUR 6.00", "EUR 3.00"]
    )

    page.goto(live_server.url + reverse("invoices:issue", args=[partner.pk], query=query))
    page.get_by_role("button", name="Issue").click()
    expect(page.get_by_role("main")).to_contain_text("EUR 6.00")
    invoice = Invoice.objects.get()
    assert (invoice.organization, invoice.net) == (partner, Decimal(6))

    page.context.clear_cookies()
    sign_in(page.context, partner.owner, live_server.url)
    page.goto(live_server.url + reverse("organizations:list"))
    expect(page.get_by_role("link", name="Harbour Storage", exact=True)).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("Quay Cranes")
    page.goto(customers)
    expect(page.get_by_role("cell", name="EUR 3.00").first).to_be_visible()
    address = live_server.url + reverse("usage:usages", args=[stranger.pk])
    assert page.request.get(address).status == 404
