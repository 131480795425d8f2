"""Statements: all charges of one organization for one period, with totals.

`statement_for` is the one function that makes them; whatever shows or stores money asks it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from foundation.fast_sql import compiled_once
from organizations.models import Organization
from rating.daily_costs import Costs
from rating.money import minor_digits
from rating.periods import Period, epoch
from rating.pricing import Charge, Piece, PriceVersion, Schedule, Terms
from rating.totals import Totals
from tariffs.models import Proration, Tariff
from usage.statements import usage_query

# How many usage intervals are priced and written at a time: few enough that Python does not start a
# garbage collection, as it does whenever 700 tuples have been added.
USAGES_A_BATCH = 200
# What pricing takes of a `NamedRow`.
_USAGE = itemgetter(0, 1, 2, 3)


# Cameras' names and titles, by id.
Names = dict[int, tuple[str, str]]


class Tariffs(NamedTuple):
    """All tariffs: what pricing needs to know of each, and their names by id."""

    terms: Sequence[Terms]
    names: Mapping[int, str]


class Excerpt(NamedTuple):
    """What one reading of a statement finds; `found` is the number of all wanted charges."""

    totals: Totals
    costs: Costs
    shown: list[Charge]
    found: int


@dataclass(frozen=True)
class Statement:
    """What an organization owes for a period, as of an instant. Charges are read when asked for."""

    organization: Organization
    period: Period
    as_of: datetime
    schedule: Schedule
    tariff_names: Mapping[int, str]

    @property
    def asked(self) -> tuple[int, datetime, datetime]:
        """What the queries of `usage_query` are asked for: whose usage, from when, until when."""
        starts_at, ends_at = self.schedule.starts_at, self.schedule.ends_at
        return (
            self.organization.pk,
            datetime.fromtimestamp(starts_at, UTC),
            datetime.fromtimestamp(ends_at, UTC),
        )

    def charges(self) -> Iterator[Charge]:
        """Yield the charges, by camera in order of its making, then by time."""
        return self.schedule.charges(self._usages(usage_query.fetch))

    def named_pieces(self) -> Iterator[tuple[list[Piece], Names]]:
        """Stream the charges as plain tuples, some thousand at a time, and their cameras' names.

        The connection is busy until the last: ask it nothing else before.
        """
        rows = self._usages(usage_query.stream_named)
        while batch := list(islice(rows, USAGES_A_BATCH)):
            names = {row[0]: (row[4], row[5]) for row in batch}
            yield list(self.schedule.pieces(map(_USAGE, batch))), names

    def _usages(self, read: Callable[[int, datetime, datetime], Iterator[Any]]) -> Iterator[Any]:
        if self.schedule.starts_at >= self.schedule.ends_at:
            return iter(())
        return read(*self.asked)

    def totals(self) -> Totals:
        """Add all charges up."""
        totals = Totals()
        totals.add_all(self.schedule.pieces(self._usages(usage_query.stream)))
        return totals

    def excerpt(self, wanted: Callable[[Charge], bool], first: int, number: int) -> Excerpt:
        """Read once: totals and costs of all, and `number` wanted charges from the `first` on."""
        totals, costs, shown, found = Totals(), Costs(self.schedule), [], 0

        def read() -> Iterator[Charge]:
            nonlocal found
            for charge in self.schedule.charges(self._usages(usage_query.stream)):
                costs.add(charge)
                if wanted(charge):
                    if first <= found < first + number:
                        shown.append(charge)
                    found += 1
                yield charge

        totals.add_all(read())
        return Excerpt(totals, costs, shown, found)

    def charges_of(self, camera_ids: Collection[int]) -> Iterator[Charge]:
        """Read the charges of some of the cameras, in the order of `charges`."""
        return self.schedule.charges(self._usages(partial(usage_query.fetch_of, camera_ids)))


def statement_for(
    *,
    organization: Organization,
    period: Period,
    as_of: datetime,
    tariffs: Tariffs | None = None,
) -> Statement:
    """Make the statement of an organization for a period, as of an aware instant.

    Use after `as_of` is not counted: docs/pricing.md, "Time". Who makes many statements reads
    `all_tariffs` once and gives them; otherwise they are read here.
    """
    tariffs = tariffs or all_tariffs()
    schedule = Schedule(
        zone=organization.zone,
        period=period,
        as_of=epoch(as_of),
        trial=trial_of(organization),
        terms=tariffs.terms,
    )
    return Statement(organization, period, as_of, schedule, tariffs.names)


def trial_of(organization: Organization) -> Period | None:
    """Return the organization's trial, half-open."""
    first, last = organization.trial_first_on, organization.trial_last_on
    return Period.inclusive(first, last) if first and last else None


@compiled_once
def tariff_versions() -> QuerySet[Tariff, Any]:
    """A row for each price of a tariff, or one without price."""
    rows = Tariff.objects.order_by("pk", "prices__valid_from")
    return rows.values_list(
        "pk", "name", "currency", "proration", "prices__valid_from", "prices__amount"
    )


def all_tariffs() -> Tariffs:
    """Read every tariff with its prices."""
    versions = tariff_versions.rows()
    terms, names = [], {}
    for (pk, name, currency, proration), rows in groupby(versions, key=lambda row: row[:4]):
        names[pk] = name
        terms.append(
            Terms(
                tariff_id=pk,
                currency=currency,
                digits=minor_digits(currency),
                by_day=proration == Proration.DAY,
                prices=[PriceVersion(day, amount) for *_, day, amount in rows if day],
            )
        )
    return Tariffs(terms, names)
