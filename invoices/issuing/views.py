"""Page that previews and issues an organization's invoices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.documents.pdf import pages_as_images
from invoices.documents.references import References
from invoices.issuing import operations
from invoices.issuing.drafts import Draft, Drafts, drafts_of
from invoices.issuing.missing import BillingPlace, missing_details_of, missing_rates_of
from invoices.issuing.own_references import OwnReferencesForm
from invoices.issuing.refusals import (
    AlreadyInvoiced,
    DetailsMissing,
    ExchangeRateMissing,
    IssueRefusal,
)
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from organizations.access import organization_for
from organizations.contacts.recipients import invoice_addresses
from organizations.models import Organization
from rating.periods import Period
from usage.statements.forms import PeriodForm, as_query

# The preview of a longer document shows only these pages. Issued documents are shown completely.
PAGES_SHOWN = 3


class Preview(NamedTuple):
    """A draft with its first pages as images, and the number of further pages."""

    draft: Draft
    pages: Sequence[bytes]
    more: int


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a preview of the documents; issue them on POST."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    asked = request.POST if request.method == "POST" else request.GET
    form = PeriodForm.asked(asked, organization.date_at(now))
    if not form.is_valid():
        messages.error(request, _("Choose a period first."))
        return redirect("usage:usages", pk)
    own = OwnReferencesForm(asked)
    if request.method == "POST":
        return _issue(request, organization, form.period, own.references)
    drafts = drafts_of(
        organization=organization,
        period=form.period,
        now=now,
        provider=provider_details(),
        own=own.references,
    )
    context = _context(request, drafts, organization.date_at(now)) | {"own": own}
    return render(request, "invoices/issue.html", context)


def _issue(
    request: HttpRequest, organization: Organization, period: Period, own: References
) -> HttpResponse:
    try:
        issued = operations.issue(
            organization_id=organization.pk,
            period=period,
            now=timezone.now(),
            by=signed_in(request),
            shown=dict(pair.split(":", 1) for pair in request.POST.getlist("shown") if ":" in pair),
            own=own,
        )
    except AlreadyInvoiced as refusal:
        # A second click leads to the invoices that the first one issued.
        messages.info(request, str(refusal))
        return to_issued(organization, [invoice["id"] for invoice in refusal.invoices])
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
        query = {**as_query(period), **own.stored()}
        again = reverse("invoices:issue", args=[organization.pk], query=query)
        return redirect(again)
    messages.success(request, success_text(issued))
    return to_issued(organization, [invoice.pk for invoice in issued])


def success_text(issued: Sequence[Invoice]) -> str:
    """Say which invoices were issued."""
    numbers = ", ".join(invoice.number for invoice in issued)
    text = ngettext(
        "Invoice %(numbers)s was issued.", "Invoices %(numbers)s were issued.", len(issued)
    )
    return text % {"numbers": numbers}


def to_issued(organization: Organization, ids: Sequence[int]) -> HttpResponse:
    """Redirect to an issued invoice, or to the organization's list if there are several."""
    if len(ids) == 1:
        return redirect("invoices:invoice", ids[0])
    return redirect("invoices:of_organization", organization.pk)


def _context(request: HttpRequest, drafts: Drafts, today: date) -> dict[str, Any]:
    details, last = drafts.details, drafts.period.last
    stated = details.on(last)
    place = BillingPlace(drafts.organization, details, last)
    back = {"next": request.get_full_path()}
    return {
        "taxes": details.taxes_applied(drafts.period),
        # Whether documents state other billing details than those of today.
        "is_earlier": stated != details.on(today),
        "billing": place.address({}),
        "organization": drafts.organization,
        "drafts": drafts,
        "previews": [preview_of(draft) for draft in drafts.drafts],
        "query": as_query(drafts.period),
        "refusals": [
            each
            for each in drafts.blockers
            if not isinstance(each, (DetailsMissing, ExchangeRateMissing))
        ],
        "missing": [
            *missing_details_of(drafts.blockers, place, back),
            *missing_rates_of(drafts.blockers, back),
        ],
        "nothing": None if drafts.drafts else drafts.refusal,
        "emails": invoice_addresses([drafts.organization]).get(drafts.organization.pk),
    }


def preview_of(draft: Draft) -> Preview:
    """Return a draft with its first pages."""
    pages = pages_as_images(draft.document)
    return Preview(draft, pages[:PAGES_SHOWN], max(0, len(pages) - PAGES_SHOWN))
