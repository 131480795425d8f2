"""Tariff plans in Django admin."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db


def test_support_finds_a_plan_and_its_prices(support: Client) -> None:
    price = TariffPriceFactory.create(tariff__name="Basic", amount=Decimal("9.125"))
    TariffFactory.create(name="Pro")
    found = support.get(reverse("admin:tariffs_tariff_changelist"), {"q": "basic"})
    assert [tariff.name for tariff in found.context["cl"].result_list] == ["Basic"]
    page = support.get(reverse("admin:tariffs_tariff_change", args=[price.tariff_id]))
    assert "9.1250" in page.content.decode()


def test_support_cannot_change_anything(support: Client) -> None:
    tariff = TariffFactory.create(name="Basic")
    address = reverse("admin:tariffs_tariff_change", args=[tariff.pk])
    assert support.post(address, {"name": "Other"}).status_code == 403
    assert support.get(reverse("admin:tariffs_tariff_add")).status_code == 403
    delete = reverse("admin:tariffs_tariff_delete", args=[tariff.pk])
    assert support.post(delete, {"post": "yes"}).status_code == 403
    assert Tariff.objects.get().name == "Basic"


def test_operator_is_refused(operator: Client) -> None:
    address = reverse("admin:tariffs_tariff_changelist")
    assert operator.get(address, follow=True).status_code == 403
