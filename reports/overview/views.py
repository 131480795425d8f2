"""The overview of an organization."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from invoices.models import Invoice
from organizations.access import organization_for, sees_all_of
from organizations.operations import tariffs_in_use
from reports.overview.monthly_costs import monthly_costs
from tariffs.provider_calendar import provider_date

RECENT = 5
"""The number of recent invoices shown."""


@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an organization's recent invoices, its costs by month and its cameras by tariff.

    Readers are shown no invoices, nor the costs by month, which are those of the invoices, nor
    where invoices are sent.
    """
    user, now = signed_in(request), timezone.now()
    organization = organization_for(user, pk)
    context: dict[str, Any] = {
        "organization": organization,
        "contacts": organization.contacts.all(),
        "in_use": tariffs_in_use(organization),
    }
    if sees_all_of(user, organization):
        own = Invoice.objects.visible_to(user).filter(organization=pk)
        newest = own.with_open_item(provider_date(now)).order_by("-issued_at", "-pk")
        context["email_for_invoices"] = organization.billing_email
        context["invoices"] = newest[:RECENT]
        context["costs"] = monthly_costs(user, organization, now)
    return render(request, "reports/overview.html", context)
