"""Copy a whole reading into temporary tables of this connection, outside of any transaction.

They vanish with the connection, so nothing of a reading outlives its process. Raw SQL, because a
million rows come by COPY and are compared with a million others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from watcher.clients.values import is_storable, storable
from watcher.platform import PlatformCamera, PlatformPlan, Tenant

LONGEST_NAME = 200
MOST_NAMED = 20
PAGES_A_COPY = 20
"""Pages that are written at once: calls wait for the platform, and no COPY stays open meanwhile."""

_TABLES = "pg_temp.watcher_read_camera, pg_temp.watcher_read_tenant, pg_temp.watcher_read_plan"
_DROP = f"DROP TABLE IF EXISTS {_TABLES}"
_CREATE = f"""
    {_DROP};
    CREATE TEMPORARY TABLE watcher_read_camera (
        name text, title text, tenant_id text, tenant_title text, plan_id text, plan_title text,
        is_disabled boolean, created_at timestamptz, changed_at timestamptz
    );
    CREATE TEMPORARY TABLE watcher_read_tenant (
        tenant_id text, title text, owner_id text, owner_login text, owner_email text,
        owner_external_id text, owner_is_blocked boolean, most_cameras bigint, most_users bigint
    );
    CREATE TEMPORARY TABLE watcher_read_plan (
        preset_id text, title text, is_adjustable boolean, dvr_seconds bigint, dvr_is_null boolean,
        dvr_bytes bigint, has_anpr boolean, external_id text
    )
"""


@contextmanager
def temporary(*, create: str, drop: str) -> Iterator[None]:
    """Create temporary tables, and drop them afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(create)
    try:
        yield
    finally:
        # A connection that is gone has taken them along.
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute(drop)


def staged() -> AbstractContextManager[None]:
    """Create the tables of a reading, and drop them afterwards."""
    return temporary(create=_CREATE, drop=_DROP)


@dataclass
class LeftOut:
    """The cameras that cannot be stored: how many there are, and the names of the first ones."""

    number: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count one."""
        self.number += 1
        if len(self.names) < MOST_NAMED:
            # One character more shows that it is too long.
            self.names.append(storable(name[: LONGEST_NAME + 1]))


def stage_cameras(pages: Iterable[Sequence[PlatformCamera]]) -> tuple[int, LeftOut]:
    """Copy the cameras; return how many there are, and those that cannot be stored."""
    left_out = LeftOut()

    def row_of(camera: PlatformCamera) -> tuple[Any, ...] | None:
        row = _camera_row(camera)
        if row is None:
            left_out.add(camera.name)
        return row

    return _stage("watcher_read_camera", pages, row_of), left_out


def stage_tenants(pages: Iterable[Sequence[Tenant]]) -> None:
    """Copy the organizations."""
    _stage("watcher_read_tenant", pages, _tenant_row)


def stage_plans(pages: Iterable[Sequence[PlatformPlan]]) -> None:
    """Copy the presets that are not deleted."""
    present = ([plan for plan in page if not plan.is_deleted] for page in pages)
    _stage("watcher_read_plan", present, _plan_row)


def analyze() -> None:
    """Count what the tables have, so that they are joined well."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE watcher_read_camera, watcher_read_tenant, watcher_read_plan")


def _stage(table: str, pages: Iterable[Sequence[Any]], row_of: Any) -> int:
    count = 0
    together: list[Any] = []
    for number, page in enumerate(pages, start=1):
        together += page
        if number % PAGES_A_COPY == 0:
            count += _copy(table, together, row_of)
            together = []
    return count + _copy(table, together, row_of)


def _copy(table: str, values: Sequence[Any], row_of: Any) -> int:
    rows = [row for row in map(row_of, values) if row is not None]
    if rows:
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    return len(rows)


def _camera_row(camera: PlatformCamera) -> tuple[Any, ...] | None:
    """Return the columns of a camera; None for one whose name the ledger cannot have."""
    if len(camera.name) > LONGEST_NAME or not is_storable(camera.name):
        return None
    return (
        camera.name,
        camera.title,
        camera.tenant_id,
        camera.tenant_title,
        camera.plan_id,
        camera.plan_title,
        camera.is_disabled,
        camera.created_at,
        camera.changed_at,
    )


def _tenant_row(tenant: Tenant) -> tuple[Any, ...]:
    return (
        tenant.id,
        tenant.title,
        tenant.owner_id,
        tenant.owner_login,
        tenant.owner_email,
        tenant.external_id,
        tenant.owner_is_blocked,
        tenant.most_cameras,
        tenant.most_users,
    )


def _plan_row(plan: PlatformPlan) -> tuple[Any, ...]:
    return (
        plan.id,
        plan.title,
        plan.is_adjustable,
        plan.dvr_seconds,
        plan.dvr_is_null,
        plan.dvr_bytes,
        plan.has_anpr,
        plan.external_id,
    )
