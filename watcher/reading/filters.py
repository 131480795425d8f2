"""Filter the list of changes of cameras."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from watcher.models import CameraChange
from watcher.reading.models import CameraChangeQuerySet
from watcher.reading.reasons import Reason

ALL = "all"
State = CameraChange.State


class ChangeFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by camera, state and reason; by default, show those that are held back."""

    q = search_filter(_("Camera"))
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=State.OPEN.label,
        choices=(*State.choices[1:], (ALL, _("All"))),
        method="in_state",
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), empty_label=_("All"), choices=Reason.choices
    )

    class Meta:
        model = CameraChange
        fields: ClassVar[list[str]] = []

    @property
    def shows_open(self) -> bool:
        """Whether only changes that are held back are listed."""
        return self.data.get("state", "") not in (*State.values[1:], ALL)

    def search(self, changes: CameraChangeQuerySet, name: str, text: str) -> CameraChangeQuerySet:
        """Keep those of cameras with each word of the text in their name."""
        return changes.search(text)

    def in_state(self, changes: CameraChangeQuerySet, name: str, state: str) -> Any:
        """Keep those in a state."""
        return changes if state == ALL else changes.filter(state=state)

    def filter_queryset(self, queryset: CameraChangeQuerySet) -> Any:
        """Leave out those that are settled, unless a state is chosen."""
        return super().filter_queryset(queryset.open() if self.shows_open else queryset)
