"""Payments in Django admin, where support staff look them up."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin
from invoices.models import Invoice
from payments.models import Allocation, Payment
from tariffs.money import format_money


class OfInvoiceAdmin(LookupAdmin):
    """Find rows by their invoice."""

    search_fields = ("invoice",)
    search_help_text = _("Search by invoice number, organization or legal name.")
    ordering = ("-pk",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows of the invoices that match the search."""
        if search_term:
            invoices = Invoice.objects.search(search_term).order_by().values("pk")
            queryset = queryset.filter(invoice__in=invoices)
        return queryset, False


@admin.register(Payment)
class PaymentAdmin(OfInvoiceAdmin):
    """Find payments by their invoice."""

    history_page = "payments:history"
    list_display = (
        "paid_on",
        "kind",
        "organization",
        "invoice",
        "shown_amount",
        "shown_remaining",
        "method",
        "reference",
    )
    list_select_related = ("invoice", "organization", "on_account")
    raw_id_fields = (
        "organization",
        "invoice",
        "owner",
        "reverses",
        "transferred_from",
        "recorded_by",
    )
    fields = (
        "organization",
        "kind",
        "invoice",
        "owner",
        "paid_on",
        "shown_amount",
        "shown_remaining",
        "method",
        "reference",
        "reverses",
        "transferred_from",
        "recorded_at",
        "recorded_by",
    )
    readonly_fields = ("shown_amount", "shown_remaining")

    @admin.display(description=_("amount"))
    def shown_amount(self, payment: Payment) -> str:
        """Format the amount received, negative for a reversal."""
        return format_money(payment.amount, payment.currency)

    @admin.display(description=_("on account"))
    def shown_remaining(self, payment: Payment) -> str:
        """Format what is left of the payment."""
        return format_money(payment.on_account.remaining, payment.currency)


@admin.register(Allocation)
class AllocationAdmin(OfInvoiceAdmin):
    """Find what payments pay, by the invoice."""

    history_page = "payments:history"
    history_of = "payment_id"
    list_display = ("allocated_at", "payment", "invoice", "payout", "shown_amount", "allocated_by")
    list_select_related = ("payment", "invoice", "payout", "allocated_by")
    raw_id_fields = ("payment", "invoice", "payout", "allocated_by")
    fields = ("payment", "invoice", "payout", "shown_amount", "allocated_at", "allocated_by")
    readonly_fields = ("shown_amount",)

    @admin.display(description=_("amount"))
    def shown_amount(self, allocation: Allocation) -> str:
        """Format the amount, negative if it was taken back."""
        return format_money(allocation.amount, allocation.payment.currency)
