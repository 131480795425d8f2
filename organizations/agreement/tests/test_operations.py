"""Tests of what changes of terms refuse that no form sends at once, and of their order."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from foundation.web.versions import version_of
from organizations.agreement import refusals
from organizations.agreement.operations import (
    add_term,
    change_term,
    stored_values,
    withdraw_term,
)
from organizations.models import (
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Organization,
)
from organizations.tests.factories import (
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
)
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
DATES: dict[str, Any] = {"first_on": LAST, "last_on": None}
NOW = datetime(2026, 8, 31, 22, tzinfo=UTC)


@pytest.fixture
def tariff() -> Tariff:
    return TariffPriceFactory.create(valid_from=date(2026, 1, 1)).tariff


def add(organization: Organization, model: Any, **fields: Any) -> Any:
    return add_term(model=model, organization_id=organization.pk, fields=fields)


def test_discounts_of_other_scopes_and_dates_are_added(tariff: Tariff) -> None:
    organization = DiscountFactory.create(last_on=LAST).organization

    add(organization, Discount, tariff=tariff, percent=Decimal(5), **DATES)
    add(organization, Discount, tariff=TariffFactory.create(), percent=Decimal(5), **DATES)
    add(
        *(organization, Discount),
        tariff=None,
        percent=Decimal(5),
        first_on=date(2026, 10, 1),
        last_on=None,
    )
    with pytest.raises(refusals.TermsOverlap):
        add(organization, Discount, tariff=None, percent=Decimal(5), **DATES)


def test_exemptions_of_other_tariffs_are_added(tariff: Tariff) -> None:
    organization = DiscountExemptionFactory.create(tariff=tariff).organization

    add(organization, DiscountExemption, tariff=TariffFactory.create(), **DATES)
    with pytest.raises(refusals.TermsOverlap):
        add(organization, DiscountExemption, tariff=tariff, **DATES)


def test_fees_may_overlap() -> None:
    organization = FeeFactory.create().organization
    values = {"name": "Router", "amount": Decimal(5), "currency": "EUR", "in_trial": False}

    assert add(organization, Fee, **values, **DATES).pk


def test_a_minimum_needs_something_that_is_charged_in_its_currency(tariff: Tariff) -> None:
    organization = OrganizationFactory.create()
    values = {"amount": Decimal(5), "currency": "EUR", **DATES}

    with pytest.raises(refusals.NothingInCurrency):
        add(organization, Minimum, **values)
    organization.tariffs.add(tariff)
    add(organization, Minimum, **values)
    FeeFactory.create(organization=organization, currency="USD")
    add(organization, Minimum, **values | {"currency": "USD"})


def test_a_minimum_of_another_currency_may_overlap() -> None:
    organization = MinimumFactory.create(currency="USD").organization
    FeeFactory.create(organization=organization)

    assert add(organization, Minimum, amount=Decimal(5), currency="EUR", **DATES).pk


def test_the_list_price_returns_after_an_individual_price(tariff: Tariff) -> None:
    organization = OrganizationFactory.create()
    back = {"tariff": tariff, "amount": None}

    with pytest.raises(refusals.NothingToReturnFrom):
        add(organization, IndividualPrice, **back, valid_from=LAST)
    IndividualPriceFactory.create(organization=organization, tariff=tariff)
    add(organization, IndividualPrice, **back, valid_from=LAST)
    with pytest.raises(refusals.NothingToReturnFrom):
        add(organization, IndividualPrice, **back, valid_from=date(2026, 10, 1))


def test_without_a_list_price_there_is_none_to_return_to() -> None:
    price = IndividualPriceFactory.create()

    with pytest.raises(refusals.NoListPrice) as refused:
        add(price.organization, IndividualPrice, tariff=price.tariff, amount=None, valid_from=LAST)

    assert refused.value.field == "amount"
    assert price.tariff.name in str(refused.value)


def test_dates_begin_in_the_time_zone_of_the_organization() -> None:
    # It is September already in Tokyo.
    organization = OrganizationFactory.create(time_zone="Asia/Tokyo")
    for each in (FeeFactory.create(organization=organization), FeeFactory.create()):
        values: dict[str, Any] = {
            "model": Fee,
            "organization_id": each.organization_id,
            "term_id": each.pk,
            "shown": version(each),
        }
        if each.organization_id == organization.pk:
            with pytest.raises(refusals.TermInForce):
                withdraw_term(**values, now=NOW)
        else:
            withdraw_term(**values, now=NOW)


def test_a_term_that_is_gone_is_refused() -> None:
    fee = FeeFactory.create(first_on=date(2199, 1, 1))
    values: dict[str, Any] = {
        "model": Fee,
        "organization_id": fee.organization_id,
        "term_id": fee.pk,
        "shown": version(fee),
        "now": NOW,
    }
    withdraw_term(**values)

    with pytest.raises(refusals.TermGone):
        withdraw_term(**values)


def test_what_has_been_changed_meanwhile_is_not_withdrawn() -> None:
    fee = FeeFactory.create(first_on=date(2199, 1, 1))
    shown = version(fee)
    fee.amount = 70
    fee.save()

    with pytest.raises(refusals.TermChanged):
        withdraw_term(
            model=Fee,
            organization_id=fee.organization_id,
            term_id=fee.pk,
            shown=shown,
            now=NOW,
        )


def version(term: Any) -> str:
    """Return the version of a term as stored."""
    term.refresh_from_db()
    return version_of(stored_values(term))


def _renamed(charge: OneOffCharge, **values: Any) -> None:
    shown = version_of(stored_values(charge))
    change_term(**values, shown=shown, fields={"text": "Another"})


def _withdrawn(charge: OneOffCharge, **values: Any) -> None:
    withdraw_term(**values, shown=version(charge), now=NOW)


@pytest.mark.parametrize("change", [_renamed, _withdrawn])
def test_a_charge_that_the_database_keeps_is_refused_by_name(change: Any) -> None:
    charge = OneOffChargeFactory.create()
    charge.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION keep_charge() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'kept' USING ERRCODE = 'check_violation'; END $$;
            CREATE TRIGGER keep_charge BEFORE UPDATE OR DELETE ON organizations_oneoffcharge
            FOR EACH ROW EXECUTE FUNCTION keep_charge()
            """
        )
    values: dict[str, Any] = {
        **{"model": OneOffCharge, "organization_id": charge.organization_id},
        "term_id": charge.pk,
    }

    with pytest.raises(refusals.ChargeKept):
        change(charge, **values)

    assert OneOffCharge.objects.get().text == charge.text
