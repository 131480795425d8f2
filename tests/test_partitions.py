"""The commands with which docs/operations.md partitions events work on today's tables."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

# The first year that gets a partition of its own.
YEAR = date.today().year + 1
OLD, NEW = f"usage_usageintervalevent_until_{YEAR}", f"usage_usageintervalevent_{YEAR}"


def documented_commands() -> str:
    """Return the commands for next year, as they can run in the transaction of a test."""
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text()
    found = re.search(r"\n    -- The rows so far become.*?\n    COMMIT;\n", text, re.DOTALL)
    assert found
    commands = re.sub(r"CONCURRENTLY |\n    (BEGIN|COMMIT);(?=\n)", "", found[0])
    return commands.replace("2028", str(YEAR + 1)).replace("2027", str(YEAR))


def events() -> list[tuple[str, int]]:
    """Return the partition and the id of each event of an interval."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text, pgh_id FROM usage_usageintervalevent ORDER BY pgh_id"
        )
        return [(partition, pgh_id) for partition, pgh_id in cursor.fetchall()]


def is_refused(command: str) -> bool:
    """Tell whether the database refuses a command."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL billing.may_truncate = off")
            cursor.execute(command)
    except DatabaseError:
        return True
    return False


@pytest.mark.django_db
def test_partitioned_events_are_recorded_and_protected_as_before() -> None:
    interval = UsageIntervalFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(documented_commands())

    UsageInterval.objects.filter(pk=interval.pk).update(
        started_at=F("started_at") + timedelta(seconds=1)
    )

    (first, added), (second, changed) = events()
    assert {first, second} <= {OLD, NEW}
    assert changed > added
    assert is_refused(f"DELETE FROM {first}")
    assert is_refused("UPDATE usage_usageintervalevent SET id = 1")
    assert is_refused(f"TRUNCATE {OLD}")
    assert is_refused(f"TRUNCATE {NEW}")
