"""What Watcher has, and what differs or is requested there, in Django admin, for support staff.

The connection and the settings are not here: pages of the product show them whole.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin, link_to_list
from organizations.models import Organization
from tariffs.money import format_money
from watcher.drift import shown as drift
from watcher.errors import error_of
from watcher.models import (
    CameraChange,
    CameraLimit,
    Difference,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    Poll,
    PresetLink,
    ReportDifference,
    SuspendedItem,
    SuspensionSettings,
    WatcherSuspension,
    WriteRequest,
)
from watcher.platform import SuspendBy
from watcher.reading.reasons import Reason
from watcher.services import services_in_words
from watcher.writing.shown import label_of

_OF_CAMERA = _("Search by the name of the camera.")
_OF_ORGANIZATION = _("Search by organization.")


_WAYS = {
    SuspendBy.BLOCKING_USERS: "blocks_users",
    SuspendBy.DISABLING_CAMERAS: "disables_cameras",
    SuspendBy.LIMITING_CAMERAS: "limits_cameras",
}


def _way(by: str) -> str:
    """Return a way of suspending as the settings call it."""
    field = SuspensionSettings._meta.get_field(_WAYS[SuspendBy(by)])
    return str(field.verbose_name)  # type: ignore[union-attr]


def _yes_or_no(value: bool | None) -> str:
    return "–" if value is None else gettext("yes") if value else gettext("no")


class OfOrganizationAdmin(LookupAdmin):
    """Find rows by their organization here, whose history is theirs."""

    history_page = "organizations:history"
    history_of = "organization_id"
    search_fields = ("organization",)
    search_help_text = _OF_ORGANIZATION
    list_select_related = ("organization",)
    ordering = ("-pk",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find the organizations, then their rows."""
        if search_term:
            organizations = Organization.objects.search(search_term).order_by().values("pk")
            queryset = queryset.filter(organization__in=organizations)
        return queryset, False


@admin.register(PlatformOrganization)
class PlatformOrganizationAdmin(LookupAdmin):
    """Find an organization in Watcher."""

    list_display = ("title", "tenant_id", "owner_login", "owner_email", "most_cameras", "gone_at")
    search_fields = ("title",)
    search_help_text = _("Search by title, ID, login, email or external ID.")
    sortable_by = ("title",)
    exclude = ("owner_is_blocked",)
    readonly_fields = ("blocked", "cameras")

    @admin.display(description=_("owner is blocked"))
    def blocked(self, tenant: PlatformOrganization) -> str:
        """Return whether the owner is blocked, if that is known."""
        return _yes_or_no(tenant.owner_is_blocked)

    @admin.display(description=_("cameras"))
    def cameras(self, tenant: PlatformOrganization) -> SafeString:
        """Link to its cameras."""
        return link_to_list(
            "watcher_platformcamera", gettext("View cameras"), organization__id__exact=tenant.pk
        )


@admin.register(PlatformPreset)
class PlatformPresetAdmin(LookupAdmin):
    """Find a preset."""

    list_display = ("title", "preset_id", "external_id", "services", "deleted_at", "gone_at")
    search_fields = ("title",)
    search_help_text = _("Search by title or ID.")
    sortable_by = ("title",)
    exclude = ("is_adjustable", "dvr_seconds", "dvr_is_null", "dvr_bytes", "has_anpr")
    readonly_fields = ("services", "adjustable")

    @admin.display(description=_("Services"))
    def services(self, preset: PlatformPreset) -> str:
        """Return the services, as far as Watcher states them."""
        found = services_in_words(preset.dvr_seconds, preset.dvr_bytes, has_anpr=preset.has_anpr)
        return ", ".join(found)

    @admin.display(description=_("cameras may differ"))
    def adjustable(self, preset: PlatformPreset) -> str:
        """Return whether cameras may have other services, if that is known."""
        return _yes_or_no(preset.is_adjustable)


@admin.register(PlatformCamera)
class PlatformCameraAdmin(LookupAdmin):
    """Find a camera in Watcher."""

    list_display = ("name", "title", "organization", "preset", "is_disabled", "since_at")
    list_select_related = ("organization", "preset")
    search_fields = ("name",)
    search_help_text = _("Search by the beginning of the name.")
    sortable_by = ("name",)


@admin.register(PresetLink)
class PresetLinkAdmin(LookupAdmin):
    """See which preset means which tariff plan."""

    history_page = "tariffs:history"
    history_of = "tariff_id"
    list_display = ("preset", "tariff")
    list_select_related = ("preset", "tariff")
    ordering = ("-pk",)
    sortable_by = ()


@admin.register(Poll)
class PollAdmin(LookupAdmin):
    """See the readings that brought news."""

    list_display = ("begun_at", "outcome", "times", "cameras", "appeared", "changed", "vanished")
    sortable_by = ()
    exclude = ("failure",)
    readonly_fields = ("said", "changes")

    @admin.display(description=_("failure"))
    def said(self, poll: Poll) -> str:
        """Return why it failed, in words."""
        return str(error_of(poll.failure) or "")

    @admin.display(description=_("changes"))
    def changes(self, poll: Poll) -> SafeString:
        """Link to all changes: those of one reading have no index."""
        return link_to_list("watcher_camerachange", gettext("View changes"))


