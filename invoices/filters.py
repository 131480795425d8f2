"""Filters of the list of invoices."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from foundation.lists.filters import DatesFilter, search_filter
from foundation.web.fields import MonthField
from invoices.differences.affected import change_from
from invoices.documents.document import Kind
from invoices.models import Invoice
from invoices.querysets import InvoiceQuerySet, State
from organizations.models import Organization
from rating.periods import month_of
from usage.cameras.organization_filter import organization_filter, organizations_meant_by


class MonthFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter by month."""

    field_class = MonthField


def _organizations(request: HttpRequest) -> QuerySet[Organization]:
    return Organization.objects.visible_to(signed_in(request))


class InvoiceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by search, organization, state and billed month. Organizations are listed."""

    q = search_filter(_("Number, organization, legal name or total"), _("Number, total…"))
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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def asked(self) -> dict[str, Any]:
        """The filters that restrict the list, by name."""
        valid = self.form.cleaned_data if self.form.is_valid() else {}
        return {name: value for name, value in valid.items() if value not in (None, "")}

    def search(self, invoices: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Keep invoices found by number, organization, billed name or total."""
        return invoices.search(text)

    def in_state(self, invoices: InvoiceQuerySet, name: str, state: str) -> InvoiceQuerySet:
        """Keep invoices in a state, or credit notes, which have a kind but no state."""
        return invoices.in_state(state, self.today)

    def of_month(self, invoices: InvoiceQuerySet, name: str, month: date) -> InvoiceQuerySet:
        """Keep invoices whose period overlaps a month."""
        return invoices.overlapping(*month_of(month))


class _DifferenceFilter(InvoiceFilter):
    """Further filters for staff: by difference, and by what links of warnings ask for.

    `changed` and `since` have no field in the form: see `invoices.differences.affected`. Nor has
    `mail`, to which Home links.
    """

    differs = django_filters.ChoiceFilter(
        label=_("Differs"),
        empty_label=_("All"),
        choices=[("yes", _("Yes")), ("checking", _("Being checked"))],
        method="by_difference",
    )
    changed = django_filters.CharFilter(method="affected_by", widget=forms.HiddenInput)
    since = django_filters.DateFilter(method="in_force_since", widget=forms.HiddenInput)

    mail = django_filters.ChoiceFilter(
        method="by_mail", choices=[("failed", _("Could not be sent"))], widget=forms.HiddenInput
    )

    def by_mail(self, invoices: InvoiceQuerySet, name: str, choice: str) -> InvoiceQuerySet:
        """Keep documents whose last email could not be sent."""
        return invoices.with_failed_mail()

    def by_difference(self, invoices: InvoiceQuerySet, name: str, choice: str) -> InvoiceQuerySet:
        """Keep invoices that differ from what would be charged now, or may differ."""
        if choice == "checking":
            return invoices.being_checked()
        return invoices.filter(difference__isnull=False)

    def affected_by(self, invoices: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Keep the invoices that a change affects."""
        change = change_from(text)
        return invoices.in_force().filter(change.affects()) if change else invoices.none()

    def in_force_since(self, invoices: InvoiceQuerySet, name: str, day: date) -> InvoiceQuerySet:
        """Keep invoices in force for a date or later ones."""
        return invoices.in_force().overlapping(day, None)


class StaffInvoiceFilter(_DifferenceFilter):
    """The filter for staff, who see all invoices. They look the organization up by its title."""

    organization = organization_filter()

    def of_organization(self, invoices: InvoiceQuerySet, name: str, text: str) -> InvoiceQuerySet:
        """Keep invoices of the organization with this title, or of those that a search finds."""
        return invoices.filter(organization__in=organizations_meant_by(text))


class _PeriodFilter(DatesFilter):
    """Filter by the dates that invoices charge for."""

    only = _("Only invoices for %(dates)s are shown.")

    def since(self, invoices: InvoiceQuerySet, name: str, day: date) -> InvoiceQuerySet:
        """Keep invoices whose period ends on a date or later."""
        return invoices.overlapping(day, None)

    def until(self, invoices: InvoiceQuerySet, name: str, day: date) -> InvoiceQuerySet:
        """Keep invoices whose period begins on a date or earlier."""
        return invoices.filter(period_from__lte=day)


class OrganizationInvoiceFilter(_PeriodFilter, InvoiceFilter):  # type: ignore[misc]
    """The filter of one organization's invoices, for its owner."""

    organization = None
    month = None  # type: ignore[assignment]


class StaffOrganizationInvoiceFilter(_PeriodFilter, _DifferenceFilter):  # type: ignore[misc]
    """The filter of one organization's invoices, for staff."""

    organization = None
    month = None  # type: ignore[assignment]


def filter_for(
    request: HttpRequest, invoices: InvoiceQuerySet, today: date, *, of_one: bool = False
) -> InvoiceFilter:
    """Return the filter of `invoices`, all or those `of_one` organization, for the user."""
    for_owner, for_staff = (
        (OrganizationInvoiceFilter, StaffOrganizationInvoiceFilter)
        if of_one
        else (InvoiceFilter, StaffInvoiceFilter)
    )
    kind = for_owner if signed_in(request).is_owner else for_staff
    return kind(request.GET, queryset=invoices, request=request, today=today)
