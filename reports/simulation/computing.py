"""Compute what organizations pay without and with a change, from one reading of their usage.

Both come from the engine that also prices invoices. Nothing of it is stored in the ledger.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from operator import itemgetter

from organizations.agreement.reading import agreements_of_all
from organizations.billing.details import details_of_all
from organizations.models import Organization
from rating.agreement.bills import Bill
from rating.line_sums import LineSums
from rating.money import Amount
from rating.periods import Period
from rating.pricing import Counted, Piece
from reports.simulation.changes import Change
from usage.statements import usage_query
from usage.statements.price_list import Tariffs
from usage.statements.sources import OwnUsage
from usage.statements.statement import Statement, statements_for

# The number of usage intervals priced at a time.
_USAGES_A_BATCH = 1_000
_CAMERA_AND_MINOR = itemgetter(0, 8)

Usage = tuple[int, int, int, int | None]
"""A usage interval: the ids of its camera and tariff, and its instants in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an organization is charged in a currency, without and with the change.

    Amounts are before tax and before credits: a credit pays whatever the price is.
    """

    organization_id: int
    cameras: int
    before: Amount
    after: Amount
    is_incomplete: bool


@dataclass(frozen=True, slots=True)
class CameraCost:
    """What a camera costs in a currency, before tax, without and with the change."""

    camera_id: int
    before: Amount
    after: Amount

    @property
    def difference(self) -> Amount:
        """By how much it costs more."""
        return self.after - self.before


@dataclass(slots=True)
class _Side:
    """One of the two statements of an organization, while its usage is priced."""

    statement: Statement
    counted: Counted = field(default_factory=Counted)
    sums: LineSums = field(default_factory=LineSums)

    def price(self, usages: Sequence[Usage]) -> list[Piece]:
        """Price usage, and add up its charges."""
        pieces = list(self.statement.schedule.pieces(usages, self.counted))
        self.sums.add_all(pieces)
        return pieces

    def bills(self) -> Mapping[str, Bill]:
        """Return the bills by currency, once all usage has been priced."""
        return {bill.currency: bill for bill in self.statement.bills(self.sums.values())}


def costs_of(
    *,
    organizations: Sequence[Organization],
    period: Period,
    change: Change,
    tariffs: Tariffs,
    now: datetime,
    then: datetime,
) -> Iterator[Cost]:
    """Yield the costs of organizations in a period, in order of their ids, then of currency.

    What is in force is as of `now`. The change is as of `then`, which is later in a forecast.
    """
    pairs = _pairs(organizations, period, change, tariffs, now, then)
    cameras: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, usages in _usages_of(pairs):
        cameras[pk].update(each.before.currency for each in _differing(*pairs[pk], usages))
    for pk, (one, other) in sorted(pairs.items()):
        yield from _costs(pk, one.bills(), other.bills(), cameras[pk])


def cameras_of(
    *,
    organization: Organization,
    period: Period,
    change: Change,
    tariffs: Tariffs,
    now: datetime,
    then: datetime,
) -> Iterator[CameraCost]:
    """Yield the costs of an organization's cameras that differ, in order of their ids."""
    pairs = _pairs([organization], period, change, tariffs, now, then)
    for pk, usages in _usages_of(pairs):
        yield from _differing(*pairs[pk], usages)


def _pairs(
    organizations: Sequence[Organization],
    period: Period,
    change: Change,
    tariffs: Tariffs,
    now: datetime,
    then: datetime,
) -> dict[int, tuple[_Side, _Side]]:
    """Return the statements without and with the change, by organization id."""
    ids = [each.pk for each in organizations]
    details = details_of_all(organizations)
    kinds = {pk: details[pk].agreed_kinds for pk in ids}
    agreements = agreements_of_all(ids, period, kinds)
    changed = {pk: change.agreement(agreements[pk], period) for pk in ids}
    statements = partial(
        statements_for,
        organizations=organizations,
        period=period,
        details=details,
    )
    before = statements(as_of=now, tariffs=tariffs, agreements=agreements)
    after = statements(as_of=then, tariffs=change.tariffs(tariffs, period), agreements=changed)
    return {
        each.organization.pk: (_Side(each), _Side(other))
        for each, other in zip(before, after, strict=True)
    }


def _usages_of(pairs: Mapping[int, tuple[_Side, _Side]]) -> Iterator[tuple[int, Iterator[Usage]]]:
    """Yield the usage that each organization is billed for, by its id."""
    statements = {pk: after.statement for pk, (_, after) in pairs.items()}
    starts = min((each.schedule.reads_from for each in statements.values()), default=0)
    ends = max((each.schedule.ends_at for each in statements.values()), default=0)
    if starts >= ends:
        return
    starts_at, ends_at = (datetime.fromtimestamp(each, UTC) for each in (starts, ends))
    own = {pk for pk, each in statements.items() if isinstance(each.source, OwnUsage)}
    # Partners and their customers are read one by one.
    for pk in statements.keys() - own:
        yield pk, statements[pk].source.fetch(starts_at, ends_at)
    for pk, rows in usage_query.rows_of_all(own, starts_at, ends_at) if own else ():
        yield pk, (row[:4] for row in rows)


def _differing(before: _Side, after: _Side, usages: Iterator[Usage]) -> Iterator[CameraCost]:
    """Price the usage of an organization; yield the costs of each camera that differs."""
    sums = _CameraSums()
    while batch := list(islice(usages, _USAGES_A_BATCH)):
        one, other = before.price(batch), after.price(batch)
        # The intervals of its first and last cameras may be in other batches too.
        first, last = batch[0][0], batch[-1][0]
        if list(map(_CAMERA_AND_MINOR, one)) == list(map(_CAMERA_AND_MINOR, other)):
            # Most prices are the same, so that most batches are.
            one = other = [each for each in one if each[0] in (first, last)]
        sums.add(one, 0)
        sums.add(other, 1)
        yield from sums.take(but=last)
    yield from sums.take()


class _CameraSums(dict[tuple[int, str], list[int]]):
    """Add up both sides of cameras by currency, in minor units."""

    def add(self, pieces: Iterable[Piece], side: int) -> None:
        for camera_id, segment, *_, minor in pieces:
            if minor:
                key = camera_id, segment.rate.currency
                self.setdefault(key, [0, 0])[side] += minor

    def take(self, but: int | None = None) -> Iterator[CameraCost]:
        """Yield what differs, and forget all cameras `but` one."""
        for (camera_id, currency), (one, other) in self.items():
            if one != other and camera_id != but:
                amounts = (Amount.of_minor(each, currency) for each in (one, other))
                yield CameraCost(camera_id, *amounts)
        kept = {key: each for key, each in self.items() if key[0] == but}
        self.clear()
        self.update(kept)


def _costs(
    pk: int, before: Mapping[str, Bill], after: Mapping[str, Bill], cameras: Mapping[str, int]
) -> Iterator[Cost]:
    for currency in sorted({*before, *after}):
        both = [bills.get(currency) for bills in (before, after)]
        one, other = (Amount.of_minor(each.charged if each else 0, currency) for each in both)
        is_incomplete = any(each is not None and not each.is_complete for each in both)
        yield Cost(pk, cameras[currency], one, other, is_incomplete)
