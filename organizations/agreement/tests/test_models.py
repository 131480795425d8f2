"""Tests of what the database refuses of terms."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from organizations.tests.factories import (
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    SuspensionFactory,
)
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
DATED = [
    DiscountFactory,
    DiscountExemptionFactory,
    FeeFactory,
    MinimumFactory,
    SuspensionFactory,
]
APART = [DiscountFactory, MinimumFactory, SuspensionFactory]


def refused(make: Callable[..., Any], **values: Any) -> str:
    """Return which constraint refuses a term."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**values)
    return str(caught.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


@pytest.mark.parametrize("factory", DATED)
def test_a_term_cannot_end_before_it_begins(factory: Any) -> None:
    name = refused(factory.create, first_on=LAST, last_on=FIRST)

    assert name.endswith(("_in_order", "_apart")) or "range" in name
    assert factory.create(first_on=FIRST, last_on=FIRST).dates.days == 1


@pytest.mark.parametrize("factory", APART)
def test_terms_of_one_scope_do_not_overlap(factory: Any) -> None:
    organization = factory.create(first_on=FIRST, last_on=LAST).organization

    assert refused(factory.create, organization=organization, first_on=LAST).endswith("_apart")
    factory.create(organization=organization, first_on=date(2026, 10, 1))
    factory.create(first_on=LAST)


def test_discounts_on_different_tariffs_may_overlap() -> None:
    organization, tariff = OrganizationFactory.create(), TariffFactory.create()
    for scope in (None, tariff, TariffFactory.create()):
        DiscountFactory.create(organization=organization, tariff=scope)

    name = refused(DiscountFactory.create, organization=organization, tariff=tariff)
    assert name == "organizations_discounts_apart"


def test_minimums_in_different_currencies_may_overlap() -> None:
    organization = MinimumFactory.create(currency="EUR").organization
    for currency in ("RUB", "USD", "EUC"):
        MinimumFactory.create(organization=organization, currency=currency)

    name = refused(MinimumFactory.create, organization=organization, currency="USD")
    assert name == "organizations_minimums_apart"


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (IndividualPriceFactory, {"amount": Decimal(-1)}),
        (DiscountFactory, {"percent": Decimal("100.01")}),
        (DiscountFactory, {"percent": Decimal(-1)}),
        (FeeFactory, {"amount": Decimal(-1)}),
        (FeeFactory, {"name": ""}),
        (FeeFactory, {"currency": "eur"}),
        (OneOffChargeFactory, {"amount": Decimal(-1)}),
        (OneOffChargeFactory, {"quantity": Decimal(0)}),
        (OneOffChargeFactory, {"quantity": Decimal(-1), "reason": ""}),
        (OneOffChargeFactory, {"text": ""}),
        (MinimumFactory, {"amount": Decimal(-1)}),
        (SuspensionFactory, {"reason": ""}),
    ],
)
def test_values_out_of_bounds_are_refused(factory: Any, values: dict[str, Any]) -> None:
    assert refused(factory.create, **values).startswith("organizations_")


def test_a_tariff_has_one_individual_price_a_date() -> None:
    price = IndividualPriceFactory.create()

    name = refused(
        IndividualPriceFactory.create, organization=price.organization, tariff=price.tariff
    )
    assert name == "organizations_one_price_a_date"
