"""Hold the terms of an organization as values, of any kind and in any order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from rating.periods import Period

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Suspension:
    """Dates on which nothing is charged."""

    dates: Period


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms of an organization. Their order does not matter."""

    terms: Sequence[object] = ()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return the terms of a kind."""
        return [term for term in self.terms if isinstance(term, kind)]
