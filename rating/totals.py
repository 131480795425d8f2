"""Add up the charges of a statement by tariff and by currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rating.money import Amount
from rating.pricing import Charge, Piece


@dataclass(slots=True)
class ChargeSum:
    """Hold a sum of charges. Each camera counts once.

    Time prorated by second is in seconds, time prorated by day in days; `minor` holds the amount in
    minor units by currency code.
    """

    cameras: int = 0
    charges: int = 0
    unpriced: int = 0
    billable_seconds: int = 0
    trial_seconds: int = 0
    suspended_seconds: int = 0
    billable_days: int = 0
    trial_days: int = 0
    suspended_days: int = 0
    minor: dict[str, int] = field(default_factory=dict)
    last_camera_id: int | None = None

    @property
    def has_suspended(self) -> bool:
        """Whether any time is suspended."""
        return bool(self.suspended_seconds or self.suspended_days)

    @property
    def amounts(self) -> list[Amount]:
        """The sum in each currency, ordered by code."""
        return [Amount.of_minor(minor, currency) for currency, minor in sorted(self.minor.items())]


@dataclass(slots=True)
class Totals:
    """Add up the totals of a statement: per tariff, by its id, and overall."""

    by_tariff: dict[int, ChargeSum] = field(default_factory=dict)
    cameras: int = 0
    last_camera_id: int | None = None

    def add(self, charge: Charge) -> None:
        """Add a charge. All charges of one camera must be consecutive."""
        self.add_all((charge,))

    def add_all(self, charges: Iterable[Piece]) -> None:
        """Add charges. All charges of one camera must be consecutive."""
        sums, last_camera_id = self.by_tariff, self.last_camera_id
        for camera_id, segment, _start, _end, used, trial, suspended, _before, minor in charges:
            rate = segment.rate
            if camera_id != last_camera_id:
                last_camera_id = camera_id
                self.cameras += 1
            tariff = sums.get(rate.tariff_id)
            if tariff is None:
                tariff = sums[rate.tariff_id] = ChargeSum(minor={rate.currency: 0})
            if camera_id != tariff.last_camera_id:
                tariff.last_camera_id = camera_id
                tariff.cameras += 1
            tariff.charges += 1
            if trial or suspended:
                used -= trial + suspended
                if rate.by_day:
                    tariff.trial_days += trial
                    tariff.suspended_days += suspended
                else:
                    tariff.trial_seconds += trial
                    tariff.suspended_seconds += suspended
            if rate.by_day:
                tariff.billable_days += used
            else:
                tariff.billable_seconds += used
            if minor is None:
                tariff.unpriced += 1
            else:
                tariff.minor[rate.currency] += minor
        self.last_camera_id = last_camera_id

    @property
    def all(self) -> ChargeSum:
        """The sum of all tariffs; a camera on several tariffs counts once."""
        total = ChargeSum(cameras=self.cameras)
        for tariff in self.by_tariff.values():
            total.charges += tariff.charges
            total.unpriced += tariff.unpriced
            total.billable_seconds += tariff.billable_seconds
            total.trial_seconds += tariff.trial_seconds
            total.suspended_seconds += tariff.suspended_seconds
            total.billable_days += tariff.billable_days
            total.trial_days += tariff.trial_days
            total.suspended_days += tariff.suspended_days
            for currency, minor in tariff.minor.items():
                total.minor[currency] = total.minor.get(currency, 0) + minor
        return total

    @property
    def is_complete(self) -> bool:
        """Whether every charge has a price."""
        return not any(tariff.unpriced for tariff in self.by_tariff.values())
