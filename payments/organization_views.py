"""The page of an organization's payments and open items."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from accounts.access import signed_in
from foundation.lists.pages import ROWS_A_PAGE
from invoices.models import Invoice
from organizations.access import organization_for
from payments.models import Payment
from payments.tables import PaymentTable
from tariffs.provider_calendar import provider_date

MOST_OPEN = 50
"""The maximum number of open items that the page shows; the list of invoices has all."""


@require_safe
def payments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organization's balance, what is open, and its payments, newest first."""
    user = signed_in(request)
    organization = organization_for(user, pk)
    own = Invoice.objects.visible_to(user).filter(organization=pk)
    with_items = own.filter(open_item__isnull=False).exclude(open_item__outstanding=0)
    still_open = with_items.with_open_item(provider_date(timezone.now()))
    items = list(still_open.order_by("due_on", "pk")[: MOST_OPEN + 1])
    received = Payment.objects.filter(invoice__in=own.order_by())
    table = PaymentTable(
        received.select_related("invoice", "reversal", "recorded_by"),
        exclude=("recorded_by",) if user.is_owner else (),
    )
    RequestConfig(request, paginate={"per_page": ROWS_A_PAGE, "silent": True}).configure(table)
    context = {
        "organization": organization,
        "items": items[:MOST_OPEN],
        "has_more": len(items) > MOST_OPEN,
        "table": table,
    }
    return render(request, "payments/of_organization.html", context)
