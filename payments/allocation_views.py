"""Pages that allocate a payment to open items, and take that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from payments import operations
from payments.access import payment_for
from payments.allocating import in_order, matched, open_amounts
from payments.forms import AllocationForm
from payments.refusals import NotAnIncoming, PaymentRefusal
from payments.views import FORM_METHODS
from tariffs.money import exact, format_money

MOST_ITEMS = 200
"""The number of open items that the page offers, those first that the payment would pay first."""


@require_http_methods(FORM_METHODS)
@operators_only
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Allocate what is left of a payment; propose what its reference names, then what is due."""
    payment = payment_for(signed_in(request), pk)
    remaining = payment.on_account.remaining
    if remaining <= 0:
        messages.error(request, str(NotAnIncoming()))
        return redirect("payments:payment", pk)
    every = open_amounts([payment.organization_id], payment.currency)
    items = in_order(every, payment.reference)[:MOST_ITEMS]
    targets = [(item.invoice_id, item.outstanding) for item in items]
    amounts = [] if "empty" in request.GET else matched([(pk, remaining)], targets)
    proposed = {invoice: exact(amount, payment.currency) for _payment, invoice, amount in amounts}
    form = AllocationForm(request.POST or None, items=items, proposed=proposed)
    if form.is_valid():
        try:
            operations.allocate(
                payment_id=pk, parts=form.parts, now=timezone.now(), by=signed_in(request)
            )
        except PaymentRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The payment was allocated."))
            return redirect("payments:payment", pk)
    context = {"payment": payment, "form": form, "has_more": len(every) > MOST_ITEMS}
    return render(request, "payments/allocate.html", context)


@require_POST
@operators_only
def undo(request: HttpRequest, pk: int, invoice: int) -> HttpResponse:
    """Take back what a payment pays of an invoice."""
    payment = payment_for(signed_in(request), pk)
    try:
        amount = operations.undo_allocation(
            payment_id=pk, invoice_id=invoice, now=timezone.now(), by=signed_in(request)
        )
    except PaymentRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = _("%(amount)s is on account again.")
        messages.success(request, text % {"amount": format_money(amount, payment.currency)})
    return redirect("payments:payment", pk)
