"""Plan the replacement of usage: these cameras, in these months, by the lines of a file.

For each camera and organization in the file, usage in the organization's months is replaced. An
interval that crosses an end of the months is cut there. If the file continues it with the same
tariff, it stays one interval. Usage outside the months, and at organizations that the file does not
name for the camera, is not touched.

Like `staging`, this is SQL on temporary tables, since a file may have a hundred thousand lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from organizations.models import Organization
from rating.periods import Period
from usage.imports.staging import Unavailable, first_rows

_CREATE_WINDOWS = """
    DROP TABLE IF EXISTS pg_temp.usage_import_window, pg_temp.usage_import_place,
        pg_temp.usage_import_held;
    CREATE TEMPORARY TABLE usage_import_window (
        organization_id bigint PRIMARY KEY, starts_at timestamptz, ends_at timestamptz
    ) ON COMMIT DROP
"""

_ORGANIZATIONS = "SELECT DISTINCT organization_id FROM usage_import_line"

_OUTSIDE = """
    SELECT line.line, count(*) OVER () AS total
    FROM usage_import_line AS line JOIN usage_import_window AS span USING (organization_id)
    WHERE line.started_at < span.starts_at OR coalesce(line.ended_at, 'infinity') > span.ends_at
    ORDER BY line.line LIMIT %s
"""

_CREATE_HELD = """
    CREATE TEMPORARY TABLE usage_import_place ON COMMIT DROP AS
    SELECT DISTINCT line.camera, camera.id AS camera_id, line.organization_id,
        span.starts_at, span.ends_at
    FROM usage_import_line AS line
    JOIN usage_import_window AS span USING (organization_id)
    LEFT JOIN usage_camera AS camera ON camera.name = line.camera;
    ANALYZE usage_import_place;
    CREATE TEMPORARY TABLE usage_import_held ON COMMIT DROP AS
    SELECT held.*, place.camera, place.starts_at, place.ends_at,
        held.started_at < place.starts_at AS begins_before,
        coalesce(held.ended_at, 'infinity') > place.ends_at AS ends_after
    FROM usage_import_place AS place
    JOIN usage_usageinterval AS held USING (camera_id, organization_id)
    WHERE held.started_at < place.ends_at
        AND coalesce(held.ended_at, 'infinity') > place.starts_at;
    ANALYZE usage_import_held
"""

# The intervals after the import. `held_id` is the stored interval that becomes one: the one that
# the line continues, or continues into, or that begins at the same instant. One that crosses both
# ends of the months keeps its id before them. `rest_of` is the stored interval of which one is what
# lies before or after the months.
_CREATE_PLAN = """
    CREATE TEMPORARY TABLE usage_import_plan ON COMMIT DROP AS
    WITH target AS (
        SELECT line.line, line.camera, line.title, place.camera_id, line.organization_id,
            line.tariff_id, coalesce(earlier.started_at, line.started_at) AS started_at,
            CASE WHEN later.id IS NULL THEN line.ended_at ELSE later.ended_at END AS ended_at,
            coalesce(
                earlier.id, CASE WHEN NOT later.begins_before THEN later.id END, same.id
            ) AS held_id, NULL::bigint AS rest_of
        FROM usage_import_line AS line
        JOIN usage_import_place AS place USING (camera, organization_id)
        LEFT JOIN usage_import_held AS earlier
            ON earlier.camera = line.camera AND earlier.organization_id = line.organization_id
            AND earlier.begins_before AND earlier.tariff_id = line.tariff_id
            AND earlier.starts_at = line.started_at
        LEFT JOIN usage_import_held AS later
            ON later.camera = line.camera AND later.organization_id = line.organization_id
            AND later.ends_after AND later.tariff_id = line.tariff_id
            AND later.ends_at = line.ended_at
        LEFT JOIN usage_import_held AS same
            ON same.camera = line.camera AND same.organization_id = line.organization_id
            AND NOT same.begins_before AND NOT same.ends_after
            AND same.started_at = line.started_at
        UNION ALL
        SELECT 0, held.camera, '', held.camera_id, held.organization_id, held.tariff_id,
            held.started_at, held.starts_at, held.id, held.id
        FROM usage_import_held AS held
        WHERE held.begins_before AND NOT EXISTS (
            SELECT FROM usage_import_line AS line
            WHERE line.camera = held.camera AND line.organization_id = held.organization_id
                AND line.tariff_id = held.tariff_id AND line.started_at = held.starts_at
        )
        UNION ALL
        SELECT 0, held.camera, '', held.camera_id, held.organization_id, held.tariff_id,
            held.ends_at, held.ended_at, CASE WHEN NOT held.begins_before THEN held.id END,
            held.id
        FROM usage_import_held AS held
        WHERE held.ends_after AND NOT EXISTS (
            SELECT FROM usage_import_line AS line
            WHERE line.camera = held.camera AND line.organization_id = held.organization_id
                AND line.tariff_id = held.tariff_id AND line.ended_at = held.ends_at
        )
    )
    SELECT target.*, held.organization_id AS held_organization_id,
        held.tariff_id AS held_tariff_id, held.started_at AS held_started_at,
        held.ended_at AS held_ended_at,
        CASE
            WHEN held.id IS NULL THEN 'add'
            WHEN (held.tariff_id, held.started_at, held.ended_at) IS NOT DISTINCT FROM
                (target.tariff_id, target.started_at, target.ended_at) THEN 'keep'
            ELSE 'change'
        END AS action
    FROM target LEFT JOIN usage_import_held AS held ON held.id = target.held_id
    UNION ALL
    SELECT 0, held.camera, '', held.camera_id, held.organization_id, held.tariff_id,
        held.started_at, held.ended_at, held.id, NULL, held.organization_id, held.tariff_id,
        held.started_at, held.ended_at, 'remove'
    FROM usage_import_held AS held
    WHERE NOT EXISTS (SELECT FROM target WHERE target.held_id = held.id);
    ANALYZE usage_import_plan
