"""Tests of the pages of simulations."""

import csv
import html
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from reports.simulation.models import Simulation
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.jobs import run_jobs
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def basic() -> Tariff:
    tariff: Tariff = TariffFactory.create(name="Basic")
    TariffPriceFactory.create(tariff=tariff, amount=9)
    return tariff


def using(tariff: Tariff, title: str, cameras: int = 1) -> Organization:
    organization: Organization = OrganizationFactory.create(title=title)
    for number in range(cameras):
        UsageInterval.objects.create(
            camera=CameraFactory.create(
                organization=organization, name=f"{title.lower()}-{number}"
            ),
            organization=organization,
            tariff=tariff,
            started_at=datetime(2026, 9, 1, tzinfo=UTC),
        )
    return organization


def visible_text(answer: Any) -> str:
    """Return the text of a page, with one space between words."""
    return " ".join(html.unescape(strip_tags(answer.content.decode())).split())


def simulated(client: Client, address: str, **values: Any) -> str:
    """Ask for a simulation of September 2026, have it computed, and return its address."""
    answer = client.post(address, {"id": uuid4(), "month": "2026-09", "months": 1} | values)
    assert answer.status_code == 302, visible_text(answer)
    run_jobs()
    return answer["Location"]


def price_form(tariff: Tariff) -> str:
    return reverse("reports:simulate_price", args=[tariff.pk])


def term_form(organization: Organization) -> str:
    return reverse("reports:simulate_term", args=[organization.pk])


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


def test_a_price_is_simulated_for_all_organizations(operator_client: Client, basic: Tariff) -> None:
    using(basic, "Harbour", cameras=2)
    using(basic, "Quay")

    page = simulated(operator_client, price_form(basic), amount="10.50")

    text = visible_text(operator_client.get(page))
    assert "Basic for EUR 10.50" in text
    assert "September 2026" in text
    assert "EUR 27.00 EUR 31.50 +EUR 4.50 (+16.7 %)" in text
    assert text.index("Harbour 2 EUR 18.00 EUR 21.00 +EUR 3.00") < text.index(
        "Quay 1 EUR 9.00 EUR 10.50 +EUR 1.50"
    )
    assert "Basic for EUR 10.50" in visible_text(
        operator_client.get(reverse("reports:simulations"))
    )


def test_only_organizations_that_differ_are_listed_at_first(
    operator_client: Client, basic: Tariff
) -> None:
    using(basic, "Harbour")
    other = using(basic, "Quay")
    other.individual_prices.create(tariff=basic, valid_from="2026-01-01", amount=5)

    page = simulated(operator_client, price_form(basic), amount="10")

    assert "Quay" not in visible_text(operator_client.get(page))
    assert "Quay" in visible_text(operator_client.get(page, {"show": "all"}))
    found = visible_text(operator_client.get(page, {"show": "all", "q": "quay"}))
    assert "Quay" in found
    assert "Harbour" not in found


def test_the_results_are_exported(operator_client: Client, basic: Tariff) -> None:
    using(basic, "Harbour", cameras=2)
    page = simulated(operator_client, price_form(basic), amount="8")

    answer: Any = operator_client.get(f"{page}export.csv")
    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert row == {
        "organization": "Harbour",
        "currency": "EUR",
        "first_day": "2026-09-01",
        "last_day": "2026-09-30",
        "cameras_that_differ": "2",
        "now": "18.00",
        "with_change": "16.00",
        "difference": "-2.00",
        "incomplete": "no",
    }
    answer = operator_client.get(f"{page}export.xlsx")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    assert [cell.value for cell in sheet[2]][4:8] == [2, 18, 16, -2]


def test_the_cameras_that_differ_are_listed(operator_client: Client, basic: Tariff) -> None:
    organization = using(basic, "Harbour", cameras=2)
    page = simulated(operator_client, price_form(basic), amount="8")

    text = visible_text(operator_client.get(f"{page}cameras/{organization.pk}/"))
    assert "2 cameras differ" in text
    assert "EUR 9.00 EUR 8.00 -EUR 1.00 harbour-1" in text
    assert operator_client.get(f"{page}cameras/{organization.pk + 1}/").status_code == 404


