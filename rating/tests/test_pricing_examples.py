"""Run the tables of docs/pricing.md as tests."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from rating.money import minor_digits
from rating.periods import Period, ZoneVersion, epoch, next_month
from rating.price_versions import PriceVersion
from rating.pricing import Charge, Schedule, Terms, Unit, Usage

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
        yield Terms(TARIFF_IDS[name], currency, minor_digits(currency), Unit(proration), prices)


def dates(text: str) -> Period | None:
    found = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", text)]
    return Period.inclusive(*found) if found else None


class Example(NamedTuple):
    zones: Sequence[ZoneVersion]
    trial: Period | None
    use: str
    period: Period
    as_of: str

    def instant(self, text: str) -> int:
        day = date.fromisoformat(text[:10])
        zone = next(zone for since, zone in reversed(self.zones) if since <= day)
        return epoch(datetime.fromisoformat(text).replace(tzinfo=zone))

    def usages(self, ids: Mapping[str, int] = TARIFF_IDS) -> Iterator[Usage]:
        for camera_id, intervals in enumerate(self.use.split(";"), 1):
            for interval in intervals.split(","):
                found = re.fullmatch(r"\s*(\w+) from ([\d: -]+?)(?: to ([\d: -]+))?\s*", interval)
                if found is None:
                    yield from self.repeated(camera_id, interval)
                    continue
                name, start, end = found.groups()
                yield Usage(
                    camera_id,
                    ids[name],
                    self.instant(start),
                    self.instant(end) if end else None,
                )

    def repeated(self, camera_id: int, text: str) -> Iterator[Usage]:
        """Yield usage that is described as "the first 20 minutes of every hour of" a month."""
        pattern = r"\s*(\w+) for the first (\d+) minutes of every hour of (\d{4})-(\d\d)\s*"
        found = re.fullmatch(pattern, text)
        assert found, text
        month = date(int(found[3]), int(found[4]), 1)
        start, end = (self.instant(f"{day} 00:00") for day in (month, next_month(month)))
        for hour in range(start, end, 3600):
            yield Usage(camera_id, TARIFF_IDS[found[1]], hour, hour + int(found[2]) * 60)

    def charges(self) -> list[Charge]:
        schedule = Schedule(
            zones=self.zones,
            period=self.period,
            as_of=self.instant(self.as_of),
            trial=self.trial,
            terms=terms(),
        )
        return list(schedule.charges(self.usages()))


def zones_of(text: str) -> Sequence[ZoneVersion]:
    """Read "Asia/Tokyo", or "Asia/Tokyo, from 2026-11-01 America/New_York"."""
    first, *later = text.split(", from ")
    versions = [version.split(" ") for version in later]
    return [
        ZoneVersion(date.min, ZoneInfo(first)),
        *(ZoneVersion(date.fromisoformat(day), ZoneInfo(zone)) for day, zone in versions),
    ]


def examples(row: list[str]) -> list[Example]:
    """Return the questions of a row: one for each period, which are parted by semicolons."""
    _, zone, trial, use, periods, _, _ = row
    use, _, as_of = use.partition(", as of ")
    return [
        Example(zones_of(zone), dates(trial), use, period, as_of or DEFAULT_AS_OF)
        for text in periods.split(";")
        if (period := dates(text))
    ]


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


def test_the_document_has_all_examples() -> None:
    assert [row[0] for row in EXAMPLES] == [str(number) for number in (*range(1, 22), 38, 40)]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")
def test_an_example_matches_the_engine(row: list[str]) -> None:
    charges = [charge for example in examples(row) for charge in example.charges()]
    if row[5].startswith("744 charges"):
        assert len(charges) == 744
        assert {shown(charge) for charge in charges} == {
            f"1200, 0, 1200 -> {amount}" for amount in ("0.00", "0.01")
        }
    else:
        assert "; ".join(map(shown, charges)) == row[5]
    assert total(charges) == row[6]
