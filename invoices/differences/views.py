"""Pages that show what an invoice would be now, and usage that is in no invoice."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from foundation.lists.pages import ROWS_A_PAGE
from invoices.access import view_of_invoice
from invoices.differences.comparison import compare
from invoices.models import Invoice, LateUsage
from rating.agreement.lines import Section


@require_safe
@staff_only
@view_of_invoice
def differences(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Show what an invoice would be now, and the cameras whose sums differ."""
    if not hasattr(invoice, "invoiced_period"):
        raise Http404
    comparison = compare(invoice, timezone.now())
    context = {
        "invoice": invoice,
        "comparison": comparison,
        "has_credits": invoice.lines.filter(section=Section.CREDITS).exists(),
        "invoice_url": reverse("invoices:invoice", args=[invoice.pk]),
        "is_being_checked": invoice.is_being_checked,  # type: ignore[attr-defined]
        "is_deferred": invoice.deferred_at is not None,  # type: ignore[attr-defined]
        "page": Paginator(comparison.differences, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "invoices/differences.html", context)


@require_safe
@staff_only
def late_usage(request: HttpRequest) -> HttpResponse:
    """List the usage of invoiced months that is in no invoice."""
    found = LateUsage.objects.select_related("organization")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "invoices/late_usage.html", {"page": page})
