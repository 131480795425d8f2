"""Test the drawings of a statement: positions, lengths and texts of bars."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.daily_costs import Costs
from rating.money import Amount
from rating.periods import Period
from rating.totals import Totals
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import Camera, UsageInterval
from usage.statements.drawings.charts import Chart, charts_of
from usage.statements.drawings.palette import COLOURS, OTHER, Key, keys_of
from usage.statements.drawings.scale import MAX_TICKS, day_ticks, month_ticks
from usage.statements.drawings.timeline import MIN_WIDTH, Bar, Timeline, timeline_of
from usage.statements.statement import Statement, statement_for
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

OCTOBER = Period.inclusive(date(2026, 10, 1), date(2026, 10, 31))
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def tariff_at(amount: str, **fields: Any) -> Tariff:
    tariff = TariffFactory.create(**fields)
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount), valid_from=date(2020, 1, 1))
    return tariff


def use(
    organization: Organization, tariff: Tariff, start: datetime, end: datetime | None = None
) -> UsageInterval:
    return UsageIntervalFactory.create(
        tariff=tariff, camera__organization=organization, started_at=start, ended_at=end
    )


def october(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def drawn(
    organization: Organization, period: Period = OCTOBER, as_of: datetime = LATER
) -> tuple[Timeline, list[Chart]]:
    statement = statement_for(organization=organization, period=period, as_of=as_of)
    excerpt = statement.excerpt(lambda charge: True, 0, 50)
    keys = keys_in(statement)
    cameras = Camera.objects.in_bulk(charge.camera_id for charge in excerpt.shown)
    charges = statement.charges_of(cameras)
    return (
        timeline_of(statement, charges, excerpt.shown, cameras, keys),
        charts_of(excerpt.costs, keys),
    )


def keys_in(statement: Statement) -> dict[int, Key]:
    totals = statement.totals()
    tariffs = list(Tariff.objects.filter(pk__in=totals.by_tariff).order_by("name"))
    return keys_of(tariffs, totals)


def number(percentage: str) -> float:
    assert percentage.endswith("%")
    return float(percentage[:-1])


def place(bar: Bar) -> tuple[float, float]:
    return number(bar.x), number(bar.width)


# --- The timeline ------------------------------------------------------------------------------


def test_a_bar_covers_the_time_of_its_charge() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), october(1), october(16, 12))
    use(organization, tariff_at("9"), october(16, 12))
    timeline, _charts = drawn(organization)
    (first,), (second,) = (row.bars for row in timeline.rows)
    assert place(first) == (0, 50)
    assert place(second) == (50, 50)


def test_the_period_begins_in_the_organizations_time_zone() -> None:
    organization = OrganizationFactory.create(time_zone="Asia/Tokyo")
    use(organization, tariff_at("9"), datetime(2026, 9, 30, 15, tzinfo=UTC), october(16, 3))
    timeline, _charts = drawn(organization)
    assert place(timeline.rows[0].bars[0]) == (0, 50)
    assert "1 Oct 2026, 00:00 – 16 Oct 2026, 12:00" in timeline.rows[0].bars[0].text


@pytest.mark.parametrize("proration", ["second", "day"])
def test_the_trial_is_marked_at_its_position(proration: str) -> None:
    organization = OrganizationFactory.create(
        trial_first_on=date(2026, 9, 1), trial_last_on=date(2026, 10, 10)
    )
    use(organization, tariff_at("9", proration=proration), datetime(2026, 1, 1, tzinfo=UTC))
    timeline, _charts = drawn(organization)
    (bar,) = timeline.rows[0].bars
    ((x, width),) = bar.free
    assert number(x) == 0
    assert number(width) == pytest.approx(100 * 10 / 31, 1e-3)
    assert timeline.has_trial


def test_without_a_trial_nothing_is_marked() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), october(1))
    timeline, _charts = drawn(organization)
    assert not timeline.has_trial
    assert not timeline.rows[0].bars[0].free


def test_a_price_change_is_marked_on_its_bars_and_listed() -> None:
    organization = OrganizationFactory.create()
    changing, other = tariff_at("14.90", name="Pro"), tariff_at("9", name="Basic")
    TariffPriceFactory.create(
        tariff=changing, amount=Decimal("16.90"), valid_from=date(2026, 10, 16)
    )
    for tariff in (changing, other):
        use(organization, tariff, datetime(2026, 1, 1, tzinfo=UTC))
    timeline, _charts = drawn(organization)
    assert [[bar.price_changes for bar in row.bars] for row in timeline.rows] == [
        [False, True],
        [False],
    ]
    (change,) = timeline.price_changes
    assert change.key.tariff == changing
    assert (change.before, change.after) == ("EUR\xa014.90", "EUR\xa016.90")
    assert change.day == date(2026, 10, 16)


def test_charges_of_a_camera_share_a_row_and_adjacent_ones_are_separated() -> None:
    organization = OrganizationFactory.create()
    first = use(organization, tariff_at("9"), october(1), october(10))
    for start, end in ((october(10), october(15)), (october(20), None)):
        UsageIntervalFactory.create(
            camera=first.camera, tariff=tariff_at("10"), started_at=start, ended_at=end
        )
    timeline, _charts = drawn(organization)
    (row,) = timeline.rows
    assert [bar.follows for bar in row.bars] == [False, True, False]
    for before, after in pairwise(row.bars):
        assert sum(place(before)) <= number(after.x) + 1e-2
    assert row.text == "; ".join(bar.text for bar in row.bars)


def test_a_second_of_usage_is_visible_and_stays_within_the_drawing() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC))
    timeline, _charts = drawn(organization)
    x, width = place(timeline.rows[0].bars[0])
    assert width == MIN_WIDTH
    assert x + width <= 100
    assert timeline.rows[0].bars[0].letter == ""


def test_months_that_begin_in_the_period_are_marked() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), october(1))
    timeline, _charts = drawn(organization, Period(date(2026, 9, 1), date(2026, 12, 1)))
    assert [number(month) for month in timeline.months] == [
        pytest.approx(100 * 30 / 91, 1e-3),
        pytest.approx(100 * 61 / 91, 1e-3),
    ]


def test_time_that_is_not_counted_yet_is_marked() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), october(1))
    now, _charts = drawn(organization, as_of=october(16, 12))
    later, _charts = drawn(organization)
    assert now.to_come is not None
    assert [number(each) for each in now.to_come] == [50, 50]
    assert later.to_come is None


def test_a_charge_without_a_price_is_marked() -> None:
    organization = OrganizationFactory.create()
    use(organization, TariffFactory.create(), october(1))
    timeline, charts = drawn(organization)
    assert timeline.has_unpriced
    assert not timeline.rows[0].bars[0].is_priced
    assert "no price yet" in timeline.rows[0].text
    assert charts == []


def test_the_text_of_a_row_with_many_charges_is_their_sum() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), datetime(2026, 1, 1, tzinfo=UTC))
    timeline, _charts = drawn(organization, Period(date(2026, 1, 1), date(2026, 9, 1)))
    assert timeline.rows[0].text == (
        "8 charges, 1 Jan 2026, 00:00 – 1 Sep 2026, 00:00: EUR\xa072.00"
    )


def test_a_camera_with_charges_on_several_pages_is_drawn_completely() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), datetime(2026, 1, 1, tzinfo=UTC))
    period = Period(date(2026, 1, 1), date(2026, 9, 1))
    statement = statement_for(organization=organization, period=period, as_of=LATER)
    shown = statement.excerpt(lambda charge: True, 3, 2).shown
    cameras = Camera.objects.in_bulk(charge.camera_id for charge in shown)
    timeline = timeline_of(
        statement, statement.charges_of(cameras), shown, cameras, keys_in(statement)
    )
    (row,) = timeline.rows
    assert len(row.bars) == 8
    assert [bool(bar.target) for bar in row.bars] == [False] * 3 + [True] * 2 + [False] * 3
    assert row.target == row.bars[3].target


# --- The charts --------------------------------------------------------------------------------


def test_charts_add_up_to_the_statement_in_each_currency() -> None:
    organization = OrganizationFactory.create()
    for currency, amount in (("EUR", "9.99"), ("EUR", "13.37"), ("JPY", "1001"), ("KWD", "3.333")):
        tariff = tariff_at(amount, currency=currency)
        for day in (1, 7, 19):
            use(organization, tariff, october(day, day), october(day + 9, 23))
    statement = statement_for(organization=organization, period=OCTOBER, as_of=LATER)
    _timeline, charts = drawn(organization)
    shown = [Amount(chart.total, chart.currency) for chart in charts]
    assert shown == statement.totals().all.amounts
    for chart in charts:
        assert sum(column.total for column in chart.columns) == chart.total
        assert sum(bar.amount for bar in chart.bars) == chart.total
        assert all(sum(column.amounts) == column.total for column in chart.columns)


def test_segments_are_stacked_from_the_bottom_and_reach_the_total() -> None:
    organization = OrganizationFactory.create()
    for amount in ("31.00", "62.00"):
        use(organization, tariff_at(amount), october(1))
    _timeline, (chart,) = drawn(organization)
    assert len(chart.columns) == 31
    assert (chart.top, chart.middle) == (Decimal("3.00"), Decimal("1.50"))
    for column in chart.columns:
        assert column.total == Decimal("3.00")
        lower, upper = column.segments
        assert number(lower.y) + number(lower.height) == pytest.approx(100, abs=2e-3)
        assert number(upper.y) + number(upper.height) == pytest.approx(number(lower.y), abs=2e-3)
        assert number(upper.y) == 0
    assert "of EUR\xa03.00" in chart.columns[0].segments[0].text


def test_bars_are_shares_of_the_whole_and_the_most_expensive_comes_first() -> None:
    organization = OrganizationFactory.create()
    for name, amount in (("Small", "1.00"), ("Large", "199.00"), ("Half", "100.00")):
        use(organization, tariff_at(amount, name=name), october(1))
    _timeline, (chart,) = drawn(organization)
    assert [(bar.series.name, round(number(bar.width), 1)) for bar in chart.bars] == [
        ("Large", 66.3),
        ("Half", 33.3),
        ("Small", 0.3),
    ]
    assert [bar.share for bar in chart.bars] == ["66%", "33%", "< 1%"]


def test_a_period_of_five_years_is_drawn_by_month() -> None:
    organization = OrganizationFactory.create()
    use(organization, tariff_at("9"), datetime(2026, 1, 1, tzinfo=UTC))
    period = Period.inclusive(date(2021, 11, 24), date(2026, 11, 23))
    _timeline, (chart,) = drawn(organization, period)
    assert chart.by_month
    assert len(chart.columns) == 61
    assert chart.columns[50].text == "January 2026"
    assert chart.columns[50].total == Decimal("9.00")
    assert [tick.text for tick in chart.ticks] == ["2022", "2023", "2024", "2025", "2026"]


def test_tariffs_without_a_colour_share_one_series() -> None:
    organization = OrganizationFactory.create()
    tariffs = [tariff_at(str(amount), name=f"Plan {amount:02}") for amount in range(1, 12)]
    for tariff in tariffs:
        use(organization, tariff, october(1))
    timeline, (chart,) = drawn(organization)
    assert len(chart.series) == COLOURS + 1
    assert chart.series[-1].name == "3 other tariffs"
    assert chart.bars[-1].amount == Decimal("6.00")
    assert chart.total == Decimal("66.00")
    assert len(timeline.keys) == 11


# --- Colours and letters -----------------------------------------------------------------------


def keys_for(*minors: int) -> list[Key]:
    tariffs = [TariffFactory.create(name=f"Plan {index:02}") for index in range(len(minors))]
    totals = Totals()
    for tariff, minor in zip(tariffs, minors, strict=True):
        totals.by_tariff[tariff.pk] = type(totals.all)(minor={"EUR": minor})
    totals.all.minor["EUR"] = sum(minors)
    return list(keys_of(tariffs, totals).values())


def test_eight_tariffs_have_eight_colours() -> None:
    keys = keys_for(*range(8))
    assert sorted(key.colour for key in keys) == list(range(1, COLOURS + 1))
    assert [key.letter for key in keys] == list("ABCDEFGH")


def test_if_there_are_more_tariffs_the_most_expensive_have_colours() -> None:
    keys = keys_for(*range(30))
    assert [key.colour == OTHER for key in keys] == [True] * 22 + [False] * 8
    assert [key.letter for key in keys[24:28]] == ["Y", "Z", "27", "28"]


def test_tariffs_that_cost_nothing_still_have_colours() -> None:
    assert OTHER not in [key.colour for key in keys_for(0, 0)]


def luminance(color: str) -> float:
    channels = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_contrast_with_their_backgrounds_and_letters_with_their_colours() -> None:
    css = Path(settings.BASE_DIR, "static/css/site.css").read_text()
    found = re.findall(
        r"\.tariff-(\d) \{ --tariff: light-dark\((#\w{6}), (#\w{6})\); "
        r"--on-tariff: light-dark\((#\w{3}), (#\w{3})\)",
        css,
    )
    assert [int(colour) for colour, *_ in found] == list(range(COLOURS + 1))
    for _colour, light, dark, on_light, on_dark in found:
        # Tabler's background colours: of cards, and beside the bars.
        assert min(contrast(light, surface) for surface in ("#ffffff", "#fafafa")) >= 3
        assert min(contrast(dark, surface) for surface in ("#262626", "#171717")) >= 3
        assert contrast(light, on_light + on_light[1:]) >= 4.5
        assert contrast(dark, on_dark + on_dark[1:]) >= 4.5


# --- Dates below the drawings ------------------------------------------------------------------


@pytest.mark.parametrize("number_of_days", [1, 5, 6, 11, 28, 31, 45, 93])
def test_at_most_a_few_days_are_written(number_of_days: int) -> None:
    days = [date.fromordinal(OCTOBER.start.toordinal() + day) for day in range(number_of_days)]
    ticks = day_ticks(days, lambda index: 100 * index / number_of_days)
    assert 1 <= len(ticks) <= MAX_TICKS
    assert ticks[0] == ("0.000%", "start", "1 Oct")


@pytest.mark.parametrize("number_of_months", [1, 5, 6, 11, 18, 36, 60])
def test_at_most_a_few_months_are_written(number_of_months: int) -> None:
    months = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(number_of_months)]
    ticks = month_ticks(months, lambda index: 100 * index / number_of_months)
    assert 1 <= len(ticks) <= MAX_TICKS
    assert ticks[0].text == ("2026" if number_of_months > 30 else "Jan 2026")


def test_an_empty_statement_has_no_chart() -> None:
    statement = statement_for(
        organization=OrganizationFactory.create(), period=OCTOBER, as_of=LATER
    )
    assert charts_of(Costs(statement.schedule), {}) == []
