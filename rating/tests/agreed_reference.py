"""What was agreed, read a second time: date by date, in fractions, as `reference` reads the rest.

It shares no code with `rating`. Of each date it asks what its price is, whether it is free, and
whether a fee is charged on it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rating.tests.reference import (
    Answer,
    Case,
    Plan,
    ReferenceLine,
    begins,
    dates,
    days_of_month,
    ends,
    half_up,
    length_of,
)

# First and last date, both inclusive; None: open.
Dates = tuple[date, date | None]
NEVER_ENDS = 2**40


@dataclass(frozen=True)
class SteppedPlan(Plan):
    """A tariff whose price versions may have steps: for each of its dates, bounds and amounts.

    Currencies are told apart by their decimal places, `digits`.
    """

    steps: tuple[tuple[date, tuple[tuple[Decimal, Decimal], ...]], ...] = ()
    digits: int = 2


class AgreedFee(NamedTuple):
    """A fee a month; `in_trial`: on dates of the trial too."""

    amount: Decimal
    dates: Dates
    in_trial: bool
    digits: int


class AgreedCharge(NamedTuple):
    """A one-off charge, or a credit if the quantity is below 0."""

    day: date
    quantity: Decimal
    each: Decimal
    digits: int


class AgreedMinimum(NamedTuple):
    """A minimum a month."""

    amount: Decimal
    dates: Dates
    digits: int


@dataclass(frozen=True)
class AgreedCase:
    """A question with terms. `cameras` are the usages of each.

    own prices are (plan, from, amount), discounts (plan or None, percent, dates) and exemptions
    (plan, dates). `closed_on` is the last date of the contract.
    """

    case: Case
    plans: tuple[SteppedPlan, ...]
    cameras: tuple[tuple[tuple[int, int, int | None], ...], ...]
    suspensions: tuple[Dates, ...] = ()
    own_prices: tuple[tuple[int, date, Decimal | None], ...] = ()
    discounts: tuple[tuple[int | None, Decimal, Dates], ...] = ()
    exemptions: tuple[tuple[int, Dates], ...] = ()
    fees: tuple[AgreedFee, ...] = ()
    charges: tuple[AgreedCharge, ...] = ()
    minimums: tuple[AgreedMinimum, ...] = ()
    cuts: tuple[date, ...] = ()
    closed_on: date | None = None

    @property
    def used_until(self) -> int:
        """The instant after which no usage counts."""
        if self.closed_on is None:
            return self.case.as_of
        return min(self.case.as_of, ends(self.closed_on, self.case.zones))

    def of_camera(self, number: int) -> Case:
        """Return the question without terms about a camera."""
        asked = {"plans": self.plans, "usages": self.cameras[number], "as_of": self.used_until}
        return Case(**{**vars(self.case), **asked})


@dataclass(frozen=True)
class ReferenceBill:
    """The lines of each section, as tuples, and totals by decimal places of the currency.

    `incomplete` are the currencies in which something has no price, and `charged` those in which
    there is something to invoice. `whole` are the months that can only be invoiced as a whole.
    """

    usage: list[list[ReferenceLine]]
    fees: list[tuple[int, date, int, int, Decimal]]
    one_off: list[tuple[int, Decimal]]
    minimum: list[tuple[date, int, Decimal, Decimal, Decimal]]
    credits: list[tuple[int, Decimal, Decimal]]
    totals: dict[int, Decimal]
    incomplete: set[int]
    charged: set[int]
    whole: set[date]


def covers(span: Dates, day: date) -> bool:
    return span[0] <= day and (span[1] is None or day <= span[1])


@lru_cache(maxsize=10_000)
def less(price: Decimal, percent: Decimal) -> Fraction:
    """Return a price with a discount."""
    return Fraction(price) * (1 - Fraction(percent) / 100)


def rounded(exact: Fraction, digits: int) -> Decimal:
    """Round halves away from 0."""
    return half_up(exact, digits) if exact >= 0 else -half_up(-exact, digits)


class Reading:
    """One question with terms, being read. Volume is that of `counted` if it is another one."""

    def __init__(self, asked: AgreedCase, counted: AgreedCase | None = None) -> None:
        self.asked, self.case = asked, asked.case
        self.counted = counted or asked
        self.parts: dict[tuple[int, bool], list[list[date]]] = {}
        self.used: dict[tuple[int, date], Fraction] = {}
        self.prices: dict[tuple[int, date], Fraction | None] = {}
        self.sorted_steps = {
            (number, valid_from): sorted(steps)
            for number, plan in enumerate(asked.plans)
            for valid_from, steps in plan.steps
        }
        self.sorted_prices = sorted(asked.own_prices, key=lambda own: own[1])

    def used_in_month(self, plan: int, month: date) -> Fraction:
        """Return the camera-months of a plan, with what is open as of the instant continued."""
        if (plan, month) not in self.used:
            self.used[plan, month] = self._used_in_month(plan, month)
        return self.used[plan, month]

    def _used_in_month(self, plan: int, month: date) -> Fraction:
        case, used, known = self.case, 0, self.asked.used_until
        # After a closing nothing goes on.
        at_last = NEVER_ENDS if known == case.as_of else known
        for number in range(len(self.counted.cameras)):
            answer = Answer(self.counted.of_camera(number))
            for usage_plan, start, end in self.counted.cameras[number]:
                if start >= known:
                    continue
                until = at_last if end is None or end > known else end
                for day in days_of_month(month):
                    unit = self.asked.plans[usage_plan].unit
                    time = answer.used_on(day, start, until, unit)
                    used += time if usage_plan == plan else 0
        return Fraction(used, length_of(month, self.asked.plans[plan].unit, case.zones))

    def list_price(self, plan: int, day: date) -> Decimal | None:
        """Return the price of the list, by the highest step that the month has reached."""
        version = self.version(plan, day)
        if version is None:
            return None
        amount = version[1]
        for bound, step in self.steps(plan, day):
            if Fraction(bound) <= self.used_in_month(plan, day.replace(day=1)):
                amount = step
        return amount

    def version(self, plan: int, day: date) -> tuple[date, Decimal] | None:
        begun = [version for version in self.asked.plans[plan].prices if version[0] <= day]
        return begun[-1] if begun else None

    def steps(self, plan: int, day: date) -> list[tuple[Decimal, Decimal]]:
        """Return the steps of the list on a date, the lowest first."""
        version = self.version(plan, day)
        return self.sorted_steps.get((plan, version[0]), []) if version else []

    def own_price(self, plan: int, day: date) -> Decimal | None:
        found = None
        for p, since, amount in self.sorted_prices:
            if p == plan and since <= day:
                found = amount
        return found

    def price(self, plan: int, day: date) -> Fraction | None:
        """Return what is paid for a plan on a date."""
        if (plan, day) not in self.prices:
            self.prices[plan, day] = self._price(plan, day)
        return self.prices[plan, day]

    def _price(self, plan: int, day: date) -> Fraction | None:
        price = self.own_price(plan, day)
        if price is None:
            price = self.list_price(plan, day)
        if price is None or not self.asked.discounts:
            return None if price is None else less(price, Decimal(0))
        exempt = any(p == plan and covers(span, day) for p, span in self.asked.exemptions)
        highest = Decimal(0)
        for scope, percent, span in self.asked.discounts:
            if covers(span, day) and (scope == plan or (scope is None and not exempt)):
                highest = max(highest, percent)
        return less(price, highest)

    def is_suspended(self, day: date) -> bool:
        return any(covers(span, day) for span in self.asked.suspensions)

    def in_trial(self, day: date) -> bool:
        return self.case.trial is not None and covers(self.case.trial, day)

    def has_contract(self, day: date) -> bool:
        return self.asked.closed_on is None or day <= self.asked.closed_on

    def has_begun(self, day: date) -> bool:
        return begins(day, self.case.zones) < self.case.as_of

    def fee_lines(self) -> Iterator[tuple[int, date, int, int, Decimal]]:
        """Yield (fee, first date of its part of the month, dates, dates before, amount)."""
        case = self.case
        for number, (amount, span, in_trial, digits) in enumerate(self.asked.fees):
            parts: dict[date, int] = {}
            so_far: dict[date, int] = {}
            before: dict[date, int] = {}
            part = case.first
            for day in dates(case.first.replace(day=1), case.last):
                if day.day == 1 or day == case.first or day in self.asked.cuts:
                    part = day
                month = day.replace(day=1)
                if not covers(span, day) or not self.has_begun(day) or self.is_suspended(day):
                    continue
                if not self.has_contract(day):
                    continue
                if self.in_trial(day) and not in_trial:
                    continue
                if day >= case.first:
                    before.setdefault(part, so_far.get(month, 0))
                    parts[part] = parts.get(part, 0) + 1
                so_far[month] = so_far.get(month, 0) + 1
            for part, days in parts.items():
                whole = len(days_of_month(part))
                first, second = (
                    half_up(Fraction(amount) * number_of / whole, digits)
                    for number_of in (before[part], before[part] + days)
                )
                yield number, part, days, before[part], second - first

    def minimum_lines(
        self, reached: dict[tuple[date, int], Decimal], unpriced: set[tuple[date, int]]
    ) -> Iterator[tuple[date, int, Decimal, Decimal, Decimal]]:
        """Yield (month, decimal places, minimum, reached, amount)."""
        case, asked_for = self.case, set(dates(self.case.first, self.case.last))
        for month in sorted({day.replace(day=1) for day in asked_for}):
            days = days_of_month(month)
            over = begins(days[-1] + timedelta(days=1), case.zones) <= case.as_of
            if not asked_for.issuperset(days) or not over:
                continue
            charged = [
                day
                for day in days
                if not self.in_trial(day) and not self.is_suspended(day) and self.has_contract(day)
            ]
            for digits in sorted({each.digits for each in self.asked.minimums}):
                found = [
                    Fraction(each.amount) / len(days)
                    for day in charged
                    for each in self.asked.minimums
                    if each.digits == digits and covers(each.dates, day)
                ]
                if found and (month, digits) not in unpriced:
                    least = half_up(sum(found, Fraction(0)), digits)
                    so_far = reached.get((month, digits), Decimal(0))
                    yield month, digits, least, so_far, max(least - so_far, Decimal(0))

    def whole_months(self) -> Iterator[date]:
        """Yield the months with a minimum, and those in which steps determine a price."""
        for month in {day.replace(day=1) for day in dates(self.case.first, self.case.last)}:
            days = days_of_month(month)
            if any(
                covers(each.dates, day) and self.has_contract(day)
                for day in days
                for each in self.asked.minimums
            ):
                yield month
            for plan in range(len(self.asked.plans)):
                by_steps = any(
                    self.steps(plan, day) and self.own_price(plan, day) is None for day in days
                )
                if by_steps and self.used_in_month(plan, month):
                    yield month

    def one_off(self) -> list[tuple[int, AgreedCharge, Decimal]]:
        """Return (number, charge or credit, amount), by date."""
        found = [
            (number, each, rounded(Fraction(each.quantity) * Fraction(each.each), each.digits))
            for number, each in enumerate(self.asked.charges)
            if self.case.first <= each.day <= self.case.last and self.has_begun(each.day)
        ]
        return sorted(found, key=lambda each: (each[1].day, each[0]))


class AgreedAnswer(Answer):
    """The answer about one camera, with the prices and suspensions of a reading."""

    def __init__(self, reading: Reading, number: int) -> None:
        super().__init__(reading.asked.of_camera(number))
        self.reading = reading
        # Cameras have the same prices.
        self.parts = reading.parts

    def digits(self, plan: int) -> int:
        return self.reading.asked.plans[plan].digits

    def price(self, plan: int, day: date) -> Fraction | None:
        return self.reading.price(plan, day)

    def is_suspended(self, day: date) -> bool:
        return self.reading.is_suspended(day)

    def cuts_until(self, day: date) -> int:
        return len({cut for cut in self.reading.asked.cuts if cut <= day})


def bill(asked: AgreedCase) -> ReferenceBill:
    """Answer a question with terms."""
    reading = Reading(asked)
    usage = [AgreedAnswer(reading, number).lines() for number in range(len(asked.cameras))]
    fees = list(reading.fee_lines())
    reached = defaultdict[tuple[date, int], Decimal](Decimal)
    totals = defaultdict[int, Decimal](Decimal)
    unpriced, charged = set[tuple[date, int]](), set[int]()

    def owed(digits: int, amount: Decimal) -> None:
        totals[digits] += amount
        if amount > 0:
            charged.add(digits)

    for line in (line for of_camera in usage for line in of_camera):
        digits = asked.plans[line.plan].digits
        reached[line.month, digits] += line.amount or 0
        owed(digits, line.amount or Decimal(0))
        if line.amount is None:
            unpriced.add((line.month, digits))
    for number, part, _days, _before, amount in fees:
        digits = asked.fees[number].digits
        reached[part.replace(day=1), digits] += amount
        owed(digits, amount)
    minimum = list(reading.minimum_lines(reached, unpriced))
    for _month, digits, _least, _reached, amount in minimum:
        owed(digits, amount)
    one_off, credit_lines = [], []
    for number, each, amount in reading.one_off():
        if each.quantity >= 0:
            one_off.append((number, amount))
            owed(each.digits, amount)
    for number, each, amount in reading.one_off():
        if each.quantity < 0:
            deducted = min(-amount, totals[each.digits])
            credit_lines.append((number, deducted, -amount - deducted))
            totals[each.digits] -= deducted
    return ReferenceBill(
        usage,
        fees,
        one_off,
        minimum,
        credit_lines,
        dict(totals),
        {digits for _month, digits in unpriced},
        charged,
        set(reading.whole_months()),
    )


def month_by_month(asked: AgreedCase) -> list[ReferenceBill]:
    """Answer for each month of the period in turn, as if it had been invoiced.

    From an incomplete statement no invoice is issued. If one is issued in its currency, the rest of
    a credit is one of the day after.
    """
    found, charges = [], asked.charges
    months = sorted({day.replace(day=1) for day in dates(asked.case.first, asked.case.last)})
    for month in months:
        first = max(month, asked.case.first)
        last = min(days_of_month(month)[-1], asked.case.last)
        case = Case(**{**vars(asked.case), "first": first, "last": last})
        of_month = bill(replace(asked, case=case, charges=charges))
        found.append(of_month)
        for number, _deducted, left in of_month.credits:
            digits = charges[number].digits
            if left and digits in of_month.charged and not of_month.incomplete:
                day = last + timedelta(days=1)
                charges = (*charges, AgreedCharge(day, Decimal(-1), left, digits))
    return found
