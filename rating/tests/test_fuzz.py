"""The command that compares many random cases."""

import sys

import pytest

from rating.tests import fuzz
from rating.tests.reference import Case, ReferenceLine, lines


def wrong(case: Case) -> list[ReferenceLine]:
    """Return the second reading of the rules with one line too many."""
    found = lines(case)
    return [*found, *found[:1]]


def test_a_batch_finds_no_difference() -> None:
    assert fuzz.difference(1) == ""


def test_a_difference_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rating.tests.test_pricing_reference.lines", wrong)

    assert "AssertionError" in fuzz.difference(1)


def test_the_command_reports_that_the_two_agree(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["fuzz", "--cases", "1", "--seed", "7"])
    monkeypatch.setattr(fuzz, "CASES_A_BATCH", 5)

    assert fuzz.main() == 0
    assert "agree" in capsys.readouterr().out
