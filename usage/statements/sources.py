"""Where the usage of a statement comes from: an organization, or a partner's customers too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from organizations.models import Organization
from organizations.partners.values import BilledTo, Customer
from rating.agreement.terms import Agreement
from rating.periods import Period, epoch
from usage.statements import usage_query
from usage.statements.usage_query import HeldRow, NamedRow, Row, Span


class Source(Protocol):
    """The usage of a statement in `[starts_at, ends_at)`, in order of camera, then time.

    While rows are streamed, the connection is busy until the last one; run no other query before.
    """

    def fetch(self, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
        """Yield the rows. Other queries can run in between."""

    def stream(self, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
        """Stream the rows."""

    def stream_named(self, starts_at: datetime, ends_at: datetime) -> Iterator[NamedRow]:
        """Stream the rows with the names of their cameras."""

    def fetch_of(
        self, camera_ids: Collection[int], starts_at: datetime, ends_at: datetime
    ) -> Iterator[Row]:
        """Return the rows of some cameras."""


@dataclass(frozen=True, slots=True)
class OwnUsage:
    """The usage of one organization."""

    organization_id: int

    def fetch(self, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
        return usage_query.fetch(self.organization_id, starts_at, ends_at)

    def stream(self, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
        return usage_query.stream(self.organization_id, starts_at, ends_at)

    def stream_named(self, starts_at: datetime, ends_at: datetime) -> Iterator[NamedRow]:
        return usage_query.stream_named(self.organization_id, starts_at, ends_at)

    def fetch_of(
        self, camera_ids: Collection[int], starts_at: datetime, ends_at: datetime
    ) -> Iterator[Row]:
        return usage_query.fetch_of(camera_ids, self.organization_id, starts_at, ends_at)


@dataclass(frozen=True, slots=True)
class SelectedUsage:
    """The usage of an organization and of its customers; `spans` are when, by organization id."""

    spans: Mapping[int, Sequence[Span]]

    def rows(self, starts_at: datetime, ends_at: datetime) -> Iterator[HeldRow]:
        """Yield the rows, each with the organization that used the camera."""
        return usage_query.rows_in_spans(self.spans, starts_at, ends_at)

    def stream_named(self, starts_at: datetime, ends_at: datetime) -> Iterator[NamedRow]:
        return (row[:6] for row in self.rows(starts_at, ends_at))

    def fetch(self, starts_at: datetime, ends_at: datetime) -> Iterator[Row]:
        return (row[:4] for row in self.stream_named(starts_at, ends_at))

    stream = fetch

    def fetch_of(
        self, camera_ids: Collection[int], starts_at: datetime, ends_at: datetime
    ) -> Iterator[Row]:
        wanted = set(camera_ids)
        return (row for row in self.fetch(starts_at, ends_at) if row[0] in wanted)


def source_of(organization: Organization, agreement: Agreement, *, retail: bool) -> Source:
    """Return where the usage of an organization's statement comes from.

    At `retail`, that is its own usage. Otherwise it is what the organization is billed for: not
    what its partner is billed for, but what its customers used, whose time zones need a query.
    """
    customers, partners = agreement.of(Customer), agreement.of(BilledTo)
    if retail or not (customers or partners):
        return OwnUsage(organization.pk)
    spans = defaultdict[int, list[Span]](list)
    spans[organization.pk] = list(_between(_span(organization, each.dates) for each in partners))
    ids = {each.organization_id for each in customers}
    known = Organization.objects.prefetch_related("earlier_time_zones").in_bulk(ids)
    for each in customers:
        spans[each.organization_id].append(_span(known[each.organization_id], each.dates))
    return SelectedUsage({pk: sorted(of_one) for pk, of_one in spans.items()})


def _span(organization: Organization, dates: Period) -> Span:
    """Return the instants of dates of an organization."""
    until = None if dates.end == date.max else epoch(organization.start_of(dates.end))
    return epoch(organization.start_of(dates.start)), until


def _between(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the time outside of spans that do not overlap."""
    start: int | None = 0
    for since, until in sorted(spans):
        if start is not None and start < since:
            yield start, since
        start = until
    if start is not None:
        yield start, None
