"""Tests of the time whose charges a change of terms affects."""

from copy import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Model

from organizations.agreement.effects import recomputed_by
from organizations.models import Suspension
from organizations.tests.factories import (
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    OneOffChargeFactory,
    SuspensionFactory,
)

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = (datetime(2026, month, 1, tzinfo=UTC) for month in (9, 10, 11))
UNTIL = date(2026, 9, 10)


def effect(before: Any, after: Model | None, **changed: Any) -> object:
    term: Any = copy(before if after is None else after)
    for name, value in changed.items():
        setattr(term, name, value)
    return recomputed_by(term.organization, before, term)


def test_a_new_term_affects_its_dates_and_the_rest_of_its_last_month() -> None:
    assert effect(None, DiscountFactory.create()) == (SEPTEMBER, None)
    assert effect(None, DiscountFactory.create(last_on=UNTIL)) == (SEPTEMBER, OCTOBER)


def test_a_changed_term_affects_the_dates_before_and_after() -> None:
    fee = FeeFactory.create(first_on=date(2026, 9, 5), last_on=UNTIL)

    assert effect(fee, None, first_on=date(2026, 9, 1), amount=7) == (SEPTEMBER, OCTOBER)
    assert effect(fee, None, last_on=None, amount=7) == (datetime(2026, 9, 5, tzinfo=UTC), None)


def test_another_last_date_affects_only_what_is_between() -> None:
    fee = FeeFactory.create()

    assert effect(fee, None, last_on=date(2026, 9, 30)) == (OCTOBER, None)
    fee = FeeFactory.create(last_on=UNTIL)
    assert effect(fee, None, last_on=date(2026, 10, 5)) == (
        datetime(2026, 9, 11, tzinfo=UTC),
        NOVEMBER,
    )


def test_texts_and_the_same_values_affect_nothing() -> None:
    assert effect(FeeFactory.create(), None, name="Another") is None
    assert effect(DiscountFactory.create(), None) is None


def test_a_price_affects_the_time_until_the_next_one() -> None:
    price = IndividualPriceFactory.create()
    other = IndividualPriceFactory.create(
        organization=price.organization, tariff=price.tariff, valid_from=date(2026, 10, 1)
    )
    IndividualPriceFactory.create(organization=price.organization, valid_from=date(2026, 9, 9))

    assert effect(price, None, amount=7) == (SEPTEMBER, OCTOBER)
    assert effect(other, None, valid_from=date(2026, 9, 10)) == (
        datetime(2026, 9, 10, tzinfo=UTC),
        None,
    )


def test_a_suspension_affects_charges_unless_they_stay() -> None:
    suspension = SuspensionFactory.create(last_on=UNTIL)

    assert effect(None, suspension) == (SEPTEMBER, OCTOBER)
    assert effect(suspension, None, is_charged=True) == (SEPTEMBER, OCTOBER)
    assert recomputed_by(suspension.organization, None, Suspension(is_charged=True)) is None


def test_one_off_charges_affect_no_invoice() -> None:
    assert effect(None, OneOffChargeFactory.create()) is None
