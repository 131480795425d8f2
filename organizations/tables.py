"""The table of organizations."""

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, CostlyRows, ListTable
from foundation.web.addresses import address_of
from organizations.agreement.suspensions import suspension_of
from organizations.bulk.operations import MOST_AT_ONCE
from organizations.models import Organization


def _trial_state(record: Organization, table: Any) -> dict[str, str]:
    return {"state": record.trial_state(table.now)}


def _suspension(record: Organization, table: Any) -> dict[str, Any]:
    return {"suspension": suspension_of(record, table.now)}


class OrganizationTable(ListTable):
    """Organizations with owner, tariffs, cameras in use and trial; `now` decides its state."""

    select = CellColumn(
        template_name="organizations/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        accessor="pk",
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    title = CellColumn(
        template_name="organizations/_title_cell.html",
        extra=_suspension,
        attrs={"td": {"class": "cell-title"}},
    )
    owner = CellColumn(
        template_name="organizations/_owner_cell.html",
        order_by=("owner__email", "title"),
        attrs={"td": {"class": "cell-owner"}},
    )
    tariffs = CellColumn(
        template_name="organizations/_tariffs_cell.html",
        orderable=False,
        attrs={"td": {"class": "cell-tariffs"}},
    )
    cameras_in_use = CellColumn(
        template_name="organizations/_cameras_cell.html",
        verbose_name=_("Cameras in use"),
        order_by=("cameras_in_use", "title"),
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    trial = CellColumn(
        template_name="organizations/_trial_cell.html",
        extra=_trial_state,
        accessor="trial_last_on",
        verbose_name=_("Trial"),
    )
    actions = tables.Column(
        verbose_name="",
        orderable=False,
        accessor="pk",
        attrs={"td": {"class": "row-actions"}},
    )

    class Meta:
        model = Organization
        template_name = "organizations/_table.html"
        fields = ("select", "title", "owner", "tariffs", "cameras_in_use", "trial", "actions")
        order_by = "title"
        order_by_field = "sort"

    def __init__(self, shown: QuerySet[Organization], *, now: datetime, **kwargs: Any) -> None:
        super().__init__(CostlyRows(shown), **kwargs)
        self.now = now
        self.most_at_once = MOST_AT_ONCE

    def render_actions(self, record: Organization) -> SafeString:
        """Return links to pages of an organization."""
        return format_html_join(
            "\n",
            '<a class="btn btn-sm" href="{}{}" aria-label="{}">{}</a>',
            (
                (address_of(record.pk, name), query, label % {"title": record.title}, text)
                for name, query, label, text in self._actions
            ),
        )

    @cached_property
    def _actions(self) -> list[tuple[str, str, str, str]]:
        """The name, query, label and text of the link in every row to each page."""
        request = self.request
        # The pages lead back to the list as it is now.
        back = {"list": request.GET.urlencode()} if request.GET else {}
        query = f"?{urlencode(back)}" if back else ""
        actions = [
            ("usage:cameras", query, gettext("Cameras for %(title)s"), gettext("Cameras")),
            ("usage:usages", query, gettext("Usages for %(title)s"), gettext("Usages")),
        ]
        if request.user.is_operator:
            to_edit = f"?{urlencode({'next': request.get_full_path(), **back})}"
            edit = ("organizations:edit", to_edit, gettext("Edit %(title)s"), gettext("Edit"))
            actions.insert(0, edit)
        return actions

    def order_trial(
        self, organizations: QuerySet[Organization], is_descending: bool
    ) -> tuple[QuerySet[Organization], bool]:
        """Sort by the last day of the trial; organizations without a trial always come last."""
        last = F("trial_last_on")
        order = last.desc(nulls_last=True) if is_descending else last.asc(nulls_last=True)
        return organizations.order_by(order, "title"), True
