"""Page that cancels an invoice."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.access import invoice_for
from invoices.issuing import operations
from invoices.issuing.cautions import cautions_of
from invoices.issuing.crediting import check_can_be_cancelled
from invoices.issuing.refusals import IssueRefusal, NamesDocuments
from invoices.models import Invoice
from organizations.contacts.recipients import invoice_addresses
from tariffs.provider_calendar import provider_date


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an invoice with a credit note after a confirmation."""
    now = timezone.now()
    invoice = invoice_for(signed_in(request), pk, provider_date(now))
    try:
        check_can_be_cancelled(invoice)
        if request.method == "POST":
            credit_note = operations.cancel(invoice_id=pk, now=now, by=signed_in(request))
            text = _("Invoice %(invoice)s was cancelled by credit note %(credit_note)s.")
            names = {"invoice": invoice.number, "credit_note": credit_note.number}
            messages.success(request, text % names)
            return redirect("invoices:invoice", credit_note.pk)
    except IssueRefusal as refusal:
        messages.error(request, _linked(refusal))
        return redirect("invoices:invoice", pk)
    context = {
        "invoice": invoice,
        "to_credit": invoice.total - invoice.credited,  # type: ignore[attr-defined]
        "emails": invoice_addresses([invoice.organization]).get(invoice.organization_id),
        "reopened": invoice.corrections.named(),
        "is_for_charges": invoice.invoiced_charges.exists(),
        "cautions": cautions_of(invoice),
        "carries_over": invoice.carried_credits.exists(),
    }
    return render(request, "invoices/cancel.html", context)


def _linked(refusal: IssueRefusal) -> str:
    """Return the text of a refusal, with links to the documents that it names."""
    if not isinstance(refusal, NamesDocuments):
        return str(refusal)
    named = Invoice.objects.filter(number__in=refusal.numbers).values_list("number", "pk")
    return refusal.as_html({number: reverse("invoices:invoice", args=[pk]) for number, pk in named})
