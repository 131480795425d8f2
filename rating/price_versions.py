"""Represent the monthly prices of a tariff by date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class VolumeStep(NamedTuple):
    """The monthly price from a number of camera-months on."""

    camera_months: Decimal
    amount: Decimal


class PriceVersion(NamedTuple):
    """An exact monthly price, valid from a date until the next version; None: no price.

    With `steps`, `amount` is the price from 0 camera-months on, and they hold the further ones;
    docs/pricing.md, "What was agreed".
    """

    valid_from: date
    amount: Decimal | None
    steps: tuple[VolumeStep, ...] = ()


def changes(versions: Sequence[PriceVersion]) -> Iterator[date]:
    """Yield the dates from which another amount applies than before."""
    amount = None
    for version in versions:
        if version.amount != amount:
            yield version.valid_from
        amount = version.amount


def version_on(versions: Sequence[PriceVersion], day: date) -> PriceVersion | None:
    """Return the latest version not after `day`, or None before the first."""
    index = bisect_right(versions, day, key=lambda version: version.valid_from)
    return versions[index - 1] if index else None


def price_on(versions: Sequence[PriceVersion], day: date) -> Decimal | None:
    """Return the price of the latest version not after `day`, or None before the first."""
    version = version_on(versions, day)
    return version.amount if version else None
