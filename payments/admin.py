"""Payments in Django admin, where support staff look them up."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin
from invoices.models import Invoice
from payments.models import Payment
from tariffs.money import format_money


@admin.register(Payment)
class PaymentAdmin(LookupAdmin):
    """Find payments by their invoice."""

    history_page = "invoices:history"
    history_of = "invoice_id"
    list_display = ("paid_on", "invoice", "shown_amount", "method", "reference")
    list_select_related = ("invoice",)
    search_fields = ("invoice",)
    search_help_text = _("Search by invoice number, organization or legal name.")
    ordering = ("-pk",)
    sortable_by = ()
    raw_id_fields = ("invoice", "reverses", "recorded_by")
    fields = (
        "invoice",
        "paid_on",
        "shown_amount",
        "method",
        "reference",
        "reverses",
        "recorded_at",
        "recorded_by",
    )
    readonly_fields = ("shown_amount",)

    @admin.display(description=_("amount"))
    def shown_amount(self, payment: Payment) -> str:
        """Format the amount received, negative for a reversal."""
        return format_money(payment.amount, payment.invoice.currency)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        """Return the payments of the invoices that match the search."""
        if search_term:
            invoices = Invoice.objects.search(search_term).order_by().values("pk")
            queryset = queryset.filter(invoice__in=invoices)
        return queryset, False
