"""Define the table of requested changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from watcher.models import WriteRequest
from watcher.writing.operations import MOST_AT_ONCE
from watcher.writing.shown import ShownRequest, shown_requests


def _shown(record: WriteRequest, table: Any) -> dict[str, Any]:
    return {"shown": table.shown[record.pk]}


class RequestTable(ListTable):
    """List requests, the latest first; those who `can_decide` can select some."""

    select = CellColumn(
        template_name="watcher/writing/_select_cell.html",
        verbose_name=_("Select"),
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
        extra=_shown,
    )
    about = CellColumn(
        template_name="watcher/writing/_about_cell.html",
        verbose_name=_("What"),
        attrs={"td": {"class": "cell-title"}},
        extra=_shown,
    )
    wanted = CellColumn(
        template_name="watcher/writing/_wanted_cell.html",
        verbose_name=_("To be"),
        attrs={"td": {"class": "cell-title"}},
        extra=_shown,
    )
    requested_at = CellColumn(
        template_name="watcher/writing/_requested_cell.html",
        verbose_name=_("Requested"),
        extra=_shown,
    )
    state = CellColumn(
        template_name="watcher/writing/_state_cell.html",
        verbose_name=_("State"),
        attrs={"td": {"class": "cell-title"}},
        extra=_shown,
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("No requested changes")
        template_name = "watcher/writing/_table.html"

    most_at_once = MOST_AT_ONCE

    def __init__(self, requests: Any, *, can_decide: bool) -> None:
        self.can_decide = can_decide
        super().__init__(CostlyRows(requests), exclude=[] if can_decide else ["select"])

    @cached_property
    def shown(self) -> dict[int, ShownRequest]:
        """The requests of the page in words, by id."""
        rows = [row.record for row in self.paginated_rows]
        return {each.request.pk: each for each in shown_requests(rows)}
