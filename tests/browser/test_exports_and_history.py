"""Download of a list as a file, and history."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from organizations.tests.factories import OrganizationFactory
from tests.browser.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name, exact=True).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def test_a_list_is_downloaded_as_searched(
    page: Page, live_server: LiveServer, operator: User, tmp_path: Path
) -> None:
    OrganizationFactory.create(title="Harbour Storage")
    OrganizationFactory.create(title="Mountain Railway")
    sign_in(page.context, operator, live_server.url)
    page.goto(f"{live_server.url}/organizations/")
    page.get_by_label("Search").fill("moun")
    expect(page.get_by_text("Harbour Storage")).to_have_count(0)

    as_csv = download(page, "CSV", tmp_path)
    as_xlsx = download(page, "XLSX", tmp_path)

    with as_csv.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == ["Mountain Railway"]
    book = load_workbook(as_xlsx, read_only=True)
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [
        "Mountain Railway"
    ]
    book.close()


def test_history_shows_who_changed_a_title(
    page: Page, live_server: LiveServer, operator: User
) -> None:
    organization = OrganizationFactory.create(title="Harbour Storage")
    sign_in(page.context, operator, live_server.url)
    page.goto(f"{live_server.url}/organizations/{organization.pk}/edit/")
    page.get_by_label("Title").fill("Harbour Storage Ltd")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changes to Harbour Storage Ltd were saved.")).to_be_visible()

    page.goto(f"{live_server.url}/organizations/{organization.pk}/usages/")
    page.get_by_role("link", name="History").click()

    newest = page.get_by_role("main").get_by_role("listitem").filter(has_text="Title").first
    expect(newest).to_contain_text(operator.email)
    expect(newest).to_contain_text("Harbour Storage Ltd")
