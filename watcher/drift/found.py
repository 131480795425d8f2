"""Find what differs, from what billing has and what the platform had when it was read last.

Raw SQL, because a million cameras are compared with a million others. Everything runs in the
transaction of the caller.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from watcher.drift.kinds import Kind
from watcher.reading.models import NoArchive, ReadingSettings
from watcher.services import TOLERANCE

# Each row that differs: the columns of `Difference` that say what differs, and whether a camera is
# charged if it is as it is on the platform.
_CREATE = """
    DROP TABLE IF EXISTS pg_temp.watcher_differing;
    CREATE TEMPORARY TABLE watcher_differing (
        kind text, key text, name text, camera_id bigint, organization_id bigint, tariff_id bigint,
        tenant_id bigint, preset_id bigint, there_organization_id bigint, there_tariff_id bigint,
        here jsonb, there jsonb, is_charged_there boolean
    ) ON COMMIT DROP
"""

# A disabled camera is charged if the settings say so, and as long as a suspension has disabled it.
# One that was disconnected here and is disabled there is the same on both sides. What cannot be
# told because a preset is not linked, the row of the preset says.
_CAMERAS = f"""
    INSERT INTO watcher_differing
    SELECT * FROM (
        SELECT CASE
                WHEN there.name IS NULL THEN '{Kind.CAMERA_HERE}'
                WHEN used.name IS NULL THEN '{Kind.CAMERA_THERE}'
                WHEN there.organization_id IS DISTINCT FROM used.organization_id
                    THEN '{Kind.CAMERA_ORGANIZATION}'
                WHEN NOT there.is_charged THEN '{Kind.CAMERA_DISABLED}'
                WHEN there.tariff_id <> used.tariff_id THEN '{Kind.CAMERA_TARIFF}'
            END AS kind,
            coalesce(there.name, used.name) AS key, coalesce(there.name, used.name) AS name,
            coalesce(used.camera_id, camera.id) AS camera_id, used.organization_id, used.tariff_id,
            there.tenant_id, there.preset_id, there.organization_id AS there_organization_id,
            there.tariff_id AS there_tariff_id, '{{}}'::jsonb AS here,
            CASE WHEN there.is_disabled THEN '{{"is_disabled": true}}'::jsonb
                ELSE '{{}}'::jsonb END AS there,
            there.is_charged AS is_charged_there
        FROM (
            SELECT camera.name, camera.id AS camera_id, use.organization_id, use.tariff_id
            FROM usage_usageinterval AS use
            JOIN usage_camera AS camera ON camera.id = use.camera_id
            WHERE use.ended_at IS NULL
        ) AS used
        FULL JOIN (
            SELECT camera.name, camera.organization_id AS tenant_id, camera.preset_id,
                camera.is_disabled, organization.id AS organization_id, link.tariff_id,
                NOT camera.is_disabled OR %(charges_disabled)s
                    OR suspension.organization_id IS NOT NULL AS is_charged
            FROM watcher_platformcamera AS camera
            JOIN watcher_platformorganization AS tenant ON tenant.id = camera.organization_id
            LEFT JOIN organizations_organization AS organization
                ON organization.watcher_id = tenant.tenant_id
            LEFT JOIN organizations_platformsuspension AS suspension
                ON suspension.organization_id = organization.id
            LEFT JOIN watcher_presetlink AS link ON link.preset_id = camera.preset_id
        ) AS there ON there.name = used.name
        LEFT JOIN usage_camera AS camera ON used.name IS NULL AND camera.name = there.name
        WHERE there.name IS NULL
            OR used.name IS NOT NULL
            OR NOT there.is_disabled
            OR there.is_charged AND camera.id IS NULL
    ) AS compared
    WHERE kind IS NOT NULL
"""

_IN_USE = """
    EXISTS (
        SELECT FROM usage_usageinterval AS use
        WHERE use.organization_id = organization.id AND use.ended_at IS NULL
    )
"""
_OPEN = "(organization.closed_at IS NULL OR organization.closed_at > %(now)s)"
_ORGANIZATION_COLUMNS = "(kind, key, name, organization_id, tenant_id, here, there)"
_ORGANIZATIONS_THERE = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.ORGANIZATION_THERE}', tenant.tenant_id, tenant.title, NULL, tenant.id, '{{}}',
        '{{}}'
    FROM watcher_platformorganization AS tenant
    LEFT JOIN organizations_organization AS organization
        ON organization.watcher_id = tenant.tenant_id
    WHERE tenant.gone_at IS NULL AND organization.id IS NULL
"""
_ORGANIZATIONS_HERE = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.ORGANIZATION_HERE}', organization.id::text, organization.title, organization.id,
        tenant.id, jsonb_build_object('watcher_id', coalesce(organization.watcher_id, '')), '{{}}'
    FROM organizations_organization AS organization
    LEFT JOIN watcher_platformorganization AS tenant
        ON tenant.tenant_id = organization.watcher_id
    WHERE (tenant.id IS NULL OR tenant.gone_at IS NOT NULL) AND {_OPEN}
        AND (organization.watcher_id IS NOT NULL OR {_IN_USE})
