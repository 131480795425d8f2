"""Editing an organization."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import OwnerFactory
from organizations import operations
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_operations import version
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db: None) -> Organization:
    return OrganizationFactory.create(title="Acme", owner__email="ann@example.com")


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/edit/"


def entries(**fields: Any) -> dict[str, Any]:
    """Return the values that the browser sends from a freshly opened page of Acme."""
    shown = version(Organization.objects.get(title="Acme"))
    return {
        "title": "Acme",
        "owner": "ann@example.com",
        "time_zone": "UTC",
        "version": shown,
        **fields,
    }


def use(organization: Organization, tariff: Tariff, cameras: int) -> None:
    for _ in range(cameras):
        UsageIntervalFactory.create(
            camera=CameraFactory.create(organization=organization), tariff=tariff
        )


def test_shows_what_is_stored(operator_client: Client) -> None:
    organization = OrganizationFactory.create(
        title="Acme",
        owner__email="ann@example.com",
        trial_first_on="2026-10-01",
        trial_last_on="2026-10-31",
        time_zone="US/Eastern",
        contract_number="K-17",
        contract_signed_on="2026-09-30",
        watcher_id="w1",
    )

    page = operator_client.get(address(organization)).text

    for value in ("Acme", "ann@example.com", "2026-10-01", "2026-10-31", "K-17", "2026-09-30"):
        assert f'value="{value}"' in page
    assert '<option value="US/Eastern" selected>' in page
    assert page.count("Changing this recalculates past charges.") == 2


def test_changes_the_organization(operator_client: Client, acme: Organization) -> None:
    answer = operator_client.post(
        address(acme), entries(title="ACME", contract_number="K-18"), follow=True
    )

    acme.refresh_from_db()
    assert (acme.title, acme.contract_number) == ("ACME", "K-18")
    assert answer.redirect_chain == [("/organizations/", 302)]
    assert "Changes to ACME were saved." in answer.text


def test_the_last_day_of_the_contract_is_stored_and_shown(
    operator_client: Client, acme: Organization
) -> None:
    dates = {"contract_signed_on": "2026-10-01", "contract_last_on": "2027-09-30"}

    operator_client.post(address(acme), entries(**dates))

    acme.refresh_from_db()
    assert acme.contract_last_on == date(2027, 9, 30)
    page = operator_client.get(reverse("organizations:agreement", args=[acme.pk])).text
    assert page.count("30 Sep 2027") == 2


def test_a_contract_cannot_end_before_it_was_signed(
    operator_client: Client, acme: Organization
) -> None:
    dates = {"contract_signed_on": "2026-10-01", "contract_last_on": "2026-09-30"}

    answer = operator_client.post(address(acme), entries(**dates))

    assert list(answer.context["form"].errors) == ["contract_last_on"]
    acme.refresh_from_db()
    assert acme.contract_last_on is None


def test_keeps_an_old_name_of_a_time_zone(operator_client: Client, acme: Organization) -> None:
    Organization.objects.update(time_zone="US/Eastern")

    operator_client.post(address(acme), entries(time_zone="US/Eastern", contract_number="K-18"))

    acme.refresh_from_db()
    assert (acme.time_zone, acme.contract_number) == ("US/Eastern", "K-18")


def test_changes_the_owner(operator_client: Client, acme: Organization) -> None:
    bob = OwnerFactory.create(email="bob@example.com")

    operator_client.post(address(acme), entries(owner="bob@example.com"))

    acme.refresh_from_db()
    assert acme.owner == bob


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/organizations/?q=a&page=2", "/organizations/?q=a&page=2"),
        ("https://elsewhere.test/", "/organizations/"),
        ("//elsewhere.test/", "/organizations/"),
        ("", "/organizations/"),
    ],
)
def test_redirects_to_where_edit_was_pressed(
    operator_client: Client, acme: Organization, asked: str, led_to: str
) -> None:
    shown = operator_client.get(address(acme), {"next": asked})
    answer = operator_client.post(address(acme), entries(next=asked))

    assert shown.context["way_back"] == led_to
    assert answer.headers["Location"] == led_to


def test_shows_how_many_cameras_use_a_tariff(operator_client: Client, acme: Organization) -> None:
    use(acme, TariffFactory.create(name="Basic"), 2)
    use(OrganizationFactory.create(), Tariff.objects.get(), 1)

    page = operator_client.get(address(acme)).text

    assert "2 cameras" in page
    assert "No longer available, but cameras on these plans keep them:" not in page


def test_cameras_keep_a_removed_tariff(operator_client: Client, acme: Organization) -> None:
    use(acme, TariffFactory.create(name="Basic"), 2)
    use(acme, TariffFactory.create(name="Pro"), 1)
    unused = TariffFactory.create(name="Unused")
    acme.tariffs.add(unused)

    answer = operator_client.post(address(acme), entries(tariffs=[]), follow=True)

    assert not acme.tariffs.exists()
    assert acme.usage_intervals.filter(ended_at=None).count() == 3
    assert "Basic was removed from the organization. 2 cameras on this plan keep it" in answer.text
    assert "Pro was removed from the organization. 1 camera on this plan keeps it" in answer.text
    assert "Unused was removed from the organization" not in answer.text


def test_a_removed_tariff_in_use_is_listed(operator_client: Client, acme: Organization) -> None:
    use(acme, TariffFactory.create(name="Gone plan", is_archived=True), 2)
    acme.tariffs.clear()

    answer = operator_client.get(address(acme))

    assert "No longer available, but cameras on these plans keep them:" in answer.text
    assert "<li>Gone plan: 2 cameras</li>" in answer.text
    assert not answer.context["form"].fields["tariffs"].queryset.exists()


def test_an_archived_tariff_is_offered_only_where_it_is_available(
    operator_client: Client, acme: Organization
) -> None:
    archived = TariffFactory.create(name="Legacy", is_archived=True)
    acme.tariffs.add(archived)
    other = OrganizationFactory.create()

    assert "Legacy" in (page := operator_client.get(address(acme)).text)
    assert ">archived</span>" in page
    assert "Legacy" not in operator_client.get(address(other)).text


def test_an_archived_tariff_can_be_kept(operator_client: Client, acme: Organization) -> None:
    archived = TariffFactory.create(is_archived=True)
    acme.tariffs.add(archived)

    operator_client.post(address(acme), entries(tariffs=[archived.pk], title="Changed"))

    assert Organization.objects.get(title="Changed").tariffs.get() == archived


def test_a_tariff_archived_in_the_meantime_is_refused(
    operator_client: Client, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    tariff = TariffFactory.create()
    change = operations.change_organization

    def change_after_archiving(**fields: Any) -> Any:
        Tariff.objects.update(is_archived=True)
        return change(**fields)

    monkeypatch.setattr(operations, "change_organization", change_after_archiving)
    answer = operator_client.post(address(acme), entries(tariffs=[tariff.pk]))

    assert (
        "A tariff plan has been archived or deleted since you opened this page. "
        "Review the tariff plans and save again."
    ) in answer.text
    assert not acme.tariffs.exists()


def test_the_title_of_another_organization_is_refused(
    operator_client: Client, acme: Organization
) -> None:
    OrganizationFactory.create(title="Globex")

    answer = operator_client.post(address(acme), entries(title="GLOBEX"))

    assert "An organization with this title already exists." in answer.text
    assert 'value="GLOBEX"' in answer.text
    acme.refresh_from_db()
    assert acme.title == "Acme"


def test_many_tariffs_can_be_searched(operator_client: Client, acme: Organization) -> None:
    assert "data-narrows" not in operator_client.get(address(acme)).text

    TariffFactory.create_batch(11)

    assert "data-narrows" in operator_client.get(address(acme)).text


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_only_operators_may_edit(
    role: str, acme: Organization, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(role)

    assert client.get(address(acme)).status_code == 403
    assert client.post(address(acme), entries(title="Changed")).status_code == 403
    acme.refresh_from_db()
    assert acme.title == "Acme"


def test_requires_sign_in(client: Client, acme: Organization) -> None:
    answer = client.post(address(acme), entries(title="Changed"))

    assert answer.headers["Location"].startswith("/accounts/login/")
    acme.refresh_from_db()
    assert acme.title == "Acme"


def test_an_unknown_organization_is_not_found(operator_client: Client) -> None:
    assert operator_client.get("/organizations/1/edit/").status_code == 404


def test_refuses_the_delete_method(operator_client: Client, acme: Organization) -> None:
    assert operator_client.delete(address(acme)).status_code == 405
    assert Organization.objects.filter(pk=acme.pk).exists()
