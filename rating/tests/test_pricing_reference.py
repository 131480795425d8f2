"""The engine against a second, slow reading of the rules, and against laws that they imply."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rating.pricing import Charge, Unit
from rating.tests.reference import Case, Plan, ReferenceLine, lines
from rating.tests.strategies import cases, schedule_of

# As long as it takes: the second reading is slow on purpose.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LATE = 2**32


def charges(case: Case, cuts: Iterable[date] = ()) -> list[Charge]:
    """Ask the engine about a camera."""
    return list(schedule_of(case, cuts).charges((1, *usage) for usage in case.usages))


def as_line(charge: Charge) -> ReferenceLine:
    return ReferenceLine(
        plan=charge.rate.tariff_id,
        month=charge.rate.month,
        used=charge.used,
        trial=charge.trial,
        suspended=charge.suspended,
        month_length=charge.rate.month_length,
        amount=None if charge.amount is None else charge.amount.number,
    )


def total(*cases: Case) -> Decimal:
    """Return what cases owe together, without what has no price."""
    amounts = (charge.amount for case in cases for charge in charges(case))
    return sum((amount.number for amount in amounts if amount), Decimal(0))


def compare(case: Case) -> None:
    """Fail if the engine and the second reading differ."""
    assert [as_line(charge) for charge in charges(case)] == lines(case)


@settings(patient, max_examples=settings().max_examples * 20)
@given(cases())
def test_the_engine_agrees_with_the_second_reading(case: Case) -> None:
    compare(case)


@patient
@given(cases())
def test_an_unchanged_history_asked_twice_answers_the_same(case: Case) -> None:
    # Rates are equal to themselves alone; this compares their values.
    assert repr(charges(case)) == repr(charges(case))


@patient
@given(cases())
def test_trial_and_billable_add_up_to_used(case: Case) -> None:
    for charge in charges(case):
        assert charge.trial + charge.billable == charge.used > 0
        assert 0 <= charge.trial <= charge.used <= charge.rate.month_length


@patient
@given(cases())
def test_no_amount_is_negative_and_what_is_free_needs_no_price(case: Case) -> None:
    for charge in charges(case):
        assert (charge.minor is None) == (charge.rate.price is None and charge.billable > 0)
        assert charge.minor is None or charge.minor >= 0
        assert charge.minor == 0 or charge.billable


@patient
@given(cases())
def test_a_rate_comes_to_its_price_times_its_share_of_the_month(case: Case) -> None:
    """However its use is cut: rounded once, from the month's first instant on."""
    case = replace(case, first=case.first.replace(day=1))
    sums: dict[int, list[Charge]] = {}
    for charge in charges(case):
        sums.setdefault(id(charge.rate), []).append(charge)
    for found in sums.values():
        rate, billable = found[0].rate, sum(charge.billable for charge in found)
        if rate.price is not None:
            assert sum(charge.minor or 0 for charge in found) == rate.minor(billable)


@patient
@given(cases())
def test_charges_never_overlap_and_cover_exactly_the_use(case: Case) -> None:
    case = replace(case, plans=tuple(replace(plan, unit="second") for plan in case.plans))
    found = charges(case)
    for before, after in pairwise(found):
        assert before.ended_at <= after.started_at
    schedule = schedule_of(case)
    wanted = 0
    for _plan, start, end in case.usages:
        until = schedule.ends_at if end is None else min(end, schedule.ends_at)
        wanted += max(0, until - max(start, schedule.starts_at))
    assert sum(charge.used for charge in found) == wanted


@patient
@given(cases(), st.sets(st.integers(1, 70), max_size=6))
def test_any_partition_of_a_period_adds_up_to_the_cent(case: Case, cuts: set[int]) -> None:
    days = (case.last - case.first).days + 1
    starts = [0, *sorted(cut for cut in cuts if cut < days), days]
    parts = [
        replace(
            case,
            first=case.first + timedelta(days=start),
            last=case.first + timedelta(days=end - 1),
        )
        for start, end in pairwise(starts)
    ]
    assert total(*parts) == total(case)
    whole = charges(case, [part.first for part in parts])
    assert [each[2:] for each in whole] == [each[2:] for part in parts for each in charges(part)]


@patient
@given(cases(), st.data())
def test_cutting_usage_never_changes_a_sum(case: Case, data: st.DataObject) -> None:
    cut = []
    for plan, start, end in case.usages:
        stop = start + 40 * 86_400 if end is None else end
        inside = st.integers(start + 1, stop - 1) if stop - start > 1 else st.nothing()
        instants = sorted(data.draw(st.sets(inside, max_size=3))) if stop - start > 1 else []
        starts, ends = [start, *instants], [*instants, end]
        cut += [(plan, *pair) for pair in zip(starts, ends, strict=True)]
    assert total(replace(case, usages=tuple(cut))) == total(case)


@patient
@given(cases(), st.dates(date(2001, 1, 1), date(2036, 12, 1)), st.sampled_from(Unit))
def test_a_whole_month_on_one_tariff_owes_the_monthly_price(
    case: Case, day: date, unit: Unit
) -> None:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    for price in (Decimal("14.90"), Decimal("0.01"), Decimal("99999999.99")):
        plan = Plan(unit.value, ((date(1999, 1, 1), price),))
        whole = Case(case.zones[:1], first, last, LATE, None, 2, (plan,), ((0, start, None),))
        (charge,) = charges(whole)
        assert charge.amount is not None
        assert charge.amount.number == price


@pytest.mark.parametrize(
    ("unit", "used", "length"),
    [("second", 90_000, 2_682_000), ("day", 1, 31), ("begun_day", 1, 31)],
)
def test_the_second_reading_knows_a_change_of_clock(unit: str, used: int, length: int) -> None:
    """A guard of the guard: by hand, 25 October 2026 in Berlin has 25 hours and one night."""
    start, end = (
        int(datetime(2026, 10, day, 22 + late, tzinfo=UTC).timestamp())
        for day, late in ((24, 0), (25, 1))
    )
    plan = Plan(unit, ((date(2026, 1, 1), Decimal(9)),))
    october = date(2026, 10, 1), date(2026, 10, 31)
    zones = ((date.min, "Europe/Berlin"),)
    case = Case(zones, *october, end, None, 2, (plan,), ((0, start, end),))
    (line,) = lines(case)
    assert (line.used, line.month_length) == (used, length)


def test_the_second_reading_gives_every_second_one_date_where_the_zone_changes() -> None:
    """By hand: from Tokyo to New York, October is 13 hours longer (docs/pricing.md, 38)."""
    zones = ((date.min, "Asia/Tokyo"), (date(2026, 11, 1), "America/New_York"))
    plan = Plan("second", ((date(2026, 1, 1), Decimal(9)),))
    case = Case(
        zones, date(2026, 10, 1), date(2026, 11, 30), LATE, None, 2, (plan,), ((0, 0, None),)
    )
    found = lines(case)
    assert [line.used for line in found] == [2_725_200, 2_595_600]
    assert [line.month_length for line in found] == [2_725_200, 2_595_600]
