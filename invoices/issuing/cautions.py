"""What higher layers say on the page that cancels an invoice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from invoices.models import Invoice


class Caution(NamedTuple):
    """What to think of before an invoice is cancelled, and a page about it with its name."""

    text: str
    address: str
    link: str


Source = Callable[[Invoice], Iterable[Caution]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Have a function asked; once, however often it is registered."""
    if source not in _sources:
        _sources.append(source)


def cautions_of(invoice: Invoice) -> list[Caution]:
    """Return what all registered functions say of an invoice."""
    return [each for source in _sources for each in source(invoice)]
