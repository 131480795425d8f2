"""Adding a tariff plan."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.forms import BaseForm
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django.fixtures import Settings

from tariffs import operations
from tariffs.models import Proration, Tariff
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

RIGHT = {
    "name": "Basic",
    "note": "For shops",
    "is_default": "on",
    "dvr_depth_days": "7",
    "dvr_space_gb": "50",
    "has_anpr": "False",
    "amount": "9.5",
    "currency": "EUR",
    "valid_from": "2026-11-01",
    "proration": "second",
}


def refused(client: Client, **changes: str) -> Any:
    """Send the form with these changes and return its errors."""
    response = client.post(reverse("tariffs:add"), RIGHT | changes)
    assert response.status_code == 200
    assert not Tariff.objects.filter(note="For shops").exists()
    return response.context["form"].errors


def test_plan_is_added_with_its_first_price(operator: Client) -> None:
    response = operator.post(reverse("tariffs:add"), RIGHT, follow=True)
    assert response.redirect_chain == [(reverse("tariffs:list"), 302)]
    assert "“Basic” has been added" in response.content.decode()
    tariff = Tariff.objects.get()
    assert (tariff.name, tariff.note, tariff.currency) == ("Basic", "For shops", "EUR")
    assert (tariff.dvr_depth_days, tariff.dvr_space_gb, tariff.has_anpr) == (7, 50, False)
    assert tariff.is_default
    assert not tariff.is_archived
    assert tariff.proration == Proration.SECOND
    price = tariff.prices.get()
    assert (price.amount, price.valid_from) == (Decimal("9.5"), date(2026, 11, 1))


def test_plan_with_anpr_prorated_by_the_day(operator: Client) -> None:
    operator.post(reverse("tariffs:add"), RIGHT | {"has_anpr": "True", "proration": "day"})
    assert Tariff.objects.filter(has_anpr=True, proration=Proration.DAY).exists()


def test_plan_may_have_no_services(operator: Client) -> None:
    operator.post(reverse("tariffs:add"), RIGHT | {"dvr_depth_days": "0", "dvr_space_gb": "0"})
    assert Tariff.objects.filter(dvr_depth_days=0, dvr_space_gb=0, has_anpr=False).exists()


def test_first_price_may_apply_from_a_past_date(operator: Client) -> None:
    operator.post(reverse("tariffs:add"), RIGHT | {"valid_from": "2020-01-01"})
    assert Tariff.objects.get().prices.get().valid_from == date(2020, 1, 1)


def test_form_starts_with_today_by_the_second_and_no_choice_of_anpr(
    operator: Client, settings: Settings
) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    form: BaseForm = operator.get(reverse("tariffs:add")).context["form"]
    assert form["valid_from"].value() == date(2026, 10, 16)
    assert form["proration"].value() == Proration.SECOND
    assert form["has_anpr"].value() is None
    assert 'value="2026-10-16"' in str(form["valid_from"])
    assert "checked" not in str(form["has_anpr"])


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "dvr_depth_days",
        "dvr_space_gb",
        "has_anpr",
        "amount",
        "currency",
        "valid_from",
        "proration",
    ],
)
def test_field_is_required(operator: Client, field: str) -> None:
    assert list(refused(operator, **{field: ""})) == [field]


@pytest.mark.parametrize("field", ["dvr_depth_days", "dvr_space_gb"])
@pytest.mark.parametrize("value", ["-1", "1.5", "many", "99999999999"])
def test_services_must_be_whole_numbers(operator: Client, field: str, value: str) -> None:
    assert list(refused(operator, **{field: value})) == [field]


@pytest.mark.parametrize(
    "amount",
    [
        "-1",
        "-0",
        "+1",
        "1e2",
        "NaN",
        "Infinity",
        "1_000",
        "1,234",
        "1.12345",
        ".5",
        "٣",
    ],
)
def test_amount_must_be_plain_digits(operator: Client, amount: str) -> None:
    errors = refused(operator, amount=amount)
    assert list(errors) == ["amount"]
    assert "for example 9.50" in errors["amount"][0]


@pytest.mark.parametrize("amount", ["100000000", "999999999", "9" * 400])
def test_amount_too_large_names_the_limit(operator: Client, amount: str) -> None:
    assert refused(operator, amount=amount) == {"amount": ["Enter an amount below 100,000,000."]}


@pytest.mark.parametrize("name", ["Cloud\n7", "Cloud\r\n7", "Cloud\x007", "Cloud\u20287"])
def test_name_must_be_one_line(operator: Client, name: str) -> None:
    assert list(refused(operator, name=name)) == ["name"]


@pytest.mark.parametrize("amount", ["0", "0.0001", "99999999.9999", " 9.50 "])
def test_amount_may_have_four_decimals(operator: Client, amount: str) -> None:
    operator.post(reverse("tariffs:add"), RIGHT | {"amount": amount})
    assert Tariff.objects.get().prices.get().amount == Decimal(amount)


def test_amount_may_use_the_decimal_separator_of_the_language(
    operator: Client, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "ru"
    with translation.override("ru"):
        operator.post(reverse("tariffs:add"), RIGHT | {"amount": "9,5"})
    assert Tariff.objects.get().prices.get().amount == Decimal("9.5")


@pytest.mark.parametrize("valid_from", ["0026-10-01", "1999-12-31", "2200-01-01", "tomorrow"])
def test_date_must_be_plausible(operator: Client, valid_from: str) -> None:
    assert list(refused(operator, valid_from=valid_from)) == ["valid_from"]


@pytest.mark.parametrize("currency", ["eur", "XXX", "XAU", "EURO"])
def test_currency_must_be_supported(operator: Client, currency: str) -> None:
    assert list(refused(operator, currency=currency)) == ["currency"]


def test_proration_must_be_one_of_two(operator: Client) -> None:
    assert list(refused(operator, proration="week")) == ["proration"]


def test_name_of_another_plan_is_refused_beside_the_field(operator: Client) -> None:
    TariffFactory.create(name="BASIC")
    errors = refused(operator)
    assert errors == {"name": ["A tariff plan with this name already exists."]}


def test_name_taken_at_the_last_moment_is_refused(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(**fields: Any) -> None:
        raise operations.NameTaken

    monkeypatch.setattr(operations, "create_tariff", too_late)
    assert refused(operator) == {"name": ["A tariff plan with this name already exists."]}


@pytest.mark.parametrize("changes", [{"name": "n" * 101}, {"note": "n" * 2001}])
def test_text_that_is_too_long_is_refused(operator: Client, changes: dict[str, str]) -> None:
    response = operator.post(reverse("tariffs:add"), RIGHT | changes)
    assert list(response.context["form"].errors) == list(changes)
    assert not Tariff.objects.exists()
