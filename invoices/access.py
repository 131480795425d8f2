"""The invoices that a user can see."""

from datetime import date

from django.shortcuts import get_object_or_404

from accounts.models import User
from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet


def visible_invoices(user: User, today: date) -> InvoiceQuerySet:
    """Return the invoices that `user` can see, with their open items as of `today`."""
    return Invoice.objects.visible_to(user).with_open_item(today).select_related("organization")


def invoice_for(user: User, pk: int, today: date) -> Invoice:
    """Return invoice `pk` with its open item and everything that its document states.

    Raises:
        Http404: there is no such invoice, or the user cannot see it. The response is the same, so
            that owners cannot find out which invoices exist.
    """
    visible = visible_invoices(user, today).select_related("cancels", "credit_note", "logo")
    return get_object_or_404(visible.prefetch_related("lines"), pk=pk)
