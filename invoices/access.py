"""The invoices that a user can see, and views of one of them."""

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import NamedTuple

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from accounts.models import User
from invoices.models import FrozenCharges, Invoice
from invoices.querysets import InvoiceQuerySet
from organizations.models import Organization
from tariffs.provider_calendar import provider_date


def visible_invoices(user: User, today: date) -> InvoiceQuerySet:
    """Return the invoices that `user` can see, with their open items as of `today`.

    Staff also see by how much they differ from what would be charged now.
    """
    visible = Invoice.objects.visible_to(user).with_open_item(today).with_kind()
    visible = visible.select_related("organization")
    return visible if user.is_owner else visible.with_difference()


def invoice_for(user: User, pk: int, today: date) -> Invoice:
    """Return invoice `pk` with its open item and everything that its document states.

    Raises:
        Http404: there is no such invoice, or the user cannot see it. The response is the same, so
            that owners cannot find out which invoices exist.
    """
    visible = visible_invoices(user, today).select_related("cancels", "credit_note", "logo")
    return get_object_or_404(visible.prefetch_related("lines", "taxes"), pk=pk)


def sees_invoices(user: User) -> bool:
    """Return whether there are, or may be, invoices that `user` can see.

    Somebody who only reads organizations sees none. A former owner sees those of former times.
    """
    if not user.is_owner or Organization.objects.seen_whole_by(user).exists():
        return True
    return Invoice.objects.visible_to(user).exists()


def view_of_invoice(
    answer: Callable[[HttpRequest, Invoice], HttpResponseBase],
) -> Callable[[HttpRequest, int], HttpResponseBase]:
    """Return a view that calls `answer` with an invoice that the user can see."""

    @require_safe
    @wraps(answer)
    def view(request: HttpRequest, pk: int) -> HttpResponseBase:
        today = provider_date(timezone.now())
        return answer(request, invoice_for(signed_in(request), pk, today))

    return view


class Charges(NamedTuple):
    """A compressed usages.csv of a document, and the invoice that it corrects, if any."""

    content: bytes
    corrects: Invoice | None


def charges_of(invoice: Invoice, corrects: str) -> Charges:
    """Return the frozen charges of an invoice, or those by which it `corrects` an invoice (an id).

    Raises:
        Http404: there are none. The charges of a credit note that cancels an invoice are those of
            the invoice.
    """
    if not corrects:
        return Charges(bytes(get_object_or_404(FrozenCharges, invoice=invoice).content), None)
    own = invoice.corrections.select_related("corrects")
    pk = int(corrects) if re.fullmatch(r"\d{1,18}", corrects) else 0
    correction = get_object_or_404(own, corrects=pk)
    return Charges(bytes(correction.content), correction.corrects)
