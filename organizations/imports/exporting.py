"""Export organizations with all details, in the columns that an import reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from organizations.bulk.operations import values_of
from organizations.imports.columns import COLUMNS, FIELDS
from organizations.models import BillingDetails, Organization


def detail_rows(organizations: QuerySet[Organization], now: datetime) -> Iterator[list[Cell]]:
    """Yield the cells under `COLUMNS`, with the billing details that apply today."""
    details = BillingDetails.objects.select_related("tax")
    rows = organizations.select_related("owner").prefetch_related(
        "tariffs", "tags", "earlier_time_zones", Prefetch("billing_details", details)
    )
    for organization in rows.iterator(ROWS_A_FETCH):
        _details, values = values_of(organization, now)
        values |= {"owner": organization.owner.email, "owner_name": organization.owner.name}
        yield [_cell(values[FIELDS[column]]) for column in COLUMNS]


def _cell(value: object) -> Cell:
    match value:
        case list():
            return ", ".join(map(str, value))
        case bool() | date() | None:
            return value
        case _:
            return str(value)
