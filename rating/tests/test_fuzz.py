"""The command that compares many random cases."""

import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from rating.tests import fuzz
from rating.tests.agreed_reference import AgreedCase, ReferenceBill, bill
from rating.tests.agreed_strategies import without_terms
from rating.tests.reference import Case, Plan, ReferenceLine, lines


@pytest.fixture(autouse=True)
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "CASES_A_BATCH", 100)


def wrong(case: Case) -> list[ReferenceLine]:
    """Return the second reading of the rules with one line too many."""
    found = lines(case)
    return [*found, *found[:1]]


def test_a_batch_finds_no_difference() -> None:
    assert fuzz.difference(1) == ""


def test_a_difference_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rating.tests.test_pricing_reference.lines", wrong)

    assert "AssertionError" in fuzz.difference(1)


def wrong_bill(asked: AgreedCase) -> ReferenceBill:
    """Return the second reading of the terms with another total."""
    return replace(bill(asked), total=Decimal(-1))


def test_a_difference_with_terms_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Plan("second", ((date(2026, 1, 1), Decimal(9)),))
    september = date(2026, 9, 1), date(2026, 9, 30)
    case = Case(((date.min, "UTC"),), *september, 2**32, None, 2, (plan,), ((0, 0, None),))
    # One case, because reducing one with terms takes long.
    monkeypatch.setattr(fuzz, "agreed_cases", lambda: st.just(without_terms(case)))
    assert fuzz.difference(1) == ""
    monkeypatch.setattr("rating.tests.test_agreement_reference.bill", wrong_bill)

    assert "AssertionError" in fuzz.difference(1)


def test_the_command_reports_that_the_two_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--cases", "1", "--seed", "7"])
    monkeypatch.setattr(fuzz, "CASES_A_BATCH", 5)

    assert fuzz.main() == 0
    assert "agree" in capsys.readouterr().out
