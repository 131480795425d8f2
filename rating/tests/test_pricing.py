"""Test edge cases of the rules that the examples in docs/pricing.md do not cover."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from rating.money import Amount, rounded_half_up
from rating.periods import ONE_DAY, Calendar, Period, ZoneVersion, epoch, instant_of
from rating.price_versions import PriceVersion
from rating.pricing import Charge, Counted, Schedule, Terms, Unit, Usage

OCTOBER = Period.inclusive(date(2026, 10, 1), date(2026, 10, 31))
LATER = datetime(2027, 6, 1, tzinfo=UTC)
NINE = [PriceVersion(date(2026, 1, 1), Decimal(9))]


def at(text: str, zone: str = "UTC") -> int:
    return epoch(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


def in_zone(name: str) -> Sequence[ZoneVersion]:
    return ZoneVersion.always(ZoneInfo(name))


def schedule_of(
    prices: list[PriceVersion],
    as_of: datetime = LATER,
    trial: Period | None = None,
    cuts: Iterable[date] = (),
) -> Schedule:
    return Schedule(
        zones=in_zone("UTC"),
        period=OCTOBER,
        as_of=epoch(as_of),
        trial=trial,
        terms=[Terms(1, "EUR", 2, Unit.SECOND, prices)],
        cuts=cuts,
    )


def charges(
    *usages: Usage,
    zone: str = "UTC",
    period: Period = OCTOBER,
    as_of: datetime = LATER,
    trial: Period | None = None,
    unit: Unit = Unit.SECOND,
    prices: list[PriceVersion] = NINE,
) -> list[Charge]:
    terms = [Terms(1, "EUR", 2, unit, prices)]
    schedule = Schedule(
        zones=in_zone(zone), period=period, as_of=epoch(as_of), trial=trial, terms=terms
    )
    return list(schedule.charges(usages))


def used(start: str, end: str | None = None, zone: str = "UTC") -> Usage:
    return Usage(1, 1, at(start, zone), at(end, zone) if end else None)


@pytest.mark.parametrize(
    ("zone", "day", "first_instant"),
    [
        ("UTC", date(2026, 10, 1), "2026-10-01T00:00:00+00:00"),
        ("Asia/Kathmandu", date(2026, 10, 1), "2026-10-01T00:00:00+05:45"),
        # The clock skips midnight: the date begins at 01:00.
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-24T01:00:00+03:00"),
        # At 00:01 the clock goes back to the day before; the date began a minute earlier.
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07T00:00:00-02:30"),
        # The offset changes permanently: the clock goes from 23:30 to 00:00.
        ("Asia/Pyongyang", date(2018, 5, 5), "2018-05-05T00:00:00+09:00"),
        # Midnight occurs twice: the date begins at the first one.
        ("America/Havana", date(2026, 11, 1), "2026-11-01T00:00:00-04:00"),
        # The whole date was skipped: it begins and ends where the next one begins.
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-31T00:00:00+14:00"),
    ],
)
def test_a_date_begins_at_its_first_instant(zone: str, day: date, first_instant: str) -> None:
    calendar = Calendar(in_zone(zone), Period.inclusive(day, day))
    assert instant_of(calendar.start_of(day), ZoneInfo(zone)).isoformat() == first_instant


def test_a_date_lasts_until_the_next_begins_even_if_the_clock_goes_back_over_midnight() -> None:
    zone = ZoneInfo("America/St_Johns")  # At 00:01 the clock goes back to 23:01 the day before.
    calendar = Calendar(
        ZoneVersion.always(zone), Period.inclusive(date(2010, 11, 6), date(2010, 11, 8))
    )
    begins = calendar.start_of(date(2010, 11, 7))
    assert calendar.ordinal_at(begins - 1) == date(2010, 11, 6).toordinal()
    assert instant_of(begins + 60, zone).date() == date(2010, 11, 6)
    assert calendar.ordinal_at(begins + 60) == date(2010, 11, 7).toordinal()


def test_a_calendar_has_the_first_instants_of_its_dates_and_of_the_date_after() -> None:
    calendar = Calendar(
        in_zone("Europe/Berlin"), Period.inclusive(date(2026, 10, 24), date(2026, 10, 25))
    )
    assert calendar.dates == [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)]
    starts = ["2026-10-24T00:00+02:00", "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00"]
    assert calendar.starts == [epoch(datetime.fromisoformat(start)) for start in starts]


def test_usage_outside_the_period_is_not_charged() -> None:
    assert charges(used("2026-09-01", "2026-10-01"), used("2026-11-01")) == []


def test_usage_is_cut_to_the_period() -> None:
    (charge,) = charges(used("2026-09-30T23:59:59", "2026-10-01T00:00:01"))
    assert (charge.started_at, charge.ended_at) == (at("2026-10-01"), at("2026-10-01T00:00:01"))


def test_a_closed_interval_is_not_counted_after_as_of() -> None:
    as_of = datetime(2026, 10, 2, tzinfo=UTC)
    (charge,) = charges(used("2026-10-01", "2026-10-05"), as_of=as_of)
    assert charge.used == 86_400


def test_nothing_is_charged_in_a_period_after_as_of() -> None:
    assert charges(used("2026-09-01"), as_of=datetime(2026, 10, 1, tzinfo=UTC)) == []


def test_a_fraction_of_a_second_in_as_of_is_dropped() -> None:
    assert epoch(datetime(1970, 1, 1, 0, 0, 9, 999_999, tzinfo=UTC)) == 9


def test_a_date_in_a_new_zone_waits_for_the_date_before_it_to_begin() -> None:
    east, west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
    zones = [ZoneVersion(date.min, west), ZoneVersion(date(2026, 10, 10), east)]
    calendar = Calendar(zones, OCTOBER)
    # The two are 25 hours apart: by the new zone, the 10th begins before the 9th by the old one.
    ninth = at("2026-10-09T11:00")
    assert calendar.starts[7:11] == [
        at("2026-10-08T11:00"),
        ninth,
        ninth,
        at("2026-10-10T10:00"),
    ]
    assert calendar.zone_at(ninth - 1) is west
    assert calendar.zone_at(ninth) is east


def over_the_date_line(
    unit: Unit, changed_on: date, *usages: Usage, trial: Period | None = None
) -> list[Charge]:
    """Price October where a change of zone by 24 hours leaves out the date before it."""
    schedule = Schedule(
        zones=[
            ZoneVersion(date.min, ZoneInfo("Etc/GMT+12")),
            ZoneVersion(changed_on, ZoneInfo("Pacific/Tarawa")),
        ],
        period=OCTOBER,
        as_of=epoch(LATER),
        trial=trial,
        terms=[Terms(1, "EUR", 2, unit, NINE)],
    )
    return list(schedule.charges(usages))


@pytest.mark.parametrize("day", [1, 2, 15, 31])
@pytest.mark.parametrize("unit", [Unit.BEGUN_DAY, Unit.DAY])
def test_a_month_without_one_of_its_dates_has_a_day_less_and_costs_its_price(
    unit: Unit, day: int
) -> None:
    (charge,) = over_the_date_line(unit, date(2026, 10, day) + ONE_DAY, used("2026-08-01"))
    assert (charge.used, charge.rate.month_length) == (30, 30)
    assert charge.amount == Amount(Decimal("9.00"), "EUR")


@pytest.mark.parametrize("unit", [Unit.BEGUN_DAY, Unit.DAY])
def test_no_use_is_counted_on_a_date_that_is_left_out(unit: Unit) -> None:
    # From the noon of 13 October until that of 17 October, without 15 October.
    usage = Usage(1, 1, at("2026-10-13T12:00", "Etc/GMT+12"), at("2026-10-17", "UTC"))
    (charge,) = over_the_date_line(unit, date(2026, 10, 16), usage)
    assert charge.used == (4 if unit is Unit.BEGUN_DAY else 3)


@pytest.mark.parametrize("unit", [Unit.BEGUN_DAY, Unit.DAY])
def test_a_trial_gives_no_day_for_a_date_that_is_left_out(unit: Unit) -> None:
    only_that, around_it = (
        Period.inclusive(date(2026, 10, 15 - days), date(2026, 10, 15 + days)) for days in (0, 1)
    )
    for trial, given in ((only_that, 0), (around_it, 2)):
        (charge,) = over_the_date_line(unit, date(2026, 10, 16), used("2026-08-01"), trial=trial)
        assert (charge.used, charge.trial) == (30, given)


def test_a_whole_trial_is_shown_with_amount_zero() -> None:
    (charge,) = charges(used("2026-10-01"), trial=OCTOBER)
    assert (charge.trial, charge.billable, charge.amount) == (
        charge.used,
        0,
        Amount(Decimal("0.00"), "EUR"),
    )


def test_the_trial_includes_its_last_date() -> None:
    trial = Period.inclusive(date(2026, 9, 1), date(2026, 10, 1))
    (charge,) = charges(used("2026-10-01T12:00", "2026-10-02T12:00"), trial=trial)
    assert (charge.used, charge.trial) == (86_400, 43_200)


def test_a_trial_outside_the_usage_changes_nothing() -> None:
    trial = Period.inclusive(date(2026, 11, 1), date(2026, 11, 30))
    (charge,) = charges(used("2026-10-01"), trial=trial)
    assert charge.trial == 0


def test_with_proration_by_day_the_trial_covers_whole_dates() -> None:
    trial = Period.inclusive(date(2026, 10, 1), date(2026, 10, 4))
    (charge,) = charges(used("2026-10-03T22:00", "2026-10-10T01:00"), trial=trial, unit=Unit.DAY)
    assert (charge.used, charge.trial, charge.amount) == (7, 2, Amount(Decimal("1.45"), "EUR"))


def test_with_proration_by_day_the_day_of_a_change_belongs_to_the_new_tariff() -> None:
    before, after = charges(
        used("2026-10-01", "2026-10-15T18:30"), used("2026-10-15T18:30"), unit=Unit.DAY
    )
    assert (before.used, after.used) == (14, 17)


def test_with_proration_by_day_a_night_belongs_to_the_month_in_which_it_begins() -> None:
    period = Period.inclusive(date(2026, 10, 1), date(2026, 11, 30))
    (charge,) = charges(used("2026-10-31T20:00", "2026-11-01T10:00"), period=period, unit=Unit.DAY)
    assert (charge.rate.month, charge.used) == (date(2026, 10, 1), 1)


def test_with_proration_by_day_today_is_not_counted_yet() -> None:
    as_of = datetime(2026, 10, 3, 23, 59, tzinfo=UTC)
    (charge,) = charges(used("2026-10-01"), as_of=as_of, unit=Unit.DAY)
    assert charge.used == 2


def test_a_price_version_cuts_usage_at_the_first_instant_of_its_date_in_the_zone() -> None:
    prices = [*NINE, PriceVersion(date(2026, 10, 11), Decimal(12))]
    before, after = charges(used("2026-10-01", zone="Asia/Tokyo"), zone="Asia/Tokyo", prices=prices)
    assert before.ended_at == after.started_at == at("2026-10-11", "Asia/Tokyo")
    assert before.amount == Amount(Decimal("2.90"), "EUR")
    assert after.amount == Amount(Decimal("8.13"), "EUR")


@pytest.mark.parametrize("unit", Unit)
def test_a_camera_is_not_billed_after_the_time_of_the_camera_before_it(unit: Unit) -> None:
    twelve_for_ten_days = [
        *NINE,
        PriceVersion(date(2026, 10, 11), Decimal(12)),
        PriceVersion(date(2026, 10, 21), Decimal(9)),
    ]
    first = used("2026-10-01", "2026-10-15"), used("2026-10-15")
    second = used("2026-10-12", "2026-10-14"), used("2026-10-22")
    both = charges(
        *first,
        *(usage._replace(camera_id=2) for usage in second),
        unit=unit,
        prices=twelve_for_ten_days,
    )
    alone = charges(*second, unit=unit, prices=twelve_for_ten_days)
    assert [charge.before for charge in alone] == [0, 0]
    assert [(charge.used, charge.before, charge.minor) for charge in both[-2:]] == [
        (charge.used, charge.before, charge.minor) for charge in alone
    ]


def test_usage_in_batches_costs_the_same_as_all_at_once() -> None:
    usages = used("2026-10-01", "2026-10-12"), used("2026-10-12", "2026-10-20"), used("2026-10-20")
    schedule, counted = schedule_of(NINE), Counted()
    batches = [piece for usage in usages for piece in schedule.pieces([usage], counted)]
    assert batches == list(schedule.charges(usages))
    assert [before // 86_400 for *_, before, _minor in batches] == [0, 11, 19]


def test_a_price_version_on_the_first_of_the_month_cuts_once() -> None:
    prices = [*NINE, PriceVersion(date(2026, 10, 1), Decimal(12))]
    (charge,) = charges(used("2026-09-01"), prices=prices)
    assert charge.amount == Amount(Decimal(12), "EUR")


def test_a_price_of_zero_is_a_price() -> None:
    (charge,) = charges(used("2026-10-01"), prices=[PriceVersion(date(2026, 1, 1), Decimal(0))])
    assert charge.amount == Amount(Decimal(0), "EUR")


def test_a_monthly_price_with_fractions_of_a_cent_is_rounded_only_at_the_end() -> None:
    prices = [PriceVersion(date(2026, 1, 1), Decimal("0.0150"))]
    (charge,) = charges(used("2026-10-01"), prices=prices)
    assert charge.amount == Amount(Decimal("0.02"), "EUR")


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(0, 7, 0), (1, 2, 1), (49, 100, 0), (50, 100, 1), (149, 100, 1), (150, 100, 2), (9, 3, 3)],
)
def test_halves_are_rounded_up(numerator: int, denominator: int, whole: int) -> None:
    assert rounded_half_up(numerator, denominator) == whole


def test_a_tariff_without_terms_raises_an_error() -> None:
    with pytest.raises(KeyError):
        charges(Usage(1, 2, at("2026-10-01"), None))


def test_the_segments_of_a_tariff_cover_the_period_and_split_at_price_changes() -> None:
    prices = [*NINE, PriceVersion(date(2026, 10, 16), Decimal(12))]
    before, after = schedule_of(prices).segments(1)
    rate = before.rate
    assert (rate.tariff_id, rate.currency, rate.digits, rate.by_day) == (1, "EUR", 2, False)
    assert (before.starts_at, before.ends_at) == (at("2026-10-01"), at("2026-10-16"))
    assert (after.starts_at, after.ends_at) == (at("2026-10-16"), at("2026-11-01"))
    assert before.period == Period(date(2026, 10, 1), date(2026, 10, 16))
    assert after.period == Period(date(2026, 10, 16), date(2026, 11, 1))
    assert (rate.price, after.rate.price) == (Decimal(9), Decimal(12))


def test_no_segment_begins_at_or_after_as_of() -> None:
    prices = [*NINE, *(PriceVersion(date(2026, 10, day), Decimal(day)) for day in (16, 20))]
    (segment,) = schedule_of(prices, as_of=datetime(2026, 10, 16, tzinfo=UTC)).segments(1)
    assert (segment.rate.price, segment.ends_at) == (Decimal(9), at("2026-10-16"))


def test_a_price_version_that_repeats_the_amount_cuts_nothing() -> None:
    prices = [*NINE, PriceVersion(date(2026, 10, 16), Decimal("9.0000"))]
    (charge,) = charges(used("2026-10-01"), prices=prices)
    assert charge.amount == Amount(Decimal("9.00"), "EUR")


def test_a_price_that_returns_within_a_month_is_the_same_rate() -> None:
    versions = [
        PriceVersion(date(2026, 10, 10), Decimal(12)),
        PriceVersion(date(2026, 10, 20), NINE[0].amount),
    ]
    first, second, third = schedule_of([*NINE, *versions]).segments(1)
    assert second.rate is not first.rate
    assert third.rate is first.rate


def test_a_cut_at_one_price_gives_two_charges_of_the_same_rate() -> None:
    first, second = schedule_of(NINE, cuts=[date(2026, 10, 11)]).charges([used("2026-10-01")])
    assert first.rate is second.rate
    assert first.segment.period == Period(date(2026, 10, 1), date(2026, 10, 11))
    assert (first.amount, second.amount) == (
        Amount(Decimal("2.90"), "EUR"),
        Amount(Decimal("6.10"), "EUR"),
    )


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 10, 1), date(2026, 11, 1)])
def test_a_cut_outside_the_period_or_where_a_month_begins_cuts_nothing_more(day: date) -> None:
    (charge,) = schedule_of(NINE, cuts=[day]).charges([used("2026-10-01")])
    assert charge.amount == Amount(Decimal("9.00"), "EUR")


def test_usage_before_the_period_is_rounded_with_it() -> None:
    period = Period.inclusive(date(2026, 10, 2), date(2026, 10, 2))
    (charge,) = charges(used("2026-10-01"), period=period)
    # Two days of 31 come to 0.5806, one to 0.2903.
    assert (charge.before, charge.amount) == (86_400, Amount(Decimal("0.29"), "EUR"))


def test_free_time_without_a_price_costs_nothing() -> None:
    (charge,) = charges(used("2026-10-01"), trial=OCTOBER, prices=[])
    assert (charge.rate.price, charge.amount) == (None, Amount(Decimal(0), "EUR"))


def test_another_camera_starts_from_nothing() -> None:
    tuples = [(camera, 1, at("2026-10-01"), at("2026-10-01T00:20")) for camera in (1, 2)]
    first, second = schedule_of(NINE).charges(tuples)
    assert (first.before, second.before) == (0, 0)


class TestBegunDays:
    """Proration by begun days."""

    def days(self, *usages: Usage) -> list[int]:
        return [charge.used for charge in charges(*usages, unit=Unit.BEGUN_DAY)]

    def test_usage_within_one_date_costs_the_date(self) -> None:
        assert self.days(used("2026-10-05T08:00", "2026-10-05T08:01")) == [1]

    def test_a_date_that_ends_where_it_begins_is_not_touched(self) -> None:
        assert self.days(used("2026-10-05T08:00", "2026-10-06")) == [1]

    def test_a_date_is_counted_once_for_the_usage_that_begins_it(self) -> None:
        morning = used("2026-10-05T08:00", "2026-10-05T09:00")
        evening = used("2026-10-05T20:00", "2026-10-06T01:00")
        assert self.days(morning, evening) == [1, 1]
        assert self.days(morning, used("2026-10-05T20:00", "2026-10-05T21:00")) == [1]


@pytest.mark.parametrize(
    ("start", "end", "trial_start", "trial_end"),
    [
        ("2026-10-01", "2026-10-31", "2026-10-05", "2026-10-11"),
        ("2026-10-07", "2026-10-09", "2026-10-07", "2026-10-09"),
    ],
)
def test_the_trial_part_lies_within_both_the_charge_and_the_trial(
    start: str, end: str, trial_start: str, trial_end: str
) -> None:
    trial = Period.inclusive(date(2026, 10, 5), date(2026, 10, 10))
    schedule = schedule_of(NINE, trial=trial)
    (charge,) = schedule.charges([used(start, end)])
    (part,) = schedule.free_time.within(charge.started_at, charge.ended_at)
    assert part == (at(trial_start), at(trial_end))


def test_pieces_equal_charges_but_are_plain_tuples() -> None:
    schedule = schedule_of([*NINE, PriceVersion(date(2026, 10, 16), Decimal(12))])
    usages = [used("2026-10-01", "2026-10-20"), used("2026-10-25")]
    pieces = list(schedule.pieces(usages, Counted()))
    assert pieces == list(schedule.charges(usages))
    assert {type(piece) for piece in pieces} == {tuple}