@pytest.mark.parametrize(
    ("values", "stated"),
    [
        ({"kind": "price", "amount": "7"}, "Basic for an individual price of EUR 7.00"),
        ({"kind": "price"}, "Basic for the list price"),
        ({"kind": "discount", "percent": "12.5"}, "Discount of 12.5 % on Basic"),
        ({"kind": "discount", "percent": "10", "tariff": ""}, "Discount of 10 % on all"),
    ],
)
def test_terms_are_simulated_for_one_organization(
    operator_client: Client, basic: Tariff, values: dict[str, str], stated: str
) -> None:
    organization = using(basic, "Harbour")
    using(basic, "Quay")

    page = simulated(operator_client, term_form(organization), **{"tariff": basic.pk, **values})

    text = visible_text(operator_client.get(page, {"show": "all"}))
    assert stated in text
    assert "Quay" not in text


def test_a_forecast_is_of_the_present_month(operator_client: Client, basic: Tariff) -> None:
    using(basic, "Harbour")

    answer = operator_client.post(reverse("reports:forecast"), {"id": uuid4()})
    run_jobs()

    (total,) = Simulation.objects.get().sums.all()
    assert total.after == Decimal(9)
    text = visible_text(operator_client.get(answer["Location"]))
    assert "At the end of the month" in text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.00001"}, "amount"),
        ({"amount": "9", "month": "2199-01"}, "month"),
        ({"amount": "9", "month": "September"}, "month"),
        ({"amount": "9", "months": "2"}, "months"),
    ],
)
def test_invalid_values_of_a_price_are_refused_on_their_field(
    operator_client: Client, basic: Tariff, values: dict[str, str], field: str
) -> None:
    given = {"id": uuid4(), "month": "2026-09", "months": 1} | values

    assert list(errors(operator_client.post(price_form(basic), given))) == [field]
    assert not Simulation.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "price", "amount": "5", "tariff": ""}, "tariff"),
        ({"kind": "price", "amount": "x"}, "amount"),
        ({"kind": "discount"}, "percent"),
        ({"kind": "discount", "percent": "100.01"}, "percent"),
        ({"kind": "discount", "percent": "-1"}, "percent"),
        ({"kind": "discount", "percent": "1.001"}, "percent"),
        ({"kind": "other"}, "kind"),
    ],
)
def test_invalid_values_of_a_term_are_refused_on_their_field(
    operator_client: Client, basic: Tariff, values: dict[str, str], field: str
) -> None:
    organization = using(basic, "Harbour")
    given = {"id": uuid4(), "month": "2026-09", "months": 1, "tariff": basic.pk} | values

    assert list(errors(operator_client.post(term_form(organization), given))) == [field]
    assert not Simulation.objects.exists()


def test_the_form_takes_what_was_typed_elsewhere(operator_client: Client, basic: Tariff) -> None:
    answer = operator_client.post(price_form(basic), {"amount": "10.50", "valid_from": "x"})

    assert answer.status_code == 200
    assert not answer.context["form"].errors
    assert answer.context["form"]["amount"].value() == "10.50"


def test_the_number_of_queries_does_not_grow_with_organizations(
    operator_client: Client, basic: Tariff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        using(basic, f"Harbour {number}")
    page = simulated(operator_client, price_form(basic), amount="8")
    with django_assert_max_num_queries(17):
        operator_client.get(page)


def test_a_stopped_simulation_says_so(operator_client: Client, basic: Tariff) -> None:
    answer = operator_client.post(
        price_form(basic), {"id": uuid4(), "month": "2026-09", "months": 3, "amount": "8"}
    )
    operator_client.post(f"{answer['Location']}cancel/")
    run_jobs()

    text = visible_text(operator_client.get(answer["Location"]))
    assert "The simulation was stopped" in text
    assert "July 2026 – September 2026" in text


def test_a_simulated_price_with_steps_is_saved(operator_client: Client, basic: Tariff) -> None:
    using(basic, "Harbour", cameras=3)
    values = {"amount": "9.50", "steps_from": ["2", ""], "steps_price": ["8.25", ""]}

    page = operator_client.get(simulated(operator_client, price_form(basic), **values))
    text = visible_text(page)
    assert "Basic for EUR 9.50, EUR 8.25 from 2 camera-months" in text
    assert "EUR 27.00 EUR 24.75" in text

    form = operator_client.get(page.context["what"].save_at).context["price_form"]
    assert form["amount"].value() == "9.5"
    assert form["steps"].value() == [("2", "8.25")]


def test_a_wrong_step_is_refused(operator_client: Client, basic: Tariff) -> None:
    given = {"id": uuid4(), "month": "2026-09", "months": 1, "amount": "9"}
    wrong = given | {"steps_from": ["0"], "steps_price": ["8"]}

    assert list(errors(operator_client.post(price_form(basic), wrong))) == ["steps"]
