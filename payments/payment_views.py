"""The page of a payment, what it pays, and its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in, staff_only
from foundation.audit.history import render_history
from organizations.access import sees_all_of, sees_organization
from payments.access import payment_for
from payments.history import PARTS
from payments.models import Payment
from payments.uses import uses_of


@require_safe
def payment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a payment, what it pays, and what is left of it."""
    user = signed_in(request)
    payment = payment_for(user, pk)
    context = {
        "payment": payment,
        "uses": uses_of(payment, user),
        "sees_organization": sees_organization(user, payment.organization_id)
        and sees_all_of(user, payment.organization),
    }
    return render(request, "payments/payment.html", context)


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who recorded and reversed a payment, and who allocated it to what."""
    payment = payment_for(signed_in(request), pk)
    return render_history(
        request,
        of=Payment,
        pk=pk,
        parts=PARTS,
        up=(reverse("payments:list"), _("Payments")),
        links=[(reverse("payments:payment", args=[pk]), _("Payment"))],
        zone=payment.organization.zone_at(timezone.now()),
    )
