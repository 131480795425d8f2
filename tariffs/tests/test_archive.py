"""Archiving and restoring a tariff plan."""

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def test_plan_is_archived_and_its_cameras_keep_it(operator: Client) -> None:
    interval = UsageIntervalFactory.create()
    address = reverse("tariffs:archive", args=[interval.tariff_id])
    response = operator.post(address, follow=True)
    assert response.redirect_chain == [(reverse("tariffs:edit", args=[interval.tariff_id]), 302)]
    page = response.content.decode()
    assert "” has been archived. It can no longer be assigned." in page
    assert "Available to 1 organization." in page
    assert "Currently used by 1 camera." in page
    assert Tariff.objects.get().is_archived
    assert list(interval.organization.tariffs.all()) == [interval.tariff]


def test_archiving_twice_has_no_effect(operator: Client) -> None:
    tariff = TariffFactory.create(is_archived=True)
    operator.post(reverse("tariffs:archive", args=[tariff.pk]))
    assert Tariff.objects.get().is_archived


def test_plan_is_restored(operator: Client) -> None:
    tariff = TariffFactory.create(is_archived=True, is_default=True)
    response = operator.post(reverse("tariffs:restore", args=[tariff.pk]), follow=True)
    assert "” has been restored." in response.content.decode()
    assert Tariff.objects.available().get().is_default
