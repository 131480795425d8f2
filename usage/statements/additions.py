"""What other apps add to the Usages page: documents belong to a higher layer than usage."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from accounts.models import User
from usage.statements.excerpt import Excerpt
from usage.statements.statement import Statement

Addition = Callable[[User, Statement, Excerpt], dict[str, Any]]
"""Returns the context for the part of the page that the app's template shows."""

_additions: list[Addition] = []


def register(addition: Addition) -> None:
    """Add to every Usages page what a function returns."""
    _additions.append(addition)


def additions_to(user: User, statement: Statement, excerpt: Excerpt) -> dict[str, Any]:
    """Return the context that other apps add to a person's page of a statement."""
    context: dict[str, Any] = {}
    for addition in _additions:
        context |= addition(user, statement, excerpt)
    return context
