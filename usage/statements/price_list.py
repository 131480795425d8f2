"""Read the price list: all tariffs with their prices, as the values that pricing takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from foundation.fast_sql import compiled_once
from rating.money import minor_digits
from rating.price_versions import PriceVersion, VolumeStep
from rating.pricing import Terms, Unit
from tariffs.models import Tariff


class Tariffs(NamedTuple):
    """All tariffs: the terms that pricing needs, and the names by id."""

    terms: Sequence[Terms]
    names: Mapping[int, str]


@compiled_once
def tariff_versions() -> QuerySet[Tariff, Any]:
    """Return a row for each price of a tariff, and each of its volume steps.

    There is one row for a tariff without prices, and for a price without steps.
    """
    rows = Tariff.objects.order_by("pk", "prices__valid_from", "prices__steps__camera_months")
    return rows.values_list(
        "pk",
        "name",
        "currency",
        "proration",
        "prices__valid_from",
        "prices__amount",
        "prices__steps__camera_months",
        "prices__steps__amount",
    )


def all_tariffs() -> Tariffs:
    """Read every tariff with its prices and their volume steps."""
    versions = tariff_versions.rows()
    terms, names = [], {}
    for (pk, name, currency, proration), rows in groupby(versions, key=lambda row: row[:4]):
        names[pk] = name
        terms.append(
            Terms(
                tariff_id=pk,
                currency=currency,
                digits=minor_digits(currency),
                unit=Unit(proration),
                prices=_versions(rows),
            )
        )
    return Tariffs(terms, names)


def _versions(rows: Iterable[tuple[Any, ...]]) -> list[PriceVersion]:
    versions = []
    for (day, amount), of_one in groupby(rows, key=itemgetter(4, 5)):
        if day:
            steps = tuple(VolumeStep(*row[6:]) for row in of_one if row[6] is not None)
            versions.append(PriceVersion(day, amount, steps))
    return versions
