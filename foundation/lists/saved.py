"""Saved filters of lists: what a list shows of them. A higher layer stores them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django_filters import FilterSet
from django_tables2 import Table

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEXT, QUERY, KEPT = "next", "query", "kept"
"""The parameters of the page of saved filters: the address of a list, its present filter, and what
else its address keeps whatever the filter is."""


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
    fields, errors = filterset.form.fields, filterset.form.errors
    gone = [fields[name].label or name for name in errors if name in fields]
    return saved_for(request, {*fields, table.order_by_field or "sort"}, gone=gone)


def saved_for(
    request: HttpRequest,
    names: Iterable[str],
    *,
    keep: Iterable[str] = (),
    gone: Sequence[StrOrPromise] = (),
) -> SavedFilters | None:
    """Return the saved filters of a page whose parameters `names` filter and sort what it lists.

    The parameters `keep` say of what the page is, such as its period: they are not saved, and the
    links keep them. `gone` are the labels of fields whose values no longer exist. None if nothing
    stores filters.
    """
    if not _sources or request.resolver_match is None:
        return None
    read, page = _sources[0]
    present, kept = (_part(request.GET, some) for some in (names, keep))
    links = [
        SavedLink(
            each.name,
            each.author,
            address_with(request.path, kept, each.query),
            is_current=each.query == present,
        )
        for each in read(request, request.resolver_match.view_name)
    ]
    query = {NEXT: request.get_full_path(), QUERY: present, **({KEPT: kept} if kept else {})}
    return SavedFilters(links=links, page=reverse(page, query=query), gone=gone)


def address_with(path: str, kept: str, query: str) -> str:
    """Return the address of a list with what it keeps and a filter."""
    asked = "&".join(filter(None, (kept, query)))
    return f"{path}?{asked}" if asked else path


def _part(query: QueryDict, names: Iterable[str]) -> str:
    """Return the part of an address with these parameters, always in the same order."""
    return urlencode(
        [(name, text) for name in sorted(names) for text in query.getlist(name) if text]
    )
