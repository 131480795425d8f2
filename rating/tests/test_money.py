"""Test amounts: numbers with a currency."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from rating.money import Amount, CurrencyMismatchError, minor_digits


def euros(number: str) -> Amount:
    return Amount(Decimal(number), "EUR")


@pytest.mark.parametrize(
    ("minor", "currency", "number"),
    [(1999, "EUR", "19.99"), (1999, "JPY", "1999"), (1999, "KWD", "1.999"), (0, "EUR", "0.00")],
)
def test_minor_units_get_the_decimal_places_of_their_currency(
    minor: int, currency: str, number: str
) -> None:
    amount = Amount.of_minor(minor, currency)
    assert (str(amount.number), amount.currency) == (number, currency)


def test_amounts_in_one_currency_are_added_subtracted_and_compared() -> None:
    assert euros("9.00") + euros("0.99") == euros("9.99")
    assert euros("9.00") - euros("9.01") == -euros("0.01")
    assert euros("1.00") < euros("2.00")
    assert not euros("2.00") < euros("2.00")
    assert not euros("0.00")


@pytest.mark.parametrize(
    "combine",
    [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b],
    ids=["add", "subtract", "compare"],
)
def test_combining_two_currencies_is_refused(combine: Callable[[Amount, Amount], Any]) -> None:
    with pytest.raises(CurrencyMismatchError, match="EUR and USD"):
        combine(euros("1.00"), Amount(Decimal("1.00"), "USD"))


def test_a_currency_without_a_minor_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="XAU"):
        minor_digits("XAU")
