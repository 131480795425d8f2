"""The table of suspensions on the platform."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lists.pages import CellColumn, ListTable
from watcher.models import Connection, WatcherSuspension
from watcher.suspending.shown import ShownSuspension, shown_suspensions


def _shown(record: WatcherSuspension, table: Any) -> dict[str, Any]:
    return {"suspension": table.shown[record.pk]}


class SuspensionTable(ListTable):
    """List suspensions, the latest first; those that fail can be tried again by `can_act`."""

    organization = CellColumn(
        template_name="watcher/suspending/_organization_cell.html",
        verbose_name=_("Organization"),
        attrs={"td": {"class": "cell-title"}},
    )
    state = CellColumn(
        template_name="watcher/suspending/_state.html",
        verbose_name=pgettext_lazy("of a suspension", "In Watcher"),
        extra=_shown,
        attrs={"td": {"class": "cell-title"}},
    )
    again = CellColumn(
        template_name="watcher/suspending/_again_cell.html",
        verbose_name=_("Next attempt"),
        extra=_shown,
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("No suspensions found")

    def __init__(self, rows: Any, *, connection: Connection | None) -> None:
        self.connection = connection
        super().__init__(rows)

    @cached_property
    def shown(self) -> dict[int, ShownSuspension]:
        """The rows of the page in words, by primary key."""
        return shown_suspensions([row.record for row in self.paginated_rows], self.connection)
