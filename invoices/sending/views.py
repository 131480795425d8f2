"""Page that sends a document by email, also if it was sent before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import operators_only, signed_in
from invoices.access import invoice_for
from invoices.sending import deliveries
from organizations.contacts.recipients import invoice_addresses
from tariffs.provider_calendar import provider_date


@require_POST
@operators_only
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a document to its organization's current addresses for invoices."""
    now = timezone.now()
    invoice = invoice_for(signed_in(request), pk, provider_date(now))
    emails = invoice_addresses([invoice.organization]).get(invoice.organization_id, ())
    try:
        deliveries.ask(invoice=invoice, emails=emails, now=now, by=signed_in(request))
    except deliveries.NoAddress as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The document is being sent to %(email)s.") % {"email": ", ".join(emails)}
        )
    return redirect("invoices:invoice", pk)
