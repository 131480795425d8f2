"""Questions of pricing, at random: zones, histories of prices, trials, periods, use."""

import zoneinfo
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from rating.periods import Period, ZoneVersion
from rating.price_versions import PriceVersion
from rating.pricing import Schedule, Terms, Unit
from rating.tests.reference import Case, Plan, Zones

EARLIEST, LATEST = date(2001, 1, 1), date(2036, 12, 1)
# Clock changes at, before, over and around midnight, half and quarter hours, a skipped date.
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
        zones=[ZoneVersion(since, zoneinfo.ZoneInfo(zone)) for since, zone in case.zones],
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


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a question. Its parts lie near each other, so that they cut one another."""
    first = draw(st.dates(EARLIEST, LATEST))
    last = first + timedelta(days=draw(st.integers(0, 70)))
    near = st.dates(first - timedelta(days=40), last + timedelta(days=40))
    trial = draw(st.none() | st.tuples(near, near).map(lambda pair: (min(pair), max(pair))))
    plans = draw(st.lists(_plans(near), min_size=1, max_size=3))
    numbers = st.integers(0, len(plans) - 1)
    return Case(
        zones=draw(_zones(near)),
        first=first,
        last=last,
        as_of=draw(instants(first, last)),
        trial=trial,
        digits=draw(st.sampled_from([0, 2, 3])),
        plans=tuple(plans),
        usages=tuple((draw(numbers), *pair) for pair in draw(usages(first, last))),
    )


@st.composite
def _plans(draw: st.DrawFn, near: st.SearchStrategy[date]) -> Plan:
    """Draw a tariff; few amounts, so that some come back."""
    few = st.sampled_from([Decimal(9), Decimal("14.90"), Decimal("14.90"), Decimal("16.90")])
    amounts = st.decimals(0, 3000, places=4) | few
    prices = draw(st.lists(st.tuples(near, amounts), max_size=4, unique_by=lambda pair: pair[0]))
    if draw(st.booleans()):
        prices.append((date(1999, 1, 1), draw(amounts)))
    return Plan(draw(st.sampled_from([unit.value for unit in Unit])), tuple(sorted(prices)))


@st.composite
def _zones(draw: st.DrawFn, near: st.SearchStrategy[date]) -> Zones:
    """Draw a time zone, and now and then others from later dates on."""
    names = st.sampled_from(PECULIAR_ZONES) | st.sampled_from(ZONES)
    later = st.lists(st.tuples(near, names), max_size=2, unique_by=lambda pair: pair[0])
    return ((date.min, draw(names)), *sorted(draw(st.just([]) | later)))


def instants(first: date, last: date) -> st.SearchStrategy[int]:
    """Draw an instant around some dates: any second, or a quarter of an hour where dates begin."""
    midnight = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    since, until = midnight - 20 * 86_400, midnight + ((last - first).days + 20) * 86_400
    return st.integers(since, until) | st.integers(since // 900, until // 900).map(
        lambda quarter: quarter * 900
    )


@st.composite
def usages(draw: st.DrawFn, first: date, last: date) -> tuple[tuple[int, int | None], ...]:
    """Draw intervals of one camera: in order, none over another, the last one perhaps open."""
    ends = sorted(draw(st.sets(instants(first, last), min_size=1, max_size=7)))
    pairs: list[tuple[int, int | None]] = list(zip(ends[::2], ends[1::2], strict=False))
    if len(ends) % 2:
        pairs.append((ends[-1], None))
    if draw(st.booleans()):  # without gaps: each starts where the one before it ends
        pairs = list(zip(ends, [*ends[1:], None], strict=True))
    return tuple(pairs)
