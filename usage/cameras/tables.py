"""Define the tables of an organization's cameras, and of one camera's history."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, ListTable
from foundation.web.local_times import shown_instant
from usage.cameras.filters import IN_USE
from usage.cameras.operations import MOST_AT_ONCE
from usage.known_instants import known_text
from usage.models import UsageInterval


class InstantColumn(tables.Column):  # type: ignore[misc]
    """Show an instant in the time zone of the page or, if `names_zone`, of the organization then.

    None means that the use has not ended. `known_by` is the field that says how it is known.
    """

    def __init__(
        self, *, names_zone: bool = False, known_by: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(empty_values=(), attrs={"td": {"class": "instant"}}, **kwargs)
        self.names_zone, self.known_by = names_zone, known_by

    def render(self, value: datetime | None, record: UsageInterval) -> str:
        """Return the local date and time, or a badge saying that the camera is in use."""
        if value is None:
            return format_html('<span class="badge bg-green-lt">{}</span>', gettext("in use"))
        if not self.names_zone:
            return _time(value, timezone.get_current_timezone())
        zone = record.organization.zone_at(value)
        shown = format_html(
            '{}<span class="d-block small text-secondary">{}</span>', _time(value, zone), zone
        )
        within = getattr(record, self.known_by) if self.known_by else None
        if within is None:
            return shown
        known = known_text(value, within, zone)
        return format_html(
            '{}<span class="d-block small text-secondary text-wrap">{}</span>', shown, known
        )


def _time(instant: datetime, zone: tzinfo) -> str:
    local = instant.astimezone(zone)
    shown = shown_instant(instant, zone)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), shown)


class CameraTable(ListTable):
    """List uses with `camera_name`: one per camera of an organization.

    People who `can_change` them can select up to `MOST_AT_ONCE`. They can correct any usage, and
    change that of cameras in use.
    """

    # The name breaks ties in every order, so that no camera appears on two pages.
    select = CellColumn(
        template_name="usage/_select_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    name = tables.Column(
        accessor="camera__name",
        verbose_name=_("Camera"),
        linkify=("usage:camera", [tables.A("camera_id")]),
        order_by="camera_name",
        attrs={"td": {"class": "cell-title"}},
    )
    title = tables.Column(
        accessor="camera_title",
        default="",
        verbose_name=_("Title"),
        order_by=("camera_title", "camera_name"),
        attrs={"td": {"class": "cell-title"}},
    )
    tariff = tables.Column(
        verbose_name=_("Tariff plan"),
        order_by=("tariff__name", "camera_name"),
        attrs={"td": {"class": "cell-title"}},
    )
    since = InstantColumn(
        accessor="started_at", verbose_name=_("Since"), order_by=("started_at", "camera_name")
    )
    until = InstantColumn(
        accessor="ended_at", verbose_name=_("Until"), order_by=("ended_at", "camera_name")
    )

    class Meta:
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "name"
        order_by_field = "sort"
        empty_text = _("No cameras found")
        template_name = "usage/_camera_table.html"

    most_at_once = MOST_AT_ONCE

    def __init__(self, uses: Any, *, organization_id: int, state: str, can_change: bool) -> None:
        hidden = ["until"] if state == IN_USE else []
        self.organization_id = organization_id
        self.can_correct = can_change
        self.can_change = can_change and state == IN_USE
        if not self.can_correct:
            hidden.append("select")
        super().__init__(uses, exclude=hidden)


class HistoryTable(ListTable):
    """List all uses of one camera, the latest first; people who `can_correct` them get a link."""

    organization = tables.Column(
        verbose_name=_("Organization"),
        linkify=("usage:cameras", [tables.A("organization_id")]),
        attrs={"td": {"class": "cell-title"}},
    )
    tariff = tables.Column(verbose_name=_("Tariff plan"), attrs={"td": {"class": "cell-title"}})
    since = InstantColumn(
        accessor="started_at",
        verbose_name=_("From"),
        names_zone=True,
        known_by="started_within_seconds",
    )
    until = InstantColumn(
        accessor="ended_at",
        verbose_name=_("To"),
        names_zone=True,
        known_by="ended_within_seconds",
    )

    correct = CellColumn(
        template_name="usage/_correct_cell.html",
        verbose_name="",
        attrs={"td": {"class": "text-end"}},
    )

    class Meta:
        model = UsageInterval
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = _("This camera has never been in use")

    def __init__(self, uses: Any, *, can_correct: bool) -> None:
        super().__init__(uses, exclude=[] if can_correct else ["correct"])
