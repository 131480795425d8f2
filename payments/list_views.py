"""The list of all payments."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.lists.pages import render_list
from invoices.models import Invoice
from payments.filters import MOST_FOUND, PaymentFilter
from payments.models import Payment
from payments.tables import AllPaymentsTable

MOST_LISTED = MOST_FOUND
"""A longer list shows the newest payments: to count and to sort millions takes seconds."""


@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """List the payments and reversals that the user can see, newest first."""
    user = signed_in(request)
    visible = Payment.objects.visible_to(user).order_by("-paid_on", "-pk")
    filterset = PaymentFilter(request, visible, Invoice.objects.visible_to(user))
    found = filterset.qs.order_by().values("pk")[: MOST_LISTED + 1].count()
    is_cut = found > MOST_LISTED
    table = AllPaymentsTable(
        filterset.qs.select_related(
            "invoice", "organization", "reversal", "recorded_by", "on_account"
        ),
        exclude=("recorded_by",) if user.is_owner else (),
        orderable=not is_cut,
    )
    return render_list(
        request,
        "payments/list.html",
        table=table,
        filterset=filterset,
        total=min(found, MOST_LISTED),
        more_than=MOST_LISTED if is_cut else None,
    )
