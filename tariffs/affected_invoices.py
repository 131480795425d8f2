"""Find the issued invoices that a change of usage or prices affects, and what it would cost.

Issued invoices do not change. Usage and prices of an invoiced period can still be corrected, and
the person who corrects them is warned. Invoices belong to a higher layer than the apps that need
the warning, so that layer calls `register` with its register of invoices.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from rating.money import Amount

_AGREED = "agreed"
MOST_NAMED = 10

Span = tuple[datetime, datetime | None]
"""From an instant up to but excluding another; None means without end."""

CurrencyDay = tuple[str, date]
"""The code of a currency and a date."""

Spans = Mapping[int, Span]
"""A span of each organization, by its id."""

MaybeSpans = Mapping[int, Span | None]
"""The same; None for an organization of which nothing changes."""

NOWHERE: Spans = MappingProxyType({})


def joined(spans: Iterable[Span]) -> Span:
    """Return the time from the first start to the last end of at least one span."""
    starts, ends = zip(*spans, strict=True)
    return min(starts), None if None in ends else max(ends)


Change = Callable[[], object]
"""Makes a change in the caller's transaction. It may raise what the operation raises."""

Charged = Mapping[str, Decimal]
"""What invoiced periods come to, by currency."""

Measure = Callable[[], Charged]


@dataclass(frozen=True, slots=True)
class AffectedInvoice:
    """An invoice in force: its number and the address of its page."""

    number: str
    address: str


@dataclass(frozen=True, slots=True)
class AffectedInvoices:
    """The invoices whose amounts would differ after a change.

    `documents` are those that a page names, at most `MOST_NAMED` of `number`; `address` lists all.
    `invoiced` is what they charge, and `changes` is by how much that would change, both before tax
    and by currency. `measure` returns what their periods come to now, by currency; it is None if
    the invoices `are_too_many`. `changes` is None until `with_changes` or `compared` adds it.
    """

    documents: Sequence[AffectedInvoice] = ()
    number: int = 0
    address: str = ""
    invoiced: Sequence[Amount] = ()
    are_too_many: bool = False
    measure: Measure | None = None
    changes: Sequence[Amount] | None = None

    @classmethod
    def by_change(
        cls,
        *,
        usage: MaybeSpans = NOWHERE,
        terms: MaybeSpans = NOWHERE,
        zones: MaybeSpans = NOWHERE,
    ) -> AffectedInvoices:
        """Find the invoices that a change affects, by what changes when.

        A change of `usage` affects the payer, a change of `terms` (or of a trial)
        the organization itself, and a change of time `zones` both.
        """
        changed = {"usage": _some(usage), "terms": _some(terms), "zones": _some(zones)}
        if not _registers or not any(changed.values()):
            return cls()
        return _registers[-1].of_organizations(**changed)

    @classmethod
    def by_price(cls, tariff_id: int, start: date, end: date | None) -> AffectedInvoices:
        """Find the invoices that a change of a tariff's price in `[start, end)` affects."""
        return _registers[-1].of_tariff(tariff_id, start, end) if _registers else cls()

    def with_changes(self, change: Change) -> AffectedInvoices:
        """Add by how much the charges change, by making the change and taking it back.

        Add nothing if the invoices are too many. Raise what the change raises.
        """
        if self.measure is None:
            return self
        before = self.measure()
        with transaction.atomic():
            change()
            after = self.measure()
            transaction.set_rollback(True)
        return self.compared(before, after)

    def measured(self) -> Charged | None:
        """Return what the affected invoices come to now, unless they are too many."""
        return self.measure() if self.measure else None

    def compared(self, before: Charged, after: Charged) -> AffectedInvoices:
        """Add by how much the charges change, from what was measured before and after a change."""
        return replace(
            self, changes=[Amount(after[each] - before[each], each) for each in sorted(before)]
        )

    @property
    def unnamed(self) -> int:
        """The number of further invoices."""
        return self.number - len(self.documents)

    @property
    def text(self) -> str:
        """The invoice numbers as plain text, as many as a page names."""
        numbers = ", ".join(each.number for each in self.documents)
        if not self.unnamed:
            return numbers
        more = ngettext("and %(shown)s more", "and %(shown)s more", self.unnamed)
        return f"{numbers} {more % {'shown': self.unnamed}}"

    @property
    def agreed(self) -> str:
        """The form value by which a person agrees to having seen these invoices."""
        return f"{self.number} {' '.join(each.number for each in self.documents)}"

    def is_agreed_to(self, request: HttpRequest) -> bool:
        """Return whether there are none, or the person has seen them and continues."""
        return not self.number or request.POST.get(_AGREED) == self.agreed


class InvoiceRegister(Protocol):
    """Looks up issued invoices."""

    def of_organizations(self, *, usage: Spans, terms: Spans, zones: Spans) -> AffectedInvoices:
        """Return the invoices that a change affects; `AffectedInvoices.by_change`."""

    def of_tariff(self, tariff_id: int, start: date, end: date | None) -> AffectedInvoices:
        """Return the invoices for use of a tariff in `[start, end)`; None means without end."""

    def invoiced_until(self, organization_id: int) -> date | None:
        """Return the end of an organization's last invoiced period, or None."""

    def invoiced_days(
        self, organization_id: int, days: Collection[CurrencyDay]
    ) -> set[CurrencyDay]:
        """Keep the dates that are in the period of an invoice in force of their currency."""

    def carried_credits(self, charges: Collection[int]) -> set[int]:
        """Keep the ids of one-off charges that are what invoices in force left of credits."""


def _some(spans: MaybeSpans) -> Spans:
    return {pk: span for pk, span in spans.items() if span}


_registers: list[InvoiceRegister] = []


def register(invoices: InvoiceRegister) -> None:
    """Set the register in which to look up invoices."""
    _registers[:] = [invoices]


def invoiced_until(organization_id: int) -> date | None:
    """Return the first date after all that is invoiced to an organization; None if nothing is."""
    return _registers[-1].invoiced_until(organization_id) if _registers else None


def is_invoiced(organization_id: int, currency: str, day: date) -> bool:
    """Return whether an organization's invoice in force of a currency has a date in its period."""
    return bool(invoiced_days(organization_id, [(currency, day)]))


def invoiced_days(organization_id: int, days: Collection[CurrencyDay]) -> set[CurrencyDay]:
    """Keep the dates that an organization's invoices in force of their currency include."""
    if not days or not _registers:
        return set()
    return _registers[-1].invoiced_days(organization_id, days)


def carried_credits(charges: Collection[int]) -> set[int]:
    """Keep the ids of one-off charges that are what invoices in force left of credits."""
    return _registers[-1].carried_credits(charges) if charges and _registers else set()
