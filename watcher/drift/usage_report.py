"""Compare usage with the platform's own report, day by day, as of 00:00 UTC.

The report is not dated better than a day, may come late and may not reach far back. So only days
older than `YOUNGEST_DAYS` count that are not before the first day it has at all, and what differs
is shown and never charged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction

from watcher.clients.values import is_storable
from watcher.connection.clients import connected
from watcher.connection.models import ApiVersion
from watcher.errors import PlatformError, stored_error
from watcher.models import Connection, ReportDifference, ReportState
from watcher.platform import Capability, Platform, UsageDay
from watcher.reading.staging import LONGEST_NAME, temporary

DAYS = 62
YOUNGEST_DAYS = 2

_TABLE = "watcher_reported"
_DROP = f"DROP TABLE IF EXISTS pg_temp.{_TABLE}"
_CREATE = f"""
    {_DROP};
    CREATE TEMPORARY TABLE {_TABLE} (name text, account_id text, first_on date, last_on date)
"""
# A day counts for a camera that is there at its first instant in UTC.
_DAY_FROM = "((%s AT TIME ZONE 'UTC' - interval '1 microsecond')::date + 1)"
_OUR_DAYS = f"""
    daterange(
        greatest({_DAY_FROM % "use.started_at"}, %(first_on)s::date),
        least(coalesce({_DAY_FROM % "use.ended_at"}, %(end_on)s::date), %(end_on)s::date)
    )
"""
_COMPARE = f"""
    DROP TABLE IF EXISTS pg_temp.watcher_report_differing;
    CREATE TEMPORARY TABLE watcher_report_differing ON COMMIT DROP AS
    WITH here AS (
        SELECT camera.name, organization.watcher_id AS account_id, range_agg(days) AS days
        FROM (
            SELECT use.camera_id, use.organization_id, {_OUR_DAYS} AS days
            FROM usage_usageinterval AS use
            WHERE use.started_at < %(end_at)s
                AND (use.ended_at IS NULL OR use.ended_at > %(start_at)s)
                AND {_DAY_FROM % "use.started_at"}
                    < coalesce({_DAY_FROM % "use.ended_at"}, 'infinity'::date)
                AND {_DAY_FROM % "use.started_at"} < %(end_on)s
        ) AS used
        JOIN usage_camera AS camera ON camera.id = used.camera_id
        JOIN organizations_organization AS organization ON organization.id = used.organization_id
        WHERE organization.watcher_id IS NOT NULL AND NOT isempty(days)
        GROUP BY camera.name, organization.watcher_id
    ), there AS (
        SELECT name, account_id, range_agg(daterange(
            greatest(first_on, %(first_on)s::date), least(last_on + 1, %(end_on)s::date)
        )) AS days
        FROM {_TABLE} WHERE last_on >= %(first_on)s AND first_on < %(end_on)s
        GROUP BY name, account_id
    ), compared AS (
        SELECT name, account_id, coalesce(here.days, '{{}}') AS here,
            coalesce(there.days, '{{}}') AS there
        FROM here FULL JOIN there USING (name, account_id)
        WHERE here.days IS DISTINCT FROM there.days
    ), sides AS (
        SELECT name, account_id, 'here' AS side, unnest(here - there) AS days FROM compared
        UNION ALL
        SELECT name, account_id, 'there', unnest(there - here) FROM compared
    )
    SELECT sides.name, account_id, side, lower(days) AS first_on, upper(days) - 1 AS last_on,
        camera.id AS camera_id, organization.id AS organization_id
    FROM sides
    LEFT JOIN usage_camera AS camera ON camera.name = sides.name
    LEFT JOIN organizations_organization AS organization ON organization.watcher_id = account_id
"""
_COLUMNS = "name, account_id, side, first_on, last_on, camera_id, organization_id"
_REMOVE = """
    DELETE FROM watcher_reportdifference AS known WHERE NOT EXISTS (
        SELECT FROM watcher_report_differing AS found
        WHERE (found.name, found.account_id, found.side, found.first_on, found.last_on)
            = (known.name, known.account_id, known.side, known.first_on, known.last_on)
    )
