"""Tabs: links between the pages of one object. Each app registers the tabs of its own pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.http import HttpRequest, QueryDict
from django.urls import reverse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CARRIED = ("from", "to", "list")
"""The query parameters that links between pages keep: a period, and the query of the list that
one has come from."""


@dataclass(frozen=True)
class Tab:
    """A page of an object whose id is in its address.

    `position` orders the tabs. `views` are the names of the addresses that belong to the tab; the
    first one is where it leads. Readers see only a part of the object.
    """

    position: int
    label: StrOrPromise
    views: tuple[str, ...]
    is_for_owners: bool = True
    is_for_readers: bool = True


class ShownTab(NamedTuple):
    """A tab on a page, with the address that it leads to."""

    label: StrOrPromise
    address: str
    is_current: bool


_tabs: list[Tab] = []


def register(*tabs: Tab) -> None:
    """Add tabs to every page of an organization."""
    _tabs.extend(tabs)
    _tabs.sort(key=lambda tab: tab.position)


def tabs_of(request: HttpRequest, pk: int, *, is_owner: bool, is_reader: bool) -> list[ShownTab]:
    """Return the tabs of object `pk` that are for an owner, a reader, or otherwise staff."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    query = carried(request.GET)
    return [
        ShownTab(tab.label, reverse(tab.views[0], args=[pk], query=query), here in tab.views)
        for tab in _tabs
        if (tab.is_for_owners or not is_owner) and (tab.is_for_readers or not is_reader)
    ]


def carried(query: QueryDict) -> Mapping[str, str]:
    """Return the parameters of a page's address that its links keep; a period only as a whole."""
    kept = {name: str(query[name]) for name in CARRIED if query.get(name)}
    if "from" not in kept or "to" not in kept:
        kept = {name: text for name, text in kept.items() if name not in ("from", "to")}
    return kept
