"""Saved filters of lists: what a list shows of them. A higher layer stores them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django_filters import FilterSet
from django_tables2 import Table

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEXT, QUERY = "next", "query"
"""The parameters of the page of saved filters: the address of a list, and its present filter."""


@dataclass(frozen=True)
class StoredFilter:
    """A filter as it is stored: what follows the question mark of a list's address.

    `author` is empty for the reader's own filters.
    """

    name: str
    query: str
    author: str = ""


@dataclass(frozen=True)
class SavedLink:
    """A saved filter as a list shows it."""

    name: str
    author: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class SavedFilters:
    """What a list shows of the saved filters."""

    links: Sequence[SavedLink]
    page: str
    """The address of the page where the present filter is saved and others are changed."""
    gone: Sequence[StrOrPromise]
    """The labels of the fields whose saved values no longer exist."""

    @property
    def current(self) -> SavedLink | None:
        """The saved filter that the list shows."""
        return next((link for link in self.links if link.is_current), None)


Reader = Callable[[HttpRequest, str], Sequence[StoredFilter]]
_sources: list[tuple[Reader, str]] = []


def register(read: Reader, page: str) -> None:
    """Show on lists what `read` returns for a reader and the name of a list's address.

    `page` is the name of the page's address.
    """
    _sources[:] = [(read, page)]


def saved_filters(request: HttpRequest, table: Table, filterset: FilterSet) -> SavedFilters | None:
    """Return the saved filters of the list that is shown; None if nothing stores them."""
    if not _sources or request.resolver_match is None:
        return None
    read, page = _sources[0]
    present = present_filter(request.GET, table, filterset)
    links = [
        SavedLink(
            each.name,
            each.author,
            f"{request.path}?{each.query}".rstrip("?"),
            is_current=each.query == present,
        )
        for each in read(request, request.resolver_match.view_name)
    ]
    fields, errors = filterset.form.fields, filterset.form.errors
    query = {NEXT: request.get_full_path(), QUERY: present}
    return SavedFilters(
        links=links,
        page=reverse(page, query=query),
        gone=[fields[name].label or name for name in errors if name in fields],
    )


def present_filter(query: QueryDict, table: Table, filterset: FilterSet) -> str:
    """Return the part of an address that filters and sorts, in an order that is always the same."""
    names = sorted({*filterset.form.fields, table.order_by_field or "sort"})
    return urlencode([(name, text) for name in names for text in query.getlist(name) if text])
