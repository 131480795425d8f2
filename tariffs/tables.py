"""The table of tariff plans."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_tables2 as tables
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, ListTable
from foundation.web.local_times import shown_date
from tariffs.models import Tariff
from tariffs.money import format_money
from tariffs.querysets import TariffQuerySet

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


def _by_volume(lowest: Decimal | None, currency: str) -> str:
    if lowest is None:
        return ""
    text = gettext("by volume from %(price)s") % {"price": format_money(lowest, currency)}
    return format_html('<div class="small text-secondary">{}</div>', text)


class TariffTable(ListTable):
    """Plans annotated by `with_prices` and `with_use`; `can_edit` adds the Edit links."""

    # Every order ends with the name, so that ties do not put a plan on two pages.
    name = CellColumn(template_name="tariffs/_name.html", verbose_name=_("Tariff plan"))
    services = tables.Column(
        empty_values=(),
        verbose_name=_("Services"),
        order_by=("dvr_depth_days", "dvr_space_gb", "has_anpr", "name"),
    )
    price_now = tables.Column(
        default=_("No price yet"),
        verbose_name=_("Current price"),
        order_by=("currency", "price_now", "name"),
        attrs=NUMBER,
    )
    price_now_from = tables.Column(
        verbose_name=_("Valid from"),
        default="",
        order_by=("price_now_from", "name"),
        attrs=NUMBER,
    )
    price_later = tables.Column(
        default="",
        verbose_name=_("Upcoming price"),
        order_by=("price_later_from", "name"),
        attrs=NUMBER,
    )
    organization_count = tables.Column(
        verbose_name=_("Organizations"), order_by=("organization_count", "name"), attrs=NUMBER
    )
    camera_count = tables.Column(
        verbose_name=_("Cameras"), order_by=("camera_count", "name"), attrs=NUMBER
    )
    edit = CellColumn(template_name="tariffs/_edit.html", verbose_name="", orderable=False)

    class Meta:
        model = Tariff
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "name"
        order_by_field = "sort"
        empty_text = _("No tariff plans found")

    def __init__(self, tariffs: TariffQuerySet, *, can_edit: bool) -> None:
        self.can_edit = can_edit
        super().__init__(tariffs, exclude=() if can_edit else ("edit",))

    def render_services(self, record: Tariff) -> str:
        """List the included services on one line."""
        days, space = record.dvr_depth_days, record.dvr_space_gb
        services = [
            ngettext("DVR %s day", "DVR %s days", days) % intcomma(days) if days else "",
            gettext("%s GB") % intcomma(space) if space else "",
            gettext("ANPR") if record.has_anpr else "",
        ]
        return ", ".join(filter(None, services)) or gettext("None")

    def render_price_now(self, value: Decimal, record: Any) -> str:
        """Return the amount with its currency, and the lowest price by volume."""
        return format_html(
            "{}{}",
            format_money(value, record.currency),
            _by_volume(record.price_now_lowest, record.currency),
        )

    def render_price_now_from(self, value: date) -> str:
        """Return the date."""
        return shown_date(value)

    def render_price_later(self, value: Decimal, record: Any) -> str:
        """Return the amount and the date it applies from."""
        return format_html(
            '{}{}<div class="small text-secondary">{}</div>',
            format_money(value, record.currency),
            _by_volume(record.price_later_lowest, record.currency),
            gettext("from %s") % shown_date(record.price_later_from),
        )

    def render_organization_count(self, value: int) -> str:
        """Return the number with grouped digits."""
        return intcomma(value)

    def render_camera_count(self, value: int) -> str:
        """Return the number with grouped digits."""
        return intcomma(value)
