"""Filters that several lists have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import django_filters
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def search_filter(searched: Any, placeholder: Any = None) -> django_filters.CharFilter:
    """Return the field for searching a list; the method `search` of the filter set searches it.

    The field says what is `searched`. A list with many filters has no room for more than a short
    `placeholder`.
    """
    shown = {"title": searched, "placeholder": placeholder or searched}
    return django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search"} | shown),
    )


class DatesForm(forms.Form):
    """The form of a filter by dates."""

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last < first:
            self.add_error("to", _("The end date is before the start date. Swap them."))
        return cleaned


class _DateFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = DateField


class DatesFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by the first and the last date of a period, named as links between pages keep it.

    Either may be missing. Subclasses define the methods `since` and `until`.
    """

    class Meta:
        form = DatesForm

    only: ClassVar[StrOrPromise]
    """Says which rows are shown, with the placeholder `dates`."""

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Add the filters, because `from` cannot be an attribute of the class."""
        filters: dict[str, django_filters.Filter] = super().get_filters()
        filters["from"] = _DateFilter(label=_("From"), method="since")
        filters["to"] = _DateFilter(label=_("To"), method="until")
        return filters

    @property
    def only_dates(self) -> str:
        """Which rows are shown because of their dates, or nothing if all are."""
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        first, last = asked.get("from"), asked.get("to")
        if not first and not last:
            return ""
        return str(self.only) % {"dates": f"{_or_dots(first)} – {_or_dots(last)}"}


def _or_dots(day: date | None) -> str:
    return date_format(day) if day else "…"
