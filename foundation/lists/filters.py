"""Filters that several lists have."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _


def search_filter(placeholder: Any) -> django_filters.CharFilter:
    """Return the field for searching a list; the method `search` of the filter set searches it."""
    return django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=forms.TextInput(attrs={"type": "search", "placeholder": placeholder}),
    )
