"""What blocks the invoices of stored months, each with the page on which it is fixed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.urls import reverse

from invoices.issuing.refusals import (
    DetailsMissing,
    RateMissing,
    TaxNotChosen,
    Unpriced,
    recall,
)
from invoices.models import UninvoicedMonth
from invoices.provider.parties import field_of
from organizations.billing.details import DetailsByDate, details_of_all
from usage.statements.forms import as_query


class Blocker(NamedTuple):
    """The text of a refusal, and the address of the page where its reason can be removed."""

    text: str
    address: str


class Fixes:
    """The blockers of months, whose billing details are read together."""

    def __init__(self, months: Collection[UninvoicedMonth], back: str) -> None:
        """Prepare to name the blockers of months; pages where one saves lead `back`."""
        blocked = {each.organization_id: each.organization for each in months if each.is_blocked}
        self._details = details_of_all(list(blocked.values())) if blocked else {}
        self._back = {"next": back}

    def of(self, month: UninvoicedMonth) -> Iterator[Blocker]:
        """Yield what blocks a month."""
        for name, details in month.blockers:
            refusal = recall(name, details)
            if refusal is not None:
                yield Blocker(str(refusal), self._address(refusal, month))

    def _address(self, refusal: Exception, month: UninvoicedMonth) -> str:
        match refusal:
            case DetailsMissing(missing=[key, *_]):
                field = f"#id_{field_of(key)}"
                if key.startswith("provider."):
                    return reverse("invoices:provider", query=self._back) + field
                return self._billing(month) + field
            case TaxNotChosen():
                return self._billing(month)
            case RateMissing():
                return reverse("taxes:list")
            case Unpriced():
                return reverse("tariffs:list")
        # An invoice for other dates is issued from the usage of the month.
        period = as_query(month.period)
        return reverse("usage:usages", args=[month.organization_id], query=period)

    def _billing(self, month: UninvoicedMonth) -> str:
        details = self._details.get(month.organization_id, DetailsByDate())
        version = details.on(month.period.last).id
        query = self._back if version is None else {"version": str(version), **self._back}
        return reverse("organizations:billing", args=[month.organization_id], query=query)
