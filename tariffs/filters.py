"""Filters of the list of tariff plans."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from tariffs.models import Tariff
from tariffs.querysets import TariffQuerySet


class TariffFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search, and a choice of whether to show archived plans; by default they are hidden."""

    q = search_filter(_("Name or note"))
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("Current"),
        choices=(("archived", _("Archived")), ("all", _("All"))),
        method="in_state",
    )

    class Meta:
        model = Tariff
        fields: ClassVar[list[str]] = []

    def search(self, tariffs: TariffQuerySet, name: str, text: str) -> TariffQuerySet:
        """Keep tariffs found by name or note."""
        return tariffs.search(text)

    def filter_queryset(self, queryset: TariffQuerySet) -> Any:
        """Keep archived plans, current plans (the default), or both."""
        state = self.form.cleaned_data.pop("state", "")
        found: TariffQuerySet = super().filter_queryset(queryset)
        match state:
            case "all":
                return found
            case "archived":
                return found.filter(is_archived=True)
            case _:
                return found.available()
