"""Test that only organizations that were never used can be deleted."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from invoices.runs.models import InvoiceRun, RunItem
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.closing import operations
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db


def used() -> Organization:
    return UsageIntervalFactory.create().organization


def used_a_camera_that_moved_away() -> Organization:
    change = datetime(2026, 5, 1, tzinfo=UTC)
    camera = CameraFactory.create()
    former = OrganizationFactory.create()
    UsageIntervalFactory.create(camera=camera, organization=former, ended_at=change)
    return former


def used_what_was_deleted() -> Organization:
    former = used_a_camera_that_moved_away()
    former.usage_intervals.all().delete()
    return former


def has_a_camera() -> Organization:
    return CameraFactory.create().organization


def was_in_a_run() -> Organization:
    run = InvoiceRun.objects.create(
        month=date(2026, 9, 1), started_at=datetime(2026, 10, 1, tzinfo=UTC)
    )
    return RunItem.objects.create(run=run, organization=OrganizationFactory.create()).organization


@pytest.mark.parametrize(
    "make", [used, used_a_camera_that_moved_away, used_what_was_deleted, has_a_camera, was_in_a_run]
)
def test_an_organization_that_was_used_cannot_be_deleted(
    operator_client: Client, make: Callable[[], Organization]
) -> None:
    organization = make()
    address = f"/organizations/{organization.pk}/delete/"
    page = operator_client.get(address).text
    assert "This organization cannot be deleted" in page
    assert "Close it instead" in page
    assert "so it cannot be deleted" in operator_client.post(address, follow=True).text
    with pytest.raises(operations.OrganizationUsed):
        operations.delete(organization_id=organization.pk)
    assert Organization.objects.filter(pk=organization.pk).exists()


def test_an_organization_that_was_never_used_is_deleted_with_its_tariffs(
    operator_client: Client,
) -> None:
    organization = OrganizationFactory.create(title="Typo", tariffs=[TariffFactory.create()])
    used()
    address = f"/organizations/{organization.pk}/delete/"
    assert "will be permanently deleted" in operator_client.get(address).text
    answer = operator_client.post(address, follow=True)
    assert "“Typo” was deleted." in answer.text
    assert not Organization.objects.filter(pk=organization.pk).exists()
    history = operator_client.get(f"/organizations/{organization.pk}/history/")
    assert "Typo" in history.text
