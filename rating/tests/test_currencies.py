"""Tests of the currencies that amounts can be in."""

import pytest
from iso4217 import Currency

from rating.currencies import _KEPT, currency_number, known_currencies, minor_digits

KEPT = {
    code: (int(number), int(digits))
    for code, number, digits in (each.split() for each in _KEPT.split(";"))
}


def test_every_currency_in_force_is_kept_for_the_time_after_its_withdrawal() -> None:
    in_force = {
        each.code: (each.number, each.exponent) for each in Currency if each.exponent is not None
    }

    # If this fails, the package has a new currency, or new values: add it to those that are kept.
    assert {code: KEPT.get(code) for code in in_force} == in_force


@pytest.mark.parametrize(
    ("code", "number", "digits"),
    [
        ("BGN", 975, 2),
        ("HRK", 191, 2),
        ("ANG", 532, 2),
        ("BYR", 974, 0),
        ("EUR", 978, 2),
        ("JPY", 392, 0),
        ("KWD", 414, 3),
        ("CLF", 990, 4),
    ],
)
def test_knows_currencies_in_force_and_withdrawn_ones(code: str, number: int, digits: int) -> None:
    assert (currency_number(code), minor_digits(code)) == (number, digits)


def test_says_which_are_withdrawn() -> None:
    withdrawn = {each.code for each in known_currencies().values() if each.is_withdrawn}

    assert {"BGN", "HRK", "ANG"} <= withdrawn
    assert withdrawn == KEPT.keys() - {each.code for each in Currency}


@pytest.mark.parametrize("code", ["", "EU", "eur", "XXX", "XAU", "ABC"])
def test_what_is_no_currency_with_a_minor_unit_is_an_error(code: str) -> None:
    with pytest.raises(ValueError, match="not a currency with a minor unit"):
        minor_digits(code)
    with pytest.raises(ValueError, match="not a currency with a minor unit"):
        currency_number(code)
