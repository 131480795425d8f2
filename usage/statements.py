"""Statements: all charges of one organization for one period, with totals.

`statement_for` is the one function that makes them; whatever shows or stores money asks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from organizations.models import Organization
from tariffs.currencies import minor_digits
from tariffs.models import Proration, Tariff
from usage.models import UsageInterval
from usage.pricing import (
    Charge,
    Period,
    PriceVersion,
    Schedule,
    Terms,
    epoch,
    in_major_units,
)


@dataclass(slots=True)
class Sum:
    """Charges added up: cameras counted once; time in seconds and, by the day, in days."""

    cameras: int = 0
    charges: int = 0
    unpriced: int = 0
    billable_seconds: int = 0
    trial_seconds: int = 0
    billable_days: int = 0
    trial_days: int = 0
    minor: dict[str, int] = field(default_factory=dict)
    _last_camera_id: int | None = None

    def add(self, charge: Charge) -> None:
        """Add a charge; those of one camera come one after another."""
        if charge.camera_id != self._last_camera_id:
            self.cameras += 1
            self._last_camera_id = charge.camera_id
        self.charges += 1
        if charge.rate.by_day:
            self.billable_days += charge.used - charge.trial
            self.trial_days += charge.trial
        else:
            self.billable_seconds += charge.used - charge.trial
            self.trial_seconds += charge.trial
        currency = charge.rate.currency
        if charge.minor is None:
            self.unpriced += 1
            self.minor.setdefault(currency, 0)
        else:
            self.minor[currency] = self.minor.get(currency, 0) + charge.minor

    @property
    def amounts(self) -> list[tuple[str, Decimal]]:
        """The sum of each currency, by code, in its major unit."""
        return [
            (currency, in_major_units(minor, minor_digits(currency)))
            for currency, minor in sorted(self.minor.items())
        ]


@dataclass(slots=True)
class Totals:
    """A statement's totals: of all, and of each tariff by its id."""

    all: Sum = field(default_factory=Sum)
    by_tariff: dict[int, Sum] = field(default_factory=dict)

    def add(self, charge: Charge) -> None:
        """Add a charge to both."""
        self.all.add(charge)
        tariff_id = charge.rate.tariff_id
        tariff = self.by_tariff.get(tariff_id)
        if tariff is None:
            tariff = self.by_tariff[tariff_id] = Sum()
        tariff.add(charge)

    @property
    def is_complete(self) -> bool:
        """Whether every charge has a price."""
        return not self.all.unpriced


@dataclass(frozen=True)
class Statement:
    """What an organization owes for a period, as of an instant. Charges are read when asked for."""

    organization: Organization
    period: Period
    as_of: datetime
    schedule: Schedule

    def charges(self) -> Iterator[Charge]:
        """Stream the charges, by camera in order of its making, then by time."""
        starts_at, ends_at = self.schedule.starts_at, self.schedule.ends_at
        if starts_at >= ends_at:
            return iter(())
        usages = UsageInterval.objects.usages_of(self.organization.pk, starts_at, ends_at)
        return self.schedule.charges(usages)

    def totals(self) -> Totals:
        """Add all charges up."""
        totals = Totals()
        for charge in self.charges():
            totals.add(charge)
        return totals

    def excerpt(
        self, wanted: Callable[[Charge], bool], first: int, number: int
    ) -> tuple[Totals, list[Charge], int]:
        """Read once: totals of all, `number` wanted charges from the `first` on, and how many."""
        totals, shown, found = Totals(), [], 0
        for charge in self.charges():
            totals.add(charge)
            if wanted(charge):
                if first <= found < first + number:
                    shown.append(charge)
                found += 1
        return totals, shown, found


def statement_for(*, organization: Organization, period: Period, as_of: datetime) -> Statement:
    """Make the statement of an organization for a period, as of an aware instant.

    Use after `as_of` is not counted: docs/pricing.md, "Time".
    """
    schedule = Schedule(
        zone=organization.zone,
        period=period,
        as_of=epoch(as_of),
        trial=trial_of(organization),
        terms=terms_of(Tariff.objects.prefetch_related("prices")),
    )
    return Statement(organization, period, as_of, schedule)


def trial_of(organization: Organization) -> Period | None:
    """Return the organization's trial, half-open."""
    first, last = organization.trial_first_on, organization.trial_last_on
    return Period.inclusive(first, last) if first and last else None


def terms_of(tariffs: Iterable[Tariff]) -> Iterator[Terms]:
    """Yield what pricing needs to know of tariffs whose prices have been prefetched."""
    for tariff in tariffs:
        versions = sorted(PriceVersion(p.valid_from, p.amount) for p in tariff.prices.all())
        yield Terms(
            tariff_id=tariff.pk,
            currency=tariff.currency,
            digits=minor_digits(tariff.currency),
            by_day=tariff.proration == Proration.DAY,
            prices=versions,
        )
