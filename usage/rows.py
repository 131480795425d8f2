"""Charges as people and spreadsheets read them: names instead of ids, local time, the formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from itertools import islice

from organizations.models import Organization
from tariffs.models import Tariff
from usage.models import Camera
from usage.pricing import Charge, instant_of
from usage.statements import Statement

CSV_COLUMNS = (
    "organization",
    "camera",
    "title",
    "tariff",
    "currency",
    "month",
    "price",
    "from",
    "to",
    "used",
    "trial",
    "billable",
    "month_length",
    "unit",
    "amount",
)
ROWS_A_LOOKUP = 2_000
QUOTIENT_PLACES = 4


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A charge with all that is shown of it."""

    charge: Charge
    camera: Camera
    tariff: Tariff
    started_at: datetime
    ended_at: datetime

    @property
    def quotient(self) -> Decimal:
        """The amount before rounding, cut off four places after the minor unit."""
        rate = self.charge.rate
        exact = Decimal(rate.numerator * self.charge.billable) / Decimal(rate.denominator)
        places = Decimal(1).scaleb(-rate.digits - QUOTIENT_PLACES)
        return exact.scaleb(-rate.digits).quantize(places, rounding=ROUND_DOWN)

    @property
    def is_exact(self) -> bool:
        """Whether the quotient needed no cutting off."""
        rate = self.charge.rate
        scale = 10**QUOTIENT_PLACES
        return not rate.numerator * self.charge.billable * scale % rate.denominator


def charge_rows(charges: Iterable[Charge], organization: Organization) -> Iterator[ChargeRow]:
    """Yield the rows of charges, looking cameras up by the thousand."""
    zone = organization.zone
    tariffs = Tariff.objects.in_bulk()
    remaining = iter(charges)
    while batch := list(islice(remaining, ROWS_A_LOOKUP)):
        cameras = Camera.objects.in_bulk({charge.camera_id for charge in batch})
        for charge in batch:
            yield ChargeRow(
                charge,
                cameras[charge.camera_id],
                tariffs[charge.rate.tariff_id],
                instant_of(charge.started_at, zone),
                instant_of(charge.ended_at, zone),
            )


def csv_rows(statement: Statement) -> Iterator[list[str]]:
    """Yield the heading and every charge of a statement as cells of usages.csv."""
    yield list(CSV_COLUMNS)
    title = text_cell(statement.organization.title)
    for row in charge_rows(statement.charges(), statement.organization):
        charge, rate = row.charge, row.charge.rate
        yield [
            title,
            text_cell(row.camera.name),
            text_cell(row.camera.title),
            text_cell(row.tariff.name),
            rate.currency,
            f"{rate.month:%Y-%m}",
            plain(rate.price, rate.digits),
            row.started_at.isoformat(),
            row.ended_at.isoformat(),
            str(charge.used),
            str(charge.trial),
            str(charge.billable),
            str(rate.month_length),
            "day" if rate.by_day else "second",
            plain(charge.amount, rate.digits),
        ]


def text_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def plain(amount: Decimal | None, digits: int) -> str:
    """Return a plain decimal of at least `digits` places, without idle zeros; None is empty."""
    if amount is None:
        return ""
    whole = amount.quantize(Decimal(1).scaleb(-digits))
    return f"{whole if whole == amount else amount.normalize():f}"
