"""Hold the terms of an organization as values, of any kind and in any order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from rating.periods import Period

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Suspension:
    """Dates on which nothing is charged."""

    dates: Period


# Without slots, as the property is cached.
@dataclass(frozen=True)
class Agreement:
    """The terms of an organization. Their order does not matter."""

    terms: Sequence[object] = ()

    @cached_property
    def _by_kind(self) -> Mapping[type, Sequence[Any]]:
        found: dict[type, list[object]] = {}
        for term in self.terms:
            found.setdefault(type(term), []).append(term)
        return found

    def of(self, kind: type[Kind]) -> Sequence[Kind]:
        """Return the terms of a kind."""
        return self._by_kind.get(kind, ())
