"""Compare what was read with what the platform had last, and store what it has now.

Everything runs in the transaction of the caller. What is the same is not written. Raw SQL, because
a million cameras are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from watcher.models import PlatformCamera

# A camera without an organization or a preset keeps what it had: absent does not mean another one.
# A new one without an organization waits until it has one.
_COMPARE = """
    DROP TABLE IF EXISTS pg_temp.watcher_news;
    CREATE TEMPORARY TABLE watcher_news ON COMMIT DROP AS
    SELECT coalesce(new.name, old.name) AS name, new.name IS NULL AS is_gone, new.title,
        coalesce(organization.id, old.organization_id) AS organization_id,
        coalesce(preset.id, old.preset_id) AS preset_id,
        new.is_disabled, new.created_at, new.changed_at,
        old.id AS old_id, old.title AS old_title, old.organization_id AS old_organization_id,
        old.preset_id AS old_preset_id, old.is_disabled AS old_is_disabled,
        old.created_at AS old_created_at, old.since_at AS old_since_at
    FROM watcher_read_camera AS new
    FULL JOIN watcher_platformcamera AS old ON old.name = new.name
    LEFT JOIN watcher_platformorganization AS organization
        ON organization.tenant_id = new.tenant_id
    LEFT JOIN watcher_platformpreset AS preset ON preset.preset_id = new.plan_id
    WHERE new.name IS NULL OR (old.id IS NULL AND organization.id IS NOT NULL) OR (
        old.id IS NOT NULL
        AND (coalesce(organization.id, old.organization_id), coalesce(preset.id, old.preset_id),
            new.is_disabled, new.title, coalesce(new.created_at, old.created_at))
        IS DISTINCT FROM
            (old.organization_id, old.preset_id, old.is_disabled, old.title, old.created_at)
    )
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE is_gone),
        (SELECT count(*) FROM watcher_platformcamera)
    FROM watcher_news
"""
_NEWS = """
    SELECT name, title, is_gone, organization_id, preset_id, is_disabled, created_at, changed_at,
        old_id, old_organization_id, old_preset_id, old_is_disabled, old_created_at, old_since_at
    FROM watcher_news
    WHERE is_gone OR old_id IS NULL OR created_at IS DISTINCT FROM old_created_at
        OR (organization_id, preset_id, is_disabled)
            IS DISTINCT FROM (old_organization_id, old_preset_id, old_is_disabled)
    ORDER BY name
"""

_RENAMED = """
    SELECT name, old_title, title FROM watcher_news
    WHERE old_id IS NOT NULL AND NOT is_gone AND title <> old_title
    ORDER BY name
"""

_TENANTS = """
    INSERT INTO watcher_platformorganization AS known (
        tenant_id, title, owner_id, owner_login, owner_email, owner_external_id, owner_is_blocked,
        most_cameras, most_users, first_seen_at, changed_at
    )
    SELECT tenant_id, title, owner_id, owner_login, owner_email, owner_external_id,
        owner_is_blocked,
        -- `least` passes over NULL, which is no limit.
        most_cameras + least(2147483647::bigint - most_cameras, 0),
        most_users + least(2147483647::bigint - most_users, 0), %(now)s, %(now)s
    FROM watcher_read_tenant ORDER BY tenant_id
    ON CONFLICT (tenant_id) DO UPDATE SET title = excluded.title, owner_id = excluded.owner_id,
        owner_login = excluded.owner_login, owner_email = excluded.owner_email,
        owner_external_id = excluded.owner_external_id,
        owner_is_blocked = excluded.owner_is_blocked, most_cameras = excluded.most_cameras,
        most_users = excluded.most_users, changed_at = excluded.changed_at, gone_at = NULL
    WHERE (known.title, known.owner_id, known.owner_login, known.owner_email,
            known.owner_external_id, known.owner_is_blocked, known.most_cameras, known.most_users,
            known.gone_at)
        IS DISTINCT FROM
            (excluded.title, excluded.owner_id, excluded.owner_login, excluded.owner_email,
            excluded.owner_external_id, excluded.owner_is_blocked, excluded.most_cameras,
            excluded.most_users, NULL::timestamptz)
