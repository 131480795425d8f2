"""Filters of the lists of what is linked."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from watcher.models import PlatformOrganization, PlatformPreset

STATES = (
    ("unlinked", _("Not linked")),
    ("linked", _("Linked")),
    ("gone", _("Gone from Watcher")),
)


def _state_filter() -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=_("Show"), method="in_state", choices=STATES, empty_label=_("All")
    )


class _StateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search, and whether it is linked. Subclasses declare both, because their order is shown."""

    def search(self, rows: Any, name: str, text: str) -> Any:
        """Keep what is found by the queryset's own search."""
        return rows.search(text)

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        """Keep what is in this state."""
        if state == "gone":
            return rows.filter(gone_at__isnull=False)
        return rows.linked() if state == "linked" else rows.unlinked()


class TenantFilter(_StateFilter):
    """Filter the organizations of the platform."""

    q = search_filter(_("Title, ID, login or external ID"), _("Title, ID, login…"))
    state = _state_filter()

    class Meta:
        model = PlatformOrganization
        fields: ClassVar[list[str]] = []


class PresetFilter(_StateFilter):
    """Filter the presets of the platform."""

    q = search_filter(_("Title or ID"))
    state = _state_filter()

    class Meta:
        model = PlatformPreset
        fields: ClassVar[list[str]] = []


class UnlinkedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search the organizations here that are open and have no tenant."""

    q = search_filter(_("Title, owner, contract, legal name or tax ID"), _("Title, owner…"))

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = []

    def search(self, rows: OrganizationQuerySet, name: str, text: str) -> OrganizationQuerySet:
        """Keep what is found by what is known of an organization."""
        return rows.search(text)


def unlinked_organizations(query: QueryDict, now: datetime) -> UnlinkedFilter:
    """Return the list of organizations without a tenant, filtered as an address says."""
    known = PlatformOrganization.objects.order_by().filter(
        tenant_id=OuterRef("watcher_id"), gone_at=None
    )
    rows = Organization.objects.open(now).filter(Q(watcher_id=None) | ~Exists(known))
    return UnlinkedFilter(query, queryset=rows)
