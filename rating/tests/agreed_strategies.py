"""Questions with terms, at random: terms lie near the period, so that they cut one another."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

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
from rating.periods import ONE_DAY, Period, month_of
from rating.price_versions import PriceVersion, VolumeStep
from rating.pricing import Schedule, Terms, Unit
from rating.tests.agreed_reference import (
    AgreedCase,
    AgreedCharge,
    AgreedFee,
    AgreedMinimum,
    Dates,
    SteppedPlan,
)
from rating.tests.reference import Case, Plan
from rating.tests.strategies import (
    CURRENCIES,
    day_near,
    decimal,
    either,
    random_case,
    random_usages,
    schedule_of,
    some,
)

MONEY = [Decimal(0), Decimal(9), Decimal("14.9"), Decimal(30)]
PERCENTS = [Decimal(0), Decimal(10), Decimal("12.5"), Decimal(100)]
BOUNDS = [Decimal(1), Decimal(2), Decimal("0.5")]
LATE = 2**33


def agreed_cases() -> st.SearchStrategy[AgreedCase]:
    """Draw a question with terms."""
    return st.randoms(use_true_random=False).map(random_agreed_case)


def random_agreed_case(random: Random) -> AgreedCase:
    """Draw a question with terms of each kind, or of some, in up to two currencies."""
    case = _case(random)
    currencies = [case.digits, random.choice(list(CURRENCIES))]
    plans = tuple(stepped(random, each, random.choice(currencies)) for each in case.plans)

    def usages() -> tuple[tuple[int, int, int | None], ...]:
        return random_usages(random, case.first, case.last, len(case.plans))

    asked = random_terms(random, AgreedCase(case, plans, ()), currencies)
    return replace(
        asked,
        cameras=(case.usages, *some(random, 2, usages)),
        cuts=tuple(some(random, 2, lambda: day_near(random, case))),
        closed_on=random.choice((None, None, day_near(random, case))),
    )


def random_terms(random: Random, asked: AgreedCase, currencies: Sequence[int]) -> AgreedCase:
    """Add terms to a question."""
    case = asked.case

    def near() -> date:
        return day_near(random, case)

    def span() -> Dates:
        first, last = sorted((near(), near()))
        return first, random.choice((last, None))

    def money() -> Decimal:
        return _money(random)

    def percent() -> Decimal:
        return either(random, PERCENTS, lambda: decimal(random, 0, 100, 2))

    def plan() -> int:
        return random.randrange(len(asked.plans))

    def currency() -> int:
        return random.choice(currencies)

    def discount() -> tuple[int | None, Decimal, Dates]:
        return random.choice((None, plan())), percent(), span()

    def fee() -> AgreedFee:
        return AgreedFee(money(), span(), random.choice((False, True)), currency())

    def charge() -> AgreedCharge:
        return AgreedCharge(near(), decimal(random, -3, 3, 4), money(), currency())

    own_prices = {
        (plan(), near()): random.choice((None, money())) for _ in range(random.randint(0, 3))
    }
    return replace(
        asked,
        suspensions=tuple(some(random, 2, span)),
        own_prices=tuple((*version, amount) for version, amount in own_prices.items()),
        discounts=tuple(some(random, 3, discount)),
        exemptions=tuple(some(random, 1, lambda: (plan(), span()))),
        fees=tuple(some(random, 2, fee)),
        charges=tuple(some(random, 4, charge)),
        minimums=tuple(some(random, 2, lambda: AgreedMinimum(money(), span(), currency()))),
    )


def _money(random: Random) -> Decimal:
    return either(random, MONEY, lambda: decimal(random, 0, 500, 4))


def _case(random: Random) -> Case:
    """Draw a question without terms; in every other one, of whole months, or as of a late day."""
    case = random_case(random)
    if random.randint(0, 1):
        last = month_of(case.last).last
        case = replace(case, first=case.first.replace(day=1), last=last)
    return replace(case, as_of=LATE) if random.randint(0, 1) else case


def stepped(random: Random, plan: Plan, digits: int) -> SteppedPlan:
    """Add steps to some price versions of a plan."""

    def step() -> tuple[Decimal, Decimal]:
        bound = either(random, BOUNDS, lambda: decimal(random, 0, 3, 6))
        return bound or Decimal("0.000001"), _money(random)

    steps = tuple(
        (valid_from, tuple(dict(some(random, 2, step)).items()))
        for valid_from, _amount in plan.prices
        if random.randint(0, 1)
    )
    return SteppedPlan(plan.unit, plan.prices, steps, digits)


def agreement_of(asked: AgreedCase) -> Agreement:
    """Return the terms as the engine is told them."""
    contract = Period.since(date.min, asked.closed_on)

    def within_contract(span: Dates) -> Period:
        return Period.since(*span).within(contract)

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
                Fee(
                    number,
                    f"Fee {number}",
                    Amount(amount, CURRENCIES[digits]),
                    within_contract(span),
                    in_trial,
                )
                for number, (amount, span, in_trial, digits) in enumerate(asked.fees)
            ),
            *(
                OneOffCharge(
                    number, f"Charge {number}", day, quantity, Amount(each, CURRENCIES[digits])
                )
                for number, (day, quantity, each, digits) in enumerate(asked.charges)
            ),
            *(
                Minimum(Amount(amount, CURRENCIES[digits]), within_contract(span))
                for amount, span, digits in asked.minimums
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
        yield Terms(number, CURRENCIES[plan.digits], plan.digits, Unit(plan.unit), versions)


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
    if asked.closed_on is not None:
        closed_at = shared.calendar.start_of(asked.closed_on + ONE_DAY)
        shared = shared.with_usage_until(closed_at) if closed_at < case.as_of else shared
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
    plans = tuple(SteppedPlan(plan.unit, plan.prices, (), case.digits) for plan in case.plans)
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
