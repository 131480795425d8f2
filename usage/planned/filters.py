"""Filter the list of planned changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from organizations.models import Organization
from usage.models import Camera, PlannedChange
from usage.planned.models import PlannedChangeQuerySet

ALL, LATE = "all", "late"


class PlannedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by search text, kind and state; by default, show those still to be carried out."""

    q = search_filter(_("Camera or organization"))
    kind = django_filters.ChoiceFilter(
        label=_("Change"), empty_label=_("All"), choices=PlannedChange.Kind.choices
    )
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=PlannedChange.State.WAITING.label,
        choices=((LATE, _("Late")), *PlannedChange.State.choices[1:], (ALL, _("All"))),
        method="in_state",
    )

    class Meta:
        model = PlannedChange
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    @property
    def shows_waiting(self) -> bool:
        """Whether only changes that can be withdrawn are listed."""
        return self.data.get("state", "") not in (*PlannedChange.State.values[1:], ALL)

    @property
    def shows_impossible(self) -> bool:
        """Whether only changes that can be marked as dealt with are listed."""
        return bool(self.data.get("state") == PlannedChange.State.IMPOSSIBLE)

    def search(self, planned: PlannedChangeQuerySet, name: str, text: str) -> PlannedChangeQuerySet:
        """Keep those of matching cameras or organizations, or of exactly that stream name."""
        cameras = Camera.objects.search(text).order_by().values("pk")
        organizations = Organization.objects.search(text).order_by().values("pk")
        return planned.filter(
            Q(name=text.strip())
            | Q(camera__in=cameras)
            | Q(organization__in=organizations)
            | Q(destination__in=organizations)
        )

    def in_state(
        self, planned: PlannedChangeQuerySet, name: str, state: str
    ) -> PlannedChangeQuerySet:
        """Keep those in a state, or those that are late."""
        if state == LATE:
            return planned.late(self.now)
        return planned if state == ALL else planned.filter(state=state)

    def filter_queryset(self, queryset: PlannedChangeQuerySet) -> Any:
        """Leave out those that are settled, unless a state is chosen."""
        return super().filter_queryset(queryset.waiting() if self.shows_waiting else queryset)
