"""Filter the list of requested changes."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from organizations.models import Organization
from watcher.models import WriteRequest
from watcher.writing.kinds import kinds
from watcher.writing.models import WriteRequestQuerySet
from watcher.writing.shown import FAILED

ALL = "all"
State = WriteRequest.State


class RequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by object or organization, kind and state; by default, show what is not done."""

    q = search_filter(_("Name or organization"))
    kind = django_filters.ChoiceFilter(
        label=_("Change"),
        empty_label=_("All"),
        choices=lambda: [(kind.name, kind.label) for kind in kinds()],
    )
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("Waiting or not made"),
        choices=((FAILED, _("Not made")), *State.choices, (ALL, _("All"))),
        method="in_state",
    )

    class Meta:
        model = WriteRequest
        fields: ClassVar[list[str]] = []

    @property
    def shows_open(self) -> bool:
        """Whether only requests are listed about which something can be decided."""
        settled = (State.DONE, State.NEEDLESS, State.WITHDRAWN, ALL)
        return self.data.get("state", "") not in settled

    def search(self, requests: WriteRequestQuerySet, name: str, text: str) -> WriteRequestQuerySet:
        """Keep those about matching objects, or of matching organizations."""
        organizations = Organization.objects.search(text).order_by().values("pk")
        matching = WriteRequest.objects.search(text).order_by().values("pk")
        return requests.filter(Q(pk__in=matching) | Q(organization__in=organizations))

    def in_state(
        self, requests: WriteRequestQuerySet, name: str, state: str
    ) -> WriteRequestQuerySet:
        """Keep those in a state."""
        if state == FAILED:
            return requests.failed()
        return requests if state == ALL else requests.filter(state=state)

    def filter_queryset(self, queryset: WriteRequestQuerySet) -> Any:
        """Leave out those that are settled, unless a state is chosen."""
        known = {value for value, _label in self.filters["state"].extra["choices"]}
        is_chosen = self.data.get("state", "") in known
        return super().filter_queryset(queryset if is_chosen else queryset.all_open())
