"""Test the export of an organization's cameras as CSV and as XLSX."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def address(organization: Organization, kind: str) -> str:
    return f"/organizations/{organization.pk}/cameras/export.{kind}"


def csv_rows(client: Client, organization: Organization, **query: Any) -> list[dict[str, str]]:
    content = client.get(address(organization, "csv"), query).getvalue().decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def xlsx_rows(client: Client, organization: Organization, **query: Any) -> list[list[Any]]:
    response = client.get(address(organization, "xlsx"), query)
    book: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return [[cell.value for cell in row] for row in book.active]


def in_use(organization: Organization, name: str, **fields: Any) -> None:
    UsageIntervalFactory.create(
        camera__organization=organization,
        camera__name=name,
        camera__title=f"@{name}",
        **fields,
    )


@pytest.fixture
def organization(owner: User) -> Organization:
    organization = OrganizationFactory.create(title="Acme", owner=owner, time_zone="Europe/Berlin")
    basic, pro = TariffFactory.create(name="Basic"), TariffFactory.create(name="Pro")
    in_use(organization, "gate", tariff=basic)
    in_use(organization, "yard", tariff=pro)
    in_use(
        organization,
        "old",
        tariff=pro,
        ended_at=datetime(2026, 7, 1, tzinfo=UTC),
        started_within_seconds=0,
        ended_within_seconds=60,
    )
    in_use(OrganizationFactory.create(), "not-ours")
    return organization


def test_every_column_is_exported(operator_client: Client, organization: Organization) -> None:
    (row,) = csv_rows(operator_client, organization, state="ended")
    assert row == {
        "organization": "Acme",
        "camera": "old",
        "title": "'@old",
        "tariff": "Pro",
        "since": "2026-01-01T01:00:00+01:00",
        "until": "2026-07-01T02:00:00+02:00",
        "since_known": "exact",
        "until_known": "60",
    }
    assert xlsx_rows(operator_client, organization, state="ended")[1] == [
        "Acme",
        "old",
        "@old",
        "Pro",
        datetime(2026, 1, 1, 1),
        datetime(2026, 7, 1, 2),
        "exact",
        "60",
    ]


def test_the_list_is_exported_as_filtered_and_sorted(
    operator_client: Client, organization: Organization
) -> None:
    def cameras(**query: Any) -> list[str]:
        return [row["camera"] for row in csv_rows(operator_client, organization, **query)]

    assert cameras() == ["gate", "yard"]
    assert cameras(sort="-name", state="all") == ["yard", "old", "gate"]
    assert cameras(q="ga") == ["gate"]
    rows = xlsx_rows(operator_client, organization, q="ya")
    assert [row[1] for row in rows] == ["camera", "yard"]


def test_the_page_links_to_an_export_with_the_same_filter(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(f"/organizations/{organization.pk}/cameras/", {"q": "ga"}).text
    for kind in ("csv", "xlsx"):
        assert f'href="{address(organization, kind)}?q=ga"' in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_people_who_may_see_the_cameras_may_export_them(
    client: Client,
    owner_client: Client,
    support_client: Client,
    organization: Organization,
    kind: str,
) -> None:
    others = OrganizationFactory.create()
    assert client.get(address(organization, kind)).status_code == 302
    assert owner_client.get(address(others, kind)).status_code == 404
    assert support_client.post(address(organization, kind)).status_code == 405
    for allowed in (owner_client, support_client):
        response = allowed.get(address(organization, kind))
        assert response.status_code == 200
        response.getvalue()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_number_of_queries_does_not_grow_with_cameras(
    operator_client: Client, organization: Organization, kind: str
) -> None:
    numbers = []
    for more in range(2):
        for number in range(more * 20):
            in_use(organization, f"camera-{number}")
        with CaptureQueriesContext(connection) as queries:
            response = operator_client.get(address(organization, kind))
            assert response.getvalue()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
