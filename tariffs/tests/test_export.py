"""Exports of the list of tariff plans as CSV and XLSX."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

CSV, XLSX = "/tariffs/export.csv", "/tariffs/export.xlsx"


def csv_rows(client: Client, **query: Any) -> list[dict[str, str]]:
    content = client.get(CSV, query).getvalue().decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def names(client: Client, **query: Any) -> list[str]:
    return [row["name"] for row in csv_rows(client, **query)]


def xlsx_sheet(client: Client, **query: Any) -> Any:
    response = client.get(XLSX, query)
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return book.active


def test_every_column_is_exported(operator: Client) -> None:
    tariff = TariffFactory.create(
        name="Pro", note="-1 GB", currency="KWD", is_default=True, has_anpr=True
    )
    for day, amount in ((date(2026, 1, 1), "3"), (date(2026, 12, 1), "3.1255")):
        TariffPriceFactory.create(tariff=tariff, valid_from=day, amount=Decimal(amount))
    OrganizationFactory.create(tariffs=[tariff])

    assert csv_rows(operator) == [
        {
            "name": "Pro",
            "note": "'-1 GB",
            "currency": "KWD",
            "price_now": "3.000",
            "price_now_from": "2026-01-01",
            "price_later": "3.1255",
            "price_later_from": "2026-12-01",
            "proration": "second",
            "default": "yes",
            "dvr_depth_days": "7",
            "dvr_space_gb": "50",
            "anpr": "yes",
            "organizations": "1",
            "cameras": "0",
            "archived": "no",
            "price_now_steps": "",
            "price_later_steps": "",
        }
    ]
    sheet = xlsx_sheet(operator)
    assert [cell.value for cell in sheet[2]][:7] == [
        "Pro",
        "-1 GB",
        "KWD",
        3,
        datetime(2026, 1, 1),
        3.1255,
        datetime(2026, 12, 1),
    ]
    assert [sheet["D2"].number_format, sheet["F2"].number_format] == ["#,##0.000", "#,##0.0000"]


def test_a_plan_without_a_price_has_empty_cells(operator: Client) -> None:
    TariffFactory.create(name="Pro")
    (row,) = csv_rows(operator)
    assert (row["price_now"], row["price_now_from"], row["price_later"]) == ("", "", "")
    assert xlsx_sheet(operator)["D2"].value is None


def test_the_list_is_exported_as_filtered_and_sorted(operator: Client) -> None:
    for name, archived in (("Basic", False), ("Pro", False), ("Old", True)):
        TariffFactory.create(name=name, is_archived=archived)
    assert names(operator) == ["Basic", "Pro"]
    assert names(operator, sort="-name", state="all") == ["Pro", "Old", "Basic"]
    assert names(operator, q="pr") == ["Pro"]
    sheet = xlsx_sheet(operator, state="archived")
    assert [row[0].value for row in sheet.iter_rows()] == ["name", "Old"]


def test_the_page_links_to_exports_with_its_filter_and_order(operator: Client) -> None:
    TariffFactory.create(name="Pro")
    page = operator.get("/tariffs/", {"q": "pr", "sort": "-name"}).text
    for address in (CSV, XLSX):
        assert f'href="{address}?q=pr&amp;sort=-name"' in page


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_export_requires_sign_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_owner_is_refused(owner: Client, address: str) -> None:
    assert owner.get(address).status_code == 403


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_support_may_export(support: Client, address: str) -> None:
    response = support.get(address)
    assert response.status_code == 200
    assert response.getvalue()


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_only_reading_is_allowed(operator: Client, address: str) -> None:
    assert operator.post(address).status_code == 405


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_the_number_of_queries_does_not_grow_with_tariffs(operator: Client, address: str) -> None:
    numbers = []
    for more in (1, 20):
        for _ in range(more):
            TariffPriceFactory.create()
        with CaptureQueriesContext(connection) as queries:
            response = operator.get(address)
            assert response.getvalue()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
