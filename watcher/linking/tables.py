"""The tables of what is linked, and what is not."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, ListTable
from organizations.models import Organization
from tariffs.models import Tariff
from watcher.linking.clear import MOST_SELECTED
from watcher.linking.proposals import Proposal, organizations_for, tariffs_for, tenants_for
from watcher.models import PlatformOrganization, PlatformPreset
from watcher.people.tenants import MOST_AT_ONCE


def _proposals(record: Any, table: Any) -> dict[str, Any]:
    return {"proposals": table.proposals.get(record.pk, ())}


def _linked(record: PlatformOrganization, table: Any) -> dict[str, Any]:
    return _proposals(record, table) | {"organization": table.linked.get(record.tenant_id)}


class _Proposing(ListTable):
    """A table that looks for proposals once, for the rows of its page."""

    @cached_property
    def records(self) -> list[Any]:
        """The rows of the page."""
        return [row.record for row in self.paginated_rows]


class TenantTable(_Proposing):
    """Organizations of the platform, each with the one here or with proposals.

    Those who `can_link` them can select some that have proposals.
    """

    select = CellColumn(
        template_name="watcher/_select_tenant_cell.html",
        extra=_linked,
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    title = CellColumn(
        template_name="watcher/_tenant_cell.html",
        verbose_name=_("Organization in Watcher"),
        order_by=("title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    owner = CellColumn(
        template_name="watcher/_tenant_owner_cell.html",
        verbose_name=_("Owner in Watcher"),
        order_by=("owner_login", "title", "pk"),
        attrs={"td": {"class": "cell-owner"}},
    )
    organization = CellColumn(
        template_name="watcher/_tenant_link_cell.html",
        extra=_linked,
        verbose_name=_("Organization here"),
        orderable=False,
        accessor="pk",
    )

    class Meta:
        model = PlatformOrganization
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "title"
        order_by_field = "sort"
        empty_text = _("No organizations found")
        template_name = "watcher/_tenant_table.html"

    most_at_once = MOST_SELECTED

    def __init__(self, tenants: Any, *, can_link: bool) -> None:
        self.can_link = can_link
        super().__init__(tenants, exclude=[] if can_link else ["select"])

    @property
    def offers_links(self) -> bool:
        """Whether there is something to select: on this page, or perhaps on another one."""
        return self.can_link and (any(self.proposals.values()) or self.paginator.num_pages > 1)

    @cached_property
    def linked(self) -> dict[str | None, Organization]:
        """The organizations here that are those of the page, by their Watcher ID."""
        ids = [each.tenant_id for each in self.records]
        return {each.watcher_id: each for each in Organization.objects.filter(watcher_id__in=ids)}

    @cached_property
    def proposals(self) -> dict[int, list[Proposal]]:
        """What those of the page that are not linked may be, by primary key."""
        free = [each for each in self.records if not each.gone_at]
        return organizations_for(
            [each for each in free if each.tenant_id not in self.linked], timezone.now()
        )


class PresetTable(_Proposing):
    """Presets of the platform, each with the tariff that it means or with proposals."""

    title = CellColumn(
        template_name="watcher/_preset_cell.html",
        verbose_name=_("Preset in Watcher"),
        order_by=("title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    services = CellColumn(
        template_name="watcher/_services_cell.html", verbose_name=_("Services"), orderable=False
    )
    tariff = CellColumn(
        template_name="watcher/_preset_link_cell.html",
        extra=_proposals,
        verbose_name=_("Tariff plan"),
        orderable=False,
        accessor="pk",
    )

    class Meta:
        model = PlatformPreset
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "title"
        order_by_field = "sort"
        empty_text = _("No presets found")

    @cached_property
    def proposals(self) -> dict[int, list[Proposal]]:
        """What those of the page that mean no tariff may mean, by primary key."""
        tariffs = list(Tariff.objects.filter(is_archived=False))
        free = [each for each in self.records if not (each.gone_at or hasattr(each, "link"))]
        return tariffs_for(free, tariffs)


class UnlinkedTable(_Proposing):
    """Organizations here without one in Watcher; those who `can_create` them can select some."""

    select = CellColumn(
        template_name="watcher/_select_unlinked_cell.html",
        verbose_name=_("Select"),
        orderable=False,
        attrs={"th": {"class": "cell-select"}, "td": {"class": "cell-select"}},
    )
    title = CellColumn(
        template_name="watcher/_unlinked_cell.html",
        order_by=("title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )
    owner = tables.Column(
        accessor="owner__email", order_by=("owner__email", "title", "pk"), verbose_name=_("Owner")
    )
    watcher_id = tables.Column(verbose_name=_("Watcher ID"), orderable=False, default="")
    tenant = CellColumn(
        template_name="watcher/_unlinked_link_cell.html",
        extra=_proposals,
        verbose_name=_("Organization in Watcher"),
        orderable=False,
        accessor="pk",
    )

    class Meta:
        model = Organization
        fields: ClassVar[tuple[str, ...]] = ()
        sequence = ("select", "title", "owner", "watcher_id", "tenant")
        order_by = "title"
        order_by_field = "sort"
        empty_text = _("No organizations found")
        template_name = "watcher/_unlinked_table.html"

    most_at_once = MOST_AT_ONCE

    def __init__(self, organizations: Any, *, can_create: bool) -> None:
        self.can_create = can_create
        super().__init__(organizations, exclude=[] if can_create else ["select"])

    @cached_property
    def proposals(self) -> dict[int, dict[PlatformOrganization, int]]:
        """What those of the page may be, by primary key."""
        return tenants_for([each for each in self.records if not each.watcher_id])
