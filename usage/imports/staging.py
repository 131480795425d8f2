"""Check and apply whole files at once, in SQL.

This is raw SQL because a million lines are compared with each other and with millions of rows. The
lines are in temporary tables of the transaction, and each check or change is one statement. Values
from a file are never part of the text of a statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from foundation.imports.report import MAX_KEPT
from usage.imports.reading import UsageLine

# The key of a lock held until the transaction ends; a random number, chosen once.
_ADVISORY_LOCK = 5_861_204_937
_INTERVALS_A_STEP = 20_000
# From so many lines on, reading a whole table takes less time than looking up each line could.
MANY_LINES = 2_000

_CREATE_LINES = """
    DROP TABLE IF EXISTS pg_temp.usage_import_line, pg_temp.usage_import_plan,
        pg_temp.usage_import_camera;
    CREATE TEMPORARY TABLE usage_import_line (
        line integer, camera text, title text, organization_id bigint, tariff_id bigint,
        started_at timestamptz, ended_at timestamptz
    ) ON COMMIT DROP
"""

CAMERAS = "SELECT id FROM usage_camera WHERE name IN (SELECT camera FROM usage_import_line)"
"""The ids of the cameras in the file, as far as they exist."""

# Ordered by id to prevent deadlocks between concurrent locks; FOR UPDATE, so that no other
# transaction adds an interval to these cameras.
_LOCK_CAMERAS = """
    WITH locked AS (
        SELECT id FROM usage_camera
        WHERE name IN (SELECT camera FROM usage_import_line)
        ORDER BY id FOR UPDATE
    )
    SELECT count(*) FROM locked
"""

_CREATE_PLAN = """
    CREATE TEMPORARY TABLE usage_import_plan ON COMMIT DROP AS
    SELECT line.*, camera.id AS camera_id, held.id AS held_id,
        held.organization_id AS held_organization_id, held.tariff_id AS held_tariff_id,
        held.ended_at AS held_ended_at, NULL::bigint AS rest_of,
        CASE
            WHEN held.id IS NULL THEN 'add'
            WHEN (held.organization_id, held.tariff_id)
                <> (line.organization_id, line.tariff_id) THEN 'conflict'
            WHEN held.ended_at IS NOT DISTINCT FROM line.ended_at THEN 'keep'
            WHEN held.ended_at IS NULL THEN 'end'
            ELSE 'conflict'
        END AS action,
        row_number() OVER (ORDER BY line.camera, line.started_at) AS position
    FROM usage_import_line AS line
    LEFT JOIN usage_camera AS camera ON camera.name = line.camera
    LEFT JOIN usage_usageinterval AS held
        ON held.camera_id = camera.id AND held.started_at = line.started_at;
    ANALYZE usage_import_plan
"""

_CONFLICTS = """
    SELECT plan.line, organization.title, tariff.name, plan.held_ended_at,
        (plan.held_organization_id, plan.held_tariff_id)
            = (plan.organization_id, plan.tariff_id) AS is_same_use,
        count(*) OVER () AS total
    FROM usage_import_plan AS plan
    JOIN organizations_organization AS organization ON organization.id = plan.held_organization_id
    JOIN tariffs_tariff AS tariff ON tariff.id = plan.held_tariff_id
    WHERE plan.action = 'conflict'
    ORDER BY plan.line LIMIT %s
"""

_UNAVAILABLE = """
    SELECT plan.line, organization.title, tariff.name, tariff.is_archived,
        count(*) OVER () AS total
    FROM usage_import_plan AS plan
    JOIN organizations_organization AS organization ON organization.id = plan.organization_id
    JOIN tariffs_tariff AS tariff ON tariff.id = plan.tariff_id
    LEFT JOIN organizations_organization_tariffs AS available
        ON available.organization_id = plan.organization_id
        AND available.tariff_id = plan.tariff_id
    WHERE plan.action = 'add' AND (tariff.is_archived OR available.id IS NULL)
    ORDER BY plan.line LIMIT %s
"""

# Usage that would begin after its organization was closed, or go on although it is closed now.
_AFTER_CLOSING = """
    SELECT plan.line, organization.title, organization.closed_at, count(*) OVER () AS total
    FROM usage_import_plan AS plan
    JOIN organizations_organization AS organization ON organization.id = plan.organization_id
    WHERE plan.action IN ('add', 'change') AND organization.closed_at <= plan.started_at
        OR plan.line > 0 AND plan.action IN ('add', 'change', 'end')
        AND organization.closed_at <= %s
        AND coalesce(plan.ended_at, 'infinity') > organization.closed_at
    ORDER BY plan.line LIMIT %s
