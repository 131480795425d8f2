"""Charges as an invoice keeps them: the usages.csv of one currency, compressed, with its sums."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from billing_admin.exports import csv_lines
from usage.pricing import Charge
from usage.rows import EXPORT_COLUMNS, charge_rows, export_rows
from usage.statements import Statement


@dataclass(slots=True)
class RateSum:
    """The charges of one tariff, month and price; time in the unit of `month_length`."""

    tariff_id: int
    month: date
    month_length: int
    price: Decimal | None
    cameras: int = 0
    charges: int = 0
    billable: int = 0
    minor: int = 0
    last_camera_id: int | None = None

    def add(self, charge: Charge) -> None:
        """Add a charge; those of one camera come one after another."""
        if charge.camera_id != self.last_camera_id:
            self.last_camera_id = charge.camera_id
            self.cameras += 1
        self.charges += 1
        self.billable += charge.billable
        self.minor += charge.minor or 0


@dataclass(frozen=True, slots=True)
class Frozen:
    """The charges of one currency: CSV compressed by gzip, and the SHA-256 of what it was."""

    currency: str
    content: bytes
    sha256: str
    count: int
    sums: list[RateSum]


def freeze(statement: Statement) -> list[Frozen]:
    """Read a statement; return its charges by currency, in order of its code."""
    charges: dict[str, list[Charge]] = defaultdict(list)
    for charge in statement.charges():
        charges[charge.rate.currency].append(charge)
    return [_frozen(statement, currency, charges[currency]) for currency in sorted(charges)]


def _frozen(statement: Statement, currency: str, charges: list[Charge]) -> Frozen:
    organization = statement.organization
    rows = export_rows(charge_rows(charges, organization), organization)
    text = "".join(csv_lines(EXPORT_COLUMNS, rows)).encode()
    content = gzip.compress(text, 1, mtime=0)
    return Frozen(currency, content, sha256(text).hexdigest(), len(charges), _sums(charges))


def _sums(charges: Iterable[Charge]) -> list[RateSum]:
    sums: dict[tuple[int, date, Decimal | None], RateSum] = {}
    for charge in charges:
        rate = charge.rate
        key = (rate.tariff_id, rate.month, rate.price)
        if key not in sums:
            sums[key] = RateSum(rate.tariff_id, rate.month, rate.month_length, rate.price)
        sums[key].add(charge)
    return list(sums.values())
