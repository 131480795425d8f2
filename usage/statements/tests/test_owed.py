"""Tests that whatever states money counts all sections of a statement, not only its charges."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from organizations.models import Organization
from organizations.tests.factories import (
    DiscountFactory,
    FeeFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
)
from rating.periods import Period
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory, VolumeStepFactory
from usage.closing.effects import closing_of
from usage.closing.operations import close
from usage.corrections.money import money_of
from usage.corrections.plan import Use
from usage.models import UsageInterval
from usage.statements.planned import monthly_sums
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
BOTH_MONTHS = Period(date(2026, 9, 1), date(2026, 11, 1))
IN_NOVEMBER = datetime(2026, 11, 5, tzinfo=UTC)


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    """Return an organization that uses a camera for EUR 9.00 a month."""
    organization = OrganizationFactory.create()
    tariff = TariffPriceFactory.create().tariff
    UsageIntervalFactory.create(
        camera__organization=organization, tariff=tariff, started_at=day(9, 1)
    )
    return organization


@pytest.fixture
def stepped() -> Tariff:
    """Return a tariff for EUR 9.00, and for 8.00 from 2 camera-months on."""
    return VolumeStepFactory.create().price.tariff


def sums(organization: Organization, period: Period = BOTH_MONTHS) -> dict[tuple[int, str], int]:
    statement = statement_for(organization=organization, period=period, as_of=IN_NOVEMBER)
    found = monthly_sums(statement)
    return {(month.month, currency): each.minor for (month, currency), each in found.items()}


def as_used(interval: UsageInterval, **changed: object) -> Use:
    use = Use(
        interval.pk,
        interval.camera_id,
        interval.organization_id,
        interval.tariff_id,
        interval.started_at,
        interval.ended_at,
    )
    return use._replace(**changed)  # type: ignore[arg-type]


def test_a_month_counts_all_sections(organization: Organization) -> None:
    DiscountFactory.create(organization=organization, percent=Decimal(50))
    FeeFactory.create(organization=organization)
    OneOffChargeFactory.create(organization=organization, amount=Decimal(2))
    MinimumFactory.create(organization=organization, first_on=date(2026, 10, 1))

    assert sums(organization) == {(9, "EUR"): 450 + 500 + 200, (10, "EUR"): 3_000}


def test_credits_take_nothing_off_what_months_charge(organization: Organization) -> None:
    OneOffChargeFactory.create(organization=organization, quantity=Decimal(-1), amount=Decimal(20))

    assert sums(organization) == {(9, "EUR"): 900, (10, "EUR"): 900}
    statement = statement_for(organization=organization, period=BOTH_MONTHS, as_of=IN_NOVEMBER)
    (bill,) = statement.bills()
    assert bill.minor == 0


def test_an_organization_without_usage_can_owe_something() -> None:
    fee = FeeFactory.create(currency="USD")

    assert sums(fee.organization, SEPTEMBER) == {(9, "USD"): 500}


def test_a_correction_changes_the_step_that_other_cameras_pay(stepped: Tariff) -> None:
    organization = OrganizationFactory.create()
    first, second = (
        UsageIntervalFactory.create(
            camera__organization=organization, tariff=stepped, started_at=day(9, 1)
        )
        for _ in range(2)
    )

    (money,) = money_of(
        spans={organization.pk: (day(9, 1), day(10, 1))},
        uses={second.camera_id: [as_used(second, started_at=day(9, 16))]},
        as_of=day(10, 1),
    )

    assert first.tariff == second.tariff
    assert (money.before.number, money.after.number) == (Decimal("16.00"), Decimal("13.50"))


def test_a_correction_to_a_stepped_tariff_is_priced(
    organization: Organization, stepped: Tariff
) -> None:
    interval = UsageInterval.objects.get(organization=organization)
    added = CameraFactory.create(organization=organization)

    (money,) = money_of(
        spans={organization.pk: (day(9, 1), day(10, 1))},
        uses={
            interval.camera_id: [as_used(interval, tariff_id=stepped.pk)],
            added.pk: [as_used(interval, camera_id=added.pk, tariff_id=stepped.pk)],
        },
        as_of=day(10, 1),
    )

    assert (money.before.number, money.after.number) == (Decimal("9.00"), Decimal("16.00"))


def test_closing_states_the_fees_that_are_no_longer_billed(organization: Organization) -> None:
    FeeFactory.create(organization=organization)

    unbilled = closing_of(organization, date(2026, 9, 30), day(10, 16)).unbilled

    # 15 of 31 days of EUR 9.00 and, as the 16th has not begun, of EUR 5.00.
    assert unbilled is not None
    assert [each.number for each in unbilled.amounts] == [Decimal("4.35") + Decimal("2.42")]


@pytest.mark.parametrize("steps", [False, True])
def test_usage_after_the_closing_is_not_charged_whatever_was_agreed(
    steps: bool, organization: Organization
) -> None:
    FeeFactory.create(organization=organization, amount=Decimal(30))
    UsageInterval.objects.update(ended_at=day(9, 21))
    if steps:
        # A third of a camera-month is used before the closing.
        price = UsageInterval.objects.get().tariff.prices.get()
        VolumeStepFactory.create(price=price, camera_months=Decimal("0.5"), amount=Decimal(3))

    close(organization_id=organization.pk, last_on=date(2026, 9, 10), now=IN_NOVEMBER)

    organization.refresh_from_db()
    # A third of EUR 9.00, and of the fee of EUR 30.00.
    assert sums(organization) == {(9, "EUR"): 300 + 1_000}
