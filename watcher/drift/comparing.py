"""Compare billing with the platform, and store what differs: only what has changed is written.

`compare` is called after each reading, by the same job. The platform is as it was read last.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from foundation.bulk import forget_plans
from tariffs.provider_calendar import provider_date
from watcher.drift.found import differing_pairs, find_differing
from watcher.drift.kinds import CAMERAS, Kind
from watcher.drift.models import Difference
from watcher.drift.prices import prices_of_a_month
from watcher.models import Poll, ReadingState
from watcher.reading.operations import reading_settings

_ADVISORY_LOCK = 5_861_204_942

_PRICES = """
    DROP TABLE IF EXISTS pg_temp.watcher_month_price;
    CREATE TEMPORARY TABLE watcher_month_price (
        organization_id bigint, tariff_id bigint, amount numeric, currency text
    ) ON COMMIT DROP
"""
_OF_CAMERAS = ", ".join(f"'{kind}'" for kind in CAMERAS)
# What a month costs on each side; a side without a price, although it costs something, is unpriced.
_PRICED = f"""
    DROP TABLE IF EXISTS pg_temp.watcher_priced;
    CREATE TEMPORARY TABLE watcher_priced ON COMMIT DROP AS
    SELECT found.*,
        here_price.amount AS here_amount, coalesce(here_price.currency, '') AS here_currency,
        there_price.amount AS there_amount, coalesce(there_price.currency, '') AS there_currency,
        found.kind IN ({_OF_CAMERAS}) AND (
            found.organization_id IS NOT NULL AND here_price.amount IS NULL
            OR coalesce(found.is_charged_there, false) AND there_price.amount IS NULL
        ) AS is_unpriced
    FROM watcher_differing AS found
    LEFT JOIN watcher_month_price AS here_price
        ON found.kind IN ({_OF_CAMERAS}) AND here_price.organization_id = found.organization_id
        AND here_price.tariff_id = found.tariff_id
    LEFT JOIN watcher_month_price AS there_price
        ON found.is_charged_there AND there_price.organization_id = found.there_organization_id
        AND there_price.tariff_id = found.there_tariff_id
"""

_SAYS = (
    "camera_id",
    "organization_id",
    "tariff_id",
    "tenant_id",
    "preset_id",
    "there_organization_id",
    "there_tariff_id",
    "here",
    "there",
)
"""The columns that say what differs."""
_ADDS = (
    "name",
    "here_amount",
    "here_currency",
    "there_amount",
    "there_currency",
    "is_unpriced",
)
"""The columns that may change while the difference stays the same."""


def _row(of: str, names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"{of}.{name}" for name in names) + ")"


def _set(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} = found.{name}" for name in names)


def _held_since(table: str, columns: str, pk: str) -> str:
    """Return since when a row of an audited table has had its present values in columns."""
    present = ", ".join(f"present.{name.strip()}" for name in columns.split(","))
    before = ", ".join(f"before.{name.strip()}" for name in columns.split(","))
    return f"""(
        SELECT min(event.pgh_created_at) FROM {table}event AS event
        WHERE event.pgh_obj_id = {pk} AND event.pgh_id > coalesce((
            SELECT max(before.pgh_id) FROM {table}event AS before
            JOIN {table} AS present ON present.id = before.pgh_obj_id
            WHERE before.pgh_obj_id = {pk} AND ({before}) IS DISTINCT FROM ({present})
        ), 0)
    )"""


# Since when organizations and presets have meant what they mean now.
_LINKS = f"""
    DROP TABLE IF EXISTS pg_temp.watcher_linked_organization, pg_temp.watcher_linked_preset;
    CREATE TEMPORARY TABLE watcher_linked_organization ON COMMIT DROP AS
    SELECT id, {_held_since("organizations_organization", "watcher_id", "ids.id")} AS at
    FROM (
        SELECT organization_id AS id FROM watcher_priced WHERE organization_id IS NOT NULL
        UNION SELECT there_organization_id FROM watcher_priced
        WHERE there_organization_id IS NOT NULL
    ) AS ids;
    CREATE TEMPORARY TABLE watcher_linked_preset ON COMMIT DROP AS
    SELECT link.preset_id AS id, {_held_since("watcher_presetlink", "tariff_id", "link.id")} AS at
    FROM watcher_presetlink AS link;
    ANALYZE watcher_linked_organization, watcher_linked_preset
