"""Define the tables of differences."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tables2 import Table

from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from watcher.drift.models import Difference, ReportDifference
from watcher.drift.operations import LONGEST_REASON, MOST_AT_ONCE
from watcher.drift.pushing import can_push, open_requests, possible_pushes
from watcher.drift.shown import address_of, cost_of, here_of, hint_of, there_of
from watcher.drift.taking_over import Owners, owners_named, why_not
from watcher.models import WriteRequest


def _name(record: Difference, table: Table) -> dict[str, Any]:
    return {"address": address_of(record)}


def _sides(record: Difference, table: Table) -> dict[str, Any]:
    return {"here": here_of(record), "there": there_of(record)}


def _cost(record: Difference, table: Table) -> dict[str, Any]:
    return {"amounts": cost_of(record)}


def _state(record: Difference, table: Table) -> dict[str, Any]:
    """Return what is requested, what the buttons do, why one does not, and what to do by hand."""
    why, pushes = why_not(record, table.owners), can_push(record, table.pushes)
    return {
        "hint": hint_of(record) if why and not pushes else None,
        "why": why,
        "pushes": pushes,
        "requested": table.requested.get(record.pk),
    }


class DifferenceTable(ListTable):
    """List differences; those who `can_decide` can select some."""

    select = CellColumn(
        template_name="watcher/drift/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    name = CellColumn(
        template_name="watcher/drift/_name_cell.html",
        verbose_name=_("What differs"),
        extra=_name,
        orderable=False,
        attrs={"td": {"class": "cell-title"}},
    )
    here = CellColumn(
        template_name="watcher/drift/_here_cell.html",
        verbose_name=_("Here"),
        extra=_sides,
        orderable=False,
        attrs={"td": {"class": "cell-title"}},
    )
    there = CellColumn(
        template_name="watcher/drift/_there_cell.html",
        verbose_name=_("In Watcher"),
        extra=_sides,
        orderable=False,
        attrs={"td": {"class": "cell-title"}},
    )
    cost = CellColumn(
        template_name="watcher/drift/_cost_cell.html",
        verbose_name=_("A month"),
        extra=_cost,
        orderable=False,
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    since = CellColumn(
        template_name="watcher/drift/_since_cell.html",
        verbose_name=_("Since"),
        order_by=("since_at", "pk"),
    )
    state = CellColumn(
        template_name="watcher/drift/_state_cell.html",
        verbose_name=_("To do"),
        extra=_state,
        orderable=False,
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "-since"
        order_by_field = "sort"
        empty_text = _("Nothing differs")
        template_name = "watcher/drift/_table.html"

    longest_reason = LONGEST_REASON
    most_at_once = MOST_AT_ONCE

    def __init__(self, rows: Any, *, can_decide: bool, shows_ignored: bool) -> None:
        self.can_decide, self.shows_ignored = can_decide, shows_ignored
        self.pushes = possible_pushes()
        super().__init__(CostlyRows(rows), exclude=[] if can_decide else ["select"])

    @cached_property
    def owners(self) -> Owners:
        """The owners here whom Watcher has as owners of organizations of the page."""
        return owners_named([row.record for row in self.paginated_rows])

    @cached_property
    def requested(self) -> dict[int, WriteRequest]:
        """The requests about the differences of the page, by the primary keys of those."""
        return open_requests([row.record for row in self.paginated_rows])


class ReportTable(ListTable):
    """List days that only one of billing and the usage report has."""

    name = CellColumn(
        template_name="watcher/drift/_report_camera_cell.html",
        verbose_name=_("Camera"),
        attrs={"td": {"class": "cell-title"}},
    )
    organization = CellColumn(
        template_name="watcher/drift/_report_organization_cell.html",
        verbose_name=_("Organization"),
        attrs={"td": {"class": "cell-title"}},
    )
    side = tables.Column(accessor="get_side_display", verbose_name=_("Who has it"))
    days = CellColumn(template_name="watcher/drift/_days_cell.html", verbose_name=_("Days (UTC)"))

    class Meta:
        model = ReportDifference
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("Nothing differs")

    def __init__(self, rows: Any) -> None:
        super().__init__(CostlyRows(rows))
