"""Pages that pay payments out, move them to another organization, and write amounts off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.access import invoice_for
from organizations.models import Organization
from payments import payouts
from payments.access import payment_for
from payments.discounts import taken_discounts
from payments.forms import MoneyForm, RefundForm, TransferForm, WriteOffForm
from payments.models import Payment
from payments.refusals import NotAnIncoming, PaymentRefusal
from payments.views import FORM_METHODS
from tariffs.money import exact, format_money
from tariffs.provider_calendar import provider_date


@require_http_methods(FORM_METHODS)
@operators_only
def refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that some of what is left of a payment was paid back."""
    now, payment = timezone.now(), payment_for(signed_in(request), pk)
    form = RefundForm(
        request.POST or None,
        currency=payment.currency,
        proposed=_left(payment),
        paid_on=provider_date(now),
    )
    if form.is_valid():
        try:
            payouts.refund(payment_id=pk, now=now, by=signed_in(request), **form.cleaned_data)
        except PaymentRefusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, payment, _("The refund was recorded."))
    return _page(request, payment, form, _("Record refund"))


@require_http_methods(FORM_METHODS)
@operators_only
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Move some of what is left of a payment to another organization of its owner."""
    payment = payment_for(signed_in(request), pk)
    organization = payment.organization
    others = Organization.objects.filter(owner=organization.owner_id).exclude(pk=organization.pk)
    form = TransferForm(
        request.POST or None,
        currency=payment.currency,
        proposed=_left(payment),
        others=others.order_by("title"),
    )
    if not others.exists():
        messages.error(request, _("The owner has no other organization."))
        return redirect("payments:payment", pk)
    if form.is_valid():
        try:
            incoming = payouts.transfer(
                payment_id=pk, now=timezone.now(), by=signed_in(request), **form.cleaned_data
            )
        except PaymentRefusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, incoming, _("The amount was transferred."))
    return _page(request, payment, form, _("Transfer to another organization"))


@require_http_methods(FORM_METHODS)
@operators_only
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Write off some of what is outstanding of an invoice."""
    now = timezone.now()
    invoice: Any = invoice_for(signed_in(request), pk, provider_date(now))
    taken = next(iter(taken_discounts([pk])), None)
    form = WriteOffForm(
        request.POST or None,
        currency=invoice.currency,
        proposed=exact(invoice.outstanding, invoice.currency),
        reason=taken.reason if taken else "",
    )
    back = reverse("invoices:invoice", args=[pk])
    if form.is_valid():
        try:
            written_off = payouts.write_off(
                invoice_id=pk, now=now, by=signed_in(request), **form.cleaned_data
            )
        except PaymentRefusal as refusal:
            form.refuse(refusal)
        else:
            amount = format_money(written_off.amount, invoice.currency)
            messages.success(request, _("%(amount)s was written off.") % {"amount": amount})
            return redirect(back)
    context = {
        "form": form,
        "heading": _("Write off"),
        "up": invoice.organization,
        "facts": [
            (_("Invoice"), invoice.number),
            (_("Outstanding"), format_money(invoice.outstanding, invoice.currency)),
            *([(_("Cash discount"), _("Exactly what is outstanding"))] if taken else []),
        ],
        "button": _("Write off"),
        "back": back,
    }
    return render(request, "payments/act.html", context)


def _left(payment: Payment) -> Decimal:
    return exact(payment.on_account.remaining, payment.currency)


def _done(request: HttpRequest, payment: Payment, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("payments:payment", payment.pk)


def _page(request: HttpRequest, payment: Payment, form: MoneyForm, heading: str) -> HttpResponse:
    """Show a form for what is left of a payment, or say that nothing is."""
    if payment.on_account.remaining <= 0:
        messages.error(request, str(NotAnIncoming()))
        return redirect("payments:payment", payment.pk)
    context = {
        "form": form,
        "heading": heading,
        "up": payment.organization,
        "facts": [
            (_("Payment"), str(payment)),
            (_("On account"), format_money(payment.on_account.remaining, payment.currency)),
        ],
        "button": heading,
        "back": reverse("payments:payment", args=[payment.pk]),
    }
    return render(request, "payments/act.html", context)
