"""Setting a new price."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tariffs import operations
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def add_price(tariff: Tariff) -> str:
    return reverse("tariffs:add_price", args=[tariff.pk])


def hidden_fields(page: str) -> dict[str, str]:
    """Return the values that the page's button would send."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


def test_page_shows_the_form_and_the_prices(operator: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    response = operator.get(add_price(tariff))
    assert len(response.context["versions"]) == 1
    assert not response.context["price_form"].is_bound


def test_upcoming_price_is_set_without_confirmation(operator: Client) -> None:
    tariff = TariffPriceFactory.create().tariff
    sent = {"amount": "10.5", "valid_from": "2026-11-01"}
    response = operator.post(add_price(tariff), sent, follow=True)
    assert response.redirect_chain == [(reverse("tariffs:edit", args=[tariff.pk]), 302)]
    assert (
        "The price has been set to EUR\N{NO-BREAK SPACE}10.50 from 1 Nov 2026."
        in response.content.decode()
    )
    assert tariff.prices.get(valid_from=date(2026, 11, 1)).amount == Decimal("10.5")


def test_price_sent_twice_is_set_once(operator: Client) -> None:
    tariff = TariffFactory.create()
    for _ in range(2):
        response = operator.post(add_price(tariff), {"amount": "10", "valid_from": "2026-11-01"})
        assert response.status_code == 302
    assert tariff.prices.count() == 1


def test_past_price_is_set_only_after_confirmation(operator: Client) -> None:
    tariff = UsageIntervalFactory.create().tariff
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(9), valid_from=date(2026, 1, 1))
    sent = {"amount": "10", "valid_from": "2026-09-01"}
    asked = operator.post(add_price(tariff), sent).content.decode()
    assert tariff.prices.count() == 1
    assert "<strong>1 camera</strong> used this tariff plan during that time." in asked
    assert "EUR\xa010.00" in asked
    assert "EUR\xa09.00" in asked
    response = operator.post(add_price(tariff), hidden_fields(asked))
    assert response.status_code == 302
    assert tariff.prices.get(valid_from=date(2026, 9, 1)).amount == 10


def test_confirmation_shows_until_when_the_price_would_apply(operator: Client) -> None:
    tariff = TariffPriceFactory.create(valid_from=date(2026, 10, 1)).tariff
    sent = {"amount": "10", "valid_from": "2026-09-01"}
    asked = operator.post(add_price(tariff), sent).content.decode()
    assert "1 Sep 2026 to 30 Sep 2026" in asked
    assert "No camera used this tariff plan during that time, so no charges will change." in asked


def test_replacing_a_price_requires_confirmation(operator: Client) -> None:
    tariff = TariffPriceFactory.create(valid_from=date(2026, 12, 1)).tariff
    sent = {"amount": "10", "valid_from": "2026-12-01"}
    asked = operator.post(add_price(tariff), sent).content.decode()
    assert "Replace this price?" in asked
    assert tariff.prices.get().amount == 9
    operator.post(add_price(tariff), hidden_fields(asked))
    assert tariff.prices.get().amount == 10


def test_confirmation_is_asked_for_again_when_the_number_has_changed(operator: Client) -> None:
    tariff = TariffFactory.create()
    sent = {"amount": "10", "valid_from": "2026-09-01"}
    asked = operator.post(add_price(tariff), sent).content.decode()
    assert "These details have changed since you opened this page." not in asked
    UsageIntervalFactory.create(tariff=tariff)
    again = operator.post(add_price(tariff), hidden_fields(asked)).content.decode()
    assert not tariff.prices.exists()
    assert (
        "These details have changed since you opened this page. Review them and confirm again."
        in again
    )
    assert "<strong>1 camera</strong>" in again
    operator.post(add_price(tariff), hidden_fields(again))
    assert tariff.prices.get().amount == 10


@pytest.mark.parametrize("change", [{"amount": "11"}, {"valid_from": "2026-08-01"}])
def test_confirmation_is_valid_for_one_amount_and_date(
    operator: Client, change: dict[str, str]
) -> None:
    tariff = TariffFactory.create()
    sent = {"amount": "10", "valid_from": "2026-09-01"}
    asked = operator.post(add_price(tariff), sent).content.decode()
    operator.post(add_price(tariff), hidden_fields(asked) | change)
    assert not tariff.prices.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", ""), ("amount", "-1"), ("amount", "1e2"), ("valid_from", ""), ("valid_from", "x")],
)
def test_wrong_price_is_refused(operator: Client, field: str, value: str) -> None:
    tariff = TariffFactory.create()
    sent = {"amount": "10", "valid_from": "2026-11-01", field: value}
    response = operator.post(add_price(tariff), sent)
    assert response.status_code == 200
    assert list(response.context["price_form"].errors) == [field]
    assert not tariff.prices.exists()


def test_archived_plan_can_have_a_new_price(operator: Client) -> None:
    tariff = TariffFactory.create(is_archived=True)
    operator.post(add_price(tariff), {"amount": "10", "valid_from": "2026-11-01"})
    assert tariff.prices.get().amount == 10


def test_plan_deleted_at_the_last_moment_is_reported(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**fields: Any) -> None:
        raise operations.TariffGone

    monkeypatch.setattr(operations, "set_price", too_late)
    sent = {"amount": "10", "valid_from": "2026-11-01"}
    response = operator.post(add_price(TariffFactory.create()), sent)
    assert response["Location"] == reverse("tariffs:list")
