"""Define the table of planned changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django_tables2 import Table

from foundation.lists.pages import CellColumn, ListTable
from usage.cameras.tables import InstantColumn
from usage.models import PlannedChange
from usage.planned.reasons import reason_of

Action = Literal["withdraw", "dismiss", ""]
"""What can be done with the changes of a list."""


def _outcome(record: PlannedChange, table: Table) -> dict[str, Any]:
    reason = reason_of(record) if record.reason else ""
    return {"reason": reason, "is_late": record.is_late(table.now)}


class PlannedTable(ListTable):
    """List planned changes; those who can do an `action` with them can select some."""

    select = CellColumn(
        template_name="usage/planned/_select_cell.html",
        verbose_name=_("Select"),
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    at = InstantColumn(verbose_name=_("When"), names_zone=True)
    name = CellColumn(
        template_name="usage/planned/_camera_cell.html",
        verbose_name=_("Camera"),
        attrs={"td": {"class": "cell-title"}},
    )
    organization = tables.Column(
        verbose_name=_("Organization"),
        linkify=("usage:cameras", [tables.A("organization_id")]),
        attrs={"td": {"class": "cell-title"}},
    )
    change = CellColumn(
        template_name="usage/planned/_change_cell.html",
        verbose_name=_("Change"),
        attrs={"td": {"class": "cell-title"}},
    )
    state = CellColumn(
        template_name="usage/planned/_state_cell.html", verbose_name=_("State"), extra=_outcome
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("No changes are planned")
        template_name = "usage/planned/_table.html"

    def __init__(self, planned: Any, *, action: Action, now: datetime) -> None:
        self.action, self.now = action, now
        super().__init__(planned, exclude=[] if action else ["select"])