"""
_LINKED = """
    FROM watcher_platformorganization AS tenant
    JOIN organizations_organization AS organization ON organization.watcher_id = tenant.tenant_id
"""
_TITLES = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.TITLE}', tenant.tenant_id, organization.title, organization.id, tenant.id,
        jsonb_build_object('title', organization.title), jsonb_build_object('title', tenant.title)
    {_LINKED}
    WHERE tenant.gone_at IS NULL AND tenant.title NOT IN ('', organization.title)
"""
# Billing does not state a limit. One below the cameras in use keeps the subscriber from having what
# is paid for.
# A suspension may have lowered it.
_LIMITS = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.LIMIT}', tenant.tenant_id, organization.title, organization.id, tenant.id,
        CASE WHEN own.id IS NULL THEN '{{}}'::jsonb
            ELSE jsonb_build_object('most_cameras', own.most_cameras) END,
        jsonb_build_object('most_cameras', tenant.most_cameras)
    {_LINKED}
    LEFT JOIN watcher_cameralimit AS own ON own.organization_id = organization.id
    WHERE tenant.gone_at IS NULL AND CASE WHEN own.id IS NULL
        THEN tenant.most_cameras < (
            SELECT count(*) FROM usage_usageinterval AS use
            WHERE use.organization_id = organization.id AND use.ended_at IS NULL
        )
        ELSE tenant.most_cameras IS DISTINCT FROM own.most_cameras AND NOT EXISTS (
            SELECT FROM organizations_platformsuspension AS suspension
            WHERE suspension.organization_id = organization.id
        )
    END
"""
_OWNED = f"""
    {_LINKED}
    JOIN accounts_user AS owner ON owner.id = organization.owner_id
"""
_OWNERS = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.OWNER}', tenant.tenant_id, organization.title, organization.id, tenant.id,
        jsonb_build_object('email', owner.email),
        jsonb_build_object('email', tenant.owner_email, 'login', tenant.owner_login)
    {_OWNED}
    WHERE tenant.gone_at IS NULL AND lower(owner.email) <> lower(coalesce(
        nullif(tenant.owner_email, ''),
        CASE WHEN strpos(tenant.owner_login, '@') > 0 THEN tenant.owner_login END
    ))
"""
# A suspension may have blocked the owner.
_OWNERS_BLOCKED = f"""
    INSERT INTO watcher_differing {_ORGANIZATION_COLUMNS}
    SELECT '{Kind.OWNER_BLOCKED}', tenant.tenant_id, organization.title, organization.id, tenant.id,
        jsonb_build_object('is_blocked', NOT owner.is_active),
        jsonb_build_object('is_blocked', tenant.owner_is_blocked)
    {_OWNED}
    WHERE tenant.gone_at IS NULL AND tenant.owner_is_blocked = owner.is_active AND NOT EXISTS (
        SELECT FROM organizations_platformsuspension AS suspension
        WHERE suspension.organization_id = organization.id
    )
"""

_PRESET_COLUMNS = "(kind, key, name, tariff_id, preset_id, here, there)"
_HAS_CAMERAS = """
    EXISTS (SELECT FROM watcher_platformcamera AS camera WHERE camera.preset_id = preset.id)
"""
_PRESETS_THERE = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_THERE}', preset.preset_id, preset.title, NULL, preset.id, '{{}}', '{{}}'
    FROM watcher_platformpreset AS preset
    LEFT JOIN watcher_presetlink AS link ON link.preset_id = preset.id
    WHERE preset.gone_at IS NULL AND link.id IS NULL AND {_HAS_CAMERAS}
"""
_PRESETS_HERE = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_HERE}', tariff.id::text, tariff.name, tariff.id, NULL, '{{}}', '{{}}'
    FROM tariffs_tariff AS tariff
    WHERE NOT tariff.is_archived
        AND (
            SELECT sum(cameras) FROM tariffs_tarifftally AS tally WHERE tally.tariff_id = tariff.id
        ) > 0
        AND NOT EXISTS (
            SELECT FROM watcher_presetlink AS link
            JOIN watcher_platformpreset AS preset ON preset.id = link.preset_id
            WHERE link.tariff_id = tariff.id AND preset.gone_at IS NULL
        )
"""
_LINKED_PRESETS = """
    FROM watcher_platformpreset AS preset
    JOIN watcher_presetlink AS link ON link.preset_id = preset.id
    JOIN tariffs_tariff AS tariff ON tariff.id = link.tariff_id
    WHERE preset.gone_at IS NULL
"""
# Where several presets mean a tariff, they cannot all have its name.
_PRESET_TITLES = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_TITLE}', preset.preset_id, tariff.name, tariff.id, preset.id,
        jsonb_build_object('title', tariff.name), jsonb_build_object('title', preset.title)
    {_LINKED_PRESETS} AND preset.title NOT IN ('', tariff.name) AND NOT EXISTS (
        SELECT FROM watcher_presetlink AS other
        JOIN watcher_platformpreset AS present ON present.id = other.preset_id
        WHERE other.tariff_id = tariff.id AND other.id <> link.id AND present.gone_at IS NULL
    )
