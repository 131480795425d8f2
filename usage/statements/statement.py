"""Create statements: all charges of one organization for one period, with totals.

`statement_for` is the only function that creates them. All code that shows or stores money uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from organizations.agreement.reading import (
    NOTHING_AGREED,
    agreement_of,
    agreements_of_all,
    ended,
)
from organizations.billing.details import DetailsByDate, details_of
from organizations.models import Organization
from rating.agreement.agreed import Agreed, PricedSchedules
from rating.agreement.bills import Bill, bills_of
from rating.agreement.prices import AgreedPrices
from rating.agreement.terms import Agreement
from rating.agreement.volume import CameraMonths, VolumeCount, has_steps
from rating.daily_costs import Costs
from rating.line_sums import LineSum, LineSums
from rating.periods import Period, epoch
from rating.pricing import Charge, Counted, Piece, Schedule
from rating.totals import Totals
from usage.statements import usage_query
from usage.statements.excerpt import Excerpt, Order, Page, Wanted
from usage.statements.price_list import Tariffs, all_tariffs
from usage.statements.sources import OwnUsage, Source, source_of

# The numbers of usage intervals priced and written, and of charges added up, at a time. They are
# small enough to avoid a garbage collection, which Python starts after 700 new tuples.
USAGES_A_BATCH = 200
CHARGES_AT_ONCE = 500
# The part of a `NamedRow` that pricing needs.
_USAGE = itemgetter(0, 1, 2, 3)

Row = TypeVar("Row")

# The names and titles of cameras, by id.
Names = dict[int, tuple[str, str]]


@dataclass(frozen=True)
class Statement:
    """What an organization owes for a period, as of an instant. Charges are read on demand."""

    organization: Organization
    period: Period
    as_of: datetime
    schedule: Schedule
    tariff_names: Mapping[int, str]
    source: Source
    agreement: Agreement = NOTHING_AGREED
    camera_months: CameraMonths | None = None
    prices: AgreedPrices | None = None

    @cached_property
    def agreed(self) -> Agreed:
        """What was agreed, with the schedule by which usage is priced."""
        prices = self.prices or AgreedPrices(
            self.schedule.calendar.period, self.agreement, self.camera_months
        )
        return Agreed(self.schedule, self.agreement, prices)

    @property
    def has_terms(self) -> bool:
        """Whether anything but the price list and the trial determines what is owed."""
        return bool(self.agreement.terms) or self.camera_months is not None

    def with_camera_months(self, camera_months: CameraMonths) -> Statement:
        """Return the statement for another volume, as it would be after a change of usage."""
        trial = trial_of(self.organization)
        agreed = Agreed.of(
            self.schedule, trial=trial, agreement=self.agreement, camera_months=camera_months
        )
        return replace(
            self, schedule=agreed.schedule, camera_months=camera_months, prices=agreed.prices
        )

    @property
    def read_between(self) -> tuple[datetime, datetime]:
        """The instants between which usage is read."""
        starts_at, ends_at = self.schedule.reads_from, self.schedule.ends_at
        return datetime.fromtimestamp(starts_at, UTC), datetime.fromtimestamp(ends_at, UTC)

    def charges(self) -> Iterator[Charge]:
        """Yield the charges in order of camera id, then time."""
        return self.schedule.charges(self._usages(self.source.fetch))

    def named_pieces(self) -> Iterator[tuple[list[Piece], Names]]:
        """Stream batches of charges as plain tuples, with the names of their cameras.

        The connection is busy until the last batch; run no other query before.
        """
        return self._named_pieces(self._usages(self.source.stream_named))

    def _named_pieces(
        self, rows: Iterator[usage_query.NamedRow]
    ) -> Iterator[tuple[list[Piece], Names]]:
        counted = Counted()
        while batch := list(islice(rows, USAGES_A_BATCH)):
            names = {row[0]: (row[4], row[5]) for row in batch}
            yield list(self.schedule.pieces(map(_USAGE, batch), counted)), names

    def _usages(self, read: Callable[[datetime, datetime], Iterator[Row]]) -> Iterator[Row]:
        if self.schedule.starts_at >= self.schedule.ends_at:
            return iter(())
        return read(*self.read_between)

    def totals(self) -> Totals:
        """Add up the charges of cameras by tariff. `bills` have the other sections too."""
        totals = Totals()
        totals.add_all(self.schedule.pieces(self._usages(self.source.stream), Counted()))
        return totals

    def bills(self, sums: Iterable[LineSum] | None = None) -> list[Bill]:
        """Return what is owed by currency, in sections.

        `sums` are those of all charges, if they have been added up; otherwise usage is read.
        """
        if sums is None:
            read = LineSums()
            read.add_all(self.schedule.pieces(self._usages(self.source.stream), Counted()))
            sums = read.values()
        return bills_of(self.agreed, sums)

    def excerpt(
        self, wanted: Wanted | None, first: int, number: int, order: Order | None = None
    ) -> Excerpt:
        """Read the statement once, for what is owed and a page of some charges.

        The page has up to `number` of the wanted charges, from index `first` on; None wants all.
        Without an order they are sorted by camera id, then time.
        """
        totals, costs, sums = Totals(), Costs(self.schedule), LineSums()
        page = Page(wanted, first, number, order)
        charges = self.schedule.charges(self._usages(self.source.stream))
        while batch := list(islice(charges, CHARGES_AT_ONCE)):
            totals.add_all(batch)
            sums.add_all(batch)
            for charge in batch:
                costs.add(charge)
                page.add(charge)
        bills = self.bills(sums.values())
        return Excerpt(totals, costs, bills, page.shown, totals if wanted is None else page.totals)

    def charges_of(self, camera_ids: Collection[int]) -> Iterator[Charge]:
        """Yield the charges of some cameras, in the order of `charges`."""
        return self.schedule.charges(self._usages(partial(self.source.fetch_of, camera_ids)))


def named_pieces_of_all(
    statements: Sequence[Statement],
) -> Iterator[tuple[Statement, Iterator[tuple[list[Piece], Names]]]]:
    """Stream the `named_pieces` of statements of different organizations, with one query.

    Take all of each before the next. The connection is busy until the last one. Statements without
    usage are left out. Those of partners and their customers are read one by one.
    """
    if len(statements) <= 1:
        # An organization can have a million cameras. This query does not need to sort them.
        yield from ((each, each.named_pieces()) for each in statements)
        return
    own = {each.organization.pk: each for each in statements if isinstance(each.source, OwnUsage)}
    for each in statements:
        if each.organization.pk not in own:
            yield each, each.named_pieces()
    instants = [each.read_between for each in own.values()]
    if not instants:
        return
    starts_at, ends_at = min(start for start, _ in instants), max(end for _, end in instants)
    # Pricing leaves out what others of these organizations need, whose time zone differs.
    for pk, rows in usage_query.stream_named_of_all(own, starts_at, ends_at):
        yield own[pk], own[pk]._named_pieces(rows)


def bills_of_all(statements: Sequence[Statement]) -> dict[int, list[Bill]]:
    """Return what the statements of different organizations come to, by organization id.

    Usage is read with one query, as by `named_pieces_of_all`.
    """
    sums = {each.organization.pk: LineSums() for each in statements}
    for statement, batches in named_pieces_of_all(statements):
        for pieces, _names in batches:
            sums[statement.organization.pk].add_all(pieces)
    return {
        pk: each.bills(sums[pk].values()) for each in statements for pk in [each.organization.pk]
    }


def statement_for(
    *,
    organization: Organization,
    period: Period,
    as_of: datetime,
    tariffs: Tariffs | None = None,
    details: DetailsByDate | None = None,
    agreement: Agreement | None = None,
    cuts: Iterable[date] = (),
    retail: bool = False,
) -> Statement:
    """Create the statement of an organization for a period, as of an aware instant.

    Usage after `as_of` is not counted: docs/pricing.md, "Time". The statement of a closed
    organization is as of its closing at the latest. Charges are cut where the tax changes, and at
    the dates in `cuts`. To create statements for several periods, call `all_tariffs` and
    `details_of` once and pass the results. Otherwise the tariffs, the organization's billing
    details and what was agreed with it are read here. With `retail`, the statement also has what
    a partner is billed for instead.
    """
    schedules = Schedules(period, as_of, tariffs or all_tariffs(), retail=retail)
    details = details_of(organization.pk) if details is None else details
    if agreement is None:
        agreement = agreement_of(organization.pk, period, details.agreed_kinds)
    camera_months = schedules.camera_months_of([organization], {organization.pk: agreement})
    return schedules.statement_of(
        organization, details, agreement, camera_months[organization.pk], cuts
    )


def statements_for(
    *,
    organizations: Sequence[Organization],
    period: Period,
    as_of: datetime,
    details: Mapping[int, DetailsByDate],
    tariffs: Tariffs | None = None,
    agreements: Mapping[int, Agreement] | None = None,
    retail: bool = False,
) -> list[Statement]:
    """Create the statements of organizations for a period; `details` are theirs by id.

    The number of queries does not depend on the number of organizations. Tariffs and agreements
    by id are read unless they are given, for example to simulate others.
    """
    schedules = Schedules(period, as_of, tariffs or all_tariffs(), retail=retail)
    if agreements is None:
        ids = [each.pk for each in organizations]
        kinds = {pk: details[pk].agreed_kinds for pk in ids}
        agreements = agreements_of_all(ids, period, kinds)
    camera_months = schedules.camera_months_of(organizations, agreements)
    return [
        schedules.statement_of(each, details[each.pk], agreements[each.pk], camera_months[each.pk])
        for each in organizations
    ]


class Schedules:
    """Create the statements of many organizations for a period, as of an instant.

    Most of them have the same time zone, and no tax that changes. Their statements share what does
    not depend on anything else: the calendar, and the segments of each tariff with their rates.
    With terms, those whose prices were agreed alike share the segments.
    """

    def __init__(
        self, period: Period, as_of: datetime, tariffs: Tariffs, *, retail: bool = False
    ) -> None:
        self._period, self._as_of, self._tariffs = period, as_of, tariffs
        self._is_retail = retail
        self._sources: dict[int, Source] = {}
        self._schedules: dict[tuple[Any, ...], Schedule] = {}
        self._priced = PricedSchedules()

    def statement_of(
        self,
        organization: Organization,
        details: DetailsByDate,
        agreement: Agreement,
        camera_months: CameraMonths | None,
        cuts: Iterable[date] = (),
    ) -> Statement:
        """Create the statement of an organization. See `statement_for`.

        `camera_months` are those of `camera_months_of`.
        """
        as_of = self._as_of
        if organization.closed_at is not None:
            as_of = min(as_of, organization.closed_at)
        cuts = (*cuts, *(span.start for span in details.tax_spans(self._period)[1:]))
        if organization.closed_on is not None:
            agreement = ended(agreement, organization.closed_on)
        trial, prices = trial_of(organization), None
        if not agreement.terms and camera_months is None:
            schedule = self._schedule(organization, as_of, cuts)
            schedule = schedule.with_trial(trial) if trial else schedule
        else:
            # Dates after the closing count, unlike usage: a month must be over to fall short of its
            # minimum.
            agreed = Agreed.of(
                self._schedule_of(organization, cuts),
                trial=trial,
                agreement=agreement,
                camera_months=camera_months,
                known=self._priced,
            )
            schedule, prices = agreed.schedule, agreed.prices
        names = self._tariffs.names
        return Statement(
            organization,
            self._period,
            as_of,
            schedule,
            names,
            self._source(organization, agreement),
            agreement,
            camera_months,
            prices,
        )

    def camera_months_of(
        self, organizations: Collection[Organization], agreements: Mapping[int, Agreement]
    ) -> Mapping[int, CameraMonths | None]:
        """Count the camera-months of those organizations that used tariffs with volume steps.

        Return them by id, and None for the others. Only these are read a second time.
        """
        found: dict[int, CameraMonths | None] = {each.pk: None for each in organizations}
        stepped = [each.tariff_id for each in self._tariffs.terms if has_steps([each])]
        if not stepped or not found:
            return found
        schedules = {each.pk: self._schedule_of(each) for each in organizations}
        counts = {each: VolumeCount(each) for each in dict.fromkeys(schedules.values())}
        starts_at = datetime.fromtimestamp(min(each.reads_from for each in counts.values()), UTC)
        ends_at = datetime.fromtimestamp(max(each.reads_until for each in counts.values()), UTC)
        sources = {each.pk: self._source(each, agreements[each.pk]) for each in organizations}
        others = {pk for pk, source in sources.items() if isinstance(source, OwnUsage)}
        for pk in found.keys() - others:
            count = VolumeCount(schedules[pk])
            count.add_all(sources[pk].fetch(starts_at, ends_at))
            found[pk] = count.camera_months()
        users = usage_query.users_of(stepped, others, starts_at, ends_at)
        for pk, rows in usage_query.rows_of_all(users, starts_at, ends_at) if users else ():
            count = VolumeCount(schedules[pk])
            count.add_all(row[:4] for row in rows)
            found[pk] = count.camera_months()
        return found

    def _source(self, organization: Organization, agreement: Agreement) -> Source:
        """Return where an organization's usage comes from, worked out once."""
        if organization.pk not in self._sources:
            self._sources[organization.pk] = source_of(
                organization, agreement, retail=self._is_retail
            )
        return self._sources[organization.pk]

    def _schedule_of(self, organization: Organization, cuts: tuple[date, ...] = ()) -> Schedule:
        """Return a schedule for all dates, without usage after the closing."""
        schedule = self._schedule(organization, self._as_of, cuts)
        if organization.closed_at is None or organization.closed_at >= self._as_of:
            return schedule
        return schedule.with_usage_until(epoch(organization.closed_at))

    def _schedule(
        self,
        organization: Organization,
        as_of: datetime,
        cuts: tuple[date, ...],
    ) -> Schedule:
        key = (organization.zones, as_of, cuts)
        known = self._schedules.get(key)
        if known is None:
            known = self._schedules[key] = Schedule(
                zones=organization.zones,
                period=self._period,
                as_of=epoch(as_of),
                trial=None,
                terms=self._tariffs.terms,
                cuts=cuts,
            )
        return known


def trial_of(organization: Organization) -> Period | None:
    """Return the organization's trial as a half-open period, or None."""
    first, last = organization.trial_first_on, organization.trial_last_on
    return Period.inclusive(first, last) if first and last else None
