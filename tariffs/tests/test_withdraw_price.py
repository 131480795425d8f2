"""Withdrawing a price that is not yet in force."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db


def withdraw(price: TariffPrice) -> str:
    return reverse("tariffs:withdraw_price", args=[price.tariff_id, price.pk])


def test_page_asks_first(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1))
    response = operator.get(withdraw(price))
    page = response.content.decode()
    assert "The monthly price of EUR\N{NO-BREAK SPACE}9.00 is due to apply from 1 Dec 2026." in page
    assert response.context["form"]["amount"].value() == Decimal(9)
    assert TariffPrice.objects.exists()


def test_confirmed_withdrawal_removes_the_price(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1))
    response = operator.post(withdraw(price), {"amount": "9.0000"}, follow=True)
    assert response.redirect_chain == [(reverse("tariffs:edit", args=[price.tariff_id]), 302)]
    assert "The price has been withdrawn." in response.content.decode()
    assert not TariffPrice.objects.exists()


@pytest.mark.parametrize("amount", ["", "x"])
def test_withdrawal_without_the_amount_shown_is_not_accepted(operator: Client, amount: str) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1))
    assert operator.post(withdraw(price), {"amount": amount}).status_code == 200
    assert TariffPrice.objects.exists()


def test_price_replaced_since_it_was_shown_is_kept(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1), amount=Decimal(10))
    response = operator.post(withdraw(price), {"amount": "9"}, follow=True)
    assert (
        "This price has been withdrawn or replaced since you opened the page. "
        "Review the current prices."
    ) in response.content.decode()
    assert TariffPrice.objects.exists()


def test_price_in_force_is_kept(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 10, 15))
    response = operator.post(withdraw(price), {"amount": "9"}, follow=True)
    assert (
        "This price already applies, so it can no longer be withdrawn. Set a new price instead."
    ) in response.content.decode()
    assert TariffPrice.objects.exists()


def test_price_of_another_plan_is_not_found(operator: Client) -> None:
    price = TariffPriceFactory.create(valid_from=date(2026, 12, 1))
    address = reverse("tariffs:withdraw_price", args=[TariffFactory.create().pk, price.pk])
    assert operator.post(address, {"amount": "9"}).status_code == 404
    assert TariffPrice.objects.exists()
