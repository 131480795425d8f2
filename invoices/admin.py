"""Invoices and the provider in Django admin, where support staff look them up."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin, link_to_list
from invoices.documents.contents import date_range
from invoices.models import Invoice
from invoices.provider.forms import ProviderForm
from invoices.provider.models import Provider
from invoices.provider.operations import EInvoicing
from tariffs.money import format_money


@admin.register(Invoice)
class InvoiceAdmin(LookupAdmin):
    """Find invoices and credit notes."""

    history_page = "invoices:history"
    list_display = ("number", "organization_title", "kind", "issued_on", "due_on", "shown_total")
    search_fields = ("number", "organization_title", "buyer_name")
    search_help_text = _("Search by number, organization or legal name.")
    sortable_by = ("number",)
    raw_id_fields = ("organization", "owner", "cancels", "issued_by")
    fields = (
        "number",
        "kind",
        "cancels",
        "organization",
        "organization_title",
        "owner",
        "buyer_name",
        "buyer_reference",
        "shown_period",
        "issued_at",
        "issued_on",
        "due_on",
        "issued_by",
        "shown_net",
        "shown_taxes",
        "shown_tax",
        "shown_total",
        "charges_sha256",
        "payments",
    )
    readonly_fields = (
        "shown_period",
        "shown_net",
        "shown_taxes",
        "shown_tax",
        "shown_total",
        "payments",
    )

    @admin.display(description=_("period"))
    def shown_period(self, invoice: Invoice) -> str:
        """Format the first and the last date, both inclusive."""
        return date_range(invoice.period)

    @admin.display(description=_("net"))
    def shown_net(self, invoice: Invoice) -> str:
        """Format the sum of the lines."""
        return format_money(invoice.net, invoice.currency)

    @admin.display(description=_("tax rates"))
    def shown_taxes(self, invoice: Invoice) -> str:
        """List the category and the percentage of each tax."""
        return ", ".join(
            f"{tax.get_category_display()} {tax.percent.normalize():f} %"
            for tax in invoice.taxes.all()
        )

    @admin.display(description=_("tax"))
    def shown_tax(self, invoice: Invoice) -> str:
        """Format the tax."""
        return format_money(invoice.tax_amount, invoice.currency)

    @admin.display(description=_("total"))
    def shown_total(self, invoice: Invoice) -> str:
        """Format the amount to pay, or the amount credited."""
        return format_money(invoice.total, invoice.currency)

    @admin.display(description=_("payments"))
    def payments(self, invoice: Invoice) -> SafeString:
        """Link to the payments of the invoice."""
        return link_to_list(
            "payments_payment", gettext("View payments"), invoice__id__exact=invoice.pk
        )


@admin.register(Provider)
class ProviderAdmin(LookupAdmin):
    """Show the one provider."""

    list_display = ("name", "city", "tax_id", "email")
    sortable_by = ()
    fields = (*ProviderForm.Meta.fields, *EInvoicing.__annotations__)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the history on the web pages."""
        return redirect("invoices:provider_history")