"""

# The latest instant at which something came about that makes it differ. What the platform has is
# dated by its clock, which may be ahead of ours.
_SINCE = f"""
    least(%(now)s, greatest(CASE found.kind
        WHEN '{Kind.CAMERA_HERE}' THEN greatest(
            (SELECT max(use.started_at) FROM usage_usageinterval AS use
                WHERE use.camera_id = found.camera_id AND use.ended_at IS NULL),
            (SELECT max(change.at) FROM watcher_camerachange AS change
                WHERE change.name = found.key AND change.organization_id IS NULL),
            %(first_read_at)s
        )
        WHEN '{Kind.ORGANIZATION_THERE}' THEN tenant.first_seen_at
        WHEN '{Kind.ORGANIZATION_HERE}' THEN greatest(tenant.gone_at, own_link.at)
        WHEN '{Kind.TITLE}' THEN greatest(tenant.changed_at,
            {_held_since("organizations_organization", "title, watcher_id", "organization.id")})
        WHEN '{Kind.LIMIT}' THEN greatest(tenant.changed_at, own_link.at,
            (SELECT max(event.pgh_created_at) FROM watcher_cameralimitevent AS event
                WHERE event.organization_id = found.organization_id))
        WHEN '{Kind.OWNER}' THEN greatest(tenant.changed_at,
            {_held_since("organizations_organization", "owner_id, watcher_id", "organization.id")},
            {_held_since("accounts_user", "email", "organization.owner_id")})
        WHEN '{Kind.OWNER_BLOCKED}' THEN greatest(tenant.changed_at,
            {_held_since("organizations_organization", "owner_id, watcher_id", "organization.id")},
            {_held_since("accounts_user", "is_active", "organization.owner_id")})
        WHEN '{Kind.PRESET_THERE}' THEN preset.first_seen_at
        WHEN '{Kind.PRESET_HERE}' THEN (
            SELECT min(use.started_at) FROM usage_usageinterval AS use
            WHERE use.tariff_id = found.tariff_id AND use.ended_at IS NULL
        )
        WHEN '{Kind.PRESET_TITLE}' THEN greatest(preset.changed_at, preset_link.at,
            {_held_since("tariffs_tariff", "name", "found.tariff_id")})
        WHEN '{Kind.PRESET_SERVICES}' THEN greatest(preset.changed_at, preset_link.at,
            {
    _held_since("tariffs_tariff", "dvr_depth_days, dvr_space_gb, has_anpr", "found.tariff_id")
})
        WHEN '{Kind.PRESET_ADJUSTABLE}' THEN greatest(preset.changed_at, preset_link.at)
        WHEN '{Kind.PRESET_DELETED}' THEN greatest(preset.deleted_at, preset_link.at)
        ELSE greatest(camera.since_at, own_link.at, link.at, preset_link.at,
            (SELECT max(coalesce(use.ended_at, use.started_at)) FROM usage_usageinterval AS use
                WHERE use.camera_id = found.camera_id))
    END, '-infinity'::timestamptz))
"""
_JOINED = f"""
    SELECT found.*, {{since}} AS since_at
    FROM watcher_priced AS found
    LEFT JOIN watcher_difference AS known ON known.kind = found.kind AND known.key = found.key
    LEFT JOIN watcher_platformorganization AS tenant ON tenant.id = found.tenant_id
    LEFT JOIN watcher_platformpreset AS preset ON preset.id = found.preset_id
    LEFT JOIN watcher_platformcamera AS camera
        ON found.kind IN ({_OF_CAMERAS}) AND camera.name = found.key
    LEFT JOIN organizations_organization AS organization ON organization.id = found.organization_id
    LEFT JOIN watcher_linked_organization AS own_link ON own_link.id = found.organization_id
    LEFT JOIN watcher_linked_organization AS link ON link.id = found.there_organization_id
    LEFT JOIN watcher_linked_preset AS preset_link ON preset_link.id = found.preset_id
    WHERE known.id IS NULL OR {_row("known", _SAYS)} IS DISTINCT FROM {_row("found", _SAYS)}
