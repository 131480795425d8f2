"""Compute what the cameras of a partner's customers cost at wholesale and at retail prices.

Wholesale is what the partner pays by its own agreement, as on its invoices. Retail is what the
customers would pay by theirs. Both price the same usage: that of the dates of the partnership.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from organizations.billing.details import details_of_all
from organizations.models import Organization
from organizations.partners.values import Customer
from rating.money import Amount
from rating.periods import Period
from rating.pricing import Counted
from usage.statements.sources import SelectedUsage
from usage.statements.statement import Statement, statement_for, statements_for
from usage.statements.usage_query import HeldRow

_USAGE, _CAMERA, _ORGANIZATION = itemgetter(0, 1, 2, 3), itemgetter(0), itemgetter(6)


@dataclass(frozen=True, slots=True)
class Costs:
    """Amounts before tax at retail and at wholesale prices, in one currency.

    `unpriced` is the number of charges that have no price on either side; they are not included.
    """

    retail: Amount
    wholesale: Amount
    unpriced: int = 0

    @property
    def margin(self) -> Amount:
        """What is left to the partner; negative if it pays more than it charges."""
        return self.retail - self.wholesale

    def __add__(self, other: Costs) -> Costs:
        """Return the sums. Raises: CurrencyMismatchError."""
        return Costs(
            self.retail + other.retail,
            self.wholesale + other.wholesale,
            self.unpriced + other.unpriced,
        )


@dataclass(frozen=True, slots=True)
class CameraCosts:
    """What a camera of a customer costs."""

    organization: Organization
    camera_id: int
    name: str
    title: str
    costs: Costs


@dataclass(slots=True)
class _Priced:
    """A statement while usage is priced by it."""

    statement: Statement
    counted: Counted = field(default_factory=Counted)

    def add(self, rows: Sequence[HeldRow], minors: Counter[str], unpriced: Counter[str]) -> None:
        """Price rows of a camera, and add the amounts by currency."""
        pieces = self.statement.schedule.pieces(map(_USAGE, rows), self.counted)
        for _camera, segment, *_, minor in pieces:
            currency = segment.rate.currency
            minors[currency] += minor or 0
            unpriced[currency] += minor is None


@dataclass(frozen=True)
class PartnerStatement:
    """What the cameras of a partner's customers cost in a period."""

    partner: Organization
    period: Period
    wholesale: Statement
    retail: Mapping[int, Statement]

    @property
    def customers(self) -> list[Organization]:
        """The customers that the partner has on some of the dates, by title."""
        found = (each.organization for each in self.retail.values())
        return sorted(found, key=lambda each: (each.title, each.pk))

    def cameras(self) -> Iterator[CameraCosts]:
        """Yield the costs of each camera, customer and currency, in order of camera id."""
        source = self.wholesale.source
        schedule = self.wholesale.schedule
        if not isinstance(source, SelectedUsage) or schedule.starts_at >= schedule.ends_at:
            return
        wholesale = _Priced(self.wholesale)
        retail = {pk: _Priced(each) for pk, each in self.retail.items()}
        for _camera, of_camera in groupby(source.rows(*self.wholesale.read_between), _CAMERA):
            for pk, group in groupby(of_camera, _ORGANIZATION):
                rows = list(group)
                sold, bought, unpriced = Counter[str](), Counter[str](), Counter[str]()
                # The usage of the partner itself is priced too: a camera can come from there.
                wholesale.add(rows, bought, unpriced)
                if pk in retail:
                    retail[pk].add(rows, sold, unpriced)
                    organization = self.retail[pk].organization
                    for currency in sorted({*sold, *bought}):
                        costs = Costs(
                            Amount.of_minor(sold[currency], currency),
                            Amount.of_minor(bought[currency], currency),
                            unpriced[currency],
                        )
                        camera_id, name, title = rows[0][0], rows[0][4], rows[0][5]
                        yield CameraCosts(organization, camera_id, name, title, costs)


def partner_statement(*, partner: Organization, period: Period, now: datetime) -> PartnerStatement:
    """Create the statement of a partner; the number of queries does not depend on its customers."""
    wholesale = statement_for(organization=partner, period=period, as_of=now)
    ids = {
        each.organization_id
        for each in wholesale.agreement.of(Customer)
        if each.dates.within(period).days
    }
    customers = list(Organization.objects.filter(pk__in=ids).prefetch_related("earlier_time_zones"))
    retail = statements_for(
        organizations=customers,
        period=period,
        as_of=now,
        details=details_of_all(customers),
        retail=True,
    )
    return PartnerStatement(
        partner, period, wholesale, {each.organization.pk: each for each in retail}
    )
