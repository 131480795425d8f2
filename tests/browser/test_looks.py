"""What pages look like: how many rows fit, and where the focus is after an error."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from invoices.tests.factories import BilledUseFactory, ProviderFactory, issued_invoice
from organizations.tags.operations import set_tags
from organizations.tests.factories import OrganizationFactory
from rating.periods import Period
from tariffs.tests.factories import TariffFactory
from tests.browser.people import sign_in
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operators_page(page: Page, live_server: LiveServer) -> Page:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    return page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_fourteen_organizations_fit_on_a_screen(
    operators_page: Page, live_server: LiveServer, language: str
) -> None:
    choose_language(operators_page, live_server, language)
    tariffs = [TariffFactory.create(name=name) for name in ("Cloud 30 ANPR", "Cloud 7")]
    for index in range(16):
        organization = OrganizationFactory.create(
            title=f"Asahi Minato Rail Services {index}",
            contract_number=f"N-2026-{index}",
            owner__name="Solveig Eide",
            owner__password=None if index % 3 == 0 else "known-only-here-42",
            trial_first_on=date(2026, 1, 1),
            trial_last_on=date(2026, 9, 30),
            tariffs=tariffs,
        )
        set_tags(organization_id=organization.pk, names=["Hamburg"])
    operators_page.set_viewport_size({"width": 1400, "height": 900})

    operators_page.goto(f"{live_server.url}/organizations/")

    badges = operators_page.locator(".resend .badge").evaluate_all(
        "badges => badges.map(badge => badge.scrollWidth - badge.clientWidth)"
    )
    assert set(badges) == {0}
    assert rows_above(operators_page, 900) >= 14


@pytest.mark.parametrize("language", ["en", "ru"])
def test_fourteen_invoices_fit_on_a_screen_below_a_notice(
    operators_page: Page, live_server: LiveServer, language: str
) -> None:
    choose_language(operators_page, live_server, language)
    use = BilledUseFactory.create()
    for month in range(1, 11):
        issued_invoice(use.organization, Period(date(2026, month, 1), date(2026, month + 1, 1)))
    for organization in BilledUseFactory.create_batch(6):
        issued_invoice(organization.organization)
    operators_page.set_viewport_size({"width": 1400, "height": 900})

    operators_page.goto(f"{live_server.url}/invoices/")

    notice_and_its_margin = 46
    assert rows_above(operators_page, 900 - notice_and_its_margin) >= 14


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_header_is_one_line(
    operators_page: Page, live_server: LiveServer, language: str
) -> None:
    choose_language(operators_page, live_server, language)
    operators_page.goto(f"{live_server.url}/tariffs/")
    parts = operators_page.locator("header .container-xl > *")

    for width in (1280, 1400, 1600):
        operators_page.set_viewport_size({"width": width, "height": 900})
        boxes = parts.evaluate_all(
            "parts => parts.map(part => { const { left, height } = part.getBoundingClientRect();"
            " return [left, height]; })"
        )
        # A line of the name of the product has 25 pixels, and 16 are around it.
        assert [height < 60 for _left, height in boxes] == [True, True, True], (width, boxes)
        # Tab goes from the left to the right.
        assert boxes == sorted(boxes)


def test_a_long_name_of_the_product_fits_on_a_phone(
    operators_page: Page, live_server: LiveServer
) -> None:
    ProviderFactory.create(product_name="Sehwerk Kamera-Abrechnung für Kunden")
    operators_page.set_viewport_size({"width": 390, "height": 844})

    operators_page.goto(f"{live_server.url}/tariffs/")

    expect(operators_page.get_by_role("banner")).to_contain_text("Kamera-Abrechnung")
    assert operators_page.evaluate("document.documentElement.scrollWidth") == 390


def choose_language(page: Page, live_server: LiveServer, language: str) -> None:
    """Let pages be in a language."""
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": live_server.url}]
    )


def rows_above(page: Page, bottom: int) -> int:
    """Return how many rows of the table are seen whole above this line of the screen."""
    bottoms = page.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().bottom)"
    )
    return sum(each <= bottom for each in bottoms)


def test_the_focus_goes_to_an_error_of_the_form_as_a_whole(
    operators_page: Page, live_server: LiveServer
) -> None:
    use = UsageIntervalFactory.create()
    operators_page.goto(f"{live_server.url}/organizations/{use.organization_id}/cameras/")
    operators_page.locator("[name=use]").first.check()
    operators_page.locator("#selection [formaction$='/correct/']").click()
    operators_page.get_by_label("Reason").fill("None")

    operators_page.get_by_label("Reason").press("Enter")

    error = operators_page.get_by_role("alert").filter(has_text="Choose another start")
    expect(error).to_be_focused()
    expect(error.get_by_role("listitem")).to_have_count(0)


def test_a_phone_shows_the_first_organization_and_filters_when_asked(
    operators_page: Page, live_server: LiveServer
) -> None:
    OrganizationFactory.create(title="Aoba Hotels")
    OrganizationFactory.create(title="Union Hotels", trial_first_on=date(2199, 1, 1))
    operators_page.set_viewport_size({"width": 390, "height": 844})
    operators_page.goto(f"{live_server.url}/organizations/")
    trial = operators_page.get_by_label("Trial", exact=True)
    first = operators_page.get_by_role("link", name="Aoba Hotels", exact=True)
    expect(first).to_be_in_viewport()
    expect(trial).to_be_hidden()

    operators_page.get_by_text("Filters", exact=True).press("Enter")
    trial.select_option("from")

    expect(first).to_have_count(0)
    operators_page.reload()
    expect(trial).to_have_value("from")
    expect(trial).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("address", ["/organizations/", "/invoices/"])
def test_what_a_search_finds_is_not_cut_off(
    operators_page: Page, live_server: LiveServer, address: str, language: str
) -> None:
    choose_language(operators_page, live_server, language)
    issued_invoice()
    operators_page.set_viewport_size({"width": 1400, "height": 900})

    operators_page.goto(live_server.url + address)

    room = operators_page.locator(".filters [name=q]").evaluate(
        """field => {
            const text = document.createElement("span");
            text.textContent = field.placeholder;
            text.style.font = getComputedStyle(field).font;
            text.style.position = "absolute";
            document.body.append(text);
            const { paddingLeft, paddingRight } = getComputedStyle(field);
            const inside = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
            return inside - text.getBoundingClientRect().width;
        }"""
    )
    assert room >= 0


def test_a_list_is_sorted_and_its_columns_chosen_on_a_phone(
    operators_page: Page, live_server: LiveServer
) -> None:
    for title in ("Aoba Hotels", "Union Hotels"):
        OrganizationFactory.create(title=title)
    operators_page.set_viewport_size({"width": 390, "height": 844})
    operators_page.goto(f"{live_server.url}/organizations/")
    rows = operators_page.locator("tbody tr")
    expect(rows.first).to_contain_text("Aoba Hotels")

    operators_page.get_by_text("Sort: Title").click()
    operators_page.locator(".sort-menu").get_by_role("link", name="Title").click()

    expect(rows.first).to_contain_text("Union Hotels")

    operators_page.get_by_text("Columns", exact=True).click()
    operators_page.get_by_role("link", name="Hide: Owner").click()

    expect(rows.first).to_contain_text("Union Hotels")
    expect(operators_page.get_by_role("columnheader", name="Owner")).to_have_count(0)
    expect(operators_page.locator("tbody [data-label=Owner]")).to_have_count(0)


def test_the_calendar_writes_a_date_as_the_page_does(
    operators_page: Page, live_server: LiveServer
) -> None:
    operators_page.context.add_cookies(
        [{"name": "django_language", "value": "ru", "url": live_server.url}]
    )
    organization = OrganizationFactory.create()
    operators_page.goto(f"{live_server.url}/organizations/{organization.pk}/usages/")

    operators_page.locator(".calendar").first.fill("2026-09-05")

    expect(operators_page.locator("#id_from")).to_have_value("05.09.2026")
    expect(operators_page.locator("#id_from")).to_be_focused()