"""
# Which of the three depths means no archive, the settings say; the others differ from 0 days. What
# has no archive needs no space.
_IS_NO_ARCHIVE = f"""
    CASE %(no_archive)s
        WHEN '{NoArchive.ZERO}' THEN preset.dvr_seconds = 0
        WHEN '{NoArchive.NULL}' THEN preset.dvr_is_null
        WHEN '{NoArchive.UNSTATED}' THEN preset.dvr_seconds IS NULL AND NOT preset.dvr_is_null
        WHEN '{NoArchive.ANY}' THEN coalesce(preset.dvr_seconds, 0) = 0
    END IS TRUE
"""
_IS_OTHER_SPACE = f"""
    abs(coalesce(preset.dvr_bytes, 0) - tariff.dvr_space_gb * 1e9)
        > tariff.dvr_space_gb * 1e9 * {TOLERANCE}
"""
# API v2, and cameras, tell a preset without its services.
_PRESET_SERVICES = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_SERVICES}', preset.preset_id, tariff.name, tariff.id, preset.id,
        jsonb_build_object('days', tariff.dvr_depth_days, 'gigabytes', tariff.dvr_space_gb,
            'anpr', tariff.has_anpr)
            || CASE WHEN tariff.dvr_depth_days = 0 AND %(writes_zero)s
                THEN '{{"writes_zero": true}}'::jsonb ELSE '{{}}' END,
        jsonb_build_object('seconds', preset.dvr_seconds, 'is_null', preset.dvr_is_null,
            'bytes', preset.dvr_bytes, 'anpr', preset.has_anpr)
            || CASE WHEN {_IS_NO_ARCHIVE}
                THEN '{{"is_no_archive": true}}'::jsonb ELSE '{{}}' END
    {_LINKED_PRESETS}
        AND (preset.is_adjustable IS NOT NULL OR preset.dvr_seconds IS NOT NULL
            OR preset.dvr_bytes IS NOT NULL OR preset.dvr_is_null)
        AND (
            CASE WHEN tariff.dvr_depth_days = 0 AND {_IS_NO_ARCHIVE}
                THEN tariff.dvr_space_gb > 0 AND {_IS_OTHER_SPACE}
                ELSE coalesce(preset.dvr_seconds, 0) = 0
                    OR preset.dvr_seconds <> tariff.dvr_depth_days::bigint * 86400
                    OR {_IS_OTHER_SPACE}
            END
            OR preset.has_anpr <> tariff.has_anpr
        )
"""
_PRESETS_ADJUSTABLE = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_ADJUSTABLE}', preset.preset_id, tariff.name, tariff.id, preset.id, '{{}}',
        '{{}}'
    {_LINKED_PRESETS} AND preset.is_adjustable
"""
_PRESETS_DELETED = f"""
    INSERT INTO watcher_differing {_PRESET_COLUMNS}
    SELECT '{Kind.PRESET_DELETED}', preset.preset_id, tariff.name, tariff.id, preset.id, '{{}}',
        '{{}}'
    {_LINKED_PRESETS} AND preset.deleted_at IS NOT NULL
"""
_STATEMENTS = (
    _CREATE,
    _CAMERAS,
    _ORGANIZATIONS_THERE,
    _ORGANIZATIONS_HERE,
    _TITLES,
    _LIMITS,
    _OWNERS,
    _OWNERS_BLOCKED,
    _PRESETS_THERE,
    _PRESETS_HERE,
    _PRESET_TITLES,
    _PRESET_SERVICES,
    _PRESETS_ADJUSTABLE,
    _PRESETS_DELETED,
    "ANALYZE watcher_differing",
)


def find_differing(settings: ReadingSettings, now: datetime) -> None:
    """Fill the temporary table `watcher_differing` with a row for each difference."""
    values: dict[str, Any] = {
        "charges_disabled": settings.charges_disabled,
        "no_archive": settings.no_archive,
        "writes_zero": settings.writes_zero,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        for statement in _STATEMENTS:
            cursor.execute(statement, values)


def differing_pairs() -> list[tuple[int, int]]:
    """Return the organizations and tariffs, by id, of which the price of a month is needed."""
    cameras = ", ".join(f"'{kind}'" for kind in Kind if kind.startswith("camera_"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT organization_id, tariff_id FROM watcher_differing
            WHERE kind IN ({cameras}) AND organization_id IS NOT NULL
            UNION
            SELECT there_organization_id, there_tariff_id FROM watcher_differing
            WHERE kind IN ({cameras}) AND is_charged_there
                AND there_organization_id IS NOT NULL AND there_tariff_id IS NOT NULL
            """
        )
        return [(organization, tariff) for organization, tariff in cursor.fetchall()]
