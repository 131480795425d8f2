"""The time zone of a person's pages: the provider's until they choose another."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/accounts/time-zone/"
AT = datetime(2026, 10, 15, 22, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def of_provider(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


def last_sign_in(client: Client, of: User) -> str:
    User.objects.filter(pk=of.pk).update(date_joined=AT)
    return client.get(f"/people/{of.pk}/").text


def test_times_are_in_the_providers_zone_until_another_is_chosen(
    operator_client: Client, operator: User
) -> None:
    page = last_sign_in(operator_client, operator)

    assert "16 Oct 2026, 00:30" in page
    assert "Your time zone: Europe/Berlin" in page


def test_times_are_in_the_zone_that_the_reader_chose(
    operator_client: Client, operator: User
) -> None:
    answer = operator_client.post(ADDRESS, {"time_zone": "Asia/Tokyo"}, follow=True)

    assert "The time zone was saved." in answer.text
    page = last_sign_in(operator_client, operator)
    assert "16 Oct 2026, 07:30" in page
    assert "Your time zone: Asia/Tokyo" in page
    assert timezone.get_current_timezone_name() == "Europe/Berlin"


def test_history_names_the_zone_of_the_reader(operator_client: Client) -> None:
    tariff = TariffFactory.create()
    operator_client.post(ADDRESS, {"time_zone": "Asia/Tokyo"})

    assert operator_client.get(f"/tariffs/{tariff.pk}/history/").context["zone"] == "Asia/Tokyo"


def test_a_page_in_the_zone_of_an_organization_does_not_call_it_the_readers(
    operator_client: Client,
) -> None:
    organization = OrganizationFactory.create(time_zone="America/New_York")
    operator_client.post(ADDRESS, {"time_zone": "Asia/Tokyo"})

    page = operator_client.get(f"/organizations/{organization.pk}/history/").text

    assert "Time zone: America/New_York." in page
    assert "Your time zone: Asia/Tokyo" in page


def test_times_of_an_organization_stay_in_its_zone(operator_client: Client) -> None:
    organization = OrganizationFactory.create(time_zone="America/New_York")
    operator_client.post(ADDRESS, {"time_zone": "Asia/Tokyo"})

    answer = operator_client.get(f"/organizations/{organization.pk}/history/")

    assert answer.context["zone"] == "America/New_York"


def test_the_providers_zone_can_be_chosen_again(operator_client: Client, operator: User) -> None:
    operator_client.post(ADDRESS, {"time_zone": "Asia/Tokyo"})
    operator_client.post(ADDRESS, {"time_zone": ""})

    operator.refresh_from_db()
    assert operator.time_zone == ""


def test_a_wrong_zone_is_refused(operator_client: Client, operator: User) -> None:
    answer = operator_client.post(ADDRESS, {"time_zone": "Mars/Olympus"})

    assert answer.context["form"].errors["time_zone"]
    operator.refresh_from_db()
    assert operator.time_zone == ""


def test_an_owner_has_a_zone_too(client: Client) -> None:
    owner = OwnerFactory.create()
    client.force_login(owner)

    client.post(ADDRESS, {"time_zone": "Asia/Tokyo"})

    owner.refresh_from_db()
    assert owner.time_zone == "Asia/Tokyo"
