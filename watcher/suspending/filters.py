"""Filter the list of suspensions on the platform."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from organizations.models import Organization
from watcher.models import WatcherSuspension
from watcher.suspending.models import WatcherSuspensionQuerySet

OPEN, FAILING, ALL = "", "failing", "all"


class SuspensionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by organization and state; by default, show those that are not restored."""

    q = search_filter(_("Title, owner, contract, legal name or tax ID"), _("Title, owner…"))
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("Not restored"),
        choices=((FAILING, _("Failing")), (ALL, _("All"))),
        method="in_state",
    )

    class Meta:
        model = WatcherSuspension
        fields: ClassVar[list[str]] = []

    def search(self, rows: WatcherSuspensionQuerySet, name: str, text: str) -> Any:
        """Keep those of organizations that are found by what is known of them."""
        found = Organization.objects.order_by().search(text)
        return rows.filter(organization__in=found.values("pk"))

    def in_state(self, rows: WatcherSuspensionQuerySet, name: str, state: str) -> Any:
        """Keep those in a state."""
        return rows.failing() if state == FAILING else rows

    def filter_queryset(self, queryset: WatcherSuspensionQuerySet) -> Any:
        """Leave out those that are restored, unless all are asked for."""
        shows_all = self.data.get("state", "") == ALL
        return super().filter_queryset(queryset if shows_all else queryset.open())
