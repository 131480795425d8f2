"""Test connecting a camera."""

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


def test_connects_a_camera_now(
    operator_client: Client, organization: Organization, now: datetime
) -> None:
    page = post(operator_client, organization).text
    use = UsageInterval.objects.get()
    assert (use.camera.name, use.camera.title) == ("gate-01", "Gate")
    assert (use.organization, use.started_at, use.ended_at) == (organization, now, None)
    assert "“gate-01” is in use by “Harbour” as of 15 Oct 2026 14:00:00 (Europe/Berlin)." in page
    assert "have been recalculated" not in page
    assert "Cameras for Harbour" in page


def test_connects_a_camera_in_the_past_and_says_that_charges_change(
    operator_client: Client, organization: Organization
) -> None:
    answer = post(operator_client, organization, when="past", at="2026-06-01T02:00:00")
    assert UsageInterval.objects.get().started_at == JUNE
    assert "Charges since that time have been recalculated." in answer.text


def test_returns_to_the_page_that_led_here(
    operator_client: Client, organization: Organization
) -> None:
    answer = post(operator_client, organization, next="/tariffs/")
    assert answer.redirect_chain == [("/tariffs/", 302)]
    answer = post(operator_client, organization, name="b", next="https://evil.example/")
    assert answer.redirect_chain == [(f"/organizations/{organization.pk}/cameras/", 302)]


def test_the_query_may_prefill_the_name(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(address(organization), {"name": "gate 7"}).text
    assert 'value="gate 7"' in page


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"name": ""}, "name", "Enter the stream name."),
        ({"name": "gate\n01"}, "name", "Enter a single line"),
        ({"title": "Gate\n1"}, "title", "Enter a single line"),
        ({"tariff": ""}, "tariff", "Choose a tariff plan."),
        ({"tariff": "999"}, "tariff", "no longer available"),
        ({"when": ""}, "when", "This field is required."),
        ({"when": "past"}, "at", "Enter a date and time, or choose Now."),
        ({"when": "past", "at": "2026-03-29T02:30:00"}, "at", "does not exist in Europe/Berlin"),
        ({"when": "past", "at": "2026-10-15T14:00:01"}, "at", "This time is in the future"),
    ],
)
def test_an_error_is_shown_beside_its_field(
    operator_client: Client,
    organization: Organization,
    data: dict[str, str],
    field: str,
    message: str,
) -> None:
    answer = post(operator_client, organization, **data)
    assert message in str(answer.context["form"].errors[field])
    assert not Camera.objects.exists()


def test_a_camera_in_use_elsewhere_is_refused_with_a_link_to_move_it(
    operator_client: Client, organization: Organization
) -> None:
    use = UsageIntervalFactory.create(
        camera__name="gate-01", camera__organization__title="Dock", tariff__name="Basic"
    )
    answer = post(operator_client, organization)
    assert "already in use by “Dock” on “Basic”" in str(answer.context["form"].errors["name"])
    assert f'href="/cameras/{use.camera_id}/move/?to=Harbour"' in answer.text
    assert UsageInterval.objects.get() == use


def test_a_camera_in_use_here_is_refused_with_a_link_to_it(
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


def test_a_camera_used_later_is_refused(
    operator_client: Client, organization: Organization
) -> None:
    UsageIntervalFactory.create(camera__name="gate-01", ended_at=JUNE)
    answer = post(operator_client, organization, when="past", at="2026-05-01T00:00:00")
    assert "until 1 Jun 2026" in str(answer.context["form"].errors["at"])


def test_without_tariffs_the_page_links_to_where_to_add_them(operator_client: Client) -> None:
    organization = OrganizationFactory.create()
    page = operator_client.get(address(organization)).text
    assert "No tariff plans are available" in page
    assert f'href="/organizations/{organization.pk}/edit/"' in page


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_support_and_owners_may_not_connect_cameras(
    role: str, request: pytest.FixtureRequest, organization: Organization
) -> None:
    client = request.getfixturevalue(role)
    assert client.get(address(organization)).status_code == 403
    assert client.post(address(organization), {"name": "x"}).status_code == 403
    assert not Camera.objects.exists()


def test_anonymous_users_must_sign_in(client: Client, organization: Organization) -> None:
    assert client.post(address(organization)).headers["Location"].startswith("/accounts/login/")


def test_other_methods_and_missing_organizations_are_errors(
    operator_client: Client, organization: Organization
) -> None:
    assert operator_client.put(address(organization)).status_code == 405
    assert (
        operator_client.get(f"/organizations/{organization.pk + 9}/cameras/connect/").status_code
        == 404
    )
