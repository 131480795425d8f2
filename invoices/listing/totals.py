"""What a list of invoices comes to: stored where it is known, counted where the list is short."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from invoices.listing.models import DocumentTally
from invoices.listing.search import how_many
from invoices.models import Invoice
from invoices.querysets import CurrencyTotals, overlap
from rating.periods import month_of

if TYPE_CHECKING:
    from invoices.filters import InvoiceFilter

# A longer list whose sums are not stored shows the first rows, and no sums.
MOST_COUNTED = 10_000


class ListTotals(NamedTuple):
    """The sums of a list in each currency, and its number of documents.

    A list that `is_cut` has more documents than that, and no sums.
    """

    sums: list[CurrencyTotals]
    documents: int
    is_cut: bool


def totals_of(filterset: InvoiceFilter, *, are_all: bool) -> ListTotals:
    """Return the totals of a filtered list. `are_all` if the list is of all invoices."""
    if are_all and filterset.asked.keys() <= {"state", "month"}:
        sums = _stored(filterset)
        return ListTotals(sums, sum(each.documents for each in sums), is_cut=False)
    if are_all and filterset.asked.keys() == {"q"}:
        documents = how_many(Invoice, filterset.asked["q"], MOST_COUNTED)
    else:
        documents = filterset.qs.order_by().values("pk")[: MOST_COUNTED + 1].count()
    if documents > MOST_COUNTED:
        return ListTotals([], MOST_COUNTED, is_cut=True)
    return ListTotals(filterset.qs.totals(), documents, is_cut=False)


def _stored(filterset: InvoiceFilter) -> list[CurrencyTotals]:
    tallies = DocumentTally.objects.all()
    asked = filterset.asked
    if state := asked.get("state"):
        tallies = tallies.in_state(state, filterset.today)
    if month := asked.get("month"):
        tallies = tallies.filter(overlap(*month_of(month)))
    differing = {
        each.currency: (each.differ, each.differs_by)
        for each in filterset.qs.filter(difference__isnull=False).totals()
    }
    none = (0, Decimal(0))
    return [
        CurrencyTotals(**row, differ=differ, differs_by=differs_by)
        for row in tallies.sums()
        for differ, differs_by in [differing.get(row["currency"], none)]
    ]
