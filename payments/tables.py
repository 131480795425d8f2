"""The tables of payments: of an organization, and of all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from foundation.lists.pages import CellColumn, ListTable
from invoices.tables import NUMBER
from payments.models import Payment
from tariffs.money import format_money


class PaymentTable(ListTable):
    """Payments and reversals, each with its invoice, newest first."""

    paid_on = tables.Column(verbose_name=_("Date"), order_by=("paid_on", "pk"))
    invoice = CellColumn(
        template_name="payments/_invoice_cell.html",
        verbose_name=_("Invoice"),
        order_by=("invoice__number", "pk"),
    )
    amount = tables.Column(
        verbose_name=_("Amount"), order_by=("currency", "amount", "pk"), attrs=NUMBER
    )
    remaining = tables.Column(
        accessor="on_account__remaining",
        verbose_name=_("On account"),
        order_by=("currency", "on_account__remaining", "pk"),
        attrs=NUMBER,
    )
    method = tables.Column(verbose_name=_("Payment method"), order_by=("method", "pk"))
    reference = tables.Column(verbose_name=_("Reference"), orderable=False, default="")
    recorded_by = tables.Column(verbose_name=_("Recorded by"), orderable=False, default="")

    class Meta:
        model = Payment
        fields: ClassVar[tuple[str, ...]] = ()
        order_by = "-paid_on"
        order_by_field = "sort"
        empty_text = _("No payments found")

    def render_paid_on(self, value: date) -> str:
        """Format the date without line breaks."""
        return format_html('<span class="text-nowrap">{}</span>', date_format(value))

    def render_method(self, record: Payment) -> str:
        """Name the payment method."""
        return record.get_method_display()

    def render_amount(self, value: Decimal, record: Payment) -> str:
        """Format the amount, which leads to the payment."""
        address = reverse("payments:payment", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, format_money(value, record.currency))

    def render_remaining(self, value: Decimal, record: Payment) -> str:
        """Format what is left of the payment, or a dash for 0."""
        return format_money(value, record.currency) if value else "–"


class AllPaymentsTable(PaymentTable):
    """Payments of all organizations: each also names its organization."""

    organization = tables.Column(
        accessor="organization__title",
        verbose_name=_("Organization"),
        order_by=("organization__title", "pk"),
        attrs={"td": {"class": "cell-title"}},
    )

    class Meta(PaymentTable.Meta):
        sequence = ("paid_on", "invoice", "organization", "...")
