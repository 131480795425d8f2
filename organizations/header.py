"""What other apps add to the header of each page of an organization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from accounts.models import User
from organizations.models import Organization

FactOf = Callable[[User, Organization, datetime], Any]
"""Returns what the fact's template shows, or something empty if there is nothing to show."""


class Fact(NamedTuple):
    """A fact in the header: its template, and what that shows as `shown`."""

    template: str
    shown: Any


_facts: list[tuple[str, FactOf]] = []


def register(template: str, fact_of: FactOf) -> None:
    """Add to every header what a template makes of a function's result."""
    _facts.append((template, fact_of))


def facts_of(user: User, organization: Organization, now: datetime) -> list[Fact]:
    """Return the facts that a person sees in the header, in the order of the apps."""
    shown = ((template, fact_of(user, organization, now)) for template, fact_of in _facts)
    return [Fact(*each) for each in shown if each[1]]
