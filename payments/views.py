"""Pages that record and reverse payments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.access import invoice_for
from payments import operations
from payments.forms import PaymentForm, ReversalForm
from payments.models import Payment
from tariffs.money import format_money
from tariffs.provider_calendar import provider_date

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@operators_only
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a payment of an invoice; warn if the invoice is then overpaid."""
    now = timezone.now()
    invoice: Any = invoice_for(signed_in(request), pk, provider_date(now))
    outstanding = invoice.outstanding.quantize(Decimal(1).scaleb(-invoice.digits))
    shown = request.POST.get("shown", outstanding)
    form = PaymentForm(
        request.POST or None,
        currency=invoice.currency,
        outstanding=outstanding,
        today=provider_date(now),
    )
    try:
        operations.check_takes_payments(invoice)
        if form.is_valid():
            payment = operations.record_payment(
                invoice_id=pk, now=now, by=signed_in(request), **form.cleaned_data
            )
            _report(request, payment, now)
            return redirect("invoices:invoice", pk)
    except (operations.CreditNoteNotPaid, operations.CancelledNotPaid) as refusal:
        messages.error(request, str(refusal))
        return redirect("invoices:invoice", pk)
    except operations.OutstandingChanged as refusal:
        form.add_error(None, str(refusal))
        shown = refusal.outstanding
    except operations.PaymentRefusal as refusal:
        form.add_error(refusal.field, str(refusal))
    context = {"invoice": invoice, "form": form, "shown": shown}
    return render(request, "payments/add.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a payment after a confirmation."""
    payments = Payment.objects.select_related("invoice", "reversal")
    payment = get_object_or_404(payments, pk=pk)
    form = ReversalForm(request.POST or None)
    try:
        operations.check_can_be_reversed(payment)
        if request.method == "POST" and form.is_valid():
            operations.reverse_payment(
                payment_id=pk, now=timezone.now(), by=signed_in(request), **form.cleaned_data
            )
            amount = format_money(payment.amount, payment.invoice.currency)
            text = _("The payment of %(amount)s was reversed.") % {"amount": amount}
            messages.success(request, text)
            return redirect("invoices:invoice", payment.invoice_id)
    except operations.PaymentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("invoices:invoice", payment.invoice_id)
    return render(request, "payments/reverse.html", {"payment": payment, "form": form})


def _report(request: HttpRequest, payment: Payment, now: datetime) -> None:
    invoice: Any = invoice_for(signed_in(request), payment.invoice_id, provider_date(now))
    names = {
        "amount": format_money(payment.amount, invoice.currency),
        "left": format_money(abs(invoice.outstanding), invoice.currency),
    }
    if invoice.outstanding < 0:
        text = _(
            "%(amount)s was recorded. The invoice is now overpaid by %(left)s. "
            "Check that this is correct."
        )
        messages.warning(request, text % names)
    elif invoice.outstanding > 0:
        text = _("%(amount)s was recorded. %(left)s is still outstanding.")
        messages.success(request, text % names)
    else:
        messages.success(request, _("%(amount)s was recorded. The invoice is paid.") % names)
