"""Run the tables of docs/pricing.md as tests."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from rating.money import minor_digits
from rating.periods import Period, epoch
from rating.pricing import Charge, PriceVersion, Schedule, Terms, Usage

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "pricing.md"
DEFAULT_AS_OF = "2027-01-01 00:00"


def tables() -> dict[tuple[str, ...], list[list[str]]]:
    """Return the rows of each table in the document, by the cells of its heading."""
    found: dict[tuple[str, ...], list[list[str]]] = {}
    heading: tuple[str, ...] | None = None
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            heading = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if heading is None:
            heading = tuple(cells)
            found[heading] = []
        elif set(line) != {"|", "-"}:
            found[heading].append(cells)
    return found


TABLES = tables()
PRICES = TABLES["tariff", "proration", "currency", "price versions"]
EXAMPLES = TABLES["#", "zone", "trial", "use", "period", "charges", "total"]
TARIFF_IDS = {row[0]: number for number, row in enumerate(PRICES, 1)}


def terms() -> Iterator[Terms]:
    for name, proration, currency, versions in PRICES:
        prices = [
            PriceVersion(date.fromisoformat(day), Decimal(amount))
            for amount, day in re.findall(r"([\d.]+) from ([\d-]+)", versions)
        ]
        yield Terms(TARIFF_IDS[name], currency, minor_digits(currency), proration == "day", prices)


def dates(text: str) -> Period | None:
    found = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", text)]
    return Period.inclusive(*found) if found else None


class Example(NamedTuple):
    zone: ZoneInfo
    trial: Period | None
    use: str
    period: Period
    as_of: str

    def instant(self, text: str) -> int:
        return epoch(datetime.fromisoformat(text).replace(tzinfo=self.zone))

    def usages(self) -> Iterator[Usage]:
        for camera_id, intervals in enumerate(self.use.split(";"), 1):
            for interval in intervals.split(","):
                found = re.fullmatch(r"\s*(\w+) from ([\d: -]+?)(?: to ([\d: -]+))?\s*", interval)
                assert found, interval
                name, start, end = found.groups()
                yield Usage(
                    camera_id,
                    TARIFF_IDS[name],
                    self.instant(start),
                    self.instant(end) if end else None,
                )

    def charges(self) -> list[Charge]:
        schedule = Schedule(
            zone=self.zone,
            period=self.period,
            as_of=self.instant(self.as_of),
            trial=self.trial,
            terms=terms(),
        )
        return list(schedule.charges(self.usages()))


def example(row: list[str]) -> Example:
    _, zone, trial, use, period, _, _ = row
    use, _, as_of = use.partition(", as of ")
    example_period = dates(period)
    assert example_period
    return Example(ZoneInfo(zone), dates(trial), use, example_period, as_of or DEFAULT_AS_OF)


def shown(charge: Charge) -> str:
    amount = "unpriced" if charge.amount is None else charge.amount.number
    return f"{charge.used}, {charge.trial}, {charge.billable} -> {amount}"


def total(charges: list[Charge]) -> str:
    sums: dict[str, Decimal] = {}
    for charge in charges:
        currency = charge.rate.currency
        number = charge.amount.number if charge.amount else 0
        sums[currency] = sums.get(currency, Decimal(0)) + number
    parts = [f"{currency} {amount}" for currency, amount in sums.items()]
    if any(charge.amount is None for charge in charges):
        parts.append("incomplete")
    return ", ".join(parts)


def test_the_document_has_fourteen_examples() -> None:
    assert [row[0] for row in EXAMPLES] == [str(number) for number in range(1, 15)]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")
def test_an_example_matches_the_engine(row: list[str]) -> None:
    charges = example(row).charges()
    assert "; ".join(map(shown, charges)) == row[5]
    assert total(charges) == row[6]
