"""A difference: usage intervals before and after, in a temporary table of the transaction.

Replacing usage and undoing an import fill the table; what they have in common is here: what the
difference means for the money and the invoices, and how it is applied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from tariffs.affected_invoices import AffectedInvoices, Span
from usage.corrections.money import MonthMoney, money_of
from usage.corrections.plan import Use
from usage.corrections.shown import NamedChange

MOST_SHOWN = 200
"""The maximum number of intervals, and of months, that a preview shows one by one."""
MOST_PRICED = 200
"""The maximum number of organizations whose months are priced for a preview."""

# The columns before the old ones are those of the interval afterwards; of one that is removed, all
# are those that it had. A camera without an id is created by the import.
_CREATE = """
    DROP TABLE IF EXISTS pg_temp.usage_difference;
    CREATE TEMPORARY TABLE usage_difference (
        camera text, camera_id bigint, interval_id bigint, action text,
        organization_id bigint, tariff_id bigint, started_at timestamptz, ended_at timestamptz,
        old_organization_id bigint, old_tariff_id bigint,
        old_started_at timestamptz, old_ended_at timestamptz
    ) ON COMMIT DROP
"""

_COUNTS = """
    SELECT count(*) FILTER (WHERE action = 'add'), count(*) FILTER (WHERE action = 'change'),
        count(*) FILTER (WHERE action = 'remove')
    FROM usage_difference
"""

_VERSION = """
    SELECT md5(coalesce(string_agg(
        md5(usage_difference::text), '' ORDER BY camera, started_at, action
    ), ''))
    FROM usage_difference
"""

# Of an interval that only ends at another time, the time between both ends changes, and likewise
# for its start.
_SPANS = """
    WITH changed AS (
        SELECT *, action = 'change' AND (organization_id, tariff_id)
            = (old_organization_id, old_tariff_id) AS is_moved,
            coalesce(ended_at, 'infinity') AS "end", coalesce(old_ended_at, 'infinity') AS old_end
        FROM usage_difference
    ), spans AS (
        SELECT organization_id,
            CASE WHEN is_moved AND started_at = old_started_at THEN least("end", old_end)
                ELSE least(started_at, old_started_at) END AS since,
            CASE WHEN is_moved AND "end" = old_end THEN greatest(started_at, old_started_at)
                ELSE greatest("end", CASE WHEN old_organization_id IS NOT NULL THEN old_end END)
            END AS until
        FROM changed
    )
    SELECT organization_id, min(since), nullif(max(until), 'infinity')
    FROM spans GROUP BY organization_id
"""

_SHOWN = """
    SELECT camera, camera_id, interval_id, action, organization_id, tariff_id, started_at, ended_at,
        old_organization_id, old_tariff_id, old_started_at, old_ended_at
    FROM usage_difference ORDER BY camera, started_at, action LIMIT %s
"""

# All intervals afterwards of the cameras that change. New cameras get ids below 0.
_USES = """
    WITH changed AS (
        SELECT camera, min(camera_id) AS camera_id, -row_number() OVER (ORDER BY camera) AS new_id
        FROM usage_difference GROUP BY camera
    )
    SELECT 0, coalesce(changed.camera_id, changed.new_id) AS key, organization_id, tariff_id,
        started_at, ended_at
    FROM usage_difference JOIN changed USING (camera) WHERE action <> 'remove'
    UNION ALL
    SELECT held.id, held.camera_id, organization_id, tariff_id, started_at, ended_at
    FROM usage_usageinterval AS held JOIN changed USING (camera_id)
    WHERE NOT EXISTS (SELECT FROM usage_difference AS gone WHERE gone.interval_id = held.id)
    ORDER BY key, started_at
"""

_LOCK_ORGANIZATIONS = """
    SELECT id FROM organizations_organization
    WHERE id IN (SELECT organization_id FROM usage_difference)
    ORDER BY id FOR NO KEY UPDATE
"""

_REMOVE = """
    DELETE FROM usage_usageinterval AS held USING usage_difference AS gone
    WHERE gone.action = 'remove' AND held.id = gone.interval_id
"""

# The database refuses overlaps after each row. Intervals only shrink or grow, so that nothing is in
# the way of those that grow once the others have shrunk.
_CHANGE = """
    UPDATE usage_usageinterval AS held
    SET organization_id = new.organization_id, tariff_id = new.tariff_id,
        started_at = new.started_at, ended_at = new.ended_at
    FROM usage_difference AS new
    WHERE new.action = 'change' AND held.id = new.interval_id
        AND (held.organization_id, held.tariff_id, held.started_at, held.ended_at)
            IS DISTINCT FROM (new.organization_id, new.tariff_id, new.started_at, new.ended_at)
        AND (NOT %s OR (
            new.started_at >= held.started_at
            AND coalesce(new.ended_at, 'infinity') <= coalesce(held.ended_at, 'infinity')
        ))
