"""Tests of the pages that show months without an invoice."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from invoices.models import UninvoicedMonth
from invoices.provider.models import Provider
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from invoices.uninvoiced.tests.stored import keep_all
from organizations.models import Organization
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/invoices/uninvoiced/"


@pytest.fixture(autouse=True)
def _provider() -> None:
    ProviderFactory.create()


def customer(title: str, **fields: object) -> Organization:
    """Create an organization that has used a camera since September."""
    organization = BilledOrganizationFactory.create(title=title, **fields)
    BilledUseFactory.create(
        camera__organization=organization, started_at=datetime(2026, 9, 1, tzinfo=UTC)
    )
    return organization


def rows(client: Client, query: str = "") -> list[tuple[str, str]]:
    found = client.get(f"{ADDRESS}{query}").context["table"].page.object_list
    return [(row.record.title, f"{row.record.month:%Y-%m}") for row in found]


def test_months_are_listed_and_filtered(support_client: Client) -> None:
    customer("Harbour")
    customer("Mountain", details__city="")
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=1000)
    BilledUseFactory.create(
        camera__organization__title="Tokyo",
        tariff=yen,
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    keep_all(IN_NOVEMBER)

    every = rows(support_client)
    assert len(every) == 5
    assert {month for _, month in every[:3]} == {"2026-10"}
    assert rows(support_client, "?q=mount&month=2026-09") == [("Mountain", "2026-09")]
    assert rows(support_client, "?currency=JPY") == [("Tokyo", "2026-10")]
    assert {title for title, _ in rows(support_client, "?state=blocked")} == {"Mountain"}
    page = support_client.get(f"{ADDRESS}?state=ready&currency=EUR")
    assert [(each.currency, each.amount) for each in page.context["sums"]] == [("EUR", 18)]
    assert "1 organization is ready. 0 are blocked." in page.text
    assert rows(support_client, "?q=nothing") == []


def test_each_blocker_is_linked_to_where_it_is_fixed(operator_client: Client) -> None:
    lacking = customer("No city", details__city="")
    late = TariffFactory.create()
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 10, 9))
    BilledUseFactory.create(
        camera__organization__title="Unpriced",
        tariff=late,
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    keep_all(IN_NOVEMBER)

    page = operator_client.get(f"{ADDRESS}?month=2026-10")

    details = lacking.billing_details.get().pk
    billing = f"/organizations/{lacking.pk}/billing/?version={details}"
    assert f'href="{billing}&amp;next=%2Finvoices%2Funinvoiced%2F%3Fmonth%3D2026-10#id_city"' in (
        page.text
    )
    assert operator_client.get(billing).status_code == 200
    assert "1 charge has no price." in page.text
    back = "?next=%2Finvoices%2Funinvoiced%2F%3Fmonth%3D2026-10"
    assert f'href="/tariffs/{back}"' in page.text


def test_a_missing_detail_of_the_provider_is_linked(operator_client: Client) -> None:
    Provider.objects.update(city="")
    customer("Harbour")
    keep_all(IN_NOVEMBER)

    page = operator_client.get(ADDRESS)

    assert "/invoices/provider/?next=%2Finvoices%2Funinvoiced%2F#id_city" in page.text


def test_the_list_is_exported(support_client: Client) -> None:
    customer("Mountain", details__city="")
    keep_all(IN_NOVEMBER)

    answer = support_client.get(f"{ADDRESS}export.csv?month=2026-10")

    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (row["organization"], row["month"], row["amount"]) == ("Mountain", "2026-10", "9.00")
    assert row["blocked"] == "yes"
    assert row["blockers"] == "Fill in the missing details: City."
    assert support_client.get(f"{ADDRESS}export.xlsx").getvalue()


def test_an_organization_shows_its_months_to_staff_only(operator_client: Client) -> None:
    organization = customer("Harbour")
    keep_all(IN_NOVEMBER)
    address = f"/organizations/{organization.pk}/invoices/"
    assert organization.owner is not None

    (total,) = organization.uninvoiced_months.sums()
    page = operator_client.get(address).text.partition("Not invoiced, before tax: ")[2]
    sums, _, months = page.partition("<details")
    assert f"EUR\N{NO-BREAK SPACE}{total.amount:.2f}" in sums
    assert f"{total.months} months" in months
    assert "October 2026</a>: " in months
    owner = Client()
    owner.force_login(organization.owner)
    assert "October 2026</a>" not in owner.get(address).text


def test_what_is_waiting_is_said(support_client: Client) -> None:
    customer("Harbour")

    assert "1 organization is being counted again." in support_client.get(ADDRESS).text


@pytest.mark.parametrize("address", [ADDRESS, "/invoices/runs/2026-10/"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_months(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries, address: str
) -> None:
    for number in range(5):
        customer(f"Customer {number}", details__city="" if number % 2 else "Bremen")
    keep_all(IN_NOVEMBER)
    assert UninvoicedMonth.objects.count() == 10

    with django_assert_num_queries(10 if address == ADDRESS else 15):
        operator_client.get(address)


def test_the_newest_are_read_by_an_index(support_client: Client) -> None:
    organizations = [customer("Harbour").pk, customer("Mountain").pk]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_uninvoicedmonth (organization_id, month, currency,"
            " currency_number, amount, unpriced, is_blocked, blockers, as_of)"
            " SELECT organization, date '1700-01-01' + n * interval '1 month', 'EUR', 978, 1, 0,"
            " false, '[]', now() FROM unnest(%s) AS organization, generate_series(1, 3000) AS n",
            [organizations],
        )
        cursor.execute("ANALYZE invoices_uninvoicedmonth")

    with CaptureQueriesContext(connection) as queries:
        answer = support_client.get(ADDRESS)

    assert answer.context["table"].paginator.count == 6000
    (page,) = (each["sql"] for each in queries if 'ORDER BY "invoices_uninv' in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {page}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "invoices_uninvoiced_newest" in plan
    assert "Sort" not in plan