"""
_FRESH = f"""
    DROP TABLE IF EXISTS pg_temp.watcher_fresh;
    CREATE TEMPORARY TABLE watcher_fresh ON COMMIT DROP AS
    SELECT * FROM ({_JOINED.format(since=_SINCE)}) AS fresh
"""
_WHERE_SAME = "watcher_difference.kind = found.kind AND watcher_difference.key = found.key"
# Something else that differs is another row: nobody decides about what was not shown.
_REMOVE = f"""
    DELETE FROM watcher_difference WHERE NOT EXISTS (
        SELECT FROM watcher_priced AS found WHERE {_WHERE_SAME}
            AND {_row("watcher_difference", _SAYS)} IS NOT DISTINCT FROM {_row("found", _SAYS)}
    )
"""
_KEEP = f"""
    UPDATE watcher_difference SET {_set(_ADDS)}
    FROM watcher_priced AS found
    WHERE {_WHERE_SAME}
        AND {_row("watcher_difference", _ADDS)} IS DISTINCT FROM {_row("found", _ADDS)}
"""
_COLUMNS = ", ".join(("kind", "key", *_SAYS, *_ADDS))
_ADD = f"""
    INSERT INTO watcher_difference ({_COLUMNS}, since_at, ignored_reason)
    SELECT {_COLUMNS}, coalesce(nullif(since_at, '-infinity'), %(now)s), ''
    FROM watcher_fresh ORDER BY kind, key
"""
_SUMS = """
    DELETE FROM watcher_differencesum;
    INSERT INTO watcher_differencesum (kind, is_ignored, currency, number, unpriced, amount)
    SELECT kind, ignored_at IS NOT NULL, '', count(*), count(*) FILTER (WHERE is_unpriced), 0
    FROM watcher_difference GROUP BY 1, 2
    UNION ALL
    SELECT kind, is_ignored, currency, count(*), 0, sum(amount)
    FROM (
        SELECT kind, ignored_at IS NOT NULL AS is_ignored, here_currency AS currency,
            -here_amount AS amount
        FROM watcher_difference WHERE here_amount IS NOT NULL
        UNION ALL
        SELECT kind, ignored_at IS NOT NULL, there_currency, there_amount
        FROM watcher_difference WHERE there_amount IS NOT NULL
    ) AS amounts
    GROUP BY 1, 2, 3
"""


@transaction.atomic
def compare(*, now: datetime) -> int:
    """Store what differs now; return how many rows that changed.

    Before the first reading, nothing differs: what the platform has is not known.
    """
    lock_differences()
    now = now.replace(microsecond=0)
    state = ReadingState.objects.exclude(read_at=None).first()
    if state is None:
        removed, _each = Difference.objects.all().delete()
        return removed
    find_differing(reading_settings(), now)
    _store_prices(now)
    values = {"now": now, "first_read_at": _first_read_at()}
    forget_plans()
    with connection.cursor() as cursor:
        cursor.execute(_PRICED)
        cursor.execute("ANALYZE watcher_priced")
        cursor.execute(_LINKS)
        cursor.execute(_FRESH, values)
        written = 0
        for statement in (_REMOVE, _KEEP, _ADD):
            cursor.execute(statement, values)
            written += cursor.rowcount
    if written:
        store_sums()
    return written


def lock_differences() -> None:
    """Keep others from comparing, or deciding about differences, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADVISORY_LOCK])


def store_sums() -> None:
    """Count and add up the differences. Others must be kept from changing them."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)


def _store_prices(now: datetime) -> None:
    pairs = differing_pairs()
    prices = prices_of_a_month(pairs, provider_date(now)) if pairs else {}
    with connection.cursor() as cursor:
        cursor.execute(_PRICES)
        if prices:
            with cursor.copy("COPY watcher_month_price FROM STDIN") as copy:
                for pair, amount in prices.items():
                    copy.write_row((*pair, amount.number, amount.currency))
            cursor.execute("ANALYZE watcher_month_price")


def _first_read_at() -> datetime | None:
    """Return when the platform was read for the first time."""
    first = Poll.objects.filter(outcome=Poll.Outcome.FIRST).order_by("pk").first()
    return first.begun_at if first else None
