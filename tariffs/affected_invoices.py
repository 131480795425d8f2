"""Find the issued invoices that a change of usage or prices affects.

Issued invoices do not change. Usage and prices of an invoiced period can still be corrected, and
the person who corrects them is warned. Invoices belong to a higher layer than the apps that need
the warning, so that layer calls `register` with its register of invoices.
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
    """An invoice in force: its number and the address of its page."""

    number: str
    address: str


Span = tuple[datetime, datetime | None]
"""From an instant up to but excluding another; None means without end."""


class InvoiceRegister(Protocol):
    """Looks up issued invoices."""

    def of_organizations(self, spans: Mapping[int, Span]) -> Sequence[AffectedInvoice]:
        """Return the invoices of organizations, by id, whose period overlaps the span."""

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> Sequence[AffectedInvoice]:
        """Return the invoices for use of a tariff in `[start, end)`; None means without end."""

    def invoiced_until(self, organization_id: int) -> date | None:
        """Return the end of an organization's last invoiced period, or None."""


_registers: list[InvoiceRegister] = []


def register(invoices: InvoiceRegister) -> None:
    """Add a register in which to look up invoices."""
    _registers.append(invoices)


def invoiced_until(organization_id: int) -> date | None:
    """Return the first date after all that is invoiced to an organization; None if nothing is."""
    found = [known.invoiced_until(organization_id) for known in _registers]
    return max((day for day in found if day is not None), default=None)


@dataclass(frozen=True, slots=True)
class AffectedInvoices:
    """The invoices whose amounts would differ after a change."""

    documents: Sequence[AffectedInvoice]

    @classmethod
    def by_usage(cls, spans: Mapping[int, Span]) -> AffectedInvoices:
        """Find the invoices that a change of usage or trial affects, by organization id."""
        return cls([each for known in _registers for each in known.of_organizations(spans)])

    @classmethod
    def by_price(cls, tariff_id: int, start: date, end: date | None) -> AffectedInvoices:
        """Find the invoices that a change of a tariff's price in `[start, end)` affects."""
        found = [known.of_tariff(tariff_id, start, end) for known in _registers]
        return cls([each for invoices in found for each in invoices])

    @property
    def named(self) -> Sequence[AffectedInvoice]:
        """The invoices that a page names, at most 10."""
        return self.documents[:_MOST_NAMED]

    @property
    def unnamed(self) -> int:
        """The number of further invoices."""
        return len(self.documents[_MOST_NAMED:])

    @property
    def text(self) -> str:
        """The invoice numbers as plain text, as many as a page names."""
        numbers = ", ".join(each.number for each in self.named)
        if not self.unnamed:
            return numbers
        more = ngettext("and %(shown)s more", "and %(shown)s more", self.unnamed)
        return f"{numbers} {more % {'shown': self.unnamed}}"

    @property
    def agreed(self) -> str:
        """The form value by which a person agrees to having seen these invoices."""
        return f"{len(self.documents)} {' '.join(each.number for each in self.named)}"

    def is_agreed_to(self, request: HttpRequest) -> bool:
        """Return whether there are none, or the person has seen them and continues."""
        return not self.documents or request.POST.get(_AGREED) == self.agreed
