"""Test that costs by day and by month match the statement to the minor unit."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from rating.daily_costs import Costs
from rating.periods import Period, ZoneVersion
from rating.price_versions import PriceVersion
from rating.pricing import Charge, Schedule, Terms, Unit
from rating.tests.reference import Case
from rating.tests.strategies import cases, schedule_of

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def schedule(
    *,
    period: Period = OCTOBER,
    zone: str = "UTC",
    unit: Unit = Unit.SECOND,
    trial: Period | None = None,
    amount: str = "9.00",
    as_of: datetime = datetime(2030, 1, 1, tzinfo=UTC),
) -> Schedule:
    prices = [PriceVersion(date(2010, 1, 1), Decimal(amount))]
    return Schedule(
        zones=ZoneVersion.always(ZoneInfo(zone)),
        period=period,
        as_of=int(as_of.timestamp()),
        trial=trial,
        terms=[Terms(number, "EUR", 2, unit, prices) for number in (1, 2)],
    )


def at(*moment: int, zone: str = "UTC") -> int:
    return int(datetime(*moment, tzinfo=ZoneInfo(zone)).timestamp())  # type: ignore[misc, arg-type]


def costs_of(made: Schedule, *usages: tuple[int, int, int, int | None]) -> Costs:
    return added_up(made, made.charges(usages))


def added_up(made: Schedule, charges: Iterable[Charge]) -> Costs:
    costs = Costs(made)
    for charge in charges:
        costs.add(charge)
    return costs


def test_a_whole_month_is_spread_evenly_and_adds_up() -> None:
    costs = costs_of(schedule(), (1, 1, at(2026, 1, 1), None))
    days = costs.by_tariff()[1]
    assert len(days) == 31
    assert set(days) == {29, 30}
    assert sum(days) == 900


def test_many_charges_of_a_rate_are_spread_together() -> None:
    usages = [(camera, 1, at(2026, 1, 1), None) for camera in range(1000)]
    days = costs_of(schedule(), *usages).by_tariff()[1]
    assert set(days) == {29032, 29033}
    assert sum(days) == 900_000


def test_part_of_a_day_costs_its_share() -> None:
    costs = costs_of(schedule(amount="31.00"), (1, 1, at(2026, 10, 5, 18), at(2026, 10, 7, 12)))
    days = costs.by_tariff()[1]
    assert days[4:7] == [25, 100, 50]
    assert sum(days) == 175


def test_a_day_of_25_hours_costs_more_than_one_of_24() -> None:
    berlin = schedule(zone="Europe/Berlin", amount="745.00")
    days = costs_of(berlin, (1, 1, at(2026, 1, 1), None)).by_tariff()[1]
    assert days[23:26] == [2400, 2500, 2400]


def test_with_proration_by_day_the_last_day_costs_nothing() -> None:
    usage = (1, 1, at(2026, 10, 5, 23, 59), at(2026, 10, 7, 0, 1))
    days = costs_of(schedule(unit=Unit.DAY, amount="31.00"), usage).by_tariff()[1]
    assert days[4:7] == [100, 100, 0]
    assert sum(days) == 200


@pytest.mark.parametrize("unit", Unit)
def test_days_of_the_trial_cost_nothing(unit: Unit) -> None:
    trial = Period.inclusive(date(2026, 10, 10), date(2026, 10, 19))
    made = schedule(unit=unit, amount="31.00", trial=trial)
    days = costs_of(made, (1, 1, at(2026, 1, 1), None)).by_tariff()[1]
    assert days == [100] * 9 + [0] * 10 + [100] * 12


def test_an_unfinished_day_costs_only_the_time_so_far() -> None:
    made = schedule(amount="31.00", as_of=datetime(2026, 10, 3, 6, tzinfo=UTC))
    days = costs_of(made, (1, 1, at(2026, 1, 1), None)).by_tariff()[1]
    assert days[:4] == [100, 100, 25, 0]


@pytest.mark.parametrize("unit", Unit)
def test_a_date_that_is_left_out_costs_nothing(unit: Unit) -> None:
    december = Period(date(2011, 12, 1), date(2012, 1, 1))
    made = schedule(period=december, zone="Pacific/Apia", unit=unit, amount="30.00")
    days = costs_of(made, (1, 1, at(2011, 11, 1), None)).by_tariff()[1]
    assert days == [100] * 29 + [0] + [100]


def test_costs_are_kept_apart_by_tariff() -> None:
    change = at(2026, 10, 16)
    costs = costs_of(schedule(), (1, 1, at(2026, 1, 1), change), (1, 2, change, None)).by_tariff()
    assert (sum(costs[1][:15]), sum(costs[1][15:])) == (435, 0)
    assert (sum(costs[2][:15]), sum(costs[2][15:])) == (0, 465)


def test_a_tariff_that_costs_nothing_is_left_out() -> None:
    free = schedule(trial=OCTOBER)
    assert costs_of(free, (1, 1, at(2026, 1, 1), None)).by_tariff() == {}


def test_a_period_of_93_days_is_split_by_day_and_a_longer_one_by_month() -> None:
    first = date(2026, 1, 15)
    by_day = Costs(schedule(period=Period.inclusive(first, date(2026, 4, 17))))
    made = schedule(period=Period.inclusive(first, date(2026, 4, 18)))
    by_month = costs_of(made, (1, 1, at(2026, 1, 1), None))
    assert (len(by_day.starts), by_day.by_month) == (93, False)
    months = [date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
    assert by_month.starts == months
    assert by_month.by_tariff() == {1: [494, 900, 900, 540]}


@settings(patient, max_examples=settings().max_examples * 5)
@given(cases())
def test_days_add_up_to_the_statement_and_each_is_near_its_exact_share(case: Case) -> None:
    made = schedule_of(case)
    charges = list(made.charges((1, *usage) for usage in case.usages))

    by_tariff = added_up(made, charges).by_tariff()
    days = [sum(column) for column in zip(*by_tariff.values(), strict=True)] or [0]

    assert sum(days) == sum(charge.minor or 0 for charge in charges)
    assert min(days) >= 0
    if len(days) == (made.period.end - made.period.start).days:
        # Rounding moves each charge by up to half a minor unit, and each day by up to one.
        exact = exact_days(made, charges)
        allowed = len(case.plans) + len(charges)
        assert all(abs(day - share) <= allowed for day, share in zip(days, exact, strict=True))


def exact_days(made: Schedule, charges: list[Charge]) -> list[Fraction]:
    """Return the cost of each day before any rounding, from its overlap with each charge."""
    first = made.period.start.toordinal()
    days = [Fraction(0)] * (made.period.end.toordinal() - first)
    begun: set[int] = set()
    for charge in charges:
        trial = trial_part(made, charge) if charge.trial else (0, 0)
        for day in range(len(days)):
            start = made.calendar.start_of(date.fromordinal(first + day))
            end = made.calendar.start_of(date.fromordinal(first + day + 1))
            if start == end:
                # A change of time zone leaves this date out.
                continue
            match charge.rate.unit:
                case Unit.SECOND:
                    used = overlap(start, end, charge.started_at, charge.ended_at)
                    free = overlap(start, end, *trial)
                case Unit.DAY:
                    # A date counts if the usage starts on it or earlier and does not end on it.
                    used = int(charge.started_at < end and charge.ended_at >= end)
                    free = int(charge.trial > 0 and trial[0] < end and trial[1] >= end)
                case Unit.BEGUN_DAY:
                    touched = charge.started_at < end and charge.ended_at > start
                    used = int(touched and day not in begun)
                    begun |= {day} if touched else set()
                    free = int(bool(used) and charge.trial > 0 and is_free(made, start))
            if charge.minor is not None:
                cost = Fraction(charge.rate.numerator * (used - free), charge.rate.denominator)
                days[day] += cost
    return days


def trial_part(made: Schedule, charge: Charge) -> tuple[int, int]:
    """Return the start and end of the trial within a charge that includes trial time."""
    since, until = made.free_time.instants.trial
    return max(charge.started_at, since), min(charge.ended_at, until)


def is_free(made: Schedule, start: int) -> bool:
    """Return whether the date that begins at an instant lies in the trial."""
    since, until = made.free_time.instants.trial
    return since <= start < until


def overlap(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(0, min(end, other_end) - max(start, other_start))
