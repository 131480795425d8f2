"""The main job: from an operator's sign-in to the correct total, which the owner sees too."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffPriceFactory
from tests.browser.imports import check_file, confirm_import
from tests.browser.people import sign_in_by_hand
from tests.mail_server import MailServer, text_of
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)

USAGE = """\
organization,camera,title,tariff,started_at,ended_at
Harbour Storage,gate-01,Main gate,Standard,2026-09-01T00:00:00+02:00,
Harbour Storage,gate-02,Back gate,Standard,2026-09-10T12:00:00+02:00,2026-10-01T00:00:00+02:00
"""


@pytest.fixture
def signed_in(page: Page, live_server: LiveServer) -> Page:
    """Sign an operator in, as a person does."""
    sign_in_by_hand(page, live_server.url)
    return page


def menu(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()


def add_tariff(page: Page) -> None:
    menu(page, "Tariff plans")
    page.get_by_role("link", name=re.compile("Add")).first.click()
    page.get_by_label("Name").fill("Standard")
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("9.00")
    page.get_by_label("Price applies from").fill("2026-01-01")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_label("DVR depth (days)").fill("30")
    page.get_by_label("DVR space (GB)").fill("0")
    page.get_by_role("radio", name="No", exact=True).check()
    page.get_by_role("button", name=re.compile("Add|Create|Save")).click()
    expect(page.get_by_role("heading", name="Tariff plans", level=1)).to_be_visible()


def add_organization_with_new_owner(page: Page) -> None:
    menu(page, "Organizations")
    page.get_by_role("link", name="Add new organization").first.click()
    page.get_by_label("Title").fill("Harbour Storage")
    page.get_by_label("Contract number").fill("2026/17")
    page.get_by_role("link", name=re.compile("^Add")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email address").fill("Vera@Harbour.example")
    dialog.get_by_label("Name").fill("Vera Harbour")
    dialog.get_by_role("button", name="Add owner").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("vera@harbour.example").first).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Harbour Storage")
    expect(page.get_by_label("Contract number")).to_have_value("2026/17")
    page.get_by_role("checkbox", name=re.compile("Standard")).check()
    choose_time_zone(page, "Europe/Berlin")
    page.get_by_role("button", name=re.compile("^(Add organization|Add|Create|Save)$")).click()
    expect(page.get_by_text("Harbour Storage was added.")).to_be_visible()


def choose_time_zone(page: Page, zone: str) -> None:
    page.get_by_role("combobox", name="Time zone").click()
    page.keyboard.type(zone)
    page.get_by_role("listbox", name="Time zone").get_by_role("option", name=zone).click()


def import_usage(page: Page, file: Path) -> None:
    menu(page, "Import")
    page.get_by_label("CSV or XLSX file").set_input_files(file)
    check_file(page)
    expect(page.get_by_role("heading", name="Import preview")).to_be_visible()
    confirm_import(page)
    expect(page.get_by_text("2 intervals added")).to_be_visible()


def test_an_operator_goes_from_sign_in_to_the_correct_total(
    signed_in: Page,
    someone_else: Page,
    live_server: LiveServer,
    smtp_server: MailServer,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.BASE_URL = live_server.url
    page = signed_in
    add_tariff(page)
    add_organization_with_new_owner(page)

    organization = Organization.objects.get()
    assert (organization.owner.email, organization.time_zone) == (
        "vera@harbour.example",
        "Europe/Berlin",
    )
    deliver()
    (mail,) = smtp_server.messages
    assert mail["To"] == "vera@harbour.example"
    (link,) = re.findall(r"http://\S+/accounts/activate/\S+", text_of(mail))
    assert link.startswith(live_server.url)

    file = tmp_path / "usage.csv"
    file.write_text(USAGE)
    import_usage(page, file)

    menu(page, "Organizations")
    page.get_by_role("link", name=re.compile("Usages")).click()
    page.locator("#id_from").fill("2026-09-01")
    page.locator("#id_to").fill("2026-09-30")
    page.get_by_role("button", name="Apply").click()
    # 9.00 for the whole month and 6.15 from the 10th at noon: docs/pricing.md, examples 1 and 2.
    expect(page.locator(".total-amount").first).to_have_text("EUR\N{NO-BREAK SPACE}15.15")
    page.get_by_role("row", name=re.compile("gate-02")).locator("summary").click()
    expect(page.get_by_text("1,771,200", exact=False).last).to_be_visible()

    the_owner_activates_and_sees_the_same(someone_else, link)


def the_owner_activates_and_sees_the_same(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Password").first.fill("vera has 2 gates")
    page.get_by_label("Confirm password").fill("vera has 2 gates")
    page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", name="My organizations", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Edit")).to_have_count(0)
    page.get_by_role("link", name=re.compile("Usages")).click()
    page.locator("#id_from").fill("2026-09-01")
    page.locator("#id_to").fill("2026-09-30")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".total-amount").first).to_have_text("EUR\N{NO-BREAK SPACE}15.15")


def test_the_link_works_once(
    signed_in: Page,
    someone_else: Page,
    live_server: LiveServer,
    smtp_server: MailServer,
    settings: Settings,
) -> None:
    settings.BASE_URL = live_server.url
    page = signed_in
    page.get_by_role("link", name="Add new organization").first.click()
    page.get_by_role("link", name=re.compile("^Add")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email address").fill("vera@harbour.example")
    dialog.get_by_role("button", name="Add owner").click()
    expect(dialog).to_be_hidden()
    deliver()
    (link,) = re.findall(r"http://\S+/accounts/activate/\S+", text_of(smtp_server.messages[0]))
    someone_else.goto(link)
    someone_else.get_by_label("Password").first.fill("vera has 2 gates")
    someone_else.get_by_label("Confirm password").fill("vera has 2 gates")
    someone_else.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
    expect(someone_else.get_by_role("heading", name="My organizations")).to_be_visible()
    someone_else.context.clear_cookies()
    answer = someone_else.request.get(link)
    assert answer.status == 410
    assert "Your account is already activated" in answer.text()


def test_an_owner_is_found_by_part_of_a_name(signed_in: Page) -> None:
    OwnerFactory.create(email="quentin@example.org", name="Quentin Zander")
    page = signed_in
    page.get_by_role("link", name="Add new organization").first.click()
    page.get_by_role("combobox", name="Owner").click()
    page.keyboard.type("zan")
    page.get_by_role("option", name=re.compile("quentin@example.org")).click()
    page.get_by_label("Title").fill("Zander Ltd")
    page.get_by_role("button", name=re.compile("^(Add organization|Add|Create|Save)$")).click()
    expect(page.get_by_text("Zander Ltd was added.")).to_be_visible()


def test_searching_organizations_needs_no_button_and_back_works(
    signed_in: Page,
) -> None:
    OrganizationFactory.create(title="Harbour Storage")
    OrganizationFactory.create(title="Mountain Railway")
    page = signed_in
    page.reload()
    page.get_by_label("Search").fill("moun")
    expect(page.get_by_text("Harbour Storage")).to_have_count(0)
    expect(page.get_by_role("link", name="Mountain Railway", exact=True)).to_be_visible()
    assert "q=moun" in page.url
    page.go_back()
    expect(page.get_by_role("link", name="Harbour Storage", exact=True)).to_be_visible()


def test_searching_charges_does_not_change_the_totals(
    signed_in: Page, live_server: LiveServer
) -> None:
    organization = OrganizationFactory.create()
    tariff = TariffPriceFactory.create(valid_from=date(2026, 1, 1)).tariff
    for name in ("north-gate", "south-gate"):
        UsageIntervalFactory.create(
            tariff=tariff, camera__name=name, camera__organization=organization
        )
    page = signed_in
    page.goto(
        f"{live_server.url}/organizations/{organization.pk}/usages/?from=2026-09-01&to=2026-09-30"
    )
    page.get_by_label("Camera").fill("sou")
    expect(page.get_by_text("north-gate")).to_have_count(0)
    expect(page.get_by_role("row", name=re.compile("south-gate"))).to_be_visible()
    expect(page.locator(".total-amount").first).to_have_text("EUR\N{NO-BREAK SPACE}18.00")


def test_formulas_open_on_a_phone_too(signed_in: Page, live_server: LiveServer) -> None:
    interval = UsageIntervalFactory.create(tariff=TariffPriceFactory.create().tariff)
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(
        f"{live_server.url}/organizations/{interval.organization.pk}/usages/"
        "?from=2026-09-01&to=2026-09-30"
    )
    formula = page.get_by_text("amount = monthly price")
    expect(formula).to_be_hidden()
    page.locator(".formula-switch summary").click()
    expect(formula).to_be_visible()
