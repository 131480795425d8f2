"""The command that compares many random cases."""

import sys
from dataclasses import replace
from random import Random

import pytest

from rating.tests import fuzz
from rating.tests.agreed_reference import AgreedCase, ReferenceBill, bill, month_by_month
from rating.tests.agreed_strategies import random_agreed_case
from rating.tests.reference import Case, ReferenceLine, lines


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
    """Return the second reading of the terms, which forgets one-off charges."""
    return replace(bill(asked), one_off=[])


def test_a_difference_with_terms_is_reported_as_small_as_possible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rating.tests.test_agreement_reference.bill", wrong_bill)

    found = fuzz.difference(1)

    assert "AssertionError" in found
    assert found.count("AgreedCharge(") == 1
    for name in fuzz.TERMS:
        assert name == "charges" or f"{name}=()" in found.splitlines()[0]


def test_random_cases_have_terms_of_all_kinds() -> None:
    asked = [random_agreed_case(Random(number)) for number in range(100)]

    for name in (*fuzz.TERMS, "closed_on"):
        assert any(getattr(each, name) for each in asked), name
    assert any(each.case.trial for each in asked)
    assert any(steps for each in asked for plan in each.plans for _day, steps in plan.steps)
    assert any(len({plan.digits for plan in each.plans}) > 1 for each in asked)
    # Some credits are carried over.
    assert any(
        number >= len(each.charges)
        for each in asked
        for month in month_by_month(each)
        for number, _deducted, _left in month.credits
    )


def test_the_command_reports_that_the_two_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--cases", "1", "--seed", "7"])
    monkeypatch.setattr(fuzz, "CASES_A_BATCH", 5)

    assert fuzz.main() == 0
    assert "agree" in capsys.readouterr().out
