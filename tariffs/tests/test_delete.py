"""Deleting a tariff plan."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def delete(tariff: Tariff) -> str:
    return reverse("tariffs:delete", args=[tariff.pk])


def test_page_asks_first_and_shows_how_many_organizations_lose_the_plan(operator: Client) -> None:
    tariff = TariffFactory.create()
    for _ in range(2):
        OrganizationFactory.create(tariffs=[tariff])
    page = operator.get(delete(tariff)).content.decode()
    assert "It will no longer be available to <strong>2 organizations</strong>." in page
    assert '<input type="hidden" name="organization_count" value="2">' in page
    assert Tariff.objects.exists()


def test_unused_plan_is_deleted(operator: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    organization = OrganizationFactory.create(tariffs=[tariff])
    response = operator.post(delete(tariff), {"organization_count": "1"}, follow=True)
    assert response.redirect_chain == [(reverse("tariffs:list"), 302)]
    assert "“Basic” has been deleted" in response.content.decode()
    assert not Tariff.objects.exists()
    assert not organization.tariffs.exists()


def test_deletion_without_the_number_shown_is_not_accepted(operator: Client) -> None:
    tariff = TariffFactory.create()
    assert operator.post(delete(tariff)).status_code == 200
    assert Tariff.objects.exists()


def test_confirmation_is_asked_for_again_when_the_number_has_changed(operator: Client) -> None:
    tariff = TariffFactory.create()
    OrganizationFactory.create(tariffs=[tariff])
    response = operator.post(delete(tariff), {"organization_count": "0"}, follow=True)
    page = response.content.decode()
    assert (
        "The number of organizations with this tariff plan has changed "
        "since you opened this page. Check it and try again."
    ) in page
    assert "It will no longer be available to <strong>1 organization</strong>." in page
    assert Tariff.objects.exists()


def test_used_plan_is_not_deleted_and_archiving_is_offered(operator: Client) -> None:
    tariff = UsageIntervalFactory.create(ended_at=datetime(2026, 1, 2, tzinfo=UTC)).tariff
    response = operator.post(delete(tariff), {"organization_count": "1"}, follow=True)
    page = response.content.decode()
    assert "Cameras have used this tariff plan, so it cannot be deleted." in page
    assert reverse("tariffs:archive", args=[tariff.pk]) in page
    assert "organization_count" not in page
    assert Tariff.objects.exists()


def test_archiving_is_not_offered_for_an_archived_plan(operator: Client) -> None:
    tariff = UsageIntervalFactory.create(tariff__is_archived=True).tariff
    page = operator.get(delete(tariff)).content.decode()
    assert "It is already archived and can no longer be assigned." in page
    assert reverse("tariffs:archive", args=[tariff.pk]) not in page
