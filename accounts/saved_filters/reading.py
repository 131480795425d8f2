"""Read saved filters for lists."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.access import signed_in
from accounts.saved_filters.models import SavedFilter, SavedFilterQuerySet
from foundation.lists.saved import StoredFilter

MOST_SHOWN = 100
"""The maximum number of filters in the menu of a list; the page of saved filters has all."""


def filters_for(request: HttpRequest, list_name: str) -> SavedFilterQuerySet:
    """Return the filters of a list that a person may use: their own first."""
    user = signed_in(request)
    return SavedFilter.objects.of_list(list_name).for_reader(user.pk, with_shared=not user.is_owner)


def stored_filters(request: HttpRequest, list_name: str) -> list[StoredFilter]:
    """Return what the menu of a list shows."""
    reader = signed_in(request).pk
    return [
        StoredFilter(
            each.name,
            each.query,
            author="" if each.author_id == reader else each.author.get_short_name(),
        )
        for each in filters_for(request, list_name)[:MOST_SHOWN]
    ]
