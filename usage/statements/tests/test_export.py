"""Test the export of usages as usages.csv and usages.xlsx."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from demo.records import Sizes
from demo.usage_load import load_usage
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.periods import Period
from tariffs.models import Proration
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval
from usage.statements.charge_rows import USAGES_COLUMNS
from usage.statements.statement import statement_for
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}
KINDS = ("csv", "xlsx")
NOW = datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the current time to a fraction of a second after noon on 2026-11-23."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def address(organization: Organization, kind: str) -> str:
    return reverse(f"usage:usages_{kind}", args=[organization.pk])


def in_use(organization: Organization, tariff_name: str = "Basic", **fields: Any) -> UsageInterval:
    return UsageIntervalFactory.create(
        tariff=TariffPriceFactory.create(tariff__name=tariff_name).tariff,
        camera__organization=organization,
        **fields,
    )


def workbook(client: Client, organization: Organization, query: dict[str, str]) -> Any:
    response = client.get(address(organization, "xlsx"), query)
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.getvalue()))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet]


def test_csv_has_every_charge(operator_client: Client) -> None:
    organization = OrganizationFactory.create(
        title="=Harbour",
        time_zone="Europe/Berlin",
        trial_first_on=date(2026, 9, 1),
        trial_last_on=date(2026, 9, 15),
    )
    interval = UsageIntervalFactory.create(
        tariff=TariffPriceFactory.create(tariff__name="Basic").tariff,
        camera__organization=organization,
        camera__name="gate-01",
        camera__title="Gate, main",
        started_at=datetime(2026, 9, 10, 10, tzinfo=UTC),
    )
    unpriced = UsageIntervalFactory.create(camera__organization=organization)

    response = operator_client.get(reverse("usage:usages_csv", args=[organization.pk]), SEPTEMBER)

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = response.getvalue().decode().split("\r\n")
    assert lines[0] == (
        "organization,camera,title,tariff,currency,month,price,from,to,used,trial,billable,"
        "month_length,unit,amount,billable_before,used_days,suspended,gross_price,"
        "discount_percent,price_source,camera_months,section,text,quantity,reached"
    )
    assert lines[1] == (
        '\'=Harbour,gate-01,"Gate, main",Basic,EUR,2026-09,9.00,2026-09-10T12:00:00+02:00,'
        "2026-10-01T00:00:00+02:00,1771200,475200,1296000,2592000,second,4.50,0,20.5,0,,,,,usage,,,"
    )
    assert lines[2] == (
        f"'=Harbour,{unpriced.camera.name},{unpriced.camera.title},{unpriced.tariff.name},EUR,"
        "2026-09,,2026-09-01T00:00:00+02:00,2026-10-01T00:00:00+02:00,2592000,1296000,1296000,"
        "2592000,second,,0,30,0,,,,,usage,,,"
    )
    assert lines[3:] == [""]
    assert interval.camera.pk < unpriced.camera.pk


def test_xlsx_has_every_charge_with_real_dates_and_numbers(operator_client: Client) -> None:
    organization = OrganizationFactory.create(title="=Harbour", time_zone="Europe/Berlin")
    in_use(
        organization,
        camera__name="gate-01",
        camera__title="Gate, main",
        started_at=datetime(2026, 9, 10, 10, tzinfo=UTC),
    )
    yen = TariffPriceFactory.create(
        tariff__name="Yen",
        tariff__currency="JPY",
        tariff__proration=Proration.DAY,
        amount=Decimal("1000.5"),
    ).tariff
    UsageIntervalFactory.create(
        tariff=yen, camera__organization=organization, camera__name="yard", camera__title=""
    )

    sheet = workbook(operator_client, organization, SEPTEMBER)["Charges"]

    heading, basic, by_day = values(sheet)
    assert heading == list(USAGES_COLUMNS)
    assert basic == [
        "=Harbour",
        "gate-01",
        "Gate, main",
        "Basic",
        "EUR",
        datetime(2026, 9, 1),
        9,
        datetime(2026, 9, 10, 12),
        datetime(2026, 10, 1),
        1771200,
        0,
        1771200,
        2592000,
        "second",
        6.15,
        0,
        20.5,
        0,
        None,
        None,
        None,
        None,
        "usage",
        None,
        None,
        None,
    ]
    assert by_day[2:7] == [None, "Yen", "JPY", datetime(2026, 9, 1), 1000.5]
    assert by_day[9:18] == [30, 0, 30, 30, "day", 1001, 0, 30, 0]
    assert sheet["A2"].data_type == "s"
    assert [sheet[cell].number_format for cell in ("F2", "G2", "H2", "O2", "G3", "O3")] == [
        "yyyy-mm",
        "#,##0.00",
        "yyyy-mm-dd hh:mm:ss",
        "#,##0.00",
        "#,##0.0",
        "#,##0",
    ]


def test_the_totals_sheet_describes_the_statement_and_its_totals(operator_client: Client) -> None:
    organization = OrganizationFactory.create(
        title="Harbour",
        time_zone="Europe/Berlin",
        trial_first_on=date(2026, 9, 1),
        trial_last_on=date(2026, 9, 15),
    )
    in_use(organization, "Basic")
    UsageIntervalFactory.create(
        tariff=TariffFactory.create(name="New", proration=Proration.DAY),
        camera__organization=organization,
    )

    book = workbook(operator_client, organization, SEPTEMBER)

    assert book.sheetnames == ["Totals", "Charges"]
    rows = [[value for value in row if value is not None] for row in values(book["Totals"])]
    assert rows == [
        ["Organization", "Harbour"],
        ["From", datetime(2026, 9, 1)],
        ["To", datetime(2026, 9, 30)],
        ["Time zone", "Europe/Berlin"],
        ["Usage counted until", datetime(2026, 11, 23, 13)],
        ["Incomplete: charges before the first price of their tariff", 1],
        [],
        ["Currency", "Total charges"],
        ["EUR", 4.5],
        [],
        [
            "Tariff",
            "Currency",
            "Amount",
            "Cameras",
            "Billable seconds",
            "Trial seconds",
            "Billable days",
            "Trial days",
            "Unpriced charges",
            "Suspended seconds",
            "Suspended days",
        ],
        ["Basic", "EUR", 4.5, 1, 1296000, 1296000, 0, 0, 0, 0, 0],
        ["New", "EUR", 0, 1, 0, 0, 15, 15, 1, 0, 0],
    ]


def test_a_complete_statement_is_not_marked_incomplete(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    in_use(organization)
    book = workbook(operator_client, organization, SEPTEMBER)
    assert "Incomplete" not in str(values(book["Totals"]))


@pytest.mark.parametrize("kind", KINDS)
def test_people_who_may_see_the_usages_may_export_them(
    client: Client, owner_client: Client, support_client: Client, owner: User, kind: str
) -> None:
    own, others = OrganizationFactory.create(owner=owner), OrganizationFactory.create()
    assert client.get(address(own, kind)).status_code == 302
    assert owner_client.get(address(others, kind)).status_code == 404
    assert support_client.post(address(own, kind)).status_code == 405
    for allowed in (owner_client, support_client):
        response = allowed.get(address(own, kind))
        assert response.status_code == 200
        assert response.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_an_invalid_period_is_refused(operator_client: Client, kind: str) -> None:
    query = {"from": "2026-09-30", "to": "2026-09-01"}
    response = operator_client.get(address(OrganizationFactory.create(), kind), query)
    assert response.status_code == 400
    assert "The end date is before the start date" in response.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_queries_does_not_grow_with_charges(
    operator_client: Client, kind: str
) -> None:
    organization = OrganizationFactory.create()
    tariff = TariffPriceFactory.create().tariff
    numbers = []
    for more in (1, 30):
        UsageIntervalFactory.create_batch(more, tariff=tariff, camera__organization=organization)
        with CaptureQueriesContext(connection) as queries:
            assert operator_client.get(address(organization, kind), SEPTEMBER).getvalue()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def sums(pairs: Any) -> dict[str, Decimal]:
    added: dict[str, Decimal] = {}
    for currency, amount in pairs:
        added[currency] = added.get(currency, Decimal(0)) + Decimal(str(amount or 0))
    return added


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-10-01", "2026-10-31"), ("2026-08-20", "2026-11-12"), ("2025-11-23", "2026-11-22")],
)
def test_statement_page_and_files_have_the_same_totals_to_the_cent(
    client: Client, first: str, last: str
) -> None:
    load_usage(
        seed=1,
        today=date(2026, 11, 23),
        sizes=Sizes(organizations=12, cameras=150),
        progress=lambda step: None,
    )
    client.force_login(User.objects.get(email="operator@example.com"))
    query = {"from": first, "to": last}
    period = Period.inclusive(date.fromisoformat(first), date.fromisoformat(last))
    charged = 0
    for organization in Organization.objects.all():
        statement = statement_for(organization=organization, period=period, as_of=NOW)
        expected = {each.currency: each.number for each in statement.totals().all.amounts}
        charged += len(expected)

        page = client.get(reverse("usage:usages", args=[organization.pk]), query)
        text = client.get(address(organization, "csv"), query).getvalue().decode()
        book = workbook(client, organization, query)

        assert {
            each.currency: each.number for each in page.context["totals"].all.amounts
        } == expected
        drawn = {chart.currency: chart.columns for chart in page.context["charts"]}
        assert {
            currency: sum(column.total for column in columns) for currency, columns in drawn.items()
        } == {currency: amount for currency, amount in expected.items() if amount}
        lines = csv.DictReader(io.StringIO(text, newline=""))
        assert sums((line["currency"], line["amount"]) for line in lines) == expected
        cells = values(book["Charges"])[1:]
        assert sums((row[4], row[14]) for row in cells) == expected
        table = [row[:2] for row in values(book["Totals"])]
        start = table.index(["Currency", "Total charges"]) + 1
        assert sums(table[start : start + len(expected)]) == expected
    assert charged > 10