"""
# Organizations that only cameras name: the administrator's API has no list of them.
_TENANTS_OF_CAMERAS = """
    INSERT INTO watcher_platformorganization AS known (
        tenant_id, title, owner_id, owner_login, owner_email, owner_external_id,
        first_seen_at, changed_at
    )
    SELECT tenant_id, max(tenant_title), '', '', '', '', %(now)s, %(now)s
    FROM watcher_read_camera AS camera
    WHERE tenant_id <> '' AND NOT EXISTS (
        SELECT FROM watcher_read_tenant AS tenant WHERE tenant.tenant_id = camera.tenant_id
    )
    GROUP BY tenant_id ORDER BY tenant_id
    ON CONFLICT (tenant_id) DO UPDATE
    SET title = excluded.title, changed_at = excluded.changed_at, gone_at = NULL
    WHERE known.gone_at IS NOT NULL
        OR (excluded.title <> '' AND known.title <> excluded.title)
"""
_TENANTS_GONE = """
    UPDATE watcher_platformorganization SET gone_at = %(now)s
    WHERE gone_at IS NULL
        AND NOT EXISTS (
            SELECT FROM watcher_read_tenant AS tenant
            WHERE tenant.tenant_id = watcher_platformorganization.tenant_id
        )
        AND NOT EXISTS (
            SELECT FROM watcher_read_camera AS camera
            WHERE camera.tenant_id = watcher_platformorganization.tenant_id
        )
"""
_PLANS = """
    INSERT INTO watcher_platformpreset AS known (
        preset_id, title, is_adjustable, dvr_seconds, dvr_is_null, dvr_bytes, has_anpr, external_id,
        first_seen_at, changed_at
    )
    SELECT preset_id, title, is_adjustable, dvr_seconds, dvr_is_null, dvr_bytes, has_anpr,
        external_id, %(now)s, %(now)s
    FROM watcher_read_plan ORDER BY preset_id
    ON CONFLICT (preset_id) DO UPDATE SET title = excluded.title,
        is_adjustable = excluded.is_adjustable, dvr_seconds = excluded.dvr_seconds,
        dvr_is_null = excluded.dvr_is_null, dvr_bytes = excluded.dvr_bytes,
        has_anpr = excluded.has_anpr, external_id = excluded.external_id,
        changed_at = excluded.changed_at, gone_at = NULL, deleted_at = NULL
    WHERE (known.title, known.is_adjustable, known.dvr_seconds, known.dvr_is_null, known.dvr_bytes,
            known.has_anpr, known.external_id, known.gone_at, known.deleted_at)
        IS DISTINCT FROM
            (excluded.title, excluded.is_adjustable, excluded.dvr_seconds, excluded.dvr_is_null,
            excluded.dvr_bytes, excluded.has_anpr, excluded.external_id, NULL::timestamptz,
            NULL::timestamptz)
"""
_PLANS_OF_CAMERAS = """
    INSERT INTO watcher_platformpreset AS known (
        preset_id, title, dvr_is_null, has_anpr, external_id, first_seen_at, changed_at
    )
    SELECT plan_id, max(plan_title), false, false, '', %(now)s, %(now)s
    FROM watcher_read_camera AS camera
    WHERE plan_id <> '' AND NOT EXISTS (
        SELECT FROM watcher_read_plan AS plan WHERE plan.preset_id = camera.plan_id
    )
    GROUP BY plan_id ORDER BY plan_id
    ON CONFLICT (preset_id) DO NOTHING
"""
_PLANS_GONE = """
    UPDATE watcher_platformpreset SET gone_at = %(now)s
    WHERE gone_at IS NULL
        AND NOT EXISTS (
            SELECT FROM watcher_read_plan AS plan
            WHERE plan.preset_id = watcher_platformpreset.preset_id
        )
        AND NOT EXISTS (
            SELECT FROM watcher_read_camera AS camera
            WHERE camera.plan_id = watcher_platformpreset.preset_id
        )
"""
# A preset that is deleted stays with its cameras.
_PLANS_DELETED = """
    UPDATE watcher_platformpreset SET deleted_at = %(now)s
    WHERE gone_at IS NULL AND deleted_at IS NULL
        AND NOT EXISTS (
            SELECT FROM watcher_read_plan AS plan
            WHERE plan.preset_id = watcher_platformpreset.preset_id
        )
