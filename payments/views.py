"""Pages that record and reverse payments."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse as address_of
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.access import invoice_for
from organizations.access import organization_for
from organizations.models import Organization
from payments import operations, refusals
from payments.access import payment_for
from payments.discounts import taken_discounts
from payments.forms import OnAccountForm, PaymentForm, ReversalForm, Use
from payments.models import OnAccount, Payment, PaymentKind
from tariffs.models import Tariff
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
            if taken_discounts([pk]):
                return redirect("payments:write_off", pk)
            return redirect("invoices:invoice", pk)
    except (refusals.CreditNoteNotPaid, refusals.CancelledNotPaid) as refusal:
        messages.error(request, str(refusal))
        return redirect("invoices:invoice", pk)
    except refusals.OutstandingChanged as refusal:
        form.add_error(None, str(refusal))
        shown = refusal.outstanding
    except refusals.PaymentRefusal as refusal:
        form.refuse(refusal)
    context = {"invoice": invoice, "form": form, "shown": shown}
    return render(request, "payments/add.html", context)


@require_http_methods(FORM_METHODS)
@operators_only
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Reverse a payment after a confirmation."""
    payment = payment_for(signed_in(request), pk)
    form = ReversalForm(request.POST or None)
    try:
        operations.check_can_be_reversed(payment)
        if request.method == "POST" and form.is_valid():
            operations.reverse_payment(
                payment_id=pk, now=timezone.now(), by=signed_in(request), **form.cleaned_data
            )
            amount = format_money(payment.amount, payment.currency)
            text = _("The payment of %(amount)s was reversed.") % {"amount": amount}
            messages.success(request, text)
            return redirect(address_after(payment))
    except refusals.PaymentRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect(address_after(payment))
    return render(request, "payments/reverse.html", {"payment": payment, "form": form})


@require_http_methods(FORM_METHODS)
@operators_only
def add_on_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a payment of an organization that names no invoice by itself."""
    now = timezone.now()
    organization = organization_for(signed_in(request), pk)
    form = OnAccountForm(
        request.POST or None, currencies=currencies_of(organization), today=provider_date(now)
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        use = values.pop("use")
        try:
            payment = operations.record_on_account(
                organization_id=pk,
                automatically=use == Use.OLDEST,
                kind=PaymentKind.DEPOSIT if use == Use.DEPOSIT else PaymentKind.PAYMENT,
                now=now,
                by=signed_in(request),
                **values,
            )
        except refusals.PaymentRefusal as refusal:
            form.refuse(refusal)
        else:
            amount = format_money(payment.amount, payment.currency)
            messages.success(request, _("%(amount)s was recorded.") % {"amount": amount})
            return redirect("payments:payment", payment.pk)
    context = {
        "form": form,
        "heading": _("Record payment"),
        "up": organization,
        "button": _("Record payment"),
        "back": address_of("payments:of_organization", args=[pk]),
    }
    return render(request, "payments/act.html", context)


def currencies_of(organization: Organization) -> list[str]:
    """Return the currencies in which an organization was billed, or else has tariff plans.

    If it has neither, return those of all tariff plans.
    """
    billed = organization.invoices.order_by().values_list("currency", flat=True)
    offered = organization.tariffs.order_by().values_list("currency", flat=True)
    found = set(billed.distinct()) | set(offered.distinct())
    return sorted(found or set(Tariff.objects.order_by().values_list("currency", flat=True)))


def address_after(payment: Payment) -> str:
    """Return where to go on after a change: to the invoice that is named, or the payment."""
    if payment.invoice_id is None:
        return address_of("payments:payment", args=[payment.pk])
    return address_of("invoices:invoice", args=[payment.invoice_id])


def _report(request: HttpRequest, payment: Payment, now: datetime) -> None:
    invoice: Any = invoice_for(signed_in(request), payment.invoice_id or 0, provider_date(now))
    remaining = OnAccount.objects.get(pk=payment.pk).remaining
    names = {
        "amount": format_money(payment.amount, invoice.currency),
        "left": format_money(remaining or invoice.outstanding, invoice.currency),
    }
    if remaining:
        text = _(
            "%(amount)s was recorded. That is %(left)s more than was outstanding, which is now "
            "on account. Check that this is correct."
        )
        messages.warning(request, text % names)
    elif taken_discounts([invoice.pk]):
        text = _(
            "%(amount)s was recorded. What is outstanding, %(left)s, is exactly the cash discount. "
            "Write it off if you grant it."
        )
        messages.success(request, text % names)
    elif invoice.outstanding > 0:
        text = _("%(amount)s was recorded. %(left)s is still outstanding.")
        messages.success(request, text % names)
    else:
        messages.success(request, _("%(amount)s was recorded. The invoice is paid.") % names)