"""

# An interval that was removed by an import gets the id back that it had.
_ADD = """
    INSERT INTO usage_usageinterval (
        id, camera_id, organization_id, tariff_id, started_at, ended_at
    )
    SELECT coalesce(
            new.interval_id, nextval(pg_get_serial_sequence('usage_usageinterval', 'id'))
        ), camera.id, new.organization_id, new.tariff_id, new.started_at, new.ended_at
    FROM usage_difference AS new JOIN usage_camera AS camera ON camera.name = new.camera
    WHERE new.action = 'add'
    ORDER BY new.camera, new.started_at
"""

_MOVE_CAMERAS = """
    UPDATE usage_camera AS camera SET organization_id = payer.organization_id
    FROM (
        SELECT DISTINCT ON (held.camera_id) held.camera_id, held.organization_id
        FROM usage_usageinterval AS held
        WHERE held.camera_id IN (SELECT camera_id FROM usage_difference)
        ORDER BY held.camera_id, held.started_at DESC
    ) AS payer
    WHERE camera.id = payer.camera_id AND camera.organization_id <> payer.organization_id
"""


class Counts(NamedTuple):
    """The number of intervals that are added, changed and removed."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True)
class Difference:
    """What a preview shows of a difference; `money` is None if too many organizations change.

    `organizations` is the number of those whose usage or money changes.
    """

    counts: Counts
    version: str
    organizations: int
    affected: AffectedInvoices
    shown: Sequence[NamedChange]
    money: Sequence[MonthMoney] | None


def create() -> None:
    """Create the empty table."""
    _execute(_CREATE)


def summarize(*, as_of: datetime | None) -> Difference:
    """Return what the difference means; price its months only if `as_of` is given."""
    _execute("ANALYZE usage_difference")
    spans = {pk: (since, until) for pk, since, until in _rows(_SPANS)}
    affected = AffectedInvoices.by_change(usage=spans)
    money = _money(spans, as_of) if as_of else None
    ((digest,),) = _rows(_VERSION)
    return Difference(
        counts=Counts(*_rows(_COUNTS)[0]),
        version=" ".join([digest, *(each.number for each in affected.documents)]),
        organizations=len(spans.keys() | {each.organization.pk for each in money or ()}),
        affected=affected,
        shown=[_changed(*row) for row in _rows(_SHOWN, [MOST_SHOWN])] if as_of else (),
        money=money,
    )


def lock_organizations() -> None:
    """Lock the organizations, as issuing does, so that none is invoiced during the change."""
    _execute(_LOCK_ORGANIZATIONS)


def apply_removals_and_changes() -> Counts:
    """Remove and change intervals; return how many there were."""
    with connection.cursor() as cursor:
        # A camera and its usage change one after the other.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(_REMOVE)
        removed, changed = cursor.rowcount, 0
        for shrinks in (True, False):
            cursor.execute(_CHANGE, [shrinks])
            changed += cursor.rowcount
    return Counts(0, changed, removed)


def apply_additions() -> int:
    """Add intervals, whose cameras exist; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD)
        added: int = cursor.rowcount
    return added


def move_cameras_to_last_payer() -> None:
    """Move cameras to the organization of their latest use."""
    _execute(_MOVE_CAMERAS)


def _money(spans: dict[int, Span], as_of: datetime) -> list[MonthMoney] | None:
    if len(spans) > MOST_PRICED:
        return None
    uses: defaultdict[int, list[Use]] = defaultdict(list)
    # A camera that loses all its usage has none afterwards.
    for (camera_id,) in _rows("SELECT DISTINCT camera_id FROM usage_difference"):
        if camera_id is not None:
            uses[camera_id] = []
    for row in _rows(_USES):
        use = Use(*row)
        uses[use.camera_id].append(use)
    return money_of(spans=spans, uses=uses, as_of=as_of)


def _changed(
    camera: str, camera_id: int | None, interval_id: int | None, action: str, *columns: Any
) -> NamedChange:
    key = interval_id or 0, camera_id or 0
    return NamedChange(
        camera,
        camera_id,
        None if action == "add" else Use(*key, *columns[4:]),
        None if action == "remove" else Use(*key, *columns[:4]),
    )


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
