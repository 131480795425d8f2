"""Lists draw the cells that django_tables2 would draw."""

from typing import Any

import pytest
from django.utils.formats import localize
from django.utils.html import format_html

from foundation.lists.pages import CellColumn, ListTable
from tests.addresses import World, make_world

pytestmark = pytest.mark.django_db

LISTS = (
    "/organizations/",
    "/organizations/{organization}/cameras/",
    "/organizations/{organization}/invoices/",
    "/cameras/{camera}/",
    "/invoices/",
    "/invoices/receivables/",
    "/tariffs/",
)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize("route", LISTS)
def test_cells_are_those_of_the_library(world: World, route: str) -> None:
    address = route.format(
        organization=world.values["/organizations/<int:pk>"],
        camera=world.values["/cameras/<int:pk>"],
    )

    table: Any = world.client("operator").get(address).context["table"]

    plain = [each for each in table.columns if not isinstance(each.column, CellColumn)]
    rows = list(table.paginated_rows)
    assert isinstance(table, ListTable)
    assert rows
    for row, cells in zip(rows, table.drawn_rows, strict=True):
        for column in plain:
            cell = localize(row.get_cell(column.name))
            assert format_html(">{}</td>", cell) in cells