"""

# The tariff of a corrected month may have been archived since, so one that was used can be used.
_UNAVAILABLE = """
    WITH wanted AS (
        SELECT DISTINCT organization_id, tariff_id FROM usage_import_plan
        WHERE line > 0 AND action <> 'keep'
    ), refused AS (
        SELECT wanted.organization_id, wanted.tariff_id, tariff.name, tariff.is_archived,
            organization.title
        FROM wanted
        JOIN tariffs_tariff AS tariff ON tariff.id = wanted.tariff_id
        JOIN organizations_organization AS organization
            ON organization.id = wanted.organization_id
        LEFT JOIN organizations_organization_tariffs AS available
            ON available.organization_id = wanted.organization_id
            AND available.tariff_id = wanted.tariff_id
        WHERE (tariff.is_archived OR available.id IS NULL) AND NOT EXISTS (
            SELECT FROM usage_usageinterval AS used
            WHERE used.organization_id = wanted.organization_id
                AND used.tariff_id = wanted.tariff_id
        )
    )
    SELECT plan.line, refused.title, refused.name, refused.is_archived, count(*) OVER () AS total
    FROM usage_import_plan AS plan JOIN refused USING (organization_id, tariff_id)
    WHERE plan.line > 0 AND plan.action <> 'keep'
    ORDER BY plan.line LIMIT %s
"""

_CREATE_DIFFERENCE = """
    INSERT INTO usage_difference
    SELECT camera, camera_id, held_id, action, organization_id, tariff_id, started_at, ended_at,
        held_organization_id, held_tariff_id, held_started_at, held_ended_at
    FROM usage_import_plan WHERE action <> 'keep'
"""


class Outside(NamedTuple):
    """A line with usage outside the months."""

    line: int
    total: int


def plan(months: Period, now: datetime) -> None:
    """Compare the lines with the database, and decide what happens to each interval.

    Months that are not over at `now` have no end: nothing can be recorded after them yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_WINDOWS)
        cursor.execute(_ORGANIZATIONS)
        ids = [pk for (pk,) in cursor.fetchall()]
        # Read before: the connection is busy during a COPY.
        windows = list(_windows(ids, months, now))
        with cursor.copy("COPY pg_temp.usage_import_window FROM STDIN") as copy:
            for window in windows:
                copy.write_row(window)
        cursor.execute("ANALYZE usage_import_window")
        cursor.execute(_CREATE_HELD)
        cursor.execute(_CREATE_PLAN)


def _windows(ids: list[int], months: Period, now: datetime) -> Iterator[tuple[Any, ...]]:
    organizations = Organization.objects.filter(pk__in=ids).only("time_zone", "time_zone_from")
    for organization in organizations.prefetch_related("earlier_time_zones"):
        starts_at, ends_at = (organization.start_of(day) for day in months)
        yield organization.pk, starts_at, ends_at if ends_at <= now else "infinity"


def outside() -> list[Outside]:
    """Return the first 1,000 lines with usage outside the months."""
    return [Outside(*row) for row in first_rows(_OUTSIDE)]


def unavailable() -> list[Unavailable]:
    """Return the first 1,000 lines with a tariff that is neither available nor was ever used."""
    return [Unavailable(*row) for row in first_rows(_UNAVAILABLE)]


def create_difference() -> None:
    """Fill the table of `difference` with what the plan changes."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_DIFFERENCE)
