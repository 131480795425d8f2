"""Prepare charges for people and spreadsheets: names instead of ids, local times, the formula."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import islice

from django.utils.translation import gettext as _

from foundation.lists.exports import Cell, Month, trimmed
from rating.money import Amount, in_major_units, to_places
from rating.periods import instant_of
from rating.pricing import Charge
from tariffs.models import Tariff
from usage.models import Camera
from usage.statements.agreed_columns import AGREED_COLUMNS, agreed_cells
from usage.statements.price_texts import PriceText, price_texts
from usage.statements.statement import Statement

CHARGE_COLUMNS = (
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
    "billable_before",
)
EXPORT_COLUMNS = (*CHARGE_COLUMNS, *AGREED_COLUMNS)
"""The columns of charges that are frozen for documents.

Those of organizations without terms, and older ones, have only `CHARGE_COLUMNS`: the others would
say that nothing was agreed.
"""
USAGES_COLUMNS = (*CHARGE_COLUMNS, "used_days", *AGREED_COLUMNS)
"""The columns of usages.csv and usages.xlsx."""
ROWS_A_LOOKUP = 2_000
QUOTIENT_PLACES = 4
DAY_PLACES = 6


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A charge with everything needed to show it; the instants are in local time.

    `title` is the camera's, or empty if another organization has the camera now. `prices` say how
    the price comes about, by date, if it is not that of the list.
    """

    charge: Charge
    camera: Camera
    title: str
    tariff: Tariff
    started_at: datetime
    ended_at: datetime
    prices: Sequence[PriceText] = ()

    @property
    def html_id(self) -> str:
        """The HTML id of the charge's row in the table."""
        return html_id(self.charge)

    @property
    def billable_so_far(self) -> int:
        """What is billable at the rate from the month's first instant to the end of the charge."""
        return self.charge.before + self.charge.billable

    @property
    def quotient(self) -> Decimal:
        """The amount so far before rounding, truncated to four places after the minor unit."""
        rate = self.charge.rate
        exact = Decimal(rate.numerator * self.billable_so_far) / Decimal(rate.denominator)
        places = Decimal(1).scaleb(-rate.digits - QUOTIENT_PLACES)
        return exact.scaleb(-rate.digits).quantize(places, rounding=ROUND_DOWN)

    @property
    def is_exact(self) -> bool:
        """Whether the quotient is exact, without truncation."""
        rate = self.charge.rate
        scale = 10**QUOTIENT_PLACES
        return not rate.numerator * self.billable_so_far * scale % rate.denominator

    @property
    def amount_so_far(self) -> Amount:
        """What the rate comes to so far, rounded."""
        return self._at_rate(self.billable_so_far)

    @property
    def amount_before(self) -> Amount:
        """What earlier charges of the rate came to."""
        return self._at_rate(self.charge.before)

    def _at_rate(self, billable: int) -> Amount:
        rate = self.charge.rate
        return Amount(in_major_units(rate.minor(billable), rate.digits), rate.currency)


def html_id(charge: Charge) -> str:
    """Return the HTML id of a charge's row in the table."""
    return f"charge-{charge.camera_id}-{charge.started_at}"


def headings(*, has_suspended: bool = False) -> dict[str, str]:
    """Return the headings of a table of charges; on a narrow screen, each row repeats them."""
    free = _("Trial, suspended") if has_suspended else _("Trial")
    return {
        "camera": _("Camera"),
        "tariff": _("Tariff"),
        "price": _("Monthly price"),
        "start": _("From"),
        "end": _("To"),
        "used": _("Used"),
        "trial": free,
        "billable": _("Billable"),
        "amount": _("Amount"),
    }


def charge_rows(charges: Iterable[Charge], statement: Statement) -> Iterator[ChargeRow]:
    """Yield the rows of charges of a statement; look up cameras in batches of `ROWS_A_LOOKUP`."""
    calendar, prices = statement.schedule.calendar, cache(partial(price_texts, statement))
    tariffs = Tariff.objects.in_bulk()
    remaining = iter(charges)
    while batch := list(islice(remaining, ROWS_A_LOOKUP)):
        cameras = Camera.objects.in_bulk({charge.camera_id for charge in batch})
        for charge in batch:
            yield ChargeRow(
                charge,
                camera := cameras[charge.camera_id],
                camera.title_for(statement.source.organization_ids),
                tariffs[charge.rate.tariff_id],
                instant_of(charge.started_at, calendar.zone_at(charge.started_at)),
                instant_of(charge.ended_at, calendar.zone_at(charge.ended_at)),
                prices(charge.segment),
            )


def used_days(used: int, by_day: bool) -> Decimal:
    """Return used time in days, rounded half up to six places; they have 86,400 seconds."""
    return Decimal(used) if by_day else trimmed(to_places(Fraction(used, 86_400), DAY_PLACES), 0)


def export_rows(rows: Iterable[ChargeRow], statement: Statement) -> Iterator[list[Cell]]:
    """Yield the cells of each charge, in the order of `USAGES_COLUMNS`."""
    organization, agreed = statement.organization, cache(partial(agreed_cells, statement))
    for row in rows:
        charge, rate = row.charge, row.charge.rate
        yield [
            organization.title,
            row.camera.name,
            row.title,
            row.tariff.name,
            rate.currency,
            Month(rate.month.year, rate.month.month, 1),
            None if rate.price is None else trimmed(rate.price, rate.digits),
            row.started_at,
            row.ended_at,
            charge.used,
            charge.trial,
            charge.billable,
            rate.month_length,
            "day" if rate.by_day else "second",
            None if charge.amount is None else charge.amount.number,
            charge.before,
            used_days(charge.used, rate.by_day),
            charge.suspended,
            *agreed(charge.segment),
        ]
