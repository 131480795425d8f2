"""Tell followers what corrections and imports change of the present use of cameras.

These change past usage as well, which nobody follows. Raw SQL, because an import may change a
million cameras.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection

from usage.cameras.followers import Change, tell

_AT_ONCE = 1_000
_PRESENT = """
    SELECT camera_id, organization_id, tariff_id FROM usage_usageinterval
    WHERE ended_at IS NULL AND camera_id IN ({cameras})
"""
_REMEMBER = f"""
    DROP TABLE IF EXISTS pg_temp.usage_present;
    CREATE TEMPORARY TABLE usage_present ON COMMIT DROP AS {_PRESENT};
    ANALYZE usage_present
"""
_CHANGED = f"""
    SELECT coalesce(now.camera_id, before.camera_id) AS id,
        before.camera_id IS NULL, now.camera_id IS NULL
    FROM usage_present AS before FULL JOIN ({_PRESENT}) AS now USING (camera_id)
    WHERE (before.organization_id, before.tariff_id)
        IS DISTINCT FROM (now.organization_id, now.tariff_id)
    ORDER BY id
"""


@contextmanager
def telling(cameras: str, now: datetime, values: Sequence[Any] = ()) -> Iterator[None]:
    """Tell what the block changes of the present use of cameras, within its transaction.

    `cameras` is SQL that finds their ids, before and after, with `values` as its parameters.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER.format(cameras=cameras), values or None)
    yield
    with connection.chunked_cursor() as cursor:
        cursor.execute(_CHANGED.format(cameras=cameras), values or None)
        while rows := cursor.fetchmany(_AT_ONCE):
            done: defaultdict[Change, list[int]] = defaultdict(list)
            for camera_id, is_new, is_gone in rows:
                done[_change(is_new=is_new, is_gone=is_gone)].append(camera_id)
            for change, ids in done.items():
                tell(ids, change, now)


def _change(*, is_new: bool, is_gone: bool) -> Change:
    if is_new:
        return Change.CONNECTED
    return Change.DISCONNECTED if is_gone else Change.CHANGED
