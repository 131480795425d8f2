"""Test the engine against a slow reference implementation, and against properties of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rating.periods import Period
from rating.pricing import Charge, Schedule
from rating.tests.reference import Case, ReferenceLine, lines
from rating.tests.strategies import cases, schedule_of

# No deadline: the reference is slow on purpose.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def charges(case: Case) -> list[Charge]:
    """Return the engine's charges; each interval gets its own camera to identify its charges."""
    usages = ((number, 1, start, end) for number, (start, end) in enumerate(case.usages))
    return list(schedule_of(case).charges(usages))


def as_line(charge: Charge) -> ReferenceLine:
    return ReferenceLine(
        usage=charge.camera_id,
        month=charge.rate.month,
        used=charge.used,
        trial=charge.trial,
        month_length=charge.rate.month_length,
        amount=None if charge.amount is None else charge.amount.number,
    )


@settings(patient, max_examples=settings().max_examples * 20)
@given(cases())
def test_the_engine_agrees_with_the_reference(case: Case) -> None:
    assert [as_line(charge) for charge in charges(case)] == lines(case)


@patient
@given(cases())
def test_the_same_history_gives_the_same_charges_twice(case: Case) -> None:
    # Rates are compared by identity; their representations compare by value.
    assert repr(charges(case)) == repr(charges(case))


@patient
@given(cases())
def test_trial_and_billable_add_up_to_used(case: Case) -> None:
    for charge in charges(case):
        assert charge.trial + charge.billable == charge.used > 0
        assert 0 <= charge.trial <= charge.used <= charge.rate.month_length


@patient
@given(cases())
def test_charges_do_not_overlap_and_cover_exactly_the_usage(case: Case) -> None:
    case = replace(case, by_day=False)
    found = charges(case)
    for before, after in pairwise(found):
        assert before.ended_at <= after.started_at
    calendar = Period.inclusive(case.first, case.last)
    schedule = Schedule(
        zone=ZoneInfo(case.zone), period=calendar, as_of=case.as_of, trial=None, terms=[]
    )
    for number, (start, end) in enumerate(case.usages):
        covered = sum(c.ended_at - c.started_at for c in found if c.camera_id == number)
        until = schedule.ends_at if end is None else min(end, schedule.ends_at)
        assert covered == max(0, until - max(start, schedule.starts_at))


@patient
@given(cases(), st.integers(1, 70))
def test_a_period_split_at_the_end_of_a_month_adds_up(case: Case, after: int) -> None:
    month_end = (case.first + timedelta(days=after)).replace(day=1) - timedelta(days=1)
    if not case.first <= month_end < case.last:
        month_end = case.last
        case = replace(case, last=case.last + timedelta(days=31))
        month_end = case.last.replace(day=1) - timedelta(days=1)
    earlier, later = (
        replace(case, last=month_end),
        replace(case, first=month_end + timedelta(days=1)),
    )
    parts = sorted([as_line(c) for c in (*charges(earlier), *charges(later))], key=order)
    assert parts == sorted((as_line(c) for c in charges(case)), key=order)


def order(line: ReferenceLine) -> tuple[int, date, Decimal, int, int]:
    return line.usage, line.month, line.amount or Decimal(-1), line.used, line.trial


@patient
@given(
    cases(),
    st.dates(date(2001, 1, 1), date(2036, 12, 1)),
    st.decimals(0, 99_999_999, places=2),
)
def test_a_whole_month_on_one_tariff_costs_the_monthly_price(
    case: Case, day: date, price: Decimal
) -> None:
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    start = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
    digits = max(2, case.digits)
    whole = Case(
        case.zone,
        first,
        last,
        2**32,
        None,
        case.by_day,
        digits,
        ((date(1999, 1, 1), price),),
        ((start, None),),
    )
    (charge,) = charges(whole)
    assert charge.amount is not None
    assert charge.amount.number == price


@pytest.mark.parametrize("by_day", [False, True])
def test_the_reference_handles_a_clock_change(by_day: bool) -> None:
    """Check the reference by hand: in Berlin, 25 October 2026 has 25 hours and one night."""
    start, end = (
        int(datetime(2026, 10, day, 22 + late, tzinfo=UTC).timestamp())
        for day, late in ((24, 0), (25, 1))
    )
    case = Case(
        "Europe/Berlin",
        date(2026, 10, 1),
        date(2026, 10, 31),
        end,
        None,
        by_day,
        2,
        ((date(2026, 1, 1), Decimal(9)),),
        ((start, end),),
    )
    (line,) = lines(case)
    assert (line.used, line.month_length) == ((1, 31) if by_day else (90_000, 2_682_000))
