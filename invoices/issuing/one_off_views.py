"""Page that previews and issues invoices for one-off charges only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from foundation.lists.selection import ids_in
from invoices.issuing import one_off
from invoices.issuing.drafts import Drafts
from invoices.issuing.missing import BillingPlace, missing_details_of
from invoices.issuing.own_references import OwnReferencesForm
from invoices.issuing.refusals import DetailsMissing, IssueRefusal
from invoices.issuing.views import preview_of, success_text, to_issued
from invoices.provider.parties import provider_details
from organizations.access import organization_for
from organizations.contacts.recipients import invoice_addresses
from organizations.models import Organization


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def issue_charges(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a preview of the invoices for the chosen charges, by default all; issue them on POST."""
    organization = organization_for(signed_in(request), pk)
    now = timezone.now()
    if request.method == "POST":
        return _issue(request, organization)
    charges = list(one_off.open_charges(organization, now))
    asked = set(ids_in(request.GET.getlist("charge")))
    chosen = [each for each in charges if not asked or each.pk in asked]
    own = OwnReferencesForm(request.GET)
    drafts = None
    if chosen:
        drafts = one_off.drafts_of_charges(
            organization, chosen, provider_details(), now, own.references
        )
    context = {
        "organization": organization,
        "own": own,
        "charges": charges,
        "chosen": [each.pk for each in chosen],
        "emails": invoice_addresses([organization]).get(organization.pk),
        "ready": drafts.ready if drafts else [],
        "previews": [preview_of(each) for each in drafts.drafts] if drafts else [],
        "refusals": _refusals(drafts),
        "missing": _missing(request, drafts),
    }
    return render(request, "invoices/one_off.html", context)


def _refusals(drafts: Drafts | None) -> list[IssueRefusal]:
    blockers = drafts.blockers if drafts else ()
    return [each for each in blockers if not isinstance(each, DetailsMissing)]


def _missing(request: HttpRequest, drafts: Drafts | None) -> object:
    if drafts is None:
        return []
    place = BillingPlace(drafts.organization, drafts.details, drafts.period.last)
    return missing_details_of(drafts.blockers, place, {"next": request.get_full_path()})


def _issue(request: HttpRequest, organization: Organization) -> HttpResponse:
    charge_ids = ids_in(request.POST.getlist("charge"))
    own = OwnReferencesForm(request.POST).references
    shown = dict(each.split(":", 1) for each in request.POST.getlist("shown") if ":" in each)
    try:
        issued = one_off.issue_charges(
            organization_id=organization.pk,
            charge_ids=charge_ids,
            now=timezone.now(),
            by=signed_in(request),
            shown=shown,
            own=own,
        )
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
        query = {"charge": charge_ids, **own.stored()}
        return redirect(reverse("invoices:issue_charges", args=[organization.pk], query=query))
    messages.success(request, success_text(issued))
    return to_issued(organization, [invoice.pk for invoice in issued])
