"""Organizations, partners, cameras and terms at random, stored in the database.

The second reading of the rules (`rating.tests.agreed_reference`) is asked the same. It knows no
partners: what a partner is billed for is cut here, by the first instants of dates.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from django.db.models import Q

from invoices.tests.factories import BilledOrganizationFactory
from organizations.agreement.tests.storing import store
from organizations.models import (
    Discount,
    Fee,
    IndividualPrice,
    Minimum,
    Organization,
    Partnership,
    Suspension,
)
from organizations.tests.factories import (
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    PartnershipFactory,
    SuspensionFactory,
)
from rating.periods import ONE_DAY, Period
from rating.tests.agreed_reference import (
    AgreedAnswer,
    AgreedCase,
    Dates,
    Reading,
    ReferenceBill,
    SteppedPlan,
    bill,
)
from rating.tests.agreed_strategies import agreement_of, random_terms, stepped
from rating.tests.reference import Case, ReferenceLine, begins, ends
from rating.tests.strategies import CURRENCIES, decimal, random_instant, random_plan, some
from rating.tests.test_agreement_reference import Answered, as_reference, in_form
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory, VolumeStepFactory
from usage.models import UsageInterval
from usage.statements.statement import Statement, statement_for
from usage.tests.factories import CameraFactory

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 31)
NOW = datetime(2027, 1, 15, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu")
# All usage until then, in every time zone.
WIDE = Period.inclusive(FIRST - timedelta(days=60), date(2027, 2, 10))

Usage = tuple[int, int, int | None]
Kept = TypeVar("Kept")


@dataclass
class Held:
    """Usage of a camera: who used it, which plan, from, to."""

    camera: int
    organization: int
    usage: Usage


@dataclass
class World:
    """Organizations, and the questions about them without usage, both by place in a list.

    `partnerships` are (customer, partner, dates).
    """

    organizations: list[Organization]
    tariffs: list[Tariff]
    terms: list[AgreedCase]
    held: list[Held] = field(default_factory=list)
    partnerships: list[tuple[int, int, Dates]] = field(default_factory=list)

    def asked(self, number: int, *, retail: bool = False) -> AgreedCase:
        """Return the question about an organization; at `retail` without any partnerships."""
        own = (each for each in self.held if each.organization == number)
        if retail:
            return self.with_usage(number, own)
        found = [part for each in own for part in self._not_sold(each)]
        for customer in {each for each, partner, _dates in self.partnerships if partner == number}:
            found += self.sold(customer, number)
        return self.with_usage(number, found)

    def with_usage(self, number: int, held: Iterable[Held]) -> AgreedCase:
        """Return the question about an organization with some usage, by camera."""
        cameras: dict[int, list[Usage]] = {}
        for each in held:
            cameras.setdefault(each.camera, []).append(each.usage)
        usages = (
            tuple(sorted(set(cameras[camera]), key=lambda usage: usage[1]))
            for camera in sorted(cameras)
        )
        return replace(self.terms[number], cameras=tuple(usages))

    def sold(self, customer: int, partner: int) -> list[Held]:
        """Return what a customer used on the dates of its partnerships with a partner."""
        return [
            replace(each, usage=part)
            for of, to, dates in self.partnerships
            if (of, to) == (customer, partner)
            for each in self.held
            if each.organization == customer
            for part in _within(each.usage, *self._span(customer, partner, dates))
        ]

    def _not_sold(self, held: Held) -> Iterator[Held]:
        parts = [held.usage]
        for customer, partner, dates in self.partnerships:
            since, until = self._span(customer, partner, dates)
            # One that would begin after its partner was closed is none.
            if customer == held.organization and since != until:
                parts = [part for each in parts for part in _outside(each, since, until)]
        yield from (replace(held, usage=part) for part in parts)

    def _span(self, customer: int, partner: int, dates: Dates) -> tuple[int, int | None]:
        """Return the instants of a partnership.

        It ends with the partner's last date, which is also a date of the customer, but not after
        the partner is closed.
        """
        zones, first = self.terms[customer].case.zones, dates[0]
        lasts = (dates[1], self.terms[partner].closed_on)
        last = min((each for each in lasts if each is not None), default=None)
        since = begins(first, zones)
        untils = (None if last is None else ends(last, zones), self.closed_at(partner))
        until = min((each for each in untils if each is not None), default=None)
        return since, None if until is None else max(since, until)

    def closed_at(self, number: int) -> int | None:
        """Return the instant at which an organization is closed, or None."""
        asked = self.terms[number]
        return None if asked.closed_on is None else ends(asked.closed_on, asked.case.zones)

    def retail_lines(self, customer: int, partner: int) -> list[ReferenceLine]:
        """Return what a customer would pay for what a partner is billed for."""
        reading = Reading(
            self.with_usage(customer, self.sold(customer, partner)),
            counted=self.asked(customer, retail=True),
        )
        numbers = range(len(reading.asked.cameras))
        return [line for number in numbers for line in AgreedAnswer(reading, number).lines()]

    def expected(self, number: int) -> ReferenceBill:
        """Ask the second reading about an organization."""
        return numbered(in_form(bill(self.asked(number))))

    def statement(self, number: int, period: Period | None = None) -> Statement:
        """Ask the product."""
        case = self.terms[number].case
        period = period or Period.inclusive(case.first, case.last)
        organization = Organization.objects.get(pk=self.organizations[number].pk)
        return statement_for(organization=organization, period=period, as_of=self.now(number))

    def now(self, number: int) -> datetime:
        """The instant at which an organization is asked about."""
        return datetime.fromtimestamp(self.terms[number].case.as_of, UTC)

    def found(self, number: int) -> ReferenceBill:
        """Return the answer of the product in the form of the second reading."""
        statement = self.statement(number)
        plans = {tariff.pk: place for place, tariff in enumerate(self.tariffs)}
        charges = list(statement.charges())
        cameras = {pk: place for place, pk in enumerate(sorted({x.camera_id for x in charges}))}
        placed = [each._replace(camera_id=cameras[each.camera_id]) for each in charges]
        # Cameras without a charge are left out on both sides.
        asked = replace(self.asked(number), cameras=((),) * len(cameras))
        answer = as_reference(Answered(asked, statement.agreed, placed, statement.bills()))
        usage = [
            [replace(line, plan=plans[line.plan]) for line in of_camera]
            for of_camera in answer.usage
        ]
        return numbered(in_form(replace(answer, usage=usage)))


def numbered(found: ReferenceBill) -> ReferenceBill:
    """Leave out the numbers of fees, charges and credits, and cameras without a charge."""
    return replace(
        found,
        usage=[lines for lines in found.usage if lines],
        fees=sorted((0, *line[1:]) for line in found.fees),
        one_off=[(0, *line[1:]) for line in found.one_off],
        credits=[(0, *line[1:]) for line in found.credits],
    )


def _within(usage: Usage, since: int, until: int | None) -> Iterator[Usage]:
    plan, start, end = usage
    start = max(start, since)
    stop = min((each for each in (end, until) if each is not None), default=None)
    if stop is None or start < stop:
        yield plan, start, stop


def _outside(usage: Usage, since: int, until: int | None) -> Iterator[Usage]:
    yield from _within(usage, 0, since)
    if until is not None:
        yield from _within(usage, until, None)


def random_world(
    random: Random,
    *,
    organizations: int = 3,
    partners: int = 0,
    currencies: Sequence[int] = (2, 0),
    units: Sequence[str] = (),
    whole: bool = False,
    closings: bool = True,
) -> World:
    """Draw a world. The first `partners` of its organizations have the others as customers.

    `whole` asks for whole months that are over; `units` are those of the plans, or any.
    """
    plans = _plans(random, currencies, units)
    last = LAST if whole else FIRST + timedelta(days=random.randint(20, (LAST - FIRST).days))
    first = FIRST if whole else min(last, FIRST + timedelta(days=random.randint(0, 20)))
    late = int(NOW.timestamp())
    as_of = late if whole or random.randint(0, 1) else random_instant(random, first, last)
    terms = []
    for _number in range(organizations):
        days = sorted(FIRST + timedelta(days=random.randint(-5, 40)) for _ in range(2))
        case = Case(
            zones=((date.min, random.choice(ZONES)),),
            first=first,
            last=last,
            as_of=as_of,
            trial=(days[0], days[1]) if random.randint(0, 2) == 0 else None,
            digits=2,
            plans=(),
            usages=(),
        )
        asked = random_terms(random, AgreedCase(case, plans, ()), currencies)
        closed_on = (
            FIRST + timedelta(days=random.randint(0, 70))
            if closings and random.randint(0, 3) == 0
            else None
        )
        terms.append(_storable(replace(asked, closed_on=closed_on)))
    world = World([], [], terms)
    for customer in range(partners, organizations) if partners else ():
        spans = _apart(some(random, 2, lambda: _span(random)), lambda span: (0, span))
        world.partnerships += [(customer, random.randrange(partners), span) for span in spans]
    for camera in range(random.randint(1, 4)):
        for usage in _usages(random, len(plans)):
            held = Held(camera, random.randrange(organizations), usage)
            closed_at = world.closed_at(held.organization)
            world.held += (replace(held, usage=part) for part in _within(usage, 0, closed_at))
    _store(random, world)
    return world


def _span(random: Random) -> Dates:
    first = FIRST + timedelta(days=random.randint(-20, 50))
    return first, random.choice((None, first + timedelta(days=random.randint(0, 40))))


def _plans(
    random: Random, currencies: Sequence[int], units: Sequence[str]
) -> tuple[SteppedPlan, ...]:
    found = []
    for _ in range(random.randint(1, 3)):
        plan = random_plan(random, lambda: FIRST + timedelta(days=random.randint(-20, 70)))
        early = dict(plan.prices) | ({date(2020, 1, 1): plan.prices[0][1]} if plan.prices else {})
        plan = replace(plan, prices=tuple(sorted(early.items())))
        plan = replace(plan, unit=random.choice(units)) if units else plan
        found.append(stepped(random, plan, random.choice(currencies)))
    return tuple(found)


def _usages(random: Random, plans: int) -> list[Usage]:
    """Draw the history of a camera, without gaps or with."""
    starts = sorted({random_instant(random, FIRST, LAST) for _ in range(random.randint(1, 6))})
    found: list[Usage] = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if random.randint(0, 4):
            found.append((random.randrange(plans), start, end))
    return found


def _apart(found: Sequence[Kept], place: Callable[[Kept], tuple[object, Dates]]) -> list[Kept]:
    """Leave out what overlaps an earlier one of the same scope, as the database refuses it."""
    kept: list[Kept] = []
    for each in found:
        scope, dates = place(each)
        if not any(
            scope == other and _overlap(dates, theirs) for other, theirs in map(place, kept)
        ):
            kept.append(each)
    return kept


def _overlap(one: Dates, other: Dates) -> bool:
    return one[0] <= (other[1] or date.max) and other[0] <= (one[1] or date.max)


def _storable(asked: AgreedCase) -> AgreedCase:
    """Leave out what the database refuses."""
    return replace(
        asked,
        suspensions=tuple(_apart(asked.suspensions, lambda span: (0, span))),
        discounts=tuple(_apart(asked.discounts, lambda each: (each[0], each[2]))),
        exemptions=tuple(_apart(asked.exemptions, lambda each: each)),
        minimums=tuple(_apart(asked.minimums, lambda each: (each.digits, each.dates))),
        charges=tuple(
            each
            for each in asked.charges
            if each.quantity < 0
            or (each.quantity > 0 and not (asked.closed_on and each.day > asked.closed_on))
        ),
    )


def _store(random: Random, world: World) -> None:
    world.tariffs += [_stored_tariff(plan) for plan in world.terms[0].plans]
    known = dict(enumerate(world.tariffs))
    for asked in world.terms:
        first, last = asked.case.trial or (None, None)
        organization = BilledOrganizationFactory.create(
            time_zone=asked.case.zones[0][1],
            trial_first_on=first,
            trial_last_on=last,
            tariffs=world.tariffs,
        )
        world.organizations.append(organization)
        # The end of a contract is stored, and changes nothing that was agreed.
        for term in agreement_of(replace(asked, closed_on=None)).terms:
            store(term, organization, known)
        # One that is charged changes nothing.
        charged = _apart([*asked.suspensions, _span(random)], lambda span: (0, span))
        for since, until in charged[len(asked.suspensions) :]:
            SuspensionFactory.create(
                organization=organization, first_on=since, last_on=until, is_charged=True
            )
    for customer, partner, (since, until) in world.partnerships:
        PartnershipFactory.create(
            organization=world.organizations[customer],
            partner=world.organizations[partner],
            first_on=since,
            last_on=until,
        )
    _store_usage(world)
    for asked, organization in zip(world.terms, world.organizations, strict=True):
        if asked.closed_on is not None:
            organization.closed_on = asked.closed_on
            organization.closed_at = organization.start_of(asked.closed_on + ONE_DAY)
            organization.save(update_fields=["closed_on", "closed_at"])


def _stored_tariff(plan: SteppedPlan) -> Tariff:
    tariff: Tariff = TariffFactory.create(currency=CURRENCIES[plan.digits], proration=plan.unit)
    for day, amount in plan.prices:
        price = TariffPriceFactory.create(tariff=tariff, valid_from=day, amount=amount)
        for bound, step in dict(plan.steps).get(day, ()):
            VolumeStepFactory.create(price=price, camera_months=bound, amount=step)
    return tariff


def _store_usage(world: World) -> None:
    for number in sorted({each.camera for each in world.held}):
        of_camera = [each for each in world.held if each.camera == number]
        camera = CameraFactory.create(organization=world.organizations[of_camera[-1].organization])
        UsageInterval.objects.bulk_create(
            UsageInterval(
                camera=camera,
                organization=world.organizations[each.organization],
                tariff=world.tariffs[each.usage[0]],
                started_at=datetime.fromtimestamp(each.usage[1], UTC),
                ended_at=None
                if each.usage[2] is None
                else datetime.fromtimestamp(each.usage[2], UTC),
            )
            for each in of_camera
        )


def change(random: Random, world: World) -> None:
    """Change what was agreed with an organization, or its usage, in time that may be invoiced."""
    organization = random.choice(world.organizations)
    tariff, first_on = random.choice(world.tariffs), FIRST + timedelta(days=random.randint(0, 60))
    last_on = random.choice((None, first_on + timedelta(days=random.randint(0, 30))))
    dates = {"organization": organization, "first_on": first_on, "last_on": last_on}
    kind = random.choice((*CHANGED, UsageInterval, Partnership))
    if kind is UsageInterval:
        used = UsageInterval.objects.filter(organization=organization).order_by("pk").last()
        if used is not None:
            used.ended_at = used.started_at + timedelta(seconds=random.randint(1, 40 * 86_400))
            UsageInterval.objects.filter(pk=used.pk).filter(
                Q(ended_at=None) | Q(ended_at__gt=used.ended_at)
            ).update(ended_at=used.ended_at)
    elif kind is Partnership:
        Partnership.objects.filter(organization=organization).delete()
    else:
        kind.objects.filter(organization=organization).delete()
        if random.randint(0, 3):
            CHANGED[kind](random, tariff, dates)


def _new_price(random: Random, tariff: Tariff, dates: dict[str, Any]) -> None:
    IndividualPriceFactory.create(
        organization=dates["organization"],
        tariff=tariff,
        valid_from=dates["first_on"],
        amount=decimal(random, 0, 40, 2),
    )


def _new_discount(random: Random, tariff: Tariff, dates: dict[str, Any]) -> None:
    percent = decimal(random, 1, 100, 2)
    DiscountFactory.create(tariff=random.choice((None, tariff)), percent=percent, **dates)


def _new_fee(random: Random, tariff: Tariff, dates: dict[str, Any]) -> None:
    FeeFactory.create(amount=decimal(random, 0, 40, 2), currency=tariff.currency, **dates)


def _new_minimum(random: Random, tariff: Tariff, dates: dict[str, Any]) -> None:
    MinimumFactory.create(amount=decimal(random, 0, 40, 2), currency=tariff.currency, **dates)


def _new_suspension(random: Random, tariff: Tariff, dates: dict[str, Any]) -> None:
    SuspensionFactory.create(is_charged=random.choice((False, True)), **dates)


CHANGED: dict[Any, Callable[[Random, Tariff, dict[str, Any]], None]] = {
    IndividualPrice: _new_price,
    Discount: _new_discount,
    Fee: _new_fee,
    Minimum: _new_minimum,
    Suspension: _new_suspension,
}
