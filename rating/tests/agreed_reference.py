"""What was agreed, read a second time: date by date, in fractions, as `reference` reads the rest.

It shares no code with `rating`. Of each date it asks what its price is, whether it is free, and
whether a fee is charged on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from rating.tests.reference import (
    Answer,
    Case,
    Plan,
    ReferenceLine,
    begins,
    dates,
    days_of_month,
    half_up,
    length_of,
)

# First and last date, both inclusive; None: open.
Dates = tuple[date, date | None]
NEVER_ENDS = 2**40


@dataclass(frozen=True)
class SteppedPlan(Plan):
    """A tariff whose price versions may have steps: for each of its dates, bounds and amounts."""

    steps: tuple[tuple[date, tuple[tuple[Decimal, Decimal], ...]], ...] = ()


@dataclass(frozen=True)
class AgreedCase:
    """A question with terms. `cameras` are the usages of each; amounts are in one currency.

    own prices are (plan, from, amount), discounts (plan or None, percent, dates), exemptions (plan,
    dates), fees (amount, dates, in the trial too), charges (date, quantity, each) and minimums
    (amount, dates).
    """

    case: Case
    plans: tuple[SteppedPlan, ...]
    cameras: tuple[tuple[tuple[int, int, int | None], ...], ...]
    suspensions: tuple[Dates, ...] = ()
    own_prices: tuple[tuple[int, date, Decimal | None], ...] = ()
    discounts: tuple[tuple[int | None, Decimal, Dates], ...] = ()
    exemptions: tuple[tuple[int, Dates], ...] = ()
    fees: tuple[tuple[Decimal, Dates, bool], ...] = ()
    charges: tuple[tuple[date, Decimal, Decimal], ...] = ()
    minimums: tuple[tuple[Decimal, Dates], ...] = ()
    cuts: tuple[date, ...] = ()

    def of_camera(self, number: int) -> Case:
        """Return the question without terms about a camera."""
        return Case(**{**vars(self.case), "plans": self.plans, "usages": self.cameras[number]})


@dataclass(frozen=True)
class ReferenceBill:
    """The lines of each section, as tuples, and the total."""

    usage: list[list[ReferenceLine]]
    fees: list[tuple[int, date, int, int, Decimal]]
    one_off: list[tuple[int, Decimal]]
    minimum: list[tuple[date, Decimal, Decimal, Decimal]]
    credits: list[tuple[int, Decimal, Decimal]]
    total: Decimal


def covers(span: Dates, day: date) -> bool:
    return span[0] <= day and (span[1] is None or day <= span[1])


def rounded(exact: Fraction, digits: int) -> Decimal:
    """Round halves away from 0."""
    return half_up(exact, digits) if exact >= 0 else -half_up(-exact, digits)


class Reading:
    """One question with terms, being read."""

    def __init__(self, asked: AgreedCase) -> None:
        self.asked, self.case = asked, asked.case

    @cache  # noqa: B019 - a reading is short-lived
    def used_in_month(self, plan: int, month: date) -> Fraction:
        """Return the camera-months of a plan, with what is open as of the instant continued."""
        case, used = self.case, 0
        for number in range(len(self.asked.cameras)):
            answer = Answer(self.asked.of_camera(number))
            for usage_plan, start, end in self.asked.cameras[number]:
                if start >= case.as_of:
                    continue
                until = NEVER_ENDS if end is None or end > case.as_of else end
                for day in days_of_month(month):
                    unit = self.asked.plans[usage_plan].unit
                    time = answer.used_on(day, start, until, unit)
                    used += time if usage_plan == plan else 0
        return Fraction(used, length_of(month, self.asked.plans[plan].unit, case.zones))

    def list_price(self, plan: int, day: date) -> Decimal | None:
        """Return the price of the list, by the highest step that the month has reached."""
        terms = self.asked.plans[plan]
        begun = [version for version in terms.prices if version[0] <= day]
        if not begun:
            return None
        valid_from, amount = begun[-1]
        for bound, step in sorted(dict(terms.steps).get(valid_from, ())):
            if Fraction(bound) <= self.used_in_month(plan, day.replace(day=1)):
                amount = step
        return amount

    @cache  # noqa: B019
    def price(self, plan: int, day: date) -> Fraction | None:
        """Return what is paid for a plan on a date."""
        own = sorted(
            (since, amount)
            for p, since, amount in self.asked.own_prices
            if p == plan and since <= day
        )
        price = own[-1][1] if own else None
        if price is None:
            price = self.list_price(plan, day)
        if price is None:
            return None
        exempt = any(p == plan and covers(span, day) for p, span in self.asked.exemptions)
        highest = Decimal(0)
        for scope, percent, span in self.asked.discounts:
            if covers(span, day) and (scope == plan or (scope is None and not exempt)):
                highest = max(highest, percent)
        return Fraction(price) * (1 - Fraction(highest) / 100)

    def is_suspended(self, day: date) -> bool:
        return any(covers(span, day) for span in self.asked.suspensions)

    def in_trial(self, day: date) -> bool:
        return self.case.trial is not None and covers(self.case.trial, day)

    def has_begun(self, day: date) -> bool:
        return begins(day, self.case.zones) < self.case.as_of

    def fee_lines(self) -> Iterator[tuple[int, date, int, int, Decimal]]:
        """Yield (fee, first date of its part of the month, dates, dates before, amount)."""
        case = self.case
        for number, (amount, span, in_trial) in enumerate(self.asked.fees):
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
                if self.in_trial(day) and not in_trial:
                    continue
                if day >= case.first:
                    before.setdefault(part, so_far.get(month, 0))
                    parts[part] = parts.get(part, 0) + 1
                so_far[month] = so_far.get(month, 0) + 1
            for part, days in parts.items():
                whole = len(days_of_month(part))
                first, second = (
                    half_up(Fraction(amount) * number_of / whole, case.digits)
                    for number_of in (before[part], before[part] + days)
                )
                yield number, part, days, before[part], second - first

    def minimum_lines(
        self, reached: dict[date, Decimal], unpriced: set[date]
    ) -> Iterator[tuple[date, Decimal, Decimal, Decimal]]:
        """Yield (month, minimum, reached, amount)."""
        case, asked_for = self.case, set(dates(self.case.first, self.case.last))
        for month in sorted({day.replace(day=1) for day in asked_for}):
            days = days_of_month(month)
            over = begins(days[-1] + timedelta(days=1), case.zones) <= case.as_of
            if not asked_for.issuperset(days) or not over or month in unpriced:
                continue
            charged = [day for day in days if not self.in_trial(day) and not self.is_suspended(day)]
            found = [
                Fraction(amount) / len(days)
                for day in charged
                for amount, span in self.asked.minimums
                if covers(span, day)
            ]
            if found:
                least = half_up(sum(found, Fraction(0)), case.digits)
                so_far = reached.get(month, Decimal(0))
                yield month, least, so_far, max(least - so_far, Decimal(0))

    def one_off(self) -> list[tuple[int, date, Decimal]]:
        """Return (number, date, amount) of charges and credits, by date."""
        found = [
            (number, day, rounded(Fraction(quantity) * Fraction(each), self.case.digits))
            for number, (day, quantity, each) in enumerate(self.asked.charges)
            if self.case.first <= day <= self.case.last and self.has_begun(day)
        ]
        return sorted(found, key=lambda each: (each[1], each[0]))


class AgreedAnswer(Answer):
    """The answer about one camera, with the prices and suspensions of a reading."""

    def __init__(self, reading: Reading, number: int) -> None:
        super().__init__(reading.asked.of_camera(number))
        self.reading = reading

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
    reached: dict[date, Decimal] = {}
    unpriced = set()
    for line in (line for of_camera in usage for line in of_camera):
        reached[line.month] = reached.get(line.month, Decimal(0)) + (line.amount or 0)
        if line.amount is None:
            unpriced.add(line.month)
    for _fee, part, _days, _before, amount in fees:
        month = part.replace(day=1)
        reached[month] = reached.get(month, Decimal(0)) + amount
    minimum = list(reading.minimum_lines(reached, unpriced))
    charges, credit_lines = [], []
    total = sum(reached.values(), Decimal(0)) + sum(line[3] for line in minimum)
    for number, _day, amount in reading.one_off():
        if asked.charges[number][1] >= 0:
            charges.append((number, amount))
            total += amount
    for number, _day, amount in reading.one_off():
        if asked.charges[number][1] < 0:
            deducted = min(-amount, total)
            credit_lines.append((number, deducted, -amount - deducted))
            total -= deducted
    return ReferenceBill(usage, fees, charges, minimum, credit_lines, total)
