"""The page of an organization's payments and open items."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.lists.pages import render_list
from invoices.models import Invoice
from organizations.access import whole_organization_for
from payments.filters import PaymentFilter
from payments.models import OnAccount, Payment
from payments.tables import PaymentTable
from tariffs.provider_calendar import provider_date

MOST_OPEN = 50
"""The maximum number of open items, and of credits, that the page shows; the lists have all."""


@require_safe
def payments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organization's balance, what is open, its credits and payments, newest first."""
    user = signed_in(request)
    organization = whole_organization_for(user, pk)
    own = Invoice.objects.visible_to(user).filter(organization=pk)
    with_items = own.filter(open_item__isnull=False).exclude(open_item__outstanding=0)
    still_open = with_items.with_open_item(provider_date(timezone.now()))
    items = list(still_open.order_by("due_on", "pk")[: MOST_OPEN + 1])
    received = Payment.objects.visible_to(user).filter(organization=pk)
    left = OnAccount.objects.credit().filter(organization=pk, payment__in=received)
    credits = list(
        left.select_related("payment").order_by("payment__paid_on", "pk")[: MOST_OPEN + 1]
    )
    filterset = PaymentFilter(request, received, own)
    table = PaymentTable(
        filterset.qs.select_related("invoice", "reversal", "recorded_by", "on_account"),
        exclude=("recorded_by",) if user.is_owner else (),
    )
    return render_list(
        request,
        "payments/of_organization.html",
        table=table,
        filterset=filterset,
        organization=organization,
        items=items[:MOST_OPEN],
        has_more=len(items) > MOST_OPEN,
        credits=credits[:MOST_OPEN],
        has_more_credits=len(credits) > MOST_OPEN,
        any_at_all=received.exists(),
    )
