"""Find out whether what is outstanding of an invoice is exactly the cash discount agreed for it.

Then it can be written off. A cash discount lowers the tax base of what was supplied (Directive
2006/112/EC, article 90); docs/payments.md says what follows from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import gettext, override

from foundation.web.money import locale_of
from invoices.documents.terms import CashDiscount, Terms
from invoices.models import Invoice, OpenItem
from payments.models import Allocation, PaymentKind


@dataclass(frozen=True, slots=True)
class TakenDiscount:
    """The cash discount by which payments of an invoice fell short, and its amount."""

    invoice_id: int
    number: str
    language: str
    discount: CashDiscount
    amount: Decimal

    @property
    def percent(self) -> str:
        """The percentage as the language of the invoice writes it."""
        return format_decimal(self.discount.percent.normalize(), locale=locale_of(self.language))

    @property
    def reason(self) -> str:
        """The reason of the write-off, in the language of the invoice."""
        with override(self.language):
            return gettext("Cash discount of %(percent)s%%") % {"percent": self.percent}


def fitting(
    terms: Mapping[str, Any], *, issued_on: date, total: Decimal, digits: int, short: Decimal
) -> Iterable[tuple[CashDiscount, date]]:
    """Yield the cash discounts that take exactly `short` off a total, with their last dates.

    `terms` are the stored terms of the invoice, `total` what it comes to after credit notes.
    """
    for each in Terms.of(terms).discounts:
        if each.off(total, digits) == short:
            yield each, each.until(issued_on)


def taken_discounts(invoice_ids: Sequence[int]) -> list[TakenDiscount]:
    """Return the cash discounts that were taken of invoices, at most one of each.

    What is outstanding is exactly the discount, and everything that pays the invoice was paid by
    the last date on which the discount applies. The number of queries does not depend on theirs.
    """
    items = OpenItem.objects.filter(
        pk__in=invoice_ids, outstanding__gt=0, is_cancelled=False
    ).exclude(invoice__terms={})
    owed = {each.pk: each for each in items.select_related("invoice").order_by("pk")}
    last: dict[int, date] = {}
    written_off: set[int] = set()
    paid = Allocation.objects.filter(invoice__in=owed).in_force()
    for pk, paid_on, kind in paid.values_list("invoice", "payment__paid_on", "payment__kind"):
        if kind == PaymentKind.WRITE_OFF:
            written_off.add(pk)
        last[pk] = max(last.get(pk, paid_on), paid_on)
    return [
        taken
        for pk, day in last.items()
        if pk not in written_off and (taken := _taken(owed[pk], day))
    ]


def _taken(item: OpenItem, last_paid_on: date) -> TakenDiscount | None:
    invoice: Invoice = item.invoice
    found = fitting(
        invoice.terms,
        issued_on=invoice.issued_on,
        total=invoice.total - item.credited,
        digits=invoice.digits,
        short=item.outstanding,
    )
    for discount, until in found:
        if last_paid_on <= until:
            amount = discount.off(invoice.total - item.credited, invoice.digits)
            return TakenDiscount(invoice.pk, invoice.number, invoice.language, discount, amount)
    return None
