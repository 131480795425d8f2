"""Terms against a second, slow reading of the rules, and against laws that they imply."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from rating.agreement.agreed import Agreed
from rating.agreement.bills import Bill, bills_of, whole_months
from rating.agreement.credits import CreditLine
from rating.agreement.fees import FeeLine
from rating.agreement.lines import Line, Section
from rating.agreement.minimums import MinimumLine
from rating.agreement.one_off import OneOffLine
from rating.agreement.terms import Agreement
from rating.agreement.usage_lines import UsageLine
from rating.line_sums import LineSums
from rating.money import in_major_units
from rating.periods import Period, month_of, months_of
from rating.pricing import Charge, Counted
from rating.tests.agreed_reference import (
    AgreedCase,
    AgreedCharge,
    ReferenceBill,
    bill,
    month_by_month,
)
from rating.tests.agreed_strategies import (
    agreed,
    agreed_cases,
    agreement_of,
    numbered_usages,
    parts_of,
    without_terms,
)
from rating.tests.reference import Case, lines
from rating.tests.strategies import CURRENCIES, cases
from rating.tests.test_pricing_reference import as_line, patient

EXACT = (Section.USAGE, Section.FEES, Section.ONE_OFF)
# A question with terms takes long to draw, and most laws ask the engine more than once.
few = settings(patient, max_examples=settings().max_examples // 3)


class Answered(NamedTuple):
    """What the engine answers to a question."""

    asked: AgreedCase
    agreed: Agreed
    charges: list[Charge]
    bills: list[Bill]


def answered(asked: AgreedCase, agreement: Agreement | None = None) -> Answered:
    """Ask the engine."""
    found = agreed(asked, agreement)
    pieces = list(found.schedule.pieces(numbered_usages(asked), Counted()))
    sums = LineSums()
    sums.add_all(pieces)
    bills = bills_of(found, sums.values())
    return Answered(asked, found, list(map(Charge._make, pieces)), bills)


def billed(
    asked: AgreedCase, agreement: Agreement | None = None
) -> tuple[list[Charge], list[Bill]]:
    """Ask the engine; return the charges and the bills."""
    found = answered(asked, agreement)
    return found.charges, found.bills


DIGITS = {code: digits for digits, code in CURRENCIES.items()}


def as_reference(answer: Answered) -> ReferenceBill:
    """Return the engine's answer in the form of the second reading."""
    asked = answer.asked
    found = ReferenceBill([[] for _ in asked.cameras], [], [], [], [], {}, set(), set(), set())
    for charge in answer.charges:
        found.usage[charge.camera_id].append(as_line(charge))
    for each in answer.bills:
        digits = DIGITS[each.currency]
        found.totals[digits] = each.total.number
        found.charged.update([digits] if each.has_charges else [])
        found.incomplete.update([] if each.is_complete else [digits])
        for line in each.lines:
            add(line, digits, found, asked)
    found.whole.update(whole_months(answer.agreed))
    return found


def add(line: Line, digits: int, found: ReferenceBill, asked: AgreedCase) -> None:
    """Add a line of the engine to an answer in the form of the second reading."""

    def major(minor: int) -> Decimal:
        return in_major_units(minor, digits)

    match line:
        case FeeLine(fee=fee, dates=dates, days=days, before=before, minor=minor):
            found.fees.append((fee.id, _part(asked, dates.start), days, before, major(minor)))
        case OneOffLine(charge=one_off, minor=minor):
            found.one_off.append((one_off.id, major(minor)))
        case MinimumLine(dates=dates, minimum=minimum, reached=reached, minor=minor):
            amounts = major(minimum), major(reached), major(minor)
            found.minimum.append((dates.start, digits, *amounts))
        case CreditLine(credit=credit, deducted=deducted, left=left):
            found.credits.append((credit.id, major(deducted), major(left)))


def _part(asked: AgreedCase, day: date) -> date:
    """Return where the part of the month begins in which a fee's dates lie."""
    first = asked.case.first
    starts = [first, day.replace(day=1), *asked.cuts]
    return max(start for start in starts if first <= start <= day)


