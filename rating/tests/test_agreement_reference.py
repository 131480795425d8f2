"""Terms against a second, slow reading of the rules, and against laws that they imply."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from rating.agreement.bills import Bill, bills_of
from rating.agreement.credits import CreditLine
from rating.agreement.fees import FeeLine
from rating.agreement.lines import Section
from rating.agreement.minimums import MinimumLine
from rating.agreement.one_off import OneOffLine
from rating.agreement.terms import Agreement
from rating.agreement.usage_lines import UsageLine
from rating.line_sums import LineSums
from rating.money import in_major_units
from rating.pricing import Charge, Counted
from rating.tests.agreed_reference import AgreedCase, ReferenceBill, bill
from rating.tests.agreed_strategies import (
    agreed,
    agreed_cases,
    agreement_of,
    numbered_usages,
    parts_of,
    without_terms,
)
from rating.tests.reference import Case, lines
from rating.tests.strategies import cases
from rating.tests.test_pricing_reference import as_line, patient

EXACT = (Section.USAGE, Section.FEES, Section.ONE_OFF)
# A question with terms takes long to draw, and most laws ask the engine more than once.
few = settings(patient, max_examples=settings().max_examples // 3)


def billed(
    asked: AgreedCase, agreement: Agreement | None = None
) -> tuple[list[Charge], list[Bill]]:
    """Ask the engine; return the charges and the bills."""
    found = agreed(asked, agreement)
    pieces = list(found.schedule.pieces(numbered_usages(asked), Counted()))
    sums = LineSums()
    sums.add_all(pieces)
    return list(map(Charge._make, pieces)), bills_of(found, sums.values())


def as_reference(asked: AgreedCase) -> ReferenceBill:
    """Return the engine's answer in the form of the second reading."""
    charges, bills = billed(asked)
    digits = asked.case.digits

    def major(minor: int) -> Decimal:
        return in_major_units(minor, digits)

    found = ReferenceBill([[] for _ in asked.cameras], [], [], [], [], major(0))
    for charge in charges:
        found.usage[charge.camera_id].append(as_line(charge))
    for line in (line for each in bills for line in each.lines):
        match line:
            case FeeLine(fee=fee, dates=dates, days=days, before=before, minor=minor):
                found.fees.append((fee.id, _part(asked, dates.start), days, before, major(minor)))
            case OneOffLine(charge=one_off, minor=minor):
                found.one_off.append((one_off.id, major(minor)))
            case MinimumLine(dates=dates, minimum=minimum, reached=reached, minor=minor):
                amounts = major(minimum), major(reached), major(minor)
                found.minimum.append((dates.start, *amounts))
            case CreditLine(credit=credit, deducted=deducted, left=left):
                found.credits.append((credit.id, major(deducted), major(left)))
    total = sum((each.total.number for each in bills), major(0))
    return replace(found, fees=sorted(found.fees), total=total)


def _part(asked: AgreedCase, day: date) -> date:
    """Return where the part of the month begins in which a fee's dates lie."""
    first = asked.case.first
    starts = [first, day.replace(day=1), *asked.cuts]
    return max(start for start in starts if first <= start <= day)


def compare_with_terms(asked: AgreedCase) -> None:
    """Fail if the engine and the second reading differ."""
    assert as_reference(asked) == bill(asked)


def exact_total(*asked: AgreedCase) -> Decimal:
    """Return what questions come to together, without minimums and credits."""
    sums = (each.sum_of(section) for one in asked for each in billed(one)[1] for section in EXACT)
    return sum((amount.number for amount in sums), Decimal(0))


def owed_and_left(asked: AgreedCase) -> tuple[Decimal, Decimal]:
    """Return the total, and what is left of credits."""
    bills = billed(asked)[1]
    left = sum(line.left for each in bills for line in each.lines if isinstance(line, CreditLine))
    total = sum((each.total.number for each in bills), Decimal(0))
    return total, in_major_units(left, asked.case.digits)


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
    asked = replace(asked, charges=tuple(each for each in asked.charges if each[1] >= 0))
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
    credits = [each for each in asked.charges if each[1] < 0]
    total, left = owed_and_left(asked)
    found = [line for each in billed(asked)[1] for line in each.section(Section.CREDITS)]
    assert total >= 0
    assert left >= 0
    assert len(found) <= len(credits)
    assert not total or not left, "A credit is carried over although something is left to pay."
    without = replace(asked, charges=tuple(each for each in asked.charges if each[1] >= 0))
    available = sum(line.available for line in found if isinstance(line, CreditLine))
    assert total - left == owed_and_left(without)[0] - in_major_units(available, asked.case.digits)


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
