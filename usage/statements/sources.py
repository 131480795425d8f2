"""Where the usage of a statement comes from: an organization, or a partner's customers too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from organizations.models import Organization
from organizations.partners.values import Customer
from rating.agreement.terms import Agreement
from rating.periods import epoch
from usage.statements import usage_query
from usage.statements.usage_query import NamedRow, PartnerRow, Row, Span


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
class PartnerUsage:
    """The usage of a partner and of its customers; `spans` are when, by organization id."""

    spans: Mapping[int, Sequence[Span]]

    def rows(self, starts_at: datetime, ends_at: datetime) -> Iterator[PartnerRow]:
        """Yield the rows, each with the organization that used the camera."""
        return usage_query.rows_of_partner(self.spans, starts_at, ends_at)

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


def source_of(organization: Organization, agreement: Agreement) -> Source:
    """Return where the usage of an organization's statement comes from."""
    customers = agreement.of(Customer)
    if not customers:
        return OwnUsage(organization.pk)
    spans = defaultdict[int, list[Span]](list, {organization.pk: [(0, None)]})
    for each in sorted(customers, key=lambda customer: customer.dates):
        start, end = each.dates
        until = None if end == date.max else epoch(organization.start_of(end))
        spans[each.organization_id].append((epoch(organization.start_of(start)), until))
    return PartnerUsage(spans)
