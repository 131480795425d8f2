"""What Home says needs attention, from apps that Home does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple


class Entry(NamedTuple):
    """One kind of thing that needs attention: a text with its number, sums, and the list's address.

    `is_problem` says that something went wrong; the others are only due.
    """

    text: str
    address: str
    sums: Sequence[str] = ()
    is_problem: bool = False


Source = Callable[[datetime], Iterable[Entry]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Have Home show what a function returns at an instant, after its own entries."""
    if source not in _sources:
        _sources.append(source)


def registered(now: datetime) -> Iterator[Entry]:
    """Yield the entries of all registered functions."""
    for source in _sources:
        yield from source(now)
