"""What is in dispute of invoices. Higher layers know it; this layer knows nothing of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

DisputesOf = Callable[[Collection[int]], Mapping[int, Decimal]]
"""Returns the sums in dispute of invoices, which are given by their ids."""

_sources: list[DisputesOf] = []


def register(source: DisputesOf) -> None:
    """Have a function asked; once, however often it is registered."""
    if source not in _sources:
        _sources.append(source)


def disputed(invoice_ids: Collection[int]) -> dict[int, Decimal]:
    """Return the sums in dispute of invoices, by their ids; those without are left out."""
    found: defaultdict[int, Decimal] = defaultdict(Decimal)
    for source in _sources:
        for pk, amount in source(invoice_ids).items():
            found[pk] += amount
    return dict(found)
