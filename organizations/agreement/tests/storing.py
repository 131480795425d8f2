"""Store terms that are given as values, such as those of the examples in docs/pricing.md."""

from collections.abc import Mapping
from functools import singledispatch

from organizations.agreement import models as stored
from organizations.models import Organization
from rating.agreement.discounts import Discount, DiscountExemption
from rating.agreement.fees import Fee
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.minimums import Minimum
from rating.agreement.one_off import OneOffCharge
from rating.agreement.terms import Suspension
from rating.periods import Period
from tariffs.models import Tariff

Tariffs = Mapping[int, Tariff]
"""The stored tariffs, by their ids in the values."""


@singledispatch
def store(term: object, organization: Organization, tariffs: Tariffs) -> None:
    """Store a term of an organization."""
    raise NotImplementedError(term)


def _dates(period: Period) -> dict[str, object]:
    return {
        "first_on": period.start,
        "last_on": None if period == Period.since(period.start) else period.last,
    }


@store.register
def _(term: Suspension, organization: Organization, tariffs: Tariffs) -> None:
    stored.Suspension.objects.create(
        organization=organization, reason="Not paid", **_dates(term.dates)
    )


@store.register
def _(term: IndividualPrice, organization: Organization, tariffs: Tariffs) -> None:
    stored.IndividualPrice.objects.create(
        organization=organization,
        tariff=tariffs[term.tariff_id],
        valid_from=term.valid_from,
        amount=term.amount,
    )


@store.register
def _(term: Discount, organization: Organization, tariffs: Tariffs) -> None:
    stored.Discount.objects.create(
        organization=organization,
        tariff=None if term.tariff_id is None else tariffs[term.tariff_id],
        percent=term.percent,
        **_dates(term.dates),
    )


@store.register
def _(term: DiscountExemption, organization: Organization, tariffs: Tariffs) -> None:
    stored.DiscountExemption.objects.create(
        organization=organization, tariff=tariffs[term.tariff_id], **_dates(term.dates)
    )


@store.register
def _(term: Fee, organization: Organization, tariffs: Tariffs) -> None:
    stored.Fee.objects.create(
        organization=organization,
        name=term.name,
        amount=term.amount.number,
        currency=term.amount.currency,
        in_trial=term.in_trial,
        **_dates(term.dates),
    )


@store.register
def _(term: OneOffCharge, organization: Organization, tariffs: Tariffs) -> None:
    stored.OneOffCharge.objects.create(
        organization=organization,
        text=term.text,
        reason="Agreed by telephone" if term.is_credit else "",
        day=term.day,
        quantity=term.quantity,
        amount=term.each.number,
        currency=term.each.currency,
    )


@store.register
def _(term: Minimum, organization: Organization, tariffs: Tariffs) -> None:
    stored.Minimum.objects.create(
        organization=organization,
        amount=term.amount.number,
        currency=term.amount.currency,
        **_dates(term.dates),
    )
