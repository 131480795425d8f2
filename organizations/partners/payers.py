"""Find out who is billed for the usage of organizations: they themselves, or their partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from organizations.models import Organization, Partnership
from rating.periods import ONE_DAY, Period
from tariffs.affected_invoices import Span, joined

_NO_TIME = timedelta(0)


def payers_of(spans: Mapping[int, Span]) -> dict[int, list[Span]]:
    """Return when who is billed for what organizations use in a span; both by organization id."""
    found = defaultdict[int, list[Span]](list)
    by_partners = defaultdict[int, list[Span]](list)
    for each, span in _partnerships(spans, _NO_TIME):
        found[each.partner_id].append(span)
        by_partners[each.organization_id].append(span)
    for pk, span in spans.items():
        if own := list(_outside(span, by_partners[pk])):
            found[pk] += own
    return dict(found)


def partners_of(spans: Mapping[int, Span]) -> dict[int, list[Span]]:
    """Return which partners can be billed for what organizations use in a span, by id.

    A day is added to both ends of each partnership, so that they also hold in other time zones.
    """
    found = defaultdict[int, list[Span]](list)
    for each, span in _partnerships(spans, ONE_DAY):
        found[each.partner_id].append(span)
    return dict(found)


def customers_between(partner: Organization, dates: Period) -> dict[int, Span]:
    """Return the customers of a partner on some of the dates, by id, and when these are.

    In different time zones, that is from when the dates begin for either until they end for both.
    Their partnerships count as if the partner were never closed.
    """
    # Dates of the partner can be a day earlier or later for a customer.
    first, last = dates.start - ONE_DAY, dates.last + ONE_DAY if dates.end < date.max else None
    of_partner = Partnership.objects.filter(partner=partner)
    customers = Organization.objects.filter(
        pk__in=of_partner.overlapping(first, last).values("organization")
    )
    return {
        each.pk: joined([_span(each, dates), _span(partner, dates)])
        for each in customers.prefetch_related("earlier_time_zones")
    }


def _span(organization: Organization, dates: Period) -> Span:
    """Return when dates of an organization are."""
    end = organization.start_of(dates.end) if dates.end < date.max else None
    return organization.start_of(dates.start), end


def _partnerships(
    spans: Mapping[int, Span], margin: timedelta
) -> Iterator[tuple[Partnership, Span]]:
    """Yield the partnerships of organizations that overlap their spans, and when they do."""
    of_spans = Partnership.objects.filter(organization__in=spans.keys())
    related = of_spans.select_related("organization", "partner").order_by("first_on")
    for each in related.prefetch_related("organization__earlier_time_zones"):
        start, end = _instants(each)
        held = start - margin, end + margin if end else None
        if common := _common(spans[each.organization_id], held):
            yield each, common


def _instants(partnership: Partnership) -> Span:
    """Return when a partnership holds.

    It ends with the partner's last date, which is also a date of the customer, but not after the
    partner is closed.
    """
    organization, partner = partnership.organization, partnership.partner
    last_on = min(filter(None, (partnership.last_on, partner.closed_on)), default=None)
    ends = organization.start_of(last_on + ONE_DAY) if last_on else None, partner.closed_at
    return organization.start_of(partnership.first_on), min(filter(None, ends), default=None)


def _common(one: Span, other: Span) -> Span | None:
    """Return the time that two spans have in common, or None."""
    start = max(one[0], other[0])
    end = min((each for each in (one[1], other[1]) if each), default=None)
    return (start, end) if end is None or start < end else None


def _outside(span: Span, gone: Iterable[Span]) -> Iterator[Span]:
    """Yield the parts of a span outside of others, which are in order and do not overlap."""
    start, end = span
    for since, until in gone:
        if start < since:
            yield start, since
        if until is None:
            return
        start = until
    if end is None or start < end:
        yield start, end