"""
_ADD = f"""
    INSERT INTO watcher_reportdifference ({_COLUMNS})
    SELECT {_COLUMNS} FROM watcher_report_differing
    ORDER BY last_on, name
    ON CONFLICT (name, account_id, side, first_on) DO NOTHING
"""

Clock = Callable[[], datetime]


class Days(NamedTuple):
    """Days, both inclusive."""

    first_on: date
    last_on: date


def days_to_compare(now: datetime) -> Days:
    """Return the days that are compared at an instant of the platform's clock."""
    last_on = now.astimezone(UTC).date() - timedelta(days=YOUNGEST_DAYS + 1)
    return Days(last_on - timedelta(days=DAYS - 1), last_on)


def can_compare() -> bool:
    """Return whether a platform is connected and may be read."""
    return Connection.objects.filter(reads=True).exists()


def has_report(connected_to: Connection | None) -> bool:
    """Return whether a report can be read: Watcher 26 has one, and reading is switched on."""
    return connected_to is not None and (
        connected_to.reads and connected_to.api_version == ApiVersion.V3_26
    )


def compare_usage(*, clock: Clock) -> bool:
    """Compare usage with the platform's report; return whether there was one.

    Not in a transaction: it waits for the platform. Errors of the platform are stored, and then
    what the last comparison found stays.
    """
    connected_to = Connection.objects.first()
    if connected_to is None or not connected_to.reads:
        return False
    try:
        with connected(connected_to) as platform, temporary(create=_CREATE, drop=_DROP):
            if Capability.REPORT_USAGE not in platform.capabilities:
                _forget()
                return False
            _compare(platform, clock)
    except PlatformError as error:
        ReportState.objects.update_or_create(
            pk=1, defaults={"tried_at": clock(), "failure": stored_error(error)}
        )
        return False
    return True


def _compare(platform: Platform, clock: Clock) -> None:
    days = days_to_compare(platform.now() or clock())
    cameras = _stage(platform.usage_days(*days))
    reported = _reported(days)
    with transaction.atomic():
        # One job compares at a time.
        state, _created = ReportState.objects.select_for_update().get_or_create(
            pk=1, defaults={"tried_at": clock()}
        )
        if reported is None:
            ReportDifference.objects.all().delete()
        else:
            _store(reported)
        state.tried_at = state.compared_at = clock()
        state.first_on, state.last_on = reported or (None, None)
        state.cameras, state.failure = cameras, {}
        state.save()


def _store(days: Days) -> None:
    end_on = days.last_on + timedelta(days=1)
    values = {
        "first_on": days.first_on,
        "end_on": end_on,
        "start_at": _midnight(days.first_on),
        "end_at": _midnight(end_on),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_COMPARE, values)
        cursor.execute("ANALYZE watcher_report_differing")
        cursor.execute(_REMOVE)
        cursor.execute(_ADD)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _stage(pages: Iterable[Sequence[UsageDay]]) -> int:
    """Copy the report, page by page; return how many rows it has."""
    count = 0
    for page in pages:
        rows = [each for each in page if _is_storable(each.camera_name)]
        # No COPY stays open while a call waits for the platform.
        with connection.cursor() as cursor, cursor.copy(f"COPY {_TABLE} FROM STDIN") as copy:
            for each in rows:
                copy.write_row((each.camera_name, each.tenant_id, each.first_on, each.last_on))
        count += len(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {_TABLE}")
    return count


def _is_storable(name: str) -> bool:
    return len(name) <= LONGEST_NAME and is_storable(name)


def _reported(days: Days) -> Days | None:
    """Return the days from the first one that the report has; None if it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(first_on) FROM {_TABLE} WHERE last_on >= %s AND first_on <= %s", days
        )
        (first_on,) = cursor.fetchone()
    return None if first_on is None else Days(max(first_on, days.first_on), days.last_on)


@transaction.atomic
def _forget() -> None:
    """Forget what was found: this version has no report."""
    ReportDifference.objects.all().delete()
    ReportState.objects.all().delete()
