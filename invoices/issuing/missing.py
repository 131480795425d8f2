"""What an organization lacks for its invoices, each with the address of where it is entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.urls import reverse

from accounts.models import User
from invoices.issuing.blockers import known_before_pricing
from invoices.issuing.refusals import (
    DeliveredInside,
    DetailsMissing,
    ExchangeRateMissing,
    IssueRefusal,
    NotDeliveredToMember,
    PeriodNotOver,
    RateMissing,
    TaxNotChosen,
)
from invoices.provider.operations import EInvoicing
from invoices.provider.parties import field_of, label_of, provider_details
from organizations.billing.details import DetailsByDate, details_of
from organizations.models import Organization
from rating.periods import month_of


class Missing(NamedTuple):
    """Something that documents lack, and the address of where it is entered, if there is one."""

    label: str
    address: str


class BillingPlace(NamedTuple):
    """The billing details of an organization that documents up to `last` state."""

    organization: Organization
    details: DetailsByDate
    last: date

    def address(self, back: Mapping[str, str]) -> str:
        """Return the address of these details, with the query `back`."""
        stated = self.details.on(self.last).id
        version = {} if stated is None else {"version": str(stated)}
        return reverse(
            "organizations:billing", args=[self.organization.pk], query=version | dict(back)
        )


def missing_details_of(
    blockers: Iterable[IssueRefusal], place: BillingPlace, back: Mapping[str, str]
) -> list[Missing]:
    """Return the missing details among blockers, each with the address of its field."""
    keys = [key for each in blockers if isinstance(each, DetailsMissing) for key in each.missing]
    return [
        Missing(label_of(key), f"{_form_for(key, place, back)}#id_{field_of(key)}") for key in keys
    ]


def missing_rates_of(blockers: Iterable[IssueRefusal], back: Mapping[str, str]) -> list[Missing]:
    """Return the missing exchange rates among blockers, each with the page of the rates."""
    address = reverse("invoices:rates", query=dict(back))
    return [
        Missing(str(each), address) for each in blockers if isinstance(each, ExchangeRateMissing)
    ]


def missing_for(user: User, organization: Organization, now: datetime) -> list[Missing]:
    """Return what the invoices for last month lack, as far as it is known before pricing.

    Nothing is missing for owners, who cannot enter it.
    """
    if user.is_owner:
        return []
    details, provider = details_of(organization.pk), provider_details()
    period = month_of(organization.date_at(now), months_before=1)
    blockers = known_before_pricing(provider, organization, details, period, now)
    back = {"next": reverse("reports:overview", args=[organization.pk])}
    place = BillingPlace(organization, details, period.last)
    return [*missing_details_of(blockers, place, back), *_others(blockers, place, back)]


def _others(
    blockers: Iterable[IssueRefusal], place: BillingPlace, back: Mapping[str, str]
) -> Iterator[Missing]:
    for each in blockers:
        match each:
            case DetailsMissing() | PeriodNotOver():
                continue
            case TaxNotChosen():
                address = place.address(back)
            case NotDeliveredToMember() | DeliveredInside():
                address = f"{place.address(back)}#id_delivery_country"
            case RateMissing():
                address = reverse("taxes:list", query=dict(back))
            case _:
                address = ""
        yield Missing(str(each), address)


def _form_for(key: str, place: BillingPlace, back: Mapping[str, str]) -> str:
    if key.startswith("provider."):
        if field_of(key) in EInvoicing.__annotations__:
            return reverse("invoices:e_invoicing", query=dict(back))
        return reverse("invoices:provider", query=dict(back))
    return place.address(back)
