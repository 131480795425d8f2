"""Which invoice a page is about."""

from datetime import date

from django.shortcuts import get_object_or_404

from accounts.models import User
from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet


def visible_invoices(user: User, today: date) -> InvoiceQuerySet:
    """Return the invoices that `user` may see, with how far they are settled on a date."""
    return Invoice.objects.visible_to(user).with_open_item(today).select_related("organization")


def invoice_for(user: User, pk: int, today: date) -> Invoice:
    """Return invoice `pk` with its settlement and all that its document states.

    Raises:
        Http404: there is none, or it is someone else's; an owner cannot tell which.
    """
    visible = visible_invoices(user, today).select_related("cancels", "credit_note", "logo")
    return get_object_or_404(visible.prefetch_related("lines"), pk=pk)
