"""What is settled: time for which money has been asked already, by documents that stay as they are.

Usage and prices of that time may still be corrected, and whoever does is warned. The documents are
of an app above those that ask here; it tells which there are by `ask`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.http import HttpRequest
from django.utils.translation import ngettext

_AGREED = "agreed"
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class AffectedInvoice:
    """A document that stands, and where it is shown."""

    number: str
    address: str


Span = tuple[datetime, datetime | None]
"""From an instant up to, not including, another; None: for ever."""


class InvoiceRegister(Protocol):
    """Whoever knows the documents."""

    def of_organizations(self, spans: Mapping[int, Span]) -> Sequence[AffectedInvoice]:
        """Return those of organizations, by id, for time that shares an instant with the span."""

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> Sequence[AffectedInvoice]:
        """Return those for time in `[start, end)` in which a tariff was used; no end: for ever."""


_books: list[InvoiceRegister] = []


def ask(books: InvoiceRegister) -> None:
    """Ask these from now on."""
    _books.append(books)


@dataclass(frozen=True, slots=True)
class AffectedInvoices:
    """The documents that a change makes differ from what it leaves."""

    documents: Sequence[AffectedInvoice]

    @classmethod
    def by_usage(cls, spans: Mapping[int, Span]) -> AffectedInvoices:
        """Find what a change of organizations' usage or trial, by their id, makes differ."""
        return cls([each for books in _books for each in books.of_organizations(spans)])

    @classmethod
    def by_price(cls, tariff_id: int, start: date, end: date | None) -> AffectedInvoices:
        """Find what a change of a tariff's price in `[start, end)` makes differ."""
        return cls([each for books in _books for each in books.of_tariff(tariff_id, start, end)])

    @property
    def named(self) -> Sequence[AffectedInvoice]:
        """Those that a page names."""
        return self.documents[:_MOST_NAMED]

    @property
    def unnamed(self) -> int:
        """How many more there are."""
        return len(self.documents[_MOST_NAMED:])

    @property
    def told(self) -> str:
        """Their numbers as plain text, as many as a page names."""
        numbers = ", ".join(each.number for each in self.named)
        if not self.unnamed:
            return numbers
        more = ngettext("and %(shown)s more", "and %(shown)s more", self.unnamed)
        return f"{numbers} {more % {'shown': self.unnamed}}"

    @property
    def agreed(self) -> str:
        """What a form sends whose user has been shown these."""
        return f"{len(self.documents)} {' '.join(each.number for each in self.named)}"

    def is_agreed_to(self, request: HttpRequest) -> bool:
        """Tell whether there are none, or the person has been shown them and goes on."""
        return not self.documents or request.POST.get(_AGREED) == self.agreed
