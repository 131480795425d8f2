"""Test the Usages page."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.money import Amount
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}


def address(organization: Organization) -> str:
    return reverse("usage:usages", args=[organization.pk])


def in_use(tariff_name: str = "Basic", organization: Organization | None = None) -> UsageInterval:
    tariff = Tariff.objects.filter(name=tariff_name).first()
    tariff = tariff or TariffPriceFactory.create(tariff__name=tariff_name).tariff
    return UsageIntervalFactory.create(
        tariff=tariff, camera__organization=organization or OrganizationFactory.create()
    )


def text_of(page: bytes) -> str:
    return page.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_shows_totals_and_charges(operator_client: Client) -> None:
    interval = in_use()
    response = operator_client.get(address(interval.organization), SEPTEMBER)
    page = text_of(response.content)
    assert response.context["totals"].all.amounts == [Amount(Decimal("9.00"), "EUR")]
    assert "EUR 9.00" in page
    assert interval.camera.name in page
    assert "EUR 9.00 × 2,592,000 s ÷ 2,592,000 s = 9.000000 → " in page


def test_support_and_the_owner_may_see_the_page(
    support_client: Client, owner_client: Client, owner: User
) -> None:
    organization = in_use(organization=OrganizationFactory.create(owner=owner)).organization
    for client in (support_client, owner_client):
        assert client.get(address(organization), SEPTEMBER).status_code == 200


def test_an_owner_cannot_find_organizations_of_others(owner_client: Client) -> None:
    organization = in_use().organization
    missing = reverse("usage:usages", args=[organization.pk + 999])
    assert owner_client.get(address(organization)).status_code == 404
    assert owner_client.get(missing).status_code == 404


def test_anonymous_users_must_sign_in(client: Client) -> None:
    response = client.get(address(in_use().organization))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


def test_posting_is_not_allowed(operator_client: Client) -> None:
    assert operator_client.post(address(in_use().organization)).status_code == 405


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"from": "", "to": "2026-09-30"}, "from", "Enter a date."),
        ({"from": "2026-09-01"}, "to", "Enter a date."),
        ({"from": "2026-02-30", "to": "2026-09-30"}, "from", "Enter a date, for example"),
        ({"from": "2026-09-30", "to": "2026-09-01"}, "to", "The end date is before the start date"),
        ({"from": "2020-09-30", "to": "2025-09-30"}, "to", "up to 5 years"),
        (
            {"from": "0001-01-01", "to": "0001-01-31"},
            "from",
            "Enter a date between the years 2000 and 2199.",
        ),
        (
            {"from": "9999-12-01", "to": "9999-12-31"},
            "from",
            "Enter a date between the years 2000 and 2199.",
        ),
    ],
)
def test_an_invalid_period_is_a_form_error(
    operator_client: Client, query: dict[str, str], field: str, message: str
) -> None:
    organization = in_use().organization
    response = operator_client.get(address(organization), query)
    assert response.status_code == 200
    assert message in str(response.context["form"].errors[field])
    assert "statement" not in response.context
    exported = operator_client.get(reverse("usage:usages_csv", args=[organization.pk]), query)
    assert exported.status_code == 400
    assert message in exported.content.decode()


def test_a_period_of_five_years_is_valid(operator_client: Client) -> None:
    query = {"from": "2020-02-29", "to": "2025-02-28"}
    response = operator_client.get(address(in_use().organization), query)
    assert response.context["form"].is_valid()


def test_without_dates_the_period_is_this_month(operator_client: Client) -> None:
    response = operator_client.get(address(in_use().organization))
    period = response.context["statement"].period
    today = response.context["as_of"].date()
    assert period.start == today.replace(day=1)
    assert period.start <= today <= period.last


def test_times_are_shown_in_the_named_zone_of_the_organization(operator_client: Client) -> None:
    organization = OrganizationFactory.create(time_zone="Asia/Tokyo")
    organization = in_use(organization=organization).organization
    page = text_of(operator_client.get(address(organization), SEPTEMBER).content)
    assert "All times are in Asia/Tokyo" in page
    assert 'datetime="2026-09-01T00:00:00+09:00"' in page
    assert "00:00:00</time>" in page


def test_an_unpriced_charge_is_shown_and_the_page_says_it_is_incomplete(
    operator_client: Client,
) -> None:
    interval = UsageIntervalFactory.create()
    page = text_of(operator_client.get(address(interval.organization), SEPTEMBER).content)
    assert "This statement is incomplete" in page
    assert "unpriced" in page


def test_an_organization_without_usage_says_so(operator_client: Client) -> None:
    page = text_of(operator_client.get(address(OrganizationFactory.create()), SEPTEMBER).content)
    assert "No usage in this period" in page


def test_search_and_filter_narrow_the_charges_but_not_the_totals(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    wanted = in_use("Basic", organization)
    in_use("Basic", organization)
    other = in_use("Pro", organization)

    by_name = operator_client.get(address(organization), SEPTEMBER | {"q": wanted.camera.name})
    by_tariff = operator_client.get(address(organization), SEPTEMBER | {"tariff": other.tariff.pk})
    by_nonsense = operator_client.get(address(organization), SEPTEMBER | {"tariff": "nonsense"})

    assert [row.camera for row in by_name.context["rows"]] == [wanted.camera]
    assert [row.camera for row in by_tariff.context["rows"]] == [other.camera]
    assert by_nonsense.context["rows"] == []
    for response in (by_name, by_tariff, by_nonsense):
        assert response.context["totals"].all.amounts == [Amount(Decimal("27.00"), "EUR")]


def test_an_invalid_page_number_shows_the_nearest_page(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    for _ in range(51):
        in_use(organization=organization)
    numbers = {}
    for asked in ("1", "2", "3", "0", "-1", "x", "", "999999999999"):
        response = operator_client.get(address(organization), SEPTEMBER | {"page": asked})
        numbers[asked] = (response.context["page"].number, len(response.context["rows"]))
    assert numbers == {
        "1": (1, 50),
        "2": (2, 1),
        "3": (2, 1),
        "0": (1, 50),
        "-1": (1, 50),
        "x": (1, 50),
        "": (1, 50),
        "999999999999": (1, 50),
    }


def test_the_number_of_queries_does_not_grow_with_cameras(
    operator_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    organization = OrganizationFactory.create()
    for number in (1, 30):
        for _ in range(number):
            in_use(organization=organization)
        with django_assert_max_num_queries(23):
            operator_client.get(address(organization), SEPTEMBER)


def test_charges_and_costs_are_drawn(operator_client: Client) -> None:
    organization = OrganizationFactory.create(
        trial_first_on=date(2026, 9, 1), trial_last_on=date(2026, 9, 10)
    )
    interval = in_use(organization=organization)

    page = text_of(operator_client.get(address(organization), SEPTEMBER).content)

    row = f"charge-{interval.camera_id}-{int(datetime(2026, 9, 1, tzinfo=UTC).timestamp())}"
    assert f'<tr class="charge" id="{row}">' in page
    assert f'<a class="timeline-camera" href="#{row}"' in page
    assert f'data-row="{row}"' in page
    assert 'role="img" aria-label="Basic, 1 Sep 2026, 00:00 – 1 Oct 2026, 00:00: EUR 6.00"' in page
    assert '<rect fill="url(#trial-hatch)" x="0.000%" y="15%" width="33.333%"' in page
    assert "Cost by tariff, EUR" in page
    assert "<title>11 Sep 2026, Basic: EUR 0.30 of EUR 0.30</title>" in page
    assert "Total: EUR 6.00. Highest: EUR 0.30 (11 Sep 2026)." in page


def test_drawings_comply_with_the_content_security_policy(operator_client: Client) -> None:
    page = operator_client.get(address(in_use().organization), SEPTEMBER).text
    assert "<svg" in page
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_the_timeline_has_the_cameras_of_the_page(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    for _ in range(51):
        in_use(organization=organization)
    for page, number in (("1", 50), ("2", 1)):
        context = operator_client.get(address(organization), SEPTEMBER | {"page": page}).context
        drawn = [row.camera for row in context["timeline"].rows]
        assert drawn == [row.camera for row in context["rows"]]
        assert len(drawn) == number


def test_a_filter_narrows_the_timeline_but_not_the_charts(
    operator_client: Client,
) -> None:
    organization = OrganizationFactory.create()
    in_use("Basic", organization)
    other = in_use("Pro", organization)
    query = SEPTEMBER | {"tariff": other.tariff.pk}
    context = operator_client.get(address(organization), query).context
    assert [row.camera for row in context["timeline"].rows] == [other.camera]
    assert [chart.total for chart in context["charts"]] == [Decimal("18.00")]
