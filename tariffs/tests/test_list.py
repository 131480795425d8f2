"""The list of tariff plans."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def rows_of(client: Client, **query: str) -> list[dict[str, str]]:
    """Return the rows of the list, by column."""
    table = client.get(reverse("tariffs:list"), query).context["table"]
    return [
        {column.name: str(cell).strip() for column, cell in row.items()}
        for row in table.paginated_rows
    ]


def names_of(client: Client, **query: str) -> list[str]:
    table = client.get(reverse("tariffs:list"), query).context["table"]
    return [row.record.name for row in table.paginated_rows]


def test_current_and_upcoming_prices_are_shown(operator: Client) -> None:
    tariff = TariffFactory.create()
    for day, amount in (
        (date(2026, 1, 1), "9"),
        (date(2026, 10, 15), "10.125"),
        (date(2026, 10, 16), "11"),
        (date(2026, 12, 1), "12"),
    ):
        TariffPriceFactory.create(tariff=tariff, valid_from=day, amount=Decimal(amount))
    [row] = rows_of(operator)
    assert row["price_now"] == "EUR\xa010.125"
    assert row["price_now_from"] == "15 Oct 2026"
    assert row["price_later"].startswith("EUR\xa011.00")
    assert "from 16 Oct 2026" in row["price_later"]


def test_today_is_in_the_time_zone_of_the_provider(operator: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    TariffPriceFactory.create(valid_from=date(2026, 10, 16))
    [row] = rows_of(operator)
    assert row["price_now"] == "EUR\xa09.00"


def test_plan_without_a_price_says_so(operator: Client) -> None:
    TariffFactory.create()
    [row] = rows_of(operator)
    assert row["price_now"] == "No price yet"
    assert row["price_now_from"] == ""
    assert row["price_later"] == ""


@pytest.mark.parametrize(
    ("days", "space", "has_anpr", "text"),
    [
        (30, 1500, True, "DVR 30 days, 1,500 GB, ANPR"),
        (1, 0, False, "DVR 1 day"),
        (0, 0, False, "None"),
    ],
)
def test_services_are_listed(
    operator: Client, days: int, space: int, has_anpr: bool, text: str
) -> None:
    TariffFactory.create(dvr_depth_days=days, dvr_space_gb=space, has_anpr=has_anpr)
    assert rows_of(operator)[0]["services"] == text


def test_organizations_and_cameras_in_use_are_counted(operator: Client) -> None:
    interval = UsageIntervalFactory.create()
    UsageIntervalFactory.create(tariff=interval.tariff, camera__organization=interval.organization)
    OrganizationFactory.create(tariffs=[interval.tariff])
    [row] = rows_of(operator)
    assert row["organization_count"] == "2"
    assert row["camera_count"] == "2"


def test_default_plan_is_marked_and_note_shown(operator: Client) -> None:
    TariffFactory.create(is_default=True, note="For car parks")
    [row] = rows_of(operator)
    assert "Default" in row["name"]
    assert "For car parks" in row["name"]


@pytest.mark.parametrize(
    ("state", "names"),
    [("", ["New"]), ("archived", ["Old"]), ("all", ["New", "Old"]), ("nonsense", ["New"])],
)
def test_archived_plans_are_shown_only_on_request(
    operator: Client, state: str, names: list[str]
) -> None:
    TariffFactory.create(name="Old", is_archived=True)
    TariffFactory.create(name="New")
    assert names_of(operator, state=state) == names


def test_archived_plan_is_marked(operator: Client) -> None:
    TariffFactory.create(is_archived=True, is_default=True)
    [row] = rows_of(operator, state="all")
    assert "Archived" in row["name"]
    assert "Default" not in row["name"]


@pytest.mark.parametrize("text", ["basi", "PARKS"])
def test_search_covers_name_and_note(operator: Client, text: str) -> None:
    TariffFactory.create(name="Basic for car parks")
    TariffFactory.create(name="Basic 2", note="for car parks")
    TariffFactory.create(name="Pro")
    found = names_of(operator, q=text)
    assert found == ["Basic 2", "Basic for car parks"]


def test_search_ignores_accents_and_the_order_of_words(operator: Client) -> None:
    TariffFactory.create(name="Büro", note="für Brückner")
    TariffFactory.create(name="Büro 2")
    assert names_of(operator, q="brueckner buro") == ["Büro"]


def test_search_and_state_are_combined(operator: Client) -> None:
    TariffFactory.create(name="Basic", is_archived=True)
    TariffFactory.create(name="Basic 2")
    assert names_of(operator, q="basic", state="archived") == ["Basic"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["A", "B", "C"]),
        ("-name", ["C", "B", "A"]),
        ("price_now", ["C", "A", "B"]),
        ("-price_now", ["B", "A", "C"]),
        ("services", ["B", "C", "A"]),
        ("-organization_count", ["C", "B", "A"]),
        ("camera_count", ["A", "B", "C"]),
        ("nonsense", ["A", "B", "C"]),
    ],
)
def test_list_is_sorted_on_request(operator: Client, sort: str, names: list[str]) -> None:
    a = TariffFactory.create(name="A", currency="USD", dvr_depth_days=30)
    b = TariffFactory.create(name="B", currency="USD", dvr_depth_days=1)
    c = TariffFactory.create(name="C", currency="EUR", dvr_depth_days=7)
    for tariff, amount in ((a, 1), (b, 2), (c, 3)):
        TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount))
    OrganizationFactory.create(tariffs=[b, c])
    UsageIntervalFactory.create(tariff=c)
    assert names_of(operator, sort=sort) == names


def test_operator_sees_links_to_add_and_edit(operator: Client) -> None:
    tariff = TariffFactory.create()
    page = operator.get(reverse("tariffs:list")).content.decode()
    assert reverse("tariffs:add") in page
    assert reverse("tariffs:edit", args=[tariff.pk]) in page


def test_support_sees_plans_without_links_to_change_them(support: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    page = support.get(reverse("tariffs:list")).content.decode()
    assert "Basic" in page
    assert reverse("tariffs:add") not in page
    assert reverse("tariffs:edit", args=[tariff.pk]) not in page


def test_empty_list_offers_to_add(operator: Client) -> None:
    page = operator.get(reverse("tariffs:list")).content.decode()
    assert "No tariff plans yet" in page
    assert page.count(reverse("tariffs:add")) == 1


def test_empty_list_offers_support_nothing(support: Client) -> None:
    page = support.get(reverse("tariffs:list")).content.decode()
    assert "No tariff plans yet" in page
    assert reverse("tariffs:add") not in page


def test_a_search_without_results_says_so(operator: Client) -> None:
    TariffFactory.create()
    page = operator.get(reverse("tariffs:list"), {"q": "xyz"}).content.decode()
    assert "No tariff plans found" in page


def test_number_of_queries_does_not_grow(operator: Client) -> None:
    UsageIntervalFactory.create(tariff=TariffPriceFactory.create().tariff)
    with CaptureQueriesContext(connection) as few:
        operator.get(reverse("tariffs:list"))
    for _ in range(20):
        UsageIntervalFactory.create(tariff=TariffPriceFactory.create().tariff)
    with CaptureQueriesContext(connection) as many:
        operator.get(reverse("tariffs:list"))
    assert len(many) == len(few)
