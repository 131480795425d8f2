"""Tests that statements apply what was agreed."""

import pytest

from organizations.tests.factories import OrganizationFactory
from rating.line_sums import LineSums
from rating.pricing import Charge
from rating.tests.test_agreement_examples import EXAMPLES, money, shown, shown_charge
from usage.statements.freezing import freeze
from usage.statements.statement import statement_for
from usage.statements.tests.agreed_examples import stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")
def test_a_statement_is_that_of_the_example(row: list[str]) -> None:
    asked = stored(row, OrganizationFactory.create())

    statement = statement_for(
        organization=asked.organization, period=asked.example.period, as_of=asked.now
    )

    charges: list[Charge] = list(statement.charges())
    sums = LineSums()
    sums.add_all(charges)
    (bill,) = statement.bills(sums.values())
    parts = [*map(shown_charge, charges), *filter(None, map(shown, bill.lines))]
    assert "; ".join(parts) == row[5]
    assert f"EUR {money(sum(line.minor for line in bill.lines))}" == row[6]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")
def test_frozen_charges_have_the_sums_of_the_statement(row: list[str]) -> None:
    asked = stored(row, OrganizationFactory.create())
    statement = statement_for(
        organization=asked.organization, period=asked.example.period, as_of=asked.now
    )

    frozen = freeze(statement)

    sums = [each for charges in frozen.values() for each in charges.sums]
    (bill,) = statement.bills(sums)
    assert [charges.bill for charges in frozen.values()] == [bill]
    assert f"EUR {money(sum(line.minor for line in bill.lines))}" == row[6]
