"""Questions of pricing, at random: zones, histories of prices, trials, periods, use.

They are drawn from a `Random`: that of hypothesis can be reduced, and that of `make fuzz` is fast.
"""

import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from rating.periods import Period, ZoneVersion
from rating.price_versions import PriceVersion
from rating.pricing import Schedule, Terms, Unit
from rating.tests.reference import Case, Plan, Zones, clock_of

EARLIEST, LATEST = date(2001, 1, 1), date(2036, 12, 1)
# Clock changes at, before, over and around midnight, half and quarter hours, a skipped date.
Drawn = TypeVar("Drawn")
PECULIAR_ZONES = (
    "UTC",
    "Europe/Berlin",
    "Africa/Cairo",
    "America/Havana",
    "America/Asuncion",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Pyongyang",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
)
ZONES = (*PECULIAR_ZONES, *sorted(zoneinfo.available_timezones() - {"localtime", "Factory"}))


CURRENCIES = {0: "JPY", 2: "EUR", 3: "KWD"}


def schedule_of(case: Case, cuts: Iterable[date] = ()) -> Schedule:
    """Return a question as the engine is asked it; its tariffs are numbered from 0."""
    return Schedule(
        zones=[ZoneVersion(since, clock_of(zone)) for since, zone in case.zones],
        period=Period.inclusive(case.first, case.last),
        as_of=case.as_of,
        trial=Period.inclusive(*case.trial) if case.trial else None,
        terms=[
            Terms(
                tariff_id=number,
                currency=CURRENCIES[case.digits],
                digits=case.digits,
                unit=Unit(plan.unit),
                prices=[PriceVersion(day, amount) for day, amount in plan.prices],
            )
            for number, plan in enumerate(case.plans)
        ],
        cuts=cuts,
    )


def cases() -> st.SearchStrategy[Case]:
    """Draw a question."""
    return st.randoms(use_true_random=False).map(random_case)


def some(random: Random, most: int, draw: Callable[[], Drawn]) -> list[Drawn]:
    """Draw up to so many values."""
    return [draw() for _ in range(random.randint(0, most))]


def either(random: Random, few: Sequence[Drawn], draw: Callable[[], Drawn]) -> Drawn:
    """Draw one of a few values, which therefore come back, or any."""
    return random.choice(few) if random.randint(0, 1) else draw()


def decimal(random: Random, low: int, high: int, places: int) -> Decimal:
    """Draw a number with decimal places."""
    return Decimal(random.randint(low * 10**places, high * 10**places)).scaleb(-places)


def day_near(random: Random, case: Case) -> date:
    """Draw a date in a period, or up to 40 days from it."""
    return _near(random, case.first, case.last)


def _near(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(-40, (last - first).days + 40))


def random_case(random: Random) -> Case:
    """Draw a question. Its parts lie near each other, so that they cut one another."""
    first = EARLIEST + timedelta(days=random.randint(0, (LATEST - EARLIEST).days))
    last = first + timedelta(days=random.randint(0, 70))

    def near() -> date:
        return _near(random, first, last)

    plans = [random_plan(random, near) for _ in range(random.randint(1, 3))]
    trial = sorted((near(), near())) if random.randint(0, 1) else None
    return Case(
        zones=_zones(random, near),
        first=first,
        last=last,
        as_of=random_instant(random, first, last),
        trial=(trial[0], trial[1]) if trial else None,
        digits=random.choice(list(CURRENCIES)),
        plans=tuple(plans),
        usages=random_usages(random, first, last, len(plans)),
    )


def random_plan(random: Random, near: Callable[[], date]) -> Plan:
    """Draw a tariff; few amounts, so that some come back."""
    few = [Decimal(9), Decimal("14.90"), Decimal("14.90"), Decimal("16.90")]

    def amount() -> Decimal:
        return either(random, few, lambda: decimal(random, 0, 3000, 4))

    prices = dict(some(random, 4, lambda: (near(), amount())))
    if random.randint(0, 1):
        prices[date(1999, 1, 1)] = amount()
    return Plan(random.choice([unit.value for unit in Unit]), tuple(sorted(prices.items())))


def _zones(random: Random, near: Callable[[], date]) -> Zones:
    """Draw a time zone, and now and then others from later dates on."""

    def name() -> str:
        return random.choice(random.choice((PECULIAR_ZONES, ZONES)))

    first = (date.min, name())
    later = dict(some(random, 2, lambda: (near(), name()))) if random.randint(0, 1) else {}
    return (first, *sorted(later.items()))


def random_instant(random: Random, first: date, last: date) -> int:
    """Draw an instant around some dates: any second, or a quarter of an hour where dates begin."""
    midnight = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    since, until = midnight - 20 * 86_400, midnight + ((last - first).days + 20) * 86_400
    if random.randint(0, 1):
        return random.randint(since, until)
    return random.randint(since // 900, until // 900) * 900


def random_usages(
    random: Random, first: date, last: date, plans: int
) -> tuple[tuple[int, int, int | None], ...]:
    """Draw intervals of one camera: in order, none over another, the last one perhaps open."""
    ends = sorted({random_instant(random, first, last) for _ in range(random.randint(1, 7))})
    pairs: list[tuple[int, int | None]] = list(zip(ends[::2], ends[1::2], strict=False))
    if len(ends) % 2:
        pairs.append((ends[-1], None))
    if random.randint(0, 1):  # without gaps: each starts where the one before it ends
        pairs = list(zip(ends, [*ends[1:], None], strict=True))
    return tuple((random.randrange(plans), *pair) for pair in pairs)
