"""Filter a list by an organization that is looked up by its title, however many there are."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization


def organization_filter() -> django_filters.CharFilter:
    """Return the field; the method `of_organization` of the filter set gets the text."""
    return django_filters.CharFilter(
        label=_("Organization"),
        method="of_organization",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Title"),
                "autocomplete": "off",
                "data-organization-select": reverse_lazy("usage:find_organizations"),
                "data-none-found": _("No organization found"),
            }
        ),
    )


def organizations_meant_by(text: str) -> QuerySet[Organization, int]:
    """Return the ids of the organization with this title, or of those that a search finds."""
    one = Organization.objects.filter(title__iexact=text)
    found = one if one.exists() else Organization.objects.search(text)
    return found.order_by().values_list("pk", flat=True)
