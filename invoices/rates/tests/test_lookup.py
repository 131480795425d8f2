"""Tests of which exchange rate applies."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from invoices.rates.lookup import RatesUpTo
from invoices.rates.tests.factories import ExchangeRateFactory

pytestmark = pytest.mark.django_db

FRIDAY, SATURDAY, SUNDAY = date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)


def between(currency: str, other: str, day: date = FRIDAY, days: int = 7) -> str | None:
    found = RatesUpTo(day, days=days).between(currency, other)
    return (
        None
        if found is None
        else f"1 {found.base} = {found.rate} {found.quote} {found.day} {found.source}"
    )


def test_the_last_rate_on_or_before_the_date_applies() -> None:
    ExchangeRateFactory.create(day=date(2026, 10, 29), rate="1.0795")
    ExchangeRateFactory.create(day=FRIDAY, rate="1.0812")
    ExchangeRateFactory.create(day=date(2026, 11, 2), rate="1.0900")

    stated = "1 EUR = 1.0812 USD 2026-10-30 European Central Bank"
    assert between("USD", "EUR", FRIDAY) == between("USD", "EUR", SUNDAY) == stated
    assert between("EUR", "USD", SATURDAY) == stated


@pytest.mark.parametrize(("days", "is_found"), [(0, False), (1, False), (2, True), (31, True)])
def test_a_rate_that_is_too_old_does_not_apply(days: int, is_found: bool) -> None:
    ExchangeRateFactory.create(day=FRIDAY)

    assert (between("USD", "EUR", SUNDAY, days) is not None) == is_found


def test_a_cross_rate_has_ten_significant_digits() -> None:
    ExchangeRateFactory.create(currency="USD", rate="1.0812")
    ExchangeRateFactory.create(currency="PLN", rate="4.2345")
    ExchangeRateFactory.create(currency="IDR", rate="17912.37")

    # 4.2345 / 1.0812 = 3.91648168701...; 4.2345 / 17912.37 = 0.00023640087827...
    assert between("USD", "PLN") == "1 USD = 3.916481687 PLN 2026-10-30 European Central Bank"
    assert str(between("IDR", "PLN")).startswith("1 IDR = 0.0002364008783 PLN")


def test_both_rates_of_a_cross_rate_are_of_one_date() -> None:
    ExchangeRateFactory.create(currency="USD", day=FRIDAY)
    ExchangeRateFactory.create(currency="PLN", day=date(2026, 10, 29), rate="4.2")

    assert between("USD", "PLN") is None


def test_a_later_cross_rate_comes_before_an_earlier_rate_of_both() -> None:
    ExchangeRateFactory.create(base="USD", currency="PLN", day=date(2026, 10, 29), rate="3.9")
    ExchangeRateFactory.create(currency="USD", rate="1.0812")
    ExchangeRateFactory.create(currency="PLN", rate="4.2345")

    assert between("USD", "PLN", date(2026, 10, 29)) == (
        "1 USD = 3.9 PLN 2026-10-29 European Central Bank"
    )
    assert str(between("USD", "PLN")).startswith("1 USD = 3.916481687 PLN")


def test_of_one_date_a_rate_of_both_comes_before_a_cross_rate() -> None:
    ExchangeRateFactory.create(currency="USD", rate="1.0812")
    ExchangeRateFactory.create(currency="PLN", rate="4.2345")
    ExchangeRateFactory.create(
        base="USD", currency="PLN", rate="3.9", source="Narodowy Bank Polski"
    )

    assert between("USD", "PLN") == "1 USD = 3.9 PLN 2026-10-30 Narodowy Bank Polski"


def test_a_rate_is_stated_without_zeros_at_its_end() -> None:
    ExchangeRateFactory.create(currency="JPY", rate="170.0000000000")

    assert str(between("JPY", "EUR")).startswith("1 EUR = 170 JPY")


def test_all_rates_are_read_with_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for currency in ("USD", "PLN", "GBP"):
        ExchangeRateFactory.create(currency=currency)

    with django_assert_num_queries(1):
        rates = RatesUpTo(FRIDAY, days=7)
        for currency in ("USD", "PLN", "GBP", "CHF"):
            rates.between(currency, "EUR")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": Decimal(0)},
        {"rate": Decimal(-1)},
        {"currency": "EUR"},
        {"currency": "usd"},
        # The other way round is a second rate of the same two currencies.
        {"base": "USD", "currency": "EUR"},
        {},
    ],
)
def test_the_database_refuses_wrong_rates(wrong: dict[str, object]) -> None:
    ExchangeRateFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRateFactory.create(**wrong)
