"""Simple interest; the examples of docs/reminders.md."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.interest import interest


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "days", "expected"),
    [
        ("119.00", "EUR", "9", 30, "0.88"),
        ("1000", "EUR", "9.12", 21, "5.25"),
        # Exactly half a cent.
        ("36.50", "EUR", "5", 1, "0.01"),
        ("36.49", "EUR", "5", 1, "0.00"),
        ("100000", "JPY", "9.12", 21, "525"),
        ("100", "KWD", "9.12", 21, "0.525"),
        ("100", "EUR", "0", 365, "0.00"),
        ("100", "EUR", "5", 366, "5.01"),
    ],
)
def test_examples(amount: str, currency: str, rate: str, days: int, expected: str) -> None:
    assert interest(Decimal(amount), currency, Decimal(rate), days) == Decimal(expected)


@given(
    amount=st.decimals(0, 10**6, places=2),
    rate=st.decimals(0, 100, places=2),
    days=st.integers(0, 3650),
)
def test_is_within_half_a_cent_of_the_exact_interest(
    amount: Decimal, rate: Decimal, days: int
) -> None:
    twice = 2 * interest(amount, "EUR", rate, days) * 36_500
    exact = 2 * amount * rate * days

    assert -365 < twice - exact <= 365
