"""Export the terms of organizations, in the columns that an import reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from organizations.agreement.imports.columns import COLUMNS, ENTRIES, FIELDS
from organizations.agreement.kinds import KINDS
from organizations.models import Organization
from tariffs.models import Tariff


def term_rows(organizations: QuerySet[Organization]) -> Iterator[list[Cell]]:
    """Yield the cells under `COLUMNS` of all terms, by kind, then by organization."""
    found = organizations.order_by().values("pk")
    for kind in KINDS:
        related = ("organization", "tariff") if kind.has_tariff else ("organization",)
        rows = kind.model.objects.filter(organization__in=found).select_related(*related)
        by_title = rows.order_by("organization__title", "organization", *_in_order(kind.model))
        yield from map(_cells, by_title.iterator(ROWS_A_FETCH))


def _in_order(model: Any) -> tuple[str, ...]:
    return FIELDS[model]["first_day"], "pk"


def _cells(term: Any) -> list[Cell]:
    fields = FIELDS[type(term)]
    values: dict[str, Cell] = {
        "organization": term.organization.title,
        "entry": ENTRIES[type(term)],
        **{column: _cell(getattr(term, name)) for column, name in fields.items()},
    }
    return [values.get(column) for column in COLUMNS]


def _cell(value: Model | Decimal | date | bool | str | None) -> Cell:
    match value:
        case Tariff():
            return value.name
        case Decimal():
            return value.normalize() if value % 1 else value.quantize(Decimal(1))
    return value  # type: ignore[return-value]
