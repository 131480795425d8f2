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
from usage.statements.usage_query import HeldRow, NamedRow, PlannedRow, Row, Span


class Source(Protocol):
    """The usage of a statement in `[starts_at, ends_at)`, in order of camera, then time.

    While rows are streamed, the connection is busy until the last one; run no other query before.
    """

    @property
    def organization_ids(self) -> Collection[int]:
        """Return whose usage it is."""

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

    def of(self, rows: Iterable[PlannedRow]) -> Iterator[Row]:
        """Yield what of these rows it would have if they were stored."""


@dataclass(frozen=True, slots=True)
class OwnUsage:
    """The usage of one organization."""

    organization_id: int

    @property
    def organization_ids(self) -> Collection[int]:
        return (self.organization_id,)

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

    def of(self, rows: Iterable[PlannedRow]) -> Iterator[Row]:
        return (row[:4] for row in rows if row[4] == self.organization_id)


@dataclass(frozen=True, slots=True)
class SelectedUsage:
    """The usage of an organization and of its customers; `spans` are when, by organization id."""

    spans: Mapping[int, Sequence[Span]]

    @property
    def organization_ids(self) -> Collection[int]:
        return self.spans.keys()

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

    def of(self, rows: Iterable[PlannedRow]) -> Iterator[Row]:
        for camera_id, tariff_id, started_at, ended_at, organization_id in rows:
            spans = self.spans.get(organization_id, ())
            for start, end in usage_query.cut_to(spans, started_at, ended_at):
                yield camera_id, tariff_id, start, end


def source_of(organization: Organization, agreement: Agreement, *, retail: bool) -> Source:
    """Return where the usage of an organization's statement comes from.

    It is what the organization is billed for: not what its partner is billed for, unless it is at
    `retail`, but what its customers used, whose time zones need a query.
    """
    customers = agreement.of(Customer)
    partners = [] if retail else agreement.of(BilledTo)
    if not (customers or partners):
        return OwnUsage(organization.pk)
    spans = defaultdict[int, list[Span]](list)
    billed = (_until(_span(organization, each.dates), each.closed_at) for each in partners)
    spans[organization.pk] = list(_between(billed))
    ids = {each.organization_id for each in customers}
    known = Organization.objects.prefetch_related("earlier_time_zones").in_bulk(ids)
    for each in customers:
        customer = known[each.organization_id]
        closed_at = epoch(customer.closed_at) if customer.closed_at else None
        spans[customer.pk].append(_until(_span(customer, each.dates), closed_at))
    return SelectedUsage({pk: sorted(of_one) for pk, of_one in spans.items()})


def _span(organization: Organization, dates: Period) -> Span:
    """Return the instants of dates of an organization."""
    until = None if dates.end == date.max else epoch(organization.start_of(dates.end))
    return epoch(organization.start_of(dates.start)), until


def _until(span: Span, closed_at: int | None) -> Span:
    """Return a span that ends when somebody is closed, if that is earlier."""
    since, until = span
    if closed_at is None or (until is not None and until <= closed_at):
        return span
    return since, max(since, closed_at)


def _between(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the time outside of spans that do not overlap."""
    start: int | None = 0
    for since, until in sorted(spans):
        if start is not None and start < since:
            yield start, since
        start = until
    if start is not None:
        yield start, None