@admin.register(CameraChange)
class CameraChangeAdmin(LookupAdmin):
    """Find what readings saw to change."""

    list_display = ("name", "at", "organization", "preset", "is_disabled", "state", "why")
    list_select_related = ("organization", "preset")
    search_fields = ("name",)
    search_help_text = _OF_CAMERA
    sortable_by = ()
    exclude = ("poll", "reason")
    readonly_fields = ("why",)

    @admin.display(description=_("reason"))
    def why(self, change: CameraChange) -> str:
        """Return why it is held back, or was, in words."""
        return str(Reason(change.reason).label) if change.reason else ""


@admin.register(Difference)
class DifferenceAdmin(LookupAdmin):
    """Find what differs from Watcher."""

    list_display = ("name", "kind", "ours", "theirs", "since_at", "ignored_reason")
    list_select_related = (
        "organization",
        "tariff",
        "tenant",
        "preset",
        "there_organization",
        "there_tariff",
    )
    search_fields = ("name",)
    search_help_text = _("Search by the name of what differs.")
    ordering = ("-pk",)
    sortable_by = ()
    exclude = (
        "key",
        "here",
        "there",
        "here_amount",
        "here_currency",
        "there_amount",
        "there_currency",
    )
    readonly_fields = ("ours", "theirs", "cost")

    @admin.display(description=_("A month"))
    def cost(self, difference: Difference) -> str:
        """Return what would be charged more a month if it were as in Watcher."""
        amounts = drift.cost_of(difference)
        return ", ".join(format_money(each.number, each.currency) for each in amounts)

    @admin.display(description=_("here"))
    def ours(self, difference: Difference) -> str:
        """Return what billing has."""
        return ", ".join(filter(None, drift.here_of(difference)))

    @admin.display(description=_("in Watcher"))
    def theirs(self, difference: Difference) -> str:
        """Return what Watcher has."""
        return ", ".join(filter(None, drift.there_of(difference)))


@admin.register(ReportDifference)
class ReportDifferenceAdmin(LookupAdmin):
    """Find days on which only one of billing and Watcher's usage report has a camera."""

    list_display = ("name", "account_id", "organization", "side", "first_on", "last_on")
    list_select_related = ("organization",)
    search_fields = ("name",)
    search_help_text = _OF_CAMERA
    sortable_by = ()


@admin.register(CameraLimit)
class CameraLimitAdmin(OfOrganizationAdmin):
    """Find how many cameras organizations may have in Watcher."""

    list_display = ("organization", "most_cameras")


@admin.register(WatcherSuspension)
class WatcherSuspensionAdmin(OfOrganizationAdmin):
    """Find suspensions in Watcher."""

    list_display = ("organization", "state", "suspended_at", "restored_at", "failing_since")
    exclude = ("failure", "prepared", "ways")
    readonly_fields = ("how", "said", "items")

    @admin.display(description=_("how"))
    def how(self, suspension: WatcherSuspension) -> str:
        """Return the ways that were chosen."""
        return ", ".join(map(_way, suspension.ways))

    @admin.display(description=_("failure"))
    def said(self, suspension: WatcherSuspension) -> str:
        """Return why the last attempt failed, in words."""
        return str(error_of(suspension.failure) or "")

    @admin.display(description=_("what it changes"))
    def items(self, suspension: WatcherSuspension) -> SafeString:
        """Link to the users, cameras and limits that it changes: there may be any number."""
        return link_to_list(
            "watcher_suspendeditem", gettext("View all"), suspension__id__exact=suspension.pk
        )


@admin.register(SuspendedItem)
class SuspendedItemAdmin(LookupAdmin):
    """See what suspensions change in Watcher."""

    list_display = ("key", "how", "of", "limit_before", "limit_meanwhile", "state", "at")
    list_select_related = ("suspension__organization",)
    ordering = ("-pk",)
    sortable_by = ()
    exclude = ("suspension", "by")
    readonly_fields = ("of", "how")

    @admin.display(description=_("organization"))
    def of(self, item: SuspendedItem) -> str:
        """Return whose suspension changes it."""
        return item.suspension.organization.title

    @admin.display(description=_("how"))
    def how(self, item: SuspendedItem) -> str:
        """Return the way in which it is changed."""
        return _way(item.by)


@admin.register(WriteRequest)
class WriteRequestAdmin(LookupAdmin):
    """Find a requested change by what it is about."""

    history_page = "watcher:request_history"
    list_display = ("about", "change", "organization", "state", "requested_at", "requested_by")
    list_select_related = ("organization", "requested_by")
    list_filter = ("state",)
    search_fields = ("about",)
    search_help_text = _("Search by the name of what is changed.")
    sortable_by = ()
    exclude = ("kind", "subject", "wanted", "shown", "found")
    readonly_fields = ("change",)
    raw_id_fields = ("organization", "tariff", "camera", "requested_by", "decided_by")

    @admin.display(description=_("change"))
    def change(self, request: WriteRequest) -> str:
        """Return what kind of change it is."""
        return label_of(request)
