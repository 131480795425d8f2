"""Questions with terms, at random: terms lie near the period, so that they cut one another."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rating.agreement.agreed import Agreed
from rating.agreement.discounts import Discount, DiscountExemption
from rating.agreement.fees import Fee
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.minimums import Minimum
from rating.agreement.one_off import OneOffCharge
from rating.agreement.terms import Agreement, Suspension
from rating.agreement.volume import VolumeCount
from rating.money import Amount
from rating.periods import Period
from rating.price_versions import PriceVersion, VolumeStep
from rating.pricing import Schedule, Terms, Unit
from rating.tests.agreed_reference import AgreedCase, Dates, SteppedPlan
from rating.tests.reference import Case
from rating.tests.strategies import CURRENCIES, cases, schedule_of, usages

MONEY = st.sampled_from([Decimal(0), Decimal(9), Decimal("14.9"), Decimal(30)]) | st.decimals(
    0, 500, places=4
)
PERCENT = st.sampled_from([Decimal(0), Decimal(10), Decimal("12.5"), Decimal(100)]) | st.decimals(
    0, 100, places=2
)
BOUND = st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5")]) | st.decimals(
    "0.000001", 3, places=6
)


@st.composite
def agreed_cases(draw: st.DrawFn) -> AgreedCase:
    """Draw a question with terms of each kind, or of some."""
    case = draw(cases())
    near = st.dates(case.first - timedelta(days=40), case.last + timedelta(days=40))
    plans = tuple(draw(_stepped(plan)) for plan in case.plans)
    numbers = st.integers(0, len(plans) - 1)
    more = st.lists(usages(case.first, case.last), max_size=2)
    cameras = [
        case.usages,
        *(tuple((draw(numbers), *pair) for pair in pairs) for pairs in draw(more)),
    ]
    spans = _spans(near)

    def some(strategy: st.SearchStrategy[Any], most: int = 2) -> tuple[Any, ...]:
        return tuple(draw(st.lists(strategy, max_size=most)))

    return AgreedCase(
        case=case,
        plans=plans,
        cameras=tuple(cameras),
        suspensions=some(spans),
        own_prices=draw(
            st.lists(
                st.tuples(numbers, near, st.none() | MONEY),
                max_size=3,
                unique_by=lambda version: version[:2],
            ).map(tuple)
        ),
        discounts=some(st.tuples(st.none() | numbers, PERCENT, spans), 3),
        exemptions=some(st.tuples(numbers, spans), 1),
        fees=some(st.tuples(MONEY, spans, st.booleans())),
        charges=some(st.tuples(near, st.decimals(-3, 3, places=4), MONEY), 4),
        minimums=some(st.tuples(MONEY, spans)),
        cuts=some(near),
    )


@st.composite
def _spans(draw: st.DrawFn, near: st.SearchStrategy[date]) -> Dates:
    first, second = sorted((draw(near), draw(near)))
    return first, draw(st.sampled_from([second, None]))


@st.composite
def _stepped(draw: st.DrawFn, plan: Any) -> SteppedPlan:
    """Add steps to some price versions of a plan."""
    steps = []
    for valid_from, _amount in plan.prices:
        bounds = st.lists(st.tuples(BOUND, MONEY), max_size=2, unique_by=lambda step: step[0])
        steps.append((valid_from, tuple(draw(bounds))))
    return SteppedPlan(plan.unit, plan.prices, tuple(steps))


def agreement_of(asked: AgreedCase) -> Agreement:
    """Return the terms as the engine is told them."""
    currency = CURRENCIES[asked.case.digits]
    return Agreement(
        [
            *(Suspension(Period.since(*span)) for span in asked.suspensions),
            *(IndividualPrice(*own) for own in asked.own_prices),
            *(
                Discount(percent, Period.since(*span), plan)
                for plan, percent, span in asked.discounts
            ),
            *(DiscountExemption(plan, Period.since(*span)) for plan, span in asked.exemptions),
            *(
                Fee(number, f"Fee {number}", Amount(amount, currency), Period.since(*span), trial)
                for number, (amount, span, trial) in enumerate(asked.fees)
            ),
            *(
                OneOffCharge(number, f"Charge {number}", day, quantity, Amount(each, currency))
                for number, (day, quantity, each) in enumerate(asked.charges)
            ),
            *(
                Minimum(Amount(amount, currency), Period.since(*span))
                for amount, span in asked.minimums
            ),
        ]
    )


def terms_of(asked: AgreedCase) -> Iterable[Terms]:
    """Return the tariffs as the engine is told them."""
    for number, plan in enumerate(asked.plans):
        steps = dict(plan.steps)
        versions = [
            PriceVersion(day, amount, tuple(VolumeStep(*step) for step in steps.get(day, ())))
            for day, amount in plan.prices
        ]
        digits = asked.case.digits
        yield Terms(number, CURRENCIES[digits], digits, Unit(plan.unit), versions)


def numbered_usages(asked: AgreedCase) -> list[tuple[int, int, int, int | None]]:
    """Return the usages of all cameras, which are numbered from 0."""
    return [(number, *usage) for number, each in enumerate(asked.cameras) for usage in each]


def agreed(asked: AgreedCase, agreement: Agreement | None = None) -> Agreed:
    """Return the schedule with the terms of a question, as a statement makes it."""
    case = asked.case
    shared = Schedule(
        zones=schedule_of(case).calendar.zones,
        period=Period.inclusive(case.first, case.last),
        as_of=case.as_of,
        trial=None,
        terms=terms_of(asked),
        cuts=asked.cuts,
    )
    count = VolumeCount(shared)
    count.add_all(numbered_usages(asked))
    return Agreed.of(
        shared,
        trial=Period.inclusive(*case.trial) if case.trial else None,
        agreement=agreement_of(asked) if agreement is None else agreement,
        camera_months=count.camera_months(),
    )


def without_terms(case: Case) -> AgreedCase:
    """Return a question about one camera without any terms."""
    plans = tuple(SteppedPlan(plan.unit, plan.prices) for plan in case.plans)
    return AgreedCase(case, plans, (case.usages,))


def parts_of(asked: AgreedCase, lengths: Iterable[int]) -> list[AgreedCase]:
    """Return the same question about consecutive parts of the period."""
    first, parts = asked.case.first, []
    for length in lengths:
        last = min(asked.case.last, first + timedelta(days=length))
        parts.append(replace(asked, case=replace(asked.case, first=first, last=last)))
        first = last + timedelta(days=1)
        if first > asked.case.last:
            return parts
    return [*parts, replace(asked, case=replace(asked.case, first=first))]
