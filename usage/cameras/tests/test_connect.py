"""Connecting a camera."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def tariff() -> Tariff:
    return TariffFactory.create()


@pytest.fixture
def organization(tariff: Tariff) -> Organization:
    return OrganizationFactory.create(title="Harbour", time_zone="Europe/Berlin", tariffs=[tariff])


def address(organization: Organization) -> str:
    return reverse("usage:connect", args=[organization.pk])


def post(client: Client, organization: Organization, **data: Any) -> Any:
    tariff = organization.tariffs.get()
    data = {"name": "gate-01", "title": "Gate", "tariff": tariff.pk, "when": "now", **data}
    return client.post(address(organization), data, follow=True)


def test_connects_now(operator_client: Client, organization: Organization, now: datetime) -> None:
    page = post(operator_client, organization).text
    use = UsageInterval.objects.get()
    assert (use.camera.name, use.camera.title) == ("gate-01", "Gate")
    assert (use.organization, use.started_at, use.ended_at) == (organization, now, None)
    assert "“gate-01” is in use by “Harbour” as of 15 Oct 2026 14:00:00." in page
    assert "computed anew" not in page
    assert "Cameras for Harbour" in page


def test_connects_in_the_past_and_says_what_that_changes(
    operator_client: Client, organization: Organization
) -> None:
    answer = post(operator_client, organization, when="past", at="2026-06-01T02:00:00")
    assert UsageInterval.objects.get().started_at == JUNE
    assert "Charges since that time have been recalculated." in answer.text


def test_goes_back_to_where_it_was_asked_for(
    operator_client: Client, organization: Organization
) -> None:
    answer = post(operator_client, organization, next="/tariffs/")
    assert answer.redirect_chain == [("/tariffs/", 302)]
    answer = post(operator_client, organization, name="b", next="https://evil.example/")
    assert answer.redirect_chain == [(f"/organizations/{organization.pk}/cameras/", 302)]


def test_the_name_may_come_with_the_address(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(address(organization), {"name": "gate 7"}).text
    assert 'value="gate 7"' in page


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"name": ""}, "name", "Enter the stream name."),
        ({"name": "gate\n01"}, "name", "Write it on one line"),
        ({"title": "Gate\n1"}, "title", "Write it on one line"),
        ({"tariff": ""}, "tariff", "Choose a tariff plan."),
        ({"tariff": "999"}, "tariff", "no longer available"),
        ({"when": ""}, "when", "This field is required."),
        ({"when": "past"}, "at", "Enter a date and time, or choose Now."),
        ({"when": "past", "at": "2026-03-29T02:30:00"}, "at", "never showed this time"),
        ({"when": "past", "at": "2026-10-15T14:00:01"}, "at", "This lies in the future"),
    ],
)
def test_a_mistake_is_shown_beside_its_field(
    operator_client: Client,
    organization: Organization,
    data: dict[str, str],
    field: str,
    message: str,
) -> None:
    answer = post(operator_client, organization, **data)
    assert message in str(answer.context["form"].errors[field])
    assert not Camera.objects.exists()


def test_one_in_use_elsewhere_is_refused_and_can_be_moved(
    operator_client: Client, organization: Organization
) -> None:
    use = UsageIntervalFactory.create(
        camera__name="gate-01", camera__organization__title="Dock", tariff__name="Basic"
    )
    answer = post(operator_client, organization)
    assert "in use by “Dock” on “Basic” already" in str(answer.context["form"].errors["name"])
    assert f'href="/cameras/{use.camera_id}/move/?to=Harbour"' in answer.text
    assert UsageInterval.objects.get() == use


def test_one_in_use_here_is_refused_and_can_be_seen(
    operator_client: Client, organization: Organization
) -> None:
    use = UsageIntervalFactory.create(
        camera__name="gate-01",
        camera__organization=organization,
        tariff=organization.tariffs.get(),
    )
    page = post(operator_client, organization).text
    assert f'href="/cameras/{use.camera_id}/"' in page
    assert "/move/" not in page


def test_one_used_later_is_refused(operator_client: Client, organization: Organization) -> None:
    UsageIntervalFactory.create(camera__name="gate-01", ended_at=JUNE)
    answer = post(operator_client, organization, when="past", at="2026-05-01T00:00:00")
    assert "until 1 Jun 2026" in str(answer.context["form"].errors["at"])


def test_without_tariffs_it_says_where_to_get_some(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    page = operator_client.get(address(organization)).text
    assert "No tariff plan is available" in page
    assert f'href="/organizations/{organization.pk}/edit/"' in page


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_others_may_not(
    role: str, request: pytest.FixtureRequest, organization: Organization
) -> None:
    client = request.getfixturevalue(role)
    assert client.get(address(organization)).status_code == 403
    assert client.post(address(organization), {"name": "x"}).status_code == 403
    assert not Camera.objects.exists()


def test_only_who_is_signed_in_may(client: Client, organization: Organization) -> None:
    assert client.post(address(organization)).headers["Location"].startswith("/accounts/login/")


def test_only_reading_and_posting_are_allowed(
    operator_client: Client, organization: Organization
) -> None:
    assert operator_client.put(address(organization)).status_code == 405
    assert (
        operator_client.get(f"/organizations/{organization.pk + 9}/cameras/connect/").status_code
        == 404
    )
