"""Changes of terms and of volume steps are recorded, to be checked and calculated again."""

from datetime import date
from typing import Any

import pytest

from invoices.differences.models import Recheck
from invoices.tests.factories import BilledUseFactory
from organizations.tests.factories import (
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    SuspensionFactory,
)
from reports.figures.models import ChangedDates
from tariffs.tests.factories import VolumeStepFactory

pytestmark = pytest.mark.django_db

Recorded = list[tuple[int, date, date | None]]
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
TENTH = date(2026, 9, 10)
DATED = pytest.mark.parametrize(
    "factory",
    [
        DiscountFactory,
        DiscountExemptionFactory,
        FeeFactory,
        MinimumFactory,
        SuspensionFactory,
    ],
)


def recorded() -> Recorded:
    """Return what has been recorded since the last call; reports must have the same."""
    names = ("organization_id", "from_on", "until_on")
    found = sorted(Recheck.objects.values_list(*names))
    assert sorted(ChangedDates.objects.values_list(*names)) == found
    Recheck.objects.all().delete()
    ChangedDates.objects.all().delete()
    return found


def change(term: Any, **values: Any) -> Recorded:
    recorded()
    type(term).objects.filter(pk=term.pk).update(**values)
    return recorded()


@DATED
def test_a_dated_term_counts_until_the_end_of_its_last_month(factory: Any) -> None:
    term = factory.create(last_on=TENTH)
    pk = term.organization_id

    assert recorded() == [(pk, SEPTEMBER, OCTOBER)]
    assert change(term, first_on=date(2026, 8, 5)) == [(pk, date(2026, 8, 5), OCTOBER)]
    term.delete()
    assert recorded() == [(pk, date(2026, 8, 5), OCTOBER)]


@DATED
def test_an_open_term_counts_without_end(factory: Any) -> None:
    term = factory.create()

    assert recorded() == [(term.organization_id, SEPTEMBER, None)]


@DATED
def test_what_is_stored_again_without_a_change_counts_for_nothing(factory: Any) -> None:
    term = factory.create()
    recorded()

    term.save()

    assert recorded() == []


def test_another_last_date_counts_between_the_two() -> None:
    term = FeeFactory.create()
    pk = term.organization_id

    assert change(term, last_on=TENTH) == [(pk, date(2026, 9, 11), None)]
    assert change(term, last_on=date(2026, 10, 9)) == [(pk, date(2026, 9, 11), NOVEMBER)]
    assert change(term, last_on=None) == [(pk, date(2026, 10, 10), None)]
    assert change(term, last_on=TENTH, amount=7) == [(pk, SEPTEMBER, None)]


def test_a_one_off_charge_counts_where_it_was_and_where_it_is() -> None:
    charge = OneOffChargeFactory.create()
    pk = charge.organization_id

    assert recorded() == [(pk, date(2026, 9, 12), OCTOBER)]
    assert change(charge, day=date(2026, 10, 2)) == [(pk, date(2026, 9, 12), NOVEMBER)]


def test_an_individual_price_counts_until_the_next_one() -> None:
    price = IndividualPriceFactory.create()
    pk = price.organization_id
    assert recorded() == [(pk, SEPTEMBER, None)]
    following = IndividualPriceFactory.create(
        organization=price.organization, tariff=price.tariff, valid_from=date(2026, 10, 16)
    )
    assert recorded() == [(pk, date(2026, 10, 16), None)]
    IndividualPriceFactory.create(organization=price.organization, valid_from=TENTH)

    assert change(price, amount=7) == [(pk, SEPTEMBER, NOVEMBER)]
    assert change(following, valid_from=TENTH) == [(pk, TENTH, None)]
    following.delete()
    assert recorded() == [(pk, TENTH, None)]


def test_a_volume_step_counts_for_who_used_the_tariff_while_its_version_applied() -> None:
    use = BilledUseFactory.create()
    price = use.tariff.prices.get()
    BilledUseFactory.create()
    recorded()

    step = VolumeStepFactory.create(price=price)

    pk = use.organization_id
    assert recorded() == [(pk, price.valid_from, None)]
    price.tariff.prices.create(amount=9, valid_from=SEPTEMBER)
    assert change(step, amount=7) == [(pk, price.valid_from, SEPTEMBER)]
    step.delete()
    assert recorded() == [(pk, price.valid_from, SEPTEMBER)]


def test_a_step_of_dates_to_come_counts_for_nobody() -> None:
    use = BilledUseFactory.create()
    price = use.tariff.prices.create(amount=9, valid_from=date(2199, 1, 1))
    recorded()

    VolumeStepFactory.create(price=price)

    assert recorded() == []