def in_form(found: ReferenceBill) -> ReferenceBill:
    """Return an answer with lines in one order; a total of 0 says nothing."""
    return replace(
        found,
        fees=sorted(found.fees),
        one_off=sorted(found.one_off),
        minimum=sorted(found.minimum),
        credits=sorted(found.credits),
        totals={digits: total for digits, total in found.totals.items() if total},
    )


def compare_with_terms(asked: AgreedCase) -> None:
    """Fail if the engine and the second reading differ.

    Credits of a period of several months are compared month by month, too.
    """
    expected = bill(asked)
    assert in_form(as_reference(answered(asked))) == in_form(expected)
    if expected.credits and asked.case.first.replace(day=1) != asked.case.last.replace(day=1):
        invoiced = [in_form(each) for each in invoiced_month_by_month(asked)]
        assert invoiced == [in_form(each) for each in month_by_month(asked)]


def invoiced_month_by_month(asked: AgreedCase) -> Iterator[ReferenceBill]:
    """Ask the engine for each month in turn, carrying over what is left of credits."""
    for first in months_of(Period.inclusive(asked.case.first, asked.case.last)):
        month = month_of(first).within(Period.inclusive(asked.case.first, asked.case.last))
        part = replace(asked, case=replace(asked.case, first=month.start, last=month.last))
        answer = answered(part)
        yield as_reference(answer)
        asked = replace(asked, charges=(*asked.charges, *carried_by(answer.bills)))


def carried_by(bills: Sequence[Bill]) -> Iterator[AgreedCharge]:
    """Yield the credits that issuing bills leaves, in order of those that they are left of."""
    is_complete = all(each.is_complete for each in bills)
    issued = [each for each in bills if each.has_charges and is_complete]
    found = [line for each in issued for line in each.lines if isinstance(line, CreditLine)]
    for line in sorted(found, key=lambda line: (line.credit.day, line.credit.id)):
        if line.left:
            digits = DIGITS[line.currency]
            left = in_major_units(line.left, digits)
            yield AgreedCharge(line.carried_on, Decimal(-1), left, digits)


def exact_total(*asked: AgreedCase) -> Decimal:
    """Return what questions come to together, without minimums and credits."""
    sums = (each.sum_of(section) for one in asked for each in billed(one)[1] for section in EXACT)
    return sum((amount.number for amount in sums), Decimal(0))


def owed_and_left(asked: AgreedCase) -> dict[str, tuple[int, int]]:
    """Return the total and what is left of credits by currency, in minor units."""
    return {
        each.currency: (
            each.minor,
            sum(line.left for line in each.lines if isinstance(line, CreditLine)),
        )
        for each in billed(asked)[1]
    }


@settings(patient, max_examples=settings().max_examples * 2)
@given(agreed_cases())
def test_the_engine_agrees_with_the_second_reading_of_terms(asked: AgreedCase) -> None:
    compare_with_terms(asked)


@few
@given(cases())
def test_without_terms_charges_are_those_of_the_list(case: Case) -> None:
    charges, bills = billed(without_terms(case))
    assert [as_line(charge) for charge in charges] == lines(case)
    total = sum((each.total.number for each in bills), Decimal(0))
    assert total == sum((charge.amount.number for charge in charges if charge.amount), Decimal(0))


def explained(bills: list[Bill]) -> list[object]:
    """Return bills, and how the prices of their lines come about."""
    lines = [line for each in bills for line in each.lines]
    return [bills, *(line.prices for line in lines if isinstance(line, UsageLine))]


@few
@given(agreed_cases(), st.randoms(use_true_random=False))
def test_the_order_of_terms_does_not_matter(asked: AgreedCase, random: Random) -> None:
    terms = list(agreement_of(asked).terms)
    random.shuffle(terms)
    assert repr(explained(billed(asked, Agreement(terms))[1])) == repr(explained(billed(asked)[1]))


@few
@given(agreed_cases(), st.lists(st.integers(0, 40), max_size=4))
def test_any_partition_of_a_period_adds_up_to_the_cent(
    asked: AgreedCase, lengths: list[int]
) -> None:
    asked = replace(asked, charges=tuple(each for each in asked.charges if each.quantity >= 0))
    assert exact_total(*parts_of(asked, lengths)) == exact_total(asked)


