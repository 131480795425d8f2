"""Free time: trial and suspensions, in instants and dates."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from rating.daily_costs import Costs
from rating.free_time import FreeTime
from rating.line_sums import LineSums
from rating.periods import Period, ZoneVersion, epoch
from rating.price_versions import PriceVersion
from rating.pricing import Charge, Schedule, Terms, Unit, Usage
from rating.totals import Totals

SEPTEMBER = Period.inclusive(date(2026, 9, 1), date(2026, 9, 30))
DAY = 86_400


def september(first: int, last: int) -> Period:
    return Period.inclusive(date(2026, 9, first), date(2026, 9, last))


def schedule_of(
    suspensions: Sequence[Period],
    trial: Period | None = None,
    unit: Unit = Unit.SECOND,
    amount: str | None = "9.00",
) -> Schedule:
    prices = [PriceVersion(date(2026, 1, 1), Decimal(amount))] if amount else []
    shared = Schedule(
        zones=ZoneVersion.always(ZoneInfo("UTC")),
        period=SEPTEMBER,
        as_of=epoch(datetime(2027, 1, 1, tzinfo=UTC)),
        trial=None,
        terms=[Terms(1, "EUR", 2, unit, prices)],
    )
    return shared.with_free_time(FreeTime(shared.calendar, trial, suspensions))


def charge_of(schedule: Schedule) -> Charge:
    start = epoch(datetime(2026, 9, 1, tzinfo=UTC))
    (charge,) = schedule.charges([Usage(1, 1, start, None)])
    return charge


@pytest.mark.parametrize(("unit", "a_day"), [("second", DAY), ("day", 1), ("begun_day", 1)])
def test_suspended_time_outside_the_trial_is_not_charged(unit: str, a_day: int) -> None:
    charge = charge_of(schedule_of([september(2, 12)], september(1, 3), Unit(unit)))

    assert (charge.used, charge.trial, charge.suspended) == (30 * a_day, 3 * a_day, 9 * a_day)
    assert charge.minor == 540


def test_a_suspension_around_the_trial_counts_before_and_after_it() -> None:
    charge = charge_of(schedule_of([september(5, 20)], september(10, 12)))

    assert (charge.trial, charge.suspended) == (3 * DAY, 13 * DAY)


def test_dates_of_suspensions_that_overlap_or_touch_count_once() -> None:
    suspensions = [september(8, 12), september(1, 3), september(2, 5), september(6, 7)]
    schedule = schedule_of(suspensions)

    assert charge_of(schedule).suspended == 12 * DAY
    assert schedule.free_time.suspensions == [september(1, 12)]


def test_suspensions_that_are_apart_leave_out_what_is_between_them() -> None:
    schedule = schedule_of([september(1, 3), september(5, 5), september(9, 30)])

    assert charge_of(schedule).billable == 4 * DAY


def test_an_open_suspension_lasts_to_the_end_of_the_calendar() -> None:
    schedule = schedule_of([Period.since(date(2020, 1, 1)), Period.since(date(2026, 9, 21))])

    assert schedule.free_time.suspensions == [SEPTEMBER]
    assert charge_of(schedule).minor == 0


def test_suspended_time_needs_no_price() -> None:
    assert charge_of(schedule_of([september(1, 30)], amount=None)).minor == 0
    assert charge_of(schedule_of([september(1, 29)], amount=None)).minor is None


def test_fees_in_the_trial_are_charged_unless_it_is_suspended() -> None:
    free = schedule_of([september(6, 15)], september(1, 10)).free_time

    assert free.charged_dates(SEPTEMBER) == 15
    assert free.charged_dates(SEPTEMBER, in_trial=True) == 20
    assert free.charged_dates(september(1, 6)) == 0


@pytest.mark.parametrize("unit", Unit)
def test_totals_and_line_sums_leave_out_suspended_time(unit: Unit) -> None:
    charge = charge_of(schedule_of([september(11, 12)], september(1, 10), unit))
    totals, sums = Totals(), LineSums()
    totals.add(charge)
    sums.add_all([charge])
    found = totals.all

    by_day = (found.billable_days, found.trial_days, found.suspended_days)
    by_second = (found.billable_seconds, found.trial_seconds, found.suspended_seconds)
    expected = (18, 10, 2)
    if unit is Unit.SECOND:
        assert (by_day, by_second) == ((0, 0, 0), tuple(DAY * days for days in expected))
    else:
        assert (by_day, by_second) == (expected, (0, 0, 0))
    (line,) = sums.values()
    assert (line.billable, line.minor) == (charge.billable, 540)


def test_a_charge_that_is_wholly_suspended_has_no_cameras_to_bill() -> None:
    sums = LineSums()
    sums.add_all([charge_of(schedule_of([SEPTEMBER]))])

    (line,) = sums.values()
    assert (line.charges, line.cameras, line.billable) == (1, 0, 0)


@pytest.mark.parametrize("unit", Unit)
def test_days_of_a_suspension_cost_nothing(unit: Unit) -> None:
    schedule = schedule_of([september(4, 5), september(20, 21)], september(1, 3), unit)
    costs = Costs(schedule)
    costs.add(charge_of(schedule))
    days = costs.by_tariff()[1]

    assert [number for number, cost in enumerate(days, 1) if not cost] == [1, 2, 3, 4, 5, 20, 21]
    assert sum(days) == charge_of(schedule).minor
