"""Export the list of tariff plans."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell, trimmed
from rating.money import minor_digits
from tariffs.models import Tariff

EXPORT_COLUMNS = (
    "name",
    "note",
    "currency",
    "price_now",
    "price_now_from",
    "price_later",
    "price_later_from",
    "proration",
    "default",
    "dvr_depth_days",
    "dvr_space_gb",
    "anpr",
    "organizations",
    "cameras",
    "archived",
    "price_now_steps",
    "price_later_steps",
)


def export_rows(tariffs: QuerySet[Tariff]) -> Iterator[list[Cell]]:
    """Yield the cells under `EXPORT_COLUMNS` of tariffs with `with_prices` and `with_use`.

    Volume steps are written as "2: 8; 3: 7": from 2 camera-months 8 a month, from 3 on 7.
    """
    tariff: Any
    for tariff in tariffs.iterator(ROWS_A_FETCH):
        yield [
            tariff.name,
            tariff.note,
            tariff.currency,
            _price(tariff.price_now, tariff.currency),
            tariff.price_now_from,
            _price(tariff.price_later, tariff.currency),
            tariff.price_later_from,
            tariff.proration,
            tariff.is_default,
            tariff.dvr_depth_days,
            tariff.dvr_space_gb,
            tariff.has_anpr,
            tariff.organization_count,
            tariff.camera_count,
            tariff.is_archived,
            tariff.price_now_steps or "",
            tariff.price_later_steps or "",
        ]


def _price(amount: Decimal | None, currency: str) -> Decimal | None:
    return None if amount is None else trimmed(amount, minor_digits(currency))
