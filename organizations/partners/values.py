"""Partnerships as terms of an agreement. Pricing does not know them; statements do."""

from __future__ import annotations

from dataclasses import dataclass

from rating.periods import Period


@dataclass(frozen=True, slots=True)
class Customer:
    """An organization whose usage on these dates is billed to the one that has this term."""

    organization_id: int
    dates: Period


@dataclass(frozen=True, slots=True)
class BilledTo:
    """Dates on which the usage of the organization that has this term is billed to a partner.

    Nothing is from `closed_at` on, in seconds since 1970: when the partner is closed, which is in
    its time zone. That may be within the last date.
    """

    partner_id: int
    dates: Period
    closed_at: int | None
