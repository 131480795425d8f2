"""Exports of the list of organizations as CSV and XLSX."""

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from organizations.tests.factories import (
    BillingDetailsFactory,
    OrganizationFactory,
    SuspensionFactory,
    a_tax,
)
from organizations.zone_changes import set_time_zone
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

CSV, XLSX = "/organizations/export.csv", "/organizations/export.xlsx"
COLUMNS = [
    "title",
    "owner",
    "owner_name",
    "owner_activated",
    "tariffs",
    "cameras_in_use",
    "trial",
    "trial_first",
    "trial_last",
    "time_zone",
    "contract_number",
    "contract_date",
    "tax",
    "last_day",
    "time_zones",
    "tags",
    "contract_end",
    "suspension_first",
    "suspension_last",
    "debtor_number",
]


def csv_rows(client: Client, **query: Any) -> list[dict[str, str]]:
    content = client.get(CSV, query).getvalue().decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def titles(client: Client, **query: Any) -> list[str]:
    return [row["title"] for row in csv_rows(client, **query)]


def xlsx_rows(client: Client, **query: Any) -> list[list[Any]]:
    response = client.get(XLSX, query)
    book: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return [[cell.value for cell in row] for row in book.active]


def test_every_column_is_exported(operator_client: Client) -> None:
    organization = OrganizationFactory.create(
        title="=Acme",
        owner=OwnerFactory.create(email="jo@example.com", name="Jo", password=None),
        tariffs=[TariffFactory.create(name="Pro"), TariffFactory.create(name="Basic")],
        trial_first_on=date(2026, 10, 1),
        trial_last_on=date(2026, 10, 14),
        time_zone="Asia/Tokyo",
        contract_number="C-1",
        contract_signed_on=date(2026, 9, 30),
        contract_last_on=date(2027, 9, 30),
        debtor_number="10001",
    )
    SuspensionFactory.create(organization=organization)
    UsageIntervalFactory.create(camera__organization=organization, tariff__name="Odd")
    for day, tax in ((None, "AE"), (date(2026, 10, 1), "S"), (date(2026, 11, 1), "O")):
        BillingDetailsFactory.create(organization=organization, valid_from=day, tax=a_tax(tax))

    assert csv_rows(operator_client) == [
        {
            "title": "'=Acme",
            "owner": "jo@example.com",
            "owner_name": "Jo",
            "owner_activated": "no",
            "tariffs": "Basic, Odd, Pro",
            "cameras_in_use": "1",
            "trial": "ended",
            "trial_first": "2026-10-01",
            "trial_last": "2026-10-14",
            "time_zone": "Asia/Tokyo",
            "contract_number": "C-1",
            "contract_date": "2026-09-30",
            "tax": "VAT 19 %",
            "last_day": "",
            "time_zones": "Asia/Tokyo",
            "tags": "",
            "contract_end": "2027-09-30",
            "suspension_first": "2026-09-01",
            "suspension_last": "",
            "debtor_number": "10001",
        }
    ]
    assert xlsx_rows(operator_client) == [
        COLUMNS,
        [
            "=Acme",
            "jo@example.com",
            "Jo",
            False,
            "Basic, Odd, Pro",
            1,
            "ended",
            datetime(2026, 10, 1),
            datetime(2026, 10, 14),
            "Asia/Tokyo",
            "C-1",
            datetime(2026, 9, 30),
            "VAT 19 %",
            None,
            "Asia/Tokyo",
            None,
            datetime(2027, 9, 30),
            datetime(2026, 9, 1),
            None,
            "10001",
        ],
    ]


@pytest.mark.parametrize(
    ("changed_on", "in_force"),
    [(date(2026, 1, 1), "America/New_York"), (date(2199, 1, 1), "Asia/Tokyo")],
)
def test_the_time_zone_is_that_in_force_now(
    operator_client: Client, changed_on: date, in_force: str
) -> None:
    organization = OrganizationFactory.create(time_zone="Asia/Tokyo")
    set_time_zone(organization, "America/New_York", changed_on)
    organization.save()
    (row,) = csv_rows(operator_client)
    assert row["time_zone"] == in_force
    assert row["time_zones"] == f"Asia/Tokyo, from {changed_on} America/New_York"


def test_the_whole_list_is_exported_with_its_filter_and_order(operator_client: Client) -> None:
    for number in range(60):
        OrganizationFactory.create(title=f"Acme {number:02}")
    OrganizationFactory.create(title="Other")

    found = titles(operator_client, q="acme", sort="-title", page="2")

    assert found == [f"Acme {number:02}" for number in reversed(range(60))]
    assert [row[0] for row in xlsx_rows(operator_client, q="other")] == ["title", "Other"]


def test_the_page_links_to_exports_with_its_filter_and_order(operator_client: Client) -> None:
    OrganizationFactory.create(title="Acme")
    page = operator_client.get("/organizations/", {"q": "ac", "sort": "-title", "page": "1"}).text
    for address in (CSV, XLSX):
        assert f'href="{address}?q=ac&amp;sort=-title"' in page
    assert "export.csv" not in operator_client.get("/organizations/", {"q": "none"}).text


def test_owners_export_only_their_own(owner_client: Client, owner: User) -> None:
    OrganizationFactory.create(title="Mine", owner=owner)
    OrganizationFactory.create(title="Not mine")
    assert titles(owner_client) == ["Mine"]
    assert [row[0] for row in xlsx_rows(owner_client)] == ["title", "Mine"]


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_export_requires_sign_in(client: Client, address: str) -> None:
    assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_only_reading_is_allowed(operator_client: Client, address: str) -> None:
    assert operator_client.post(address).status_code == 405


def test_support_may_export(support_client: Client) -> None:
    OrganizationFactory.create(title="Acme")
    assert titles(support_client) == ["Acme"]


@pytest.mark.parametrize("address", [CSV, XLSX])
def test_the_number_of_queries_does_not_grow_with_organizations(
    operator_client: Client, address: str
) -> None:
    numbers = []
    for more in (1, 20):
        for _ in range(more):
            UsageIntervalFactory.create()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = operator_client.get(address)
            assert response.getvalue()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
