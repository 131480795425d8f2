"""Fees: amounts per month, charged by dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from rating.agreement.agreed import Agreed
from rating.agreement.lines import Line, Section
from rating.money import Amount, share_in_minor_units
from rating.periods import Period, month_of


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount per month, on these dates; those in the trial only if `in_trial`.

    Fees of different organizations are equal if they are agreed alike.
    """

    id: int = field(compare=False)
    name: str
    amount: Amount
    dates: Period
    in_trial: bool = False


@dataclass(frozen=True, slots=True)
class FeeLine:
    """A fee in a month or a part of it: for `days` charged dates of the month's `month_days`.

    `before` are the charged dates of the month before those of the line. `minor_before` was charged
    for them.
    """

    section: ClassVar[Section] = Section.FEES
    is_unpriced: ClassVar[bool] = False
    fee: Fee
    dates: Period
    days: int
    before: int
    month_days: int
    minor_before: int
    minor: int

    @property
    def currency(self) -> str:
        """The currency of the fee."""
        return self.fee.amount.currency

    @property
    def month(self) -> date:
        """The month of the line."""
        return self.dates.start.replace(day=1)


def fee_lines(agreed: Agreed, before: Sequence[Line]) -> Iterator[FeeLine]:
    """Yield the lines of all fees, in order of date."""
    fees = sorted(agreed.agreement.of(Fee), key=lambda fee: fee.id)
    if not fees:
        return
    for span in agreed.spans:
        for fee in fees:
            line = _line(agreed, fee, span)
            if line.days:
                yield line


def _line(agreed: Agreed, fee: Fee, span: Period) -> FeeLine:
    month = month_of(span.start)

    def charged(dates: Period) -> int:
        return agreed.schedule.free_time.charged_dates(dates, in_trial=fee.in_trial)

    def minor(days: int) -> int:
        return share_in_minor_units(fee.amount, days, month.days) if days else 0

    dates = span.within(fee.dates)
    is_cut = month.start < span.start
    before = charged(Period(month.start, span.start).within(fee.dates)) if is_cut else 0
    days, minor_before = charged(dates), minor(before)
    return FeeLine(
        fee=fee,
        dates=dates,
        days=days,
        before=before,
        month_days=month.days,
        minor_before=minor_before,
        minor=minor(before + days) - minor_before,
    )
