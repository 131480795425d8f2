"""Define the table of changes of cameras."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tables2 import Table

from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from usage.known_instants import known_text
from watcher.models import CameraChange
from watcher.reading.operations import MOST_AT_ONCE
from watcher.reading.reasons import Reason


def _known(record: CameraChange, table: Table) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    return {"known": known_text(record.at, record.within_seconds, zone)}


def _reason(record: CameraChange, table: Table) -> dict[str, Any]:
    is_open = record.state == CameraChange.State.OPEN
    return {"reason": Reason(record.reason).label if is_open and record.reason else ""}


class ChangeTable(ListTable):
    """List changes, the latest first; those who `can_decide` can select some."""

    select = CellColumn(
        template_name="watcher/reading/_select_cell.html",
        verbose_name=_("Select"),
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    name = CellColumn(
        template_name="watcher/reading/_camera_cell.html",
        verbose_name=_("Camera"),
        attrs={"td": {"class": "cell-title"}},
    )
    at = CellColumn(
        template_name="watcher/reading/_at_cell.html", verbose_name=_("When"), extra=_known
    )
    before = CellColumn(
        template_name="watcher/reading/_before_cell.html",
        verbose_name=_("Before"),
        attrs={"td": {"class": "cell-title"}},
    )
    after = CellColumn(
        template_name="watcher/reading/_after_cell.html",
        verbose_name=_("After"),
        attrs={"td": {"class": "cell-title"}},
    )
    state = CellColumn(
        template_name="watcher/reading/_state_cell.html", verbose_name=_("State"), extra=_reason
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("No changes")
        template_name = "watcher/reading/_table.html"

    most_at_once = MOST_AT_ONCE

    def __init__(self, changes: Any, *, can_decide: bool) -> None:
        self.can_decide = can_decide
        super().__init__(CostlyRows(changes), exclude=[] if can_decide else ["select"])
