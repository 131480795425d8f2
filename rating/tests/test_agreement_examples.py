"""Run the table "Examples of agreements" of docs/pricing.md as tests."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from rating.agreement.agreed import Agreed
from rating.agreement.bills import bills_of
from rating.agreement.credits import CreditLine
from rating.agreement.discounts import Discount, DiscountExemption
from rating.agreement.fees import Fee, FeeLine
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.lines import Line
from rating.agreement.minimums import Minimum, MinimumLine
from rating.agreement.one_off import OneOffCharge, OneOffLine
from rating.agreement.terms import Agreement, Suspension
from rating.agreement.volume import VolumeCount
from rating.line_sums import LineSums
from rating.money import Amount, in_major_units
from rating.periods import Period
from rating.price_versions import PriceVersion, VolumeStep
from rating.pricing import Charge, Counted, Schedule, Terms, Unit
from rating.tests.test_pricing_examples import (
    DEFAULT_AS_OF,
    TABLES,
    TARIFF_IDS,
    Example,
    dates,
    terms,
    zones_of,
)

STEPS = TABLES["tariff", "price version from", "from camera-months", "monthly price"]
EXAMPLES = TABLES["#", "trial", "agreed", "use", "period", "bill", "total"]
IDS = TARIFF_IDS | {
    name: len(TARIFF_IDS) + number
    for number, name in enumerate(dict.fromkeys(row[0] for row in STEPS), 1)
}
DATE, NUMBER = r"(\d{4}-\d\d-\d\d)", r"(-?[\d.]+)"
SPAN = rf"(?:from {DATE}|{DATE} to {DATE})"


def euros(text: str) -> Amount:
    return Amount(Decimal(text), "EUR")


def span(since: str | None, first: str | None, last: str | None) -> Period:
    """Return the dates that `SPAN` has found."""
    last_date = date.fromisoformat(last) if last else None
    return Period.since(date.fromisoformat(since or first or ""), last_date)


def tariff_id(name: str) -> int | None:
    return None if name == "all" else IDS[name]


def term(number: int, text: str) -> object:
    """Read a term, as the examples state it."""
    if found := re.fullmatch(rf"(\w+) individually {NUMBER} from {DATE}", text):
        name, amount, day = found.groups()
        return IndividualPrice(IDS[name], date.fromisoformat(day), Decimal(amount))
    if found := re.fullmatch(rf"(\w+) by the list from {DATE}", text):
        return IndividualPrice(IDS[found[1]], date.fromisoformat(found[2]), None)
    if found := re.fullmatch(rf"discount of {NUMBER} % on (\w+) {SPAN}", text):
        percent, name, *days = found.groups()
        return Discount(Decimal(percent), span(*days), tariff_id(name))
    if found := re.fullmatch(rf"(\w+) exempt {SPAN}", text):
        name, *days = found.groups()
        return DiscountExemption(IDS[name], span(*days))
    if found := re.fullmatch(rf"suspended {SPAN}", text):
        return Suspension(span(*found.groups()))
    if found := re.fullmatch(rf"fee (\w+) {NUMBER} {SPAN}(, in the trial too)?", text):
        name, amount, *days, in_trial = found.groups()
        return Fee(number, name, euros(amount), span(*days), bool(in_trial))
    if found := re.fullmatch(rf"{NUMBER} x (\w+) at {NUMBER} on {DATE}", text):
        quantity, name, each, day = found.groups()
        return OneOffCharge(number, name, date.fromisoformat(day), Decimal(quantity), euros(each))
    found = re.fullmatch(rf"minimum {NUMBER} {SPAN}", text)
    assert found, text
    amount, *days = found.groups()
    return Minimum(euros(amount), span(*days))


def tariffs() -> Iterator[Terms]:
    """Yield all tariffs of the document."""
    yield from terms()
    for name in dict.fromkeys(row[0] for row in STEPS):
        versions: dict[str, list[VolumeStep]] = {}
        for _, day, bound, amount in (row for row in STEPS if row[0] == name):
            versions.setdefault(day, []).append(VolumeStep(Decimal(bound), Decimal(amount)))
        prices = [
            PriceVersion(date.fromisoformat(day), first.amount, tuple(steps))
            for day, (first, *steps) in versions.items()
        ]
        yield Terms(IDS[name], "EUR", 2, Unit.SECOND, prices)


class Answer(NamedTuple):
    charges: list[Charge]
    lines: list[Line]


def answer(row: list[str]) -> Answer:
    """Ask the engine what a row asks."""
    _, trial, agreed_terms, use, period, _, _ = row
    use, _, as_of = use.partition(", as of ")
    asked_for = dates(period)
    assert asked_for
    asked = Example(zones_of("UTC"), dates(trial), use, asked_for, as_of or DEFAULT_AS_OF)
    usages = list(asked.usages(IDS)) if use else []
    shared = Schedule(
        zones=asked.zones,
        period=asked.period,
        as_of=asked.instant(asked.as_of),
        trial=None,
        terms=tariffs(),
    )
    count = VolumeCount(shared)
    count.add_all(usages)
    texts = filter(None, agreed_terms.split("; "))
    agreed = Agreed.of(
        shared,
        trial=asked.trial,
        agreement=Agreement([term(number, text) for number, text in enumerate(texts)]),
        camera_months=count.camera_months(),
    )
    pieces = list(agreed.schedule.pieces(usages, Counted()))
    sums = LineSums()
    sums.add_all(pieces)
    (bill,) = bills_of(agreed, sums.values())
    assert bill.currency == "EUR"
    return Answer(list(map(Charge._make, pieces)), list(bill.lines))


def money(minor: int) -> Decimal:
    return in_major_units(minor, 2)


def shown_charge(charge: Charge) -> str:
    price = charge.rate.price
    assert price is not None
    cents = price.quantize(Decimal("0.01"))
    price = cents if price == cents else price.normalize()
    parts = charge.used, charge.trial, charge.suspended, charge.billable
    return f"{', '.join(map(str, parts))} at {price} -> {charge.amount and charge.amount.number}"


def shown(line: Line) -> str | None:
    """Return a line as the examples state it; charges are stated one by one."""
    amount = money(line.minor)
    match line:
        case FeeLine(fee=fee, days=days, month_days=month_days):
            return f"{fee.name} {days} of {month_days} days -> {amount}"
        case OneOffLine(charge=charge):
            return f"{charge.quantity.normalize():f} x {charge.text} -> {amount}"
        case MinimumLine(parts=((_, days),), minimum=minimum, reached=reached):
            least, so_far = money(minimum), money(reached)
            return f"minimum {least} for {days} days, reached {so_far} -> {amount}"
        case CreditLine(credit=credit, available=available, left=left, carried_on=carried_on):
            on = f" on {carried_on}" if left else ""
            start = f"{credit.text} {money(available)}, deducted -> {amount}"
            return f"{start}, left {money(left)}{on}"
    return None


def test_the_document_has_all_examples_of_agreements() -> None:
    assert [row[0] for row in EXAMPLES] == [str(number) for number in (*range(22, 38), 39)]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")
def test_an_example_of_an_agreement_matches_the_engine(row: list[str]) -> None:
    charges, lines = answer(row)
    parts = [*map(shown_charge, charges), *filter(None, map(shown, lines))]
    assert "; ".join(parts) == row[5]
    assert f"EUR {money(sum(line.minor for line in lines))}" == row[6]