"""

_ADD = """
    INSERT INTO watcher_platformcamera (
        name, title, organization_id, preset_id, is_disabled, created_at, since_at
    )
    SELECT name, title, organization_id, preset_id, is_disabled, created_at, %(since)s
    FROM watcher_news WHERE old_id IS NULL AND NOT is_gone ORDER BY name
"""
_CHANGE = """
    UPDATE watcher_platformcamera SET title = news.title, organization_id = news.organization_id,
        preset_id = news.preset_id, is_disabled = news.is_disabled,
        created_at = coalesce(news.created_at, news.old_created_at)
    FROM watcher_news AS news
    WHERE watcher_platformcamera.id = news.old_id AND NOT news.is_gone
"""
_REMOVE = """
    DELETE FROM watcher_platformcamera USING watcher_news AS news
    WHERE watcher_platformcamera.id = news.old_id AND news.is_gone
"""
_SINCE = """
    UPDATE watcher_platformcamera SET since_at = new.since_at
    FROM unnest(%s::text[], %s::timestamptz[]) AS new (name, since_at)
    WHERE watcher_platformcamera.name = new.name
"""


class News(NamedTuple):
    """A camera that is new, gone or different; `old_` is what the platform had last."""

    name: str
    title: str
    is_gone: bool
    organization_id: int
    preset_id: int | None
    is_disabled: bool
    created_at: datetime | None
    changed_at: datetime | None
    old_id: int | None
    old_organization_id: int | None
    old_preset_id: int | None
    old_is_disabled: bool
    old_created_at: datetime | None
    old_since_at: datetime | None

    @property
    def is_new(self) -> bool:
        """Whether the platform did not have it."""
        return self.old_id is None

    @property
    def differs(self) -> bool:
        """Whether its organization or preset differs, or whether it is disabled."""
        return (self.organization_id, self.preset_id, self.is_disabled) != (
            self.old_organization_id,
            self.old_preset_id,
            self.old_is_disabled,
        )


def store_tenants(now: datetime, *, are_complete: bool) -> None:
    """Store the organizations that were read; if that was all of them, those that are gone."""
    _run(now, _TENANTS, _TENANTS_OF_CAMERAS, *([_TENANTS_GONE] if are_complete else []))


def store_plans(now: datetime, *, are_complete: bool) -> None:
    """Store the presets that were read; if that was all of them, those that are gone."""
    _run(now, _PLANS, _PLANS_OF_CAMERAS, *([_PLANS_GONE, _PLANS_DELETED] if are_complete else []))


def compare() -> tuple[int, int]:
    """Find the news; return how many cameras are gone, and of how many."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_COMPARE)
        cursor.execute(_COUNTS)
        gone, known = cursor.fetchone()
        return gone, known


def leave_out(names: list[str]) -> None:
    """Leave cameras to a later reading, if they are not new."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM watcher_news WHERE old_id IS NOT NULL AND name = ANY(%s)", [names]
        )


def found_news() -> Iterator[News]:
    """Yield the news that matter to the ledger, by name."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_NEWS)
        for row in cursor:
            yield News._make(row)


def renamed() -> Iterator[tuple[str, str, str]]:
    """Yield names of cameras whose titles differ, with the former and the present one."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_RENAMED)
        yield from cursor


def store_cameras(since: datetime, *, removes: bool) -> None:
    """Store what the platform has now. New cameras are there since `since`."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, {"since": since})
        cursor.execute(_CHANGE)
        if removes:
            cursor.execute(_REMOVE)


def store_since(instants: dict[str, datetime]) -> None:
    """Store since when cameras are as they are, by name."""
    if instants:
        with connection.cursor() as cursor:
            cursor.execute(_SINCE, [list(instants), list(instants.values())])


def present(names: list[str]) -> set[str]:
    """Return those of some names that were read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM watcher_read_camera WHERE name = ANY(%s)", [names])
        return {name for (name,) in cursor.fetchall()}


def forget(names: list[str]) -> None:
    """Forget cameras that are known to be gone."""
    PlatformCamera.objects.filter(name__in=names).delete()


def _run(now: datetime, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"now": now})
