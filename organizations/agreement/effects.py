"""The time whose charges a change of terms affects."""

from __future__ import annotations

from datetime import date

from django.db.models import Model

from organizations.agreement.models import (
    DatedTerm,
    IndividualPrice,
    OneOffCharge,
    Suspension,
)
from organizations.models import Organization
from rating.periods import ONE_DAY, next_month
from tariffs.affected_invoices import Span

Dates = tuple[date, date | None]
"""From a date up to but excluding another; None means without end."""

# What is only read by people.
_TEXTS = {"name", "text", "reason"}


def recomputed_by(
    organization: Organization, before: Model | None, after: Model | None
) -> Span | None:
    """Return the time whose charges change with a term, which is None where there is none.

    Charges are rounded cumulatively from the first of a month, so a change also counts for the rest
    of its month. Return None if nothing changes.
    """
    dates = _changed(_counting(before), _counting(after))
    if dates is None:
        return None
    start, end = dates
    until = organization.start_of(next_month(end - ONE_DAY)) if end else None
    return organization.start_of(start), until


def _counting(term: Model | None) -> Model | None:
    """Return a term if it can change what has been invoiced.

    The operations refuse one-off charges of invoiced dates.
    """
    if isinstance(term, OneOffCharge) or (isinstance(term, Suspension) and term.is_charged):
        return None
    return term


def _changed(before: Model | None, after: Model | None) -> Dates | None:
    if before is None or after is None:
        term = before or after
        return _dates_of(term) if term else None
    differing = {
        each.attname
        for each in before._meta.concrete_fields
        if each.name not in _TEXTS and getattr(before, each.attname) != getattr(after, each.attname)
    }
    if not differing:
        return None
    if differing == {"last_on"} and isinstance(before, DatedTerm) and isinstance(after, DatedTerm):
        return _between(before.last_on, after.last_on)
    (start_1, end_1), (start_2, end_2) = _dates_of(before), _dates_of(after)
    return min(start_1, start_2), max(end_1, end_2) if end_1 and end_2 else None


def _between(one: date | None, other: date | None) -> Dates:
    """Return the dates after the first of two last dates, up to the second."""
    ended = [each + ONE_DAY for each in (one, other) if each]
    return min(ended), max(ended) if len(ended) == 2 else None


def _dates_of(term: Model) -> Dates:
    match term:
        case DatedTerm():
            return term.first_on, term.last_on and term.last_on + ONE_DAY
        case IndividualPrice():
            return term.valid_from, _next_price(term)
    raise NotImplementedError(term)


def _next_price(price: IndividualPrice) -> date | None:
    """Return the date of the next individual price of the tariff, if any."""
    later = IndividualPrice.objects.filter(
        organization=price.organization_id,
        tariff=price.tariff_id,
        valid_from__gt=price.valid_from,
    ).exclude(pk=price.pk)
    following = later.order_by("valid_from").values_list("valid_from", flat=True)
    return following.first()
