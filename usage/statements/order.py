"""Sort the charges that the Usages page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rating.pricing import Charge
from usage.models import Camera
from usage.statements.excerpt import Order
from usage.statements.statement import Statement

Key = Callable[[Charge], Any]


class Column(NamedTuple):
    """The heading of a column: what to sort by next, and how it is sorted now (for ARIA)."""

    text: str
    is_number: bool
    next: str
    sorted: str


# By which name each of `charge_rows.headings` sorts; by "", charges cannot be sorted.
_NAMES = ("camera", "tariff", "", "from", "to", "used", "trial", "billable", "amount")
_NUMBERS = ("", "used", "trial", "billable", "amount")


def order_of(statement: Statement, sort: str) -> Order | None:
    """Return the order for the `sort` of an address, such as "-amount"; None if it names none.

    Charges without an amount come last, or first if descending; currencies are kept apart.
    """
    name = sort.removeprefix("-")
    if not name or name not in _NAMES:
        return None
    return Order(_key(statement, name), is_descending=sort.startswith("-"))


def columns(sort: str, headings: Iterable[str]) -> Iterator[Column]:
    """Yield the columns with these headings, if charges are sorted by `sort`."""
    for name, text in zip(_NAMES, headings, strict=True):
        is_number = name in _NUMBERS
        ascending, descending = sort == name, sort == f"-{name}"
        # A first click on a number shows the largest.
        following = f"-{name}" if ascending or (is_number and not descending) else name
        state = "ascending" if ascending else "descending" if descending else ""
        yield Column(text, is_number, following if name else "", state if name else "")


def _key(statement: Statement, name: str) -> Key:
    match name:
        case "camera":
            cameras = _camera_names(statement)
            return lambda charge: cameras.get(charge.camera_id, "")
        case "tariff":
            tariffs = statement.tariff_names
            return lambda charge: tariffs[charge.rate.tariff_id].casefold()
        case "from":
            return lambda charge: charge.started_at
        case "to":
            return lambda charge: charge.ended_at
        case "amount":
            return lambda charge: (
                charge.minor is None,
                charge.rate.currency,
                charge.minor or 0,
            )
    # Days and seconds are apart: they do not compare.
    return lambda charge: (charge.rate.by_day, getattr(charge, name))


def _camera_names(statement: Statement) -> Mapping[int, str]:
    used = Camera.objects.filter(
        usage_intervals__organization__in=statement.source.organization_ids
    )
    return dict(used.order_by().distinct().values_list("pk", "name"))
