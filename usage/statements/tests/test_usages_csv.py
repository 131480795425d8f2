"""Test the lines of usages.csv, and charges frozen for an invoice."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.lists.exports import csv_lines
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.money import to_places
from rating.periods import Calendar, Period, ZoneVersion
from rating.pricing import Charge
from tariffs.models import Proration
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.statements import usages_csv
from usage.statements.charge_rows import (
    CHARGE_COLUMNS,
    USAGES_COLUMNS,
    charge_rows,
    export_rows,
    used_days,
)
from usage.statements.freezing import freeze, lines_of, opened
from usage.statements.statement import Statement, statement_for
from usage.statements.usages_csv import Clock, chunks
from usage.tests.factories import CameraFactory, UsageIntervalFactory

AS_OF = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Prices that change, that start late, and that stay the same in a new version.
TARIFFS = (
    ('Basic, "small"', "EUR", Proration.SECOND, (("9", (2026, 1, 1)), ("9", (2026, 10, 9)))),
    ("-Pro", "EUR", Proration.SECOND, (("14.9", (2026, 1, 1)), ("16.905", (2026, 10, 16)))),
    ("Yen;=1", "JPY", Proration.DAY, (("1000.5", (2026, 10, 10)),)),
    ("Dinar", "KWD", Proration.SECOND, (("3.125", (2026, 1, 1)),)),
    ("Free", "EUR", Proration.DAY, (("0", (2026, 1, 1)),)),
    ("Begun", "EUR", Proration.BEGUN_DAY, (("9", (2026, 1, 1)),)),
)
NAMES = ("gate", "=1+1", 'a "yard", large', "café;-x", "+", "line\nfeed", "", "@")


@pytest.fixture
def organization(db: None) -> Organization:
    """Return an organization with every kind of charge and difficult names; one camera moved."""
    organization = OrganizationFactory.create(
        title="=Harbour, Ltd",
        time_zone="Europe/Berlin",
        trial_first_on=date(2026, 10, 1),
        trial_last_on=date(2026, 10, 8),
    )
    tariffs = []
    for name, currency, proration, prices in TARIFFS:
        tariff = TariffFactory.create(name=name, currency=currency, proration=proration)
        for amount, day in prices:
            TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount), valid_from=date(*day))
        tariffs.append(tariff)
    for number, title in enumerate(NAMES):
        camera = CameraFactory.create(
            organization=organization, name=f"{title}{number}", title=title
        )
        change = datetime(2026, 10, 3 + 3 * number, 5, 6, 7, tzinfo=UTC)
        for step, (start, end) in enumerate(
            ((datetime(2026, 9, 12, tzinfo=UTC), change), (change, None))
        ):
            UsageIntervalFactory.create(
                camera=camera,
                organization=organization,
                tariff=tariffs[(number + step) % len(tariffs)],
                started_at=start,
                ended_at=end,
            )
        if number == 1:
            camera.usage_intervals.filter(ended_at=None).update(ended_at=AS_OF)
            camera.organization = OrganizationFactory.create()
            camera.save()
    return organization


@pytest.fixture(
    params=[
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 8, 20), date(2026, 11, 30)),
        (date(2027, 1, 1), date(2027, 1, 31)),
    ]
)
def statement(organization: Organization, request: pytest.FixtureRequest) -> Statement:
    """Return a statement: for one month, for a longer period, and for a future period."""
    period = Period.inclusive(*request.param)
    return statement_for(organization=organization, period=period, as_of=AS_OF)


def frozen_cell_by_cell(statement: Statement, charges: Iterator[Charge]) -> bytes:
    """Return charges as they are frozen, without what only usages.csv has."""
    rows = export_rows(charge_rows(charges, statement), statement)
    places = [USAGES_COLUMNS.index(name) for name in CHARGE_COLUMNS]
    frozen = ([row[place] for place in places] for row in rows)
    return "".join(csv_lines(CHARGE_COLUMNS, frozen)).encode()


def cell_by_cell(statement: Statement, charges: Iterator[Charge]) -> bytes:
    """Return the same CSV written cell by cell, like the other exports."""
    rows = export_rows(charge_rows(charges, statement), statement)
    return "".join(csv_lines(USAGES_COLUMNS, rows)).encode()


def test_lines_equal_those_written_cell_by_cell(statement: Statement) -> None:
    assert b"".join(chunks(statement)) == cell_by_cell(statement, statement.charges())


def test_lines_do_not_depend_on_the_number_of_cached_amounts(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = b"".join(chunks(statement))
    monkeypatch.setattr(usages_csv, "AMOUNTS_KEPT", 1)

    assert b"".join(chunks(statement)) == lines


def test_charges_are_written_in_small_batches(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usage.statements.statement.USAGES_A_BATCH", 3)
    heading, *parts = chunks(statement)
    usages = len({(each.camera_id, each.rate.tariff_id) for each in statement.charges()})
    assert heading == b",".join(name.encode() for name in USAGES_COLUMNS) + b"\r\n"
    assert len(parts) == -(-usages // 3)
    assert b"".join([heading, *parts]) == cell_by_cell(statement, statement.charges())


def test_freezing_runs_only_the_query_of_the_statement(statement: Statement) -> None:
    with CaptureQueriesContext(connection) as queries:
        freeze(statement)
    # That query is streamed and therefore not captured.
    assert len(queries) == 0


def test_each_currency_is_frozen_as_its_own_usages_csv(statement: Statement) -> None:
    frozen = freeze(statement)
    charges = list(statement.charges())
    assert list(frozen) == sorted({charge.rate.currency for charge in charges})
    for currency, file in frozen.items():
        own = [charge for charge in charges if charge.rate.currency == currency]
        content = gzip.decompress(file.content)
        assert content == frozen_cell_by_cell(statement, iter(own))
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert sum(line.charges for line in file.sums) == len(own)


def test_freezing_an_unchanged_statement_again_gives_the_same_bytes(statement: Statement) -> None:
    assert freeze(statement) == freeze(statement) or not any(statement.charges())


def test_frozen_charges_can_be_read_back(statement: Statement) -> None:
    for file in freeze(statement).values():
        text = opened(file.content).read().decode()
        heading, *rows = csv.reader(io.StringIO(text, newline=""))
        assert heading == list(CHARGE_COLUMNS)
        assert list(lines_of(file.content)) == rows


def test_lines_of_an_invoice_are_sums_by_tariff_price_and_dates(statement: Statement) -> None:
    charges = list(statement.charges())
    found = {
        (line.segment.rate.tariff_id, line.segment.rate.price, line.segment.period): line
        for file in freeze(statement).values()
        for line in file.sums
    }
    keys = [(each.rate.tariff_id, each.rate.price, each.segment.period) for each in charges]
    assert set(found) == set(keys)
    for key, line in found.items():
        own = [charge for charge, its in zip(charges, keys, strict=True) if its == key]
        assert line.cameras == len({charge.camera_id for charge in own if charge.billable})
        assert line.charges == len(own)
        assert line.unpriced == sum(charge.minor is None for charge in own)
        assert line.billable == sum(charge.billable for charge in own)
        assert line.minor == sum(charge.minor or 0 for charge in own)
        months = [Fraction(charge.billable, charge.rate.month_length) for charge in own]
        assert line.camera_months(6) == to_places(sum(months, Fraction()), 6)


@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Berlin",
        "Africa/Cairo",
        "America/Havana",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Africa/Monrovia",
    ],
)
@pytest.mark.parametrize("year", [1971, 1988, 2010, 2011, 2026])
def test_a_clock_formats_instants_like_isoformat(zone: str, year: int) -> None:
    zones = ZoneVersion.always(ZoneInfo(zone))
    calendar = Calendar(zones, Period(date(year, 1, 1), date(year + 1, 1, 1)))
    clock = Clock(calendar)
    starts = calendar.starts
    for instant in (*range(starts[0], starts[-1], 1_777), *starts, *(at - 1 for at in starts[1:])):
        expected = datetime.fromtimestamp(instant, ZoneInfo(zone)).isoformat()
        assert clock[instant] == expected


@pytest.mark.parametrize(
    ("seconds", "days"),
    [
        (0, "0"),
        (1, "0.000012"),
        (27, "0.000313"),
        (81, "0.000938"),
        (86_400, "1"),
        (1_771_200, "20.5"),
    ],
)
def test_used_time_in_days_is_rounded_half_up_in_both_ways(seconds: int, days: str) -> None:
    assert usages_csv._days(seconds) == str(used_days(seconds, by_day=False)) == days


def test_days_are_written_as_they_are() -> None:
    assert str(used_days(10, by_day=True)) == "10"