@few
@given(agreed_cases())
def test_cuts_never_change_a_sum(asked: AgreedCase) -> None:
    whole = replace(asked, cuts=())
    assert owed_and_left(asked) == owed_and_left(whole)


@few
@given(agreed_cases())
def test_use_that_is_cut_owes_the_same(asked: AgreedCase) -> None:
    halves = []
    for usages in asked.cameras:
        parts: list[tuple[int, int, int | None]] = []
        for plan, start, end in usages:
            middle = start + 86_400 * 3 if end is None else (start + end) // 2
            parts += [(plan, start, middle), (plan, middle, end)] if middle > start else []
            parts += [(plan, start, end)] if middle == start else []
        halves.append(tuple(parts))
    # Nights are counted by the pieces of use: a piece within a date has none.
    plans = tuple(replace(plan, unit="second") for plan in asked.plans)
    asked = replace(asked, plans=plans)
    assert owed_and_left(replace(asked, cameras=tuple(halves))) == owed_and_left(asked)


@few
@given(agreed_cases())
def test_a_total_is_never_negative_and_credits_are_not_lost(asked: AgreedCase) -> None:
    without = replace(asked, charges=tuple(each for each in asked.charges if each.quantity >= 0))
    owed = owed_and_left(without)
    for each in billed(asked)[1]:
        found = [line for line in each.lines if isinstance(line, CreditLine)]
        left = sum(line.left for line in found)
        assert each.minor >= 0
        assert all(line.left >= 0 for line in found)
        assert not each.minor or not left, "A credit is carried over although something is to pay."
        available = sum(line.available for line in found)
        assert each.minor - left == owed.get(each.currency, (0, 0))[0] - available


@few
@given(agreed_cases())
def test_the_bills_of_months_are_those_of_statements_about_them(asked: AgreedCase) -> None:
    """By month, credits are deducted as if each month were invoiced on its own."""
    first, last = asked.case.first.replace(day=1), month_of(asked.case.last).last
    asked = replace(asked, case=replace(asked.case, first=first, last=last))
    whole = {each.currency: each.by_month() for each in billed(asked)[1]}
    period = Period.inclusive(asked.case.first, asked.case.last)
    found = defaultdict[str, dict[date, list[object]]](dict)
    for first in months_of(period):
        month = month_of(first).within(period)
        part = replace(asked, case=replace(asked.case, first=month.start, last=month.last))
        for each in billed(part)[1]:
            found[each.currency][first] = stated(each)
    assert found == {
        currency: {month: stated(each) for month, each in months.items()}
        for currency, months in whole.items()
    }


def stated(bill: Bill) -> list[object]:
    """Return what a bill comes to, line by line; segments are compared by their dates."""
    return [
        bill.currency,
        bill.recurring,
        *((line.section, line.dates, line.minor) for line in bill.lines),
        *(
            (line.left, line.carried_on)
            for line in bill.lines
            if isinstance(line, CreditLine) and line.left
        ),
    ]


@few
@given(agreed_cases(), st.integers(0, 30), st.integers(0, 30), st.booleans())
def test_free_time_never_raises_what_usage_and_fees_come_to(
    asked: AgreedCase, skipped: int, days: int, is_trial: bool
) -> None:
    first = asked.case.first.replace(day=1)
    asked = replace(asked, case=replace(asked.case, first=first, trial=None))
    free = first + timedelta(days=skipped), first + timedelta(days=skipped + days)
    if is_trial:
        with_more = replace(asked, case=replace(asked.case, trial=free))
    else:
        with_more = replace(asked, suspensions=(*asked.suspensions, free))
    assert exact_total(with_more) <= exact_total(asked)


@few
@given(agreed_cases())
def test_lines_of_charges_say_what_their_price_comes_from(asked: AgreedCase) -> None:
    for line in (line for each in billed(asked)[1] for line in each.section(Section.USAGE)):
        assert isinstance(line, UsageLine)
        segment = line.sum.segment
        assert line.prices[0][0].start == segment.period.start
        assert line.prices[-1][0].end == segment.period.end
        for dates, price in line.prices:
            assert dates.start < dates.end
            assert price.net == segment.rate.price
        if line.discounted:
            gross, discount = line.discounted
            assert gross - discount == segment.rate.price
