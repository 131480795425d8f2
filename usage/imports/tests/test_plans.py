"""Test that a large import does not depend on what its connection, or statistics, saw before.

The rows that PostgreSQL reads are counted instead of measuring time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection, transaction

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.imports import import_usage, staging
from usage.imports.reading import UsageLine
from usage.imports.tests.test_operation import HEADER, NOW
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3_000
MAY, JUNE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def acme() -> Organization:
    basic = TariffFactory.create(name="Basic")
    acme: Organization = OrganizationFactory.create(title="Acme", tariffs=[basic])
    return acme


def import_cameras(numbers: range, ends: str = "") -> None:
    lines = [f"Acme,gate-{each},,Basic,2026-05-01T00:00:00Z,{ends}" for each in numbers]
    content = "\n".join([HEADER, *lines]) + "\n"
    assert not import_usage(BytesIO(content.encode()), now=NOW, dry_run=False).is_refused


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def rows_read() -> int:
    """Return how many rows this connection has read of the tables that an import concerns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
            " WHERE relname ~ '^(usage|organizations|tariffs|invoices)_'"
        )
        return int(cursor.fetchone()[0])


def used_while_small() -> None:
    """Have this connection plan its statements for tables of a few rows."""
    for number in range(8):
        import_cameras(range(number, number + 1))
    run("VACUUM ANALYZE usage_camera, usage_usageinterval")
    for number in range(8):
        import_cameras(range(8 + number, 9 + number))


def test_the_first_large_import_on_a_used_connection_reads_each_row_a_few_times(
    acme: Organization,
) -> None:
    used_while_small()

    before = rows_read()
    import_cameras(range(100, 100 + MANY))

    assert rows_read() - before < 30 * MANY


def test_ending_many_intervals_after_one_reads_each_row_a_few_times(acme: Organization) -> None:
    used_while_small()
    import_cameras(range(1), "2026-06-01T00:00:00Z")
    import_cameras(range(100, 100 + MANY))

    before = rows_read()
    import_cameras(range(100, 100 + MANY), "2026-06-01T00:00:00Z")

    assert rows_read() - before < 30 * MANY


def test_a_file_of_earlier_intervals_is_compared_with_each_of_them_once(
    acme: Organization,
) -> None:
    tariff = acme.tariffs.get()
    import_cameras(range(MANY), "2026-06-01T00:00:00Z")
    cameras = dict(UsageInterval.objects.values_list("camera", "camera__name"))
    UsageInterval.objects.bulk_create(
        UsageInterval(camera_id=pk, organization=acme, tariff=tariff, started_at=JUNE)
        for pk in cameras
    )
    lines = (
        UsageLine(number, name, "", acme.pk, tariff.pk, MAY, JUNE)
        for number, name in enumerate(cameras.values(), start=2)
    )
    with transaction.atomic():
        staging.stage(lines)
        staging.plan()
        assert staging.count_changes().lines_unchanged == MANY
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables"
                " WHERE relname = 'usage_import_plan'"
            )
            (read,) = cursor.fetchone()

    assert read < 30 * MANY


def test_a_large_import_leaves_statistics_of_what_it_wrote(acme: Organization) -> None:
    run("ALTER TABLE usage_usageinterval SET (autovacuum_enabled = off)")
    import_cameras(range(MANY))

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'usage_usageinterval'")
        assert cursor.fetchone() == (MANY,)
    run("ALTER TABLE usage_usageinterval RESET (autovacuum_enabled)")
