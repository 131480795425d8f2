"""Generate random pricing cases: time zones, price histories, trials, periods and usage."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from rating.periods import Period
from rating.pricing import PriceVersion, Schedule, Terms
from rating.tests.reference import Case

EARLIEST, LATEST = date(2001, 1, 1), date(2036, 12, 1)
# Clock changes at, before, across and around midnight; half and quarter hours; a skipped date.
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


def schedule_of(case: Case) -> Schedule:
    """Return the engine's schedule for a case; its tariff has the id 1."""
    terms = Terms(
        tariff_id=1,
        currency=CURRENCIES[case.digits],
        digits=case.digits,
        by_day=case.by_day,
        prices=[PriceVersion(day, amount) for day, amount in case.prices],
    )
    return Schedule(
        zone=zoneinfo.ZoneInfo(case.zone),
        period=Period.inclusive(case.first, case.last),
        as_of=case.as_of,
        trial=Period.inclusive(*case.trial) if case.trial else None,
        terms=[terms],
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case. Its dates lie near each other, so that they often cut its intervals."""
    zone = draw(st.sampled_from(PECULIAR_ZONES) | st.sampled_from(ZONES))
    first = draw(st.dates(EARLIEST, LATEST))
    last = first + timedelta(days=draw(st.integers(0, 70)))
    near = st.dates(first - timedelta(days=40), last + timedelta(days=40))
    trial = draw(st.none() | st.tuples(near, near).map(lambda pair: (min(pair), max(pair))))
    amounts = st.decimals(0, 3000, places=4) | st.sampled_from([Decimal(9), Decimal("14.90")])
    prices = draw(st.lists(st.tuples(near, amounts), max_size=4, unique_by=lambda pair: pair[0]))
    if draw(st.booleans()):
        prices.append((date(1999, 1, 1), draw(amounts)))
    return Case(
        zone=zone,
        first=first,
        last=last,
        as_of=draw(instants(first, last)),
        trial=trial,
        by_day=draw(st.booleans()),
        digits=draw(st.sampled_from([0, 2, 3])),
        prices=tuple(sorted(prices)),
        usages=draw(usages(first, last)),
    )


def instants(first: date, last: date) -> st.SearchStrategy[int]:
    """Draw an instant near some dates: any second, or a quarter of an hour, when dates begin."""
    midnight = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    since, until = midnight - 20 * 86_400, midnight + ((last - first).days + 20) * 86_400
    return st.integers(since, until) | st.integers(since // 900, until // 900).map(
        lambda quarter: quarter * 900
    )


@st.composite
def usages(draw: st.DrawFn, first: date, last: date) -> tuple[tuple[int, int | None], ...]:
    """Draw intervals of one camera: in order, without overlaps; the last one may be open."""
    ends = sorted(draw(st.sets(instants(first, last), min_size=1, max_size=7)))
    pairs: list[tuple[int, int | None]] = list(zip(ends[::2], ends[1::2], strict=False))
    if len(ends) % 2:
        pairs.append((ends[-1], None))
    if draw(st.booleans()):  # Without gaps: each starts where the previous one ends.
        pairs = list(zip(ends, [*ends[1:], None], strict=True))
    return tuple(pairs)
