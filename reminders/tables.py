"""The table of reminders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.lists.pages import CellColumn, ListTable
from invoices.tables import NUMBER
from reminders.follow_ups import suspension_address
from reminders.models import MAX_REASON, FollowUp, Reminder
from reminders.sending import MOST_AT_ONCE
from tariffs.money import format_money


class ReminderTable(ListTable):
    """Reminders; operators can select proposed ones."""

    select = CellColumn(
        template_name="reminders/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    organization = CellColumn(
        template_name="reminders/_organization_cell.html",
        verbose_name=_("Organization"),
        order_by=("organization__title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    level = tables.Column(verbose_name=_("Level"), order_by=("level__days", "pk"))
    as_of = tables.Column(verbose_name=_("Date"), order_by=("as_of", "pk"))
    total = tables.Column(
        verbose_name=pgettext_lazy("amount", "Overdue"),
        order_by=("currency", "total", "pk"),
        attrs=NUMBER,
    )
    charges = tables.Column(
        verbose_name=_("Fee and interest"), empty_values=(), orderable=False, attrs=NUMBER
    )
    state = CellColumn(
        template_name="reminders/_state_cell.html",
        verbose_name=_("State"),
        orderable=False,
        extra=lambda reminder, table: {
            "suspend_at": suspension_address(reminder, table.now) if table.can_suspend else ""
        },
    )

    class Meta:
        model = Reminder
        fields: ClassVar[tuple[str, ...]] = ()
        order_by_field = "sort"
        empty_text = _("No reminders found")
        template_name = "reminders/_table.html"

    most_at_once = MOST_AT_ONCE
    longest_reason = MAX_REASON

    def __init__(self, reminders: Any, *, can_decide: bool, shows: str, now: datetime) -> None:
        """Show what `shows` names; those `shows` nothing are to be sent."""
        self.can_decide = can_decide and not shows
        self.can_suspend = can_decide and shows == FollowUp.SUSPEND
        self.now = now
        super().__init__(reminders, exclude=() if self.can_decide else ("select",))

    def render_as_of(self, value: date) -> str:
        """Format the date without line breaks."""
        return format_html('<span class="text-nowrap">{}</span>', date_format(value))

    def render_total(self, value: Decimal, record: Reminder) -> str:
        """Format the amount with its currency."""
        return format_money(value, record.currency)

    def render_charges(self, record: Reminder) -> str:
        """Format what the reminder costs, or a dash for nothing."""
        return format_money(record.charges, record.currency) if record.charges else "–"
