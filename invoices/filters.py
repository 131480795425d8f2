"""How the list of invoices is narrowed down."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from invoices.documents.document import Kind
from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet, State
from invoices.runs.months import FIRST, LAST, month_from
from organizations.models import Organization
from rating.periods import month_of


class MonthField(forms.DateField):
    """A month in the browser's own field for it, or typed as 2026-10; cleans to its first date."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "month", "placeholder": "2026-10", "min": FIRST, "max": LAST}
        super().__init__(
            input_formats=["%Y-%m"],
            widget=forms.DateInput(format="%Y-%m", attrs=attrs),
            error_messages={"invalid": _("Enter a month in the format 2026-10.")},
            **kwargs,
        )

    def strptime(self, value: str, format: str) -> date:
        """Return the first date of a month that addresses can have. Raises: ValueError."""
        return month_from(value)


class MonthFilter(django_filters.Filter):  # type: ignore[misc]
    """A month."""

    field_class = MonthField


def _organizations(request: HttpRequest) -> QuerySet[Organization]:
    return Organization.objects.visible_to(signed_in(request))


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search, state and billed month; of an owner's several organizations, the one."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="search",
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Number, organization or legal name")}
        ),
    )
    organization = django_filters.ModelChoiceFilter(
        label=_("Organization"), queryset=_organizations, empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        empty_label=_("All"),
        choices=[*State.choices, (Kind.CREDIT_NOTE.value, _("Credit notes"))],
        method="in_state",
    )
    month = MonthFilter(label=_("Billing month"), method="of_month")

    class Meta:
        model = Invoice
        fields: ClassVar[list[str]] = []

    def search(self, invoices: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Keep those found by number, organization or billed name."""
        return invoices.search(text)

    def in_state(self, invoices: InvoiceQuerySet, name: str, state: str) -> InvoiceQuerySet:
        """Keep those in a state; credit notes have none but their kind."""
        if state == Kind.CREDIT_NOTE:
            return invoices.filter(kind=state)
        return invoices.in_state(state)

    def of_month(self, invoices: InvoiceQuerySet, name: str, month: date) -> InvoiceQuerySet:
        """Keep those that bill some of a month."""
        return invoices.overlapping(*month_of(month))


class StaffInvoiceFilter(InvoiceFilter):
    """What those who see everyone's invoices have: the organization is looked up, not listed."""

    organization = django_filters.CharFilter(
        label=_("Organization"),
        method="of_organization",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Title"),
                "autocomplete": "off",
                "data-organization-select": reverse_lazy("usage:find_organizations"),
                "data-none-found": _("No organization found"),
            }
        ),
    )

    def of_organization(self, invoices: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Keep those of the organization with this title, else of those whose words begin so."""
        one = Organization.objects.filter(title__iexact=text)
        found = one if one.exists() else Organization.objects.search(text)
        return invoices.filter(organization__in=found.order_by().values("pk"))


class OrganizationInvoiceFilter(InvoiceFilter):
    """What is asked of one organization's invoices."""

    organization = None


def filter_for(request: HttpRequest, invoices: InvoiceQuerySet) -> InvoiceFilter:
    """Return the filter of `invoices` that is for whoever asks."""
    kind = InvoiceFilter if signed_in(request).is_owner else StaffInvoiceFilter
    return kind(request.GET, queryset=invoices, request=request)
