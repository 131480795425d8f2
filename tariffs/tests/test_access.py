"""Who may open the pages of tariff plans, and by which methods."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tariffs.models import Tariff, TariffPrice
from tariffs.tests.factories import TariffPriceFactory

pytestmark = pytest.mark.django_db

OPERATORS_PAGES = ["add", "edit", "add_price", "withdraw_price", "archive", "restore", "delete"]
POST_ONLY = ["archive", "restore"]


@pytest.fixture
def price() -> TariffPrice:
    return TariffPriceFactory.create(amount=Decimal(9))


def address(name: str, price: TariffPrice) -> str:
    match name:
        case "list" | "add":
            return reverse(f"tariffs:{name}")
        case "withdraw_price":
            return reverse("tariffs:withdraw_price", args=[price.tariff_id, price.pk])
        case _:
            return reverse(f"tariffs:{name}", args=[price.tariff_id])


@pytest.mark.parametrize("name", ["list", *OPERATORS_PAGES])
def test_pages_require_sign_in(client: Client, price: TariffPrice, name: str) -> None:
    for response in (client.get(address(name, price)), client.post(address(name, price))):
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["list", *OPERATORS_PAGES])
def test_owner_is_refused(owner: Client, price: TariffPrice, name: str) -> None:
    send = owner.post if name in POST_ONLY else owner.get
    assert send(address(name, price)).status_code == 403


@pytest.mark.parametrize("name", OPERATORS_PAGES)
def test_support_cannot_change_anything(support: Client, price: TariffPrice, name: str) -> None:
    before = list(Tariff.objects.values()), list(TariffPrice.objects.values())
    data = {"amount": "9", "valid_from": "2026-12-01", "organization_count": "0"}
    assert support.post(address(name, price), data).status_code == 403
    assert (list(Tariff.objects.values()), list(TariffPrice.objects.values())) == before


@pytest.mark.parametrize("name", POST_ONLY)
def test_following_a_link_changes_nothing(operator: Client, price: TariffPrice, name: str) -> None:
    assert operator.get(address(name, price)).status_code == 405


def test_list_allows_only_reading(operator: Client) -> None:
    assert operator.post(reverse("tariffs:list")).status_code == 405


@pytest.mark.parametrize("name", OPERATORS_PAGES)
def test_pages_refuse_other_methods(operator: Client, price: TariffPrice, name: str) -> None:
    assert operator.put(address(name, price)).status_code == 405


@pytest.mark.parametrize("name", ["edit", "add_price", "withdraw_price", "delete"])
@pytest.mark.parametrize("number", [0, 10**30])
def test_unknown_tariff_is_not_found(operator: Client, name: str, number: int) -> None:
    args = [number, 1] if name == "withdraw_price" else [number]
    assert operator.get(reverse(f"tariffs:{name}", args=args)).status_code == 404


@pytest.mark.parametrize("name", POST_ONLY)
def test_tariff_deleted_in_the_meantime_is_reported(operator: Client, name: str) -> None:
    response = operator.post(reverse(f"tariffs:{name}", args=[1]), follow=True)
    assert response.redirect_chain == [(reverse("tariffs:list"), 302)]
    assert "This tariff plan has been deleted." in response.content.decode()
