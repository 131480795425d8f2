"""Filter the lists of payments."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.among import among
from foundation.lists.filters import DatesFilter, search_filter
from invoices.listing.search import with_number
from invoices.querysets import InvoiceQuerySet
from payments.models import Method, Payment, PaymentKind
from payments.querysets import PaymentQuerySet

MOST_FOUND = 2_000
"""A search that finds more payments lists so many of them."""


class PaymentFilter(DatesFilter):
    """Search the payments of `invoices`; filter them by kind and method.

    The dates are those on which a payment was received or paid back.
    """

    q = search_filter(_("Reference, amount or invoice number"), _("Reference, amount…"))
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=PaymentKind.choices, empty_label=_("All")
    )
    method = django_filters.ChoiceFilter(
        label=_("Payment method"), choices=Method.choices, empty_label=_("All")
    )

    only = _("Only payments of %(dates)s are shown.")

    class Meta(DatesFilter.Meta):
        model = Payment
        fields: ClassVar[list[str]] = []

    def __init__(
        self, request: HttpRequest, payments: PaymentQuerySet, invoices: InvoiceQuerySet
    ) -> None:
        super().__init__(request.GET, queryset=payments, request=request)
        self.invoices = invoices

    def filter_queryset(self, queryset: PaymentQuerySet) -> Any:
        """Search last, among what the other filters keep."""
        text = self.form.cleaned_data.pop("q", "")
        found = super().filter_queryset(queryset)
        return self.search(found, "q", text) if text else found

    def search(self, payments: PaymentQuerySet, name: str, text: str) -> PaymentQuerySet:
        """Keep up to `MOST_FOUND` + 1 payments found by reference, amount or invoice number."""
        numbered = with_number(self.invoices, text, MOST_FOUND + 1)
        found = payments.order_by().first_found(numbered, text, MOST_FOUND + 1)
        return payments.filter(among("pk", found[: MOST_FOUND + 1]))

    def since(self, payments: PaymentQuerySet, name: str, day: date) -> PaymentQuerySet:
        """Keep payments of a date or later."""
        return payments.filter(paid_on__gte=day)

    def until(self, payments: PaymentQuerySet, name: str, day: date) -> PaymentQuerySet:
        """Keep payments of a date or earlier."""
        return payments.filter(paid_on__lte=day)