"""

# One pass over each camera's intervals in the file and in the database, as they would be after the
# import. Each is compared with the earlier one that ends last, so that the work grows with the
# number of intervals, regardless of how many overlap.
_OVERLAPS = """
    WITH timeline AS (
        SELECT camera, started_at, ended_at, line, coalesce(rest_of, 0) AS interval_id
        FROM usage_import_plan WHERE action <> 'remove'
        UNION ALL
        SELECT camera.name, held.started_at, held.ended_at, 0, held.id
        FROM usage_usageinterval AS held
        JOIN usage_camera AS camera ON camera.id = held.camera_id
        WHERE camera.id IN (SELECT camera_id FROM usage_import_plan)
            AND NOT EXISTS (SELECT FROM usage_import_plan AS plan WHERE plan.held_id = held.id)
    ), compared AS (
        SELECT line, interval_id, extract(epoch FROM started_at)::bigint AS start,
            max(ARRAY[
                coalesce(extract(epoch FROM ended_at)::bigint, 9223372036854775807),
                line, interval_id
            ]) OVER (
                PARTITION BY camera ORDER BY started_at, line
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS longest
        FROM timeline
    ), clashes AS (
        SELECT DISTINCT ON (wrong_line) wrong_line, other_line, other_id
        FROM (
            SELECT CASE WHEN line > 0 THEN line ELSE longest[2] END AS wrong_line,
                CASE WHEN line > 0 THEN longest[2] ELSE 0 END AS other_line,
                CASE WHEN line > 0 THEN longest[3] ELSE interval_id END AS other_id
            FROM compared WHERE longest[1] > start
        ) AS pairs
        WHERE wrong_line > 0
        ORDER BY wrong_line, other_line
    )
    SELECT clashes.wrong_line, clashes.other_line, organization.title, tariff.name,
        other.started_at, other.ended_at, count(*) OVER () AS total
    FROM clashes
    LEFT JOIN usage_usageinterval AS other ON other.id = clashes.other_id
    LEFT JOIN organizations_organization AS organization
        ON organization.id = other.organization_id
    LEFT JOIN tariffs_tariff AS tariff ON tariff.id = other.tariff_id
    ORDER BY clashes.wrong_line LIMIT %s
"""

# Each camera after the import. Its organization is that of its latest interval, in the file or in
# the database. Its title is that of the file's latest line with a title, unless the database has
# later intervals and a title.
_CREATE_CAMERAS = """
    CREATE TEMPORARY TABLE usage_import_camera ON COMMIT DROP AS
    WITH latest AS (
        SELECT DISTINCT ON (camera) camera, camera_id, organization_id, started_at
        FROM usage_import_plan WHERE action <> 'remove' ORDER BY camera, started_at DESC
    ), titled AS (
        SELECT DISTINCT ON (camera) camera, title
        FROM usage_import_plan WHERE title <> '' ORDER BY camera, started_at DESC
    ), later AS (
        SELECT DISTINCT ON (held.camera_id) held.camera_id, held.organization_id
        FROM latest
        JOIN usage_usageinterval AS held ON held.camera_id = latest.camera_id
        LEFT JOIN usage_import_plan AS plan ON plan.held_id = held.id
        WHERE held.started_at > latest.started_at AND plan.held_id IS NULL
        ORDER BY held.camera_id, held.started_at DESC
    )
    SELECT latest.camera AS name, latest.camera_id,
        CASE WHEN later.organization_id IS NULL
            THEN coalesce(titled.title, camera.title, '')
            ELSE coalesce(nullif(camera.title, ''), titled.title, '')
        END AS title,
        coalesce(later.organization_id, latest.organization_id) AS organization_id,
        camera.title AS title_before, camera.organization_id AS organization_id_before
    FROM latest
    LEFT JOIN titled ON titled.camera = latest.camera
    LEFT JOIN usage_camera AS camera ON camera.id = latest.camera_id
    LEFT JOIN later ON later.camera_id = latest.camera_id;
    ANALYZE usage_import_camera
"""

_COUNTS = """
    SELECT
        (SELECT count(*) FROM usage_import_camera WHERE camera_id IS NULL),
        (SELECT count(*) FROM usage_import_camera WHERE title <> title_before),
        (SELECT count(*) FROM usage_import_camera
            WHERE organization_id <> organization_id_before),
        count(*) FILTER (WHERE action = 'add'),
        count(*) FILTER (WHERE action = 'end'),
        count(*) FILTER (WHERE action = 'keep' AND line > 0)
    FROM usage_import_plan
"""

_CHANGED_SINCE = """
    SELECT organization_id, min(CASE action WHEN 'add' THEN started_at ELSE ended_at END)
    FROM usage_import_plan WHERE action IN ('add', 'end') GROUP BY organization_id
"""

_ADD_CAMERAS = """
    INSERT INTO usage_camera (name, title, organization_id)
    SELECT name, title, organization_id FROM usage_import_camera
    WHERE camera_id IS NULL ORDER BY name
"""

_CHANGE_CAMERAS = """
    UPDATE usage_camera SET title = changed.title, organization_id = changed.organization_id
    FROM usage_import_camera AS changed
    WHERE usage_camera.id = changed.camera_id
        AND (changed.title, changed.organization_id)
            <> (changed.title_before, changed.organization_id_before)
"""

_END_INTERVALS = """
    UPDATE usage_usageinterval SET ended_at = plan.ended_at
    FROM usage_import_plan AS plan
    WHERE usage_usageinterval.id = plan.held_id AND plan.action = 'end'
        AND usage_usageinterval.ended_at IS NULL
"""

_ADD_INTERVALS = """
    INSERT INTO usage_usageinterval (camera_id, organization_id, tariff_id, started_at, ended_at)
    SELECT camera.id, plan.organization_id, plan.tariff_id, plan.started_at, plan.ended_at
    FROM usage_import_plan AS plan JOIN usage_camera AS camera ON camera.name = plan.camera
    WHERE plan.action = 'add' AND plan.position > %s AND plan.position <= %s
    ORDER BY plan.position
"""


class IntervalConflict(NamedTuple):
    """A line whose camera has a different interval that starts at the same instant."""

    line: int
    organization: str
    tariff: str
    ended_at: datetime | None
    is_same_use: bool
    total: int


class Unavailable(NamedTuple):
    """A new line with a tariff that is not available to its organization."""

    line: int
    organization: str
    tariff: str
    is_archived: bool
    total: int


class AfterClosing(NamedTuple):
    """A line with usage after its organization was closed."""

    line: int
    organization: str
    closed_at: datetime
    total: int


class Overlap(NamedTuple):
    """A line that overlaps another line or, if `other_line` is 0, an interval in the database."""

    line: int
    other_line: int
    organization: str
    tariff: str
    started_at: datetime
    ended_at: datetime | None
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of changes of each kind in the plan."""

    cameras_created: int
    cameras_retitled: int
    cameras_moved: int
    intervals_added: int
    intervals_ended: int
    lines_unchanged: int


def stage(lines: Iterable[UsageLine]) -> None:
    """Copy lines into a temporary table of this transaction, one at a time."""
    with connection.cursor() as cursor:
        # For sorting and joining a million lines; reset when the transaction ends.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_CREATE_LINES)
        with cursor.copy("COPY pg_temp.usage_import_line FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
        staged = cursor.rowcount
        cursor.execute("ANALYZE usage_import_line")
        if staged >= MANY_LINES:
            # What is joined to that many lines is read once, and hashed by all columns of the join.
            # If the statistics of a table are older than its last large import, PostgreSQL might
            # otherwise compare each line with each row.
            cursor.execute("SET LOCAL enable_nestloop = off")
            cursor.execute("SET LOCAL enable_mergejoin = off")


def lock_imports() -> None:
    """Wait for any other import, or undo of an import, to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def lock() -> None:
    """Wait for any other import to end, then lock the cameras in the lines."""
    lock_imports()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CAMERAS)


def plan() -> None:
    """Compare the lines with the database, and decide what to do for each."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_PLAN)


def conflicts() -> list[IntervalConflict]:
    """Return the first 1,000 lines that contradict an interval with the same start."""
    return [IntervalConflict(*row) for row in first_rows(_CONFLICTS)]


def unavailable() -> list[Unavailable]:
    """Return the first 1,000 new lines with an unavailable tariff."""
    return [Unavailable(*row) for row in first_rows(_UNAVAILABLE)]


def after_closing(now: datetime) -> list[AfterClosing]:
    """Return the first 1,000 lines with usage after their organization was closed."""
    return [AfterClosing(*row) for row in first_rows(_AFTER_CLOSING, now)]


def overlaps() -> list[Overlap]:
    """Return the first 1,000 lines that overlap another line or an interval."""
    return [Overlap(*row) for row in first_rows(_OVERLAPS)]


def count_changes() -> Counts:
    """Decide the title and organization of each camera, and count all changes."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE_CAMERAS)
        cursor.execute(_COUNTS)
        return Counts(*cursor.fetchone())


def changed_since() -> dict[int, datetime]:
    """Return the first instant from which usage changes, by organization id."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_SINCE)
        return dict(cursor.fetchall())


def check_constraints() -> None:
    """Check all constraints now and after each statement from now on.

    An organization or tariff deleted by someone else causes an error here, and not when the caller
    commits. This also avoids a million deferred checks at the end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def change_cameras() -> None:
    """Create new cameras, and give the others their title and organization."""
    with connection.cursor() as cursor:
        # Flush new entries of the word index once instead of many times.
        cursor.execute("SET LOCAL gin_pending_list_limit = '256MB'")
        cursor.execute(_ADD_CAMERAS)
        cursor.execute(_CHANGE_CAMERAS)


def end_intervals() -> int:
    """End the open intervals that the file ends; return how many were still open."""
    with connection.cursor() as cursor:
        cursor.execute(_END_INTERVALS)
        ended: int = cursor.rowcount
    return ended


def add_intervals() -> Iterator[int]:
    """Add new intervals by camera and start, in steps; yield the number added in each step."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM usage_import_plan")
        last = cursor.fetchone()[0]
        for position in range(0, last, _INTERVALS_A_STEP):
            cursor.execute(_ADD_INTERVALS, [position, position + _INTERVALS_A_STEP])
            yield cursor.rowcount


def first_rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Return the first 1,000 rows of a query; its values are `values`, then the limit."""
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, MAX_KEPT])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
