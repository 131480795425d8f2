"""Where the reasons of refusals to invoice a month are removed: the page, and the field in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.urls import reverse

from invoices.issuing.refusals import (
    DeliveredInside,
    DetailsMissing,
    ExchangeRateMissing,
    NotDeliveredToMember,
    RateMissing,
    TaxNotChosen,
    Unpriced,
    recall,
)
from invoices.models import UninvoicedMonth
from invoices.provider.parties import field_of
from organizations.billing.details import DetailsByDate, details_of_all
from organizations.models import Organization
from rating.periods import Period
from usage.statements.forms import as_query


class Blocker(NamedTuple):
    """The text of a refusal, and the address of the page where its reason can be removed."""

    text: str
    address: str


class Fixes:
    """The addresses where reasons are removed, of organizations that are read together."""

    def __init__(self, organizations: Collection[Organization], back: str) -> None:
        """Prepare for refusals to these organizations; pages where one saves lead `back`."""
        self._details = details_of_all(list(organizations)) if organizations else {}
        self._back = {"next": back}

    def of_month(self, month: UninvoicedMonth) -> Iterator[Blocker]:
        """Yield what blocks a stored month."""
        for name, details in month.blockers:
            refusal = recall(name, details)
            if refusal is not None:
                address = self.address_of(refusal, month.organization_id, month.period)
                yield Blocker(str(refusal), address)

    def address_of(self, refusal: Exception, organization_id: int, month: Period) -> str:
        """Return where the reason can be removed for which a month was not invoiced."""
        match refusal:
            case DetailsMissing(missing=[key, *_]):
                field = f"#id_{field_of(key)}"
                if key.startswith("provider."):
                    return reverse("invoices:provider", query=self._back) + field
                return self._billing(organization_id, month) + field
            case TaxNotChosen():
                return self._billing(organization_id, month)
            case NotDeliveredToMember() | DeliveredInside():
                return f"{self._billing(organization_id, month)}#id_delivery_country"
            case RateMissing():
                return reverse("taxes:list", query=self._back)
            case ExchangeRateMissing():
                return reverse("invoices:rates", query=self._back)
            case Unpriced():
                return reverse("tariffs:list", query=self._back)
        # An invoice for other dates is issued from the usage of the month.
        return reverse("usage:usages", args=[organization_id], query=as_query(month))

    def _billing(self, organization_id: int, month: Period) -> str:
        details = self._details.get(organization_id, DetailsByDate())
        version = details.on(month.last).id
        query = self._back if version is None else {"version": str(version), **self._back}
        return reverse("organizations:billing", args=[organization_id], query=query)
