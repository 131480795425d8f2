"""Filters of the lists of differences."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from usage.cameras.organization_filter import organization_filter, organizations_meant_by
from watcher.drift.kinds import Kind
from watcher.drift.models import (
    Difference,
    DifferenceQuerySet,
    ReportDifference,
    ReportDifferenceQuerySet,
)

IGNORED = "ignored"


class DifferenceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by name, organization, kind and state; by default, leave out what is ignored."""

    q = search_filter(_("Camera, organization or preset"), _("Camera…"))
    organization = organization_filter()
    kind = django_filters.ChoiceFilter(
        label=_("What differs"), empty_label=_("All"), choices=Kind.choices
    )
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("To be resolved"),
        choices=((IGNORED, _("Ignored")),),
        method="in_state",
    )

    class Meta:
        model = Difference
        fields: ClassVar[list[str]] = []

    @property
    def shows_ignored(self) -> bool:
        """Whether only differences that were ignored are listed."""
        return bool(self.data.get("state") == IGNORED)

    @property
    def kind_only(self) -> str | None:
        """The kind, or "" for all, if nothing else narrows the list; None otherwise."""
        asked = self.form.cleaned_data if self.form.is_valid() else {"q": "?"}
        if asked.get("q") or asked.get("organization"):
            return None
        return str(asked.get("kind") or "")

    def search(self, rows: DifferenceQuerySet, name: str, text: str) -> DifferenceQuerySet:
        """Keep those with each word of the text in the name of what differs."""
        return rows.search(text)

    def of_organization(self, rows: DifferenceQuerySet, name: str, text: str) -> DifferenceQuerySet:
        """Keep those that concern the organization with this title, or those that are found."""
        return rows.of_organizations(organizations_meant_by(text))

    def in_state(self, rows: DifferenceQuerySet, name: str, state: str) -> DifferenceQuerySet:
        """Keep all: `filter_queryset` has chosen them."""
        return rows

    def filter_queryset(self, queryset: DifferenceQuerySet) -> Any:
        """Keep those that are to be resolved, or those that are ignored."""
        chosen = queryset.ignored() if self.shows_ignored else queryset.listed()
        return super().filter_queryset(chosen)


class ReportFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by camera, organization, and which side has the camera."""

    q = search_filter(_("Camera"))
    organization = organization_filter()
    side = django_filters.ChoiceFilter(
        label=_("Who has it"), empty_label=_("All"), choices=ReportDifference.Side.choices
    )

    class Meta:
        model = ReportDifference
        fields: ClassVar[list[str]] = []

    def search(
        self, rows: ReportDifferenceQuerySet, name: str, text: str
    ) -> ReportDifferenceQuerySet:
        """Keep those of cameras with each word of the text in their name."""
        return rows.search(text)

    def of_organization(
        self, rows: ReportDifferenceQuerySet, name: str, text: str
    ) -> ReportDifferenceQuerySet:
        """Keep those of the organization with this title, or of those that are found."""
        return rows.filter(organization__in=organizations_meant_by(text))
