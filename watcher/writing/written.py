"""What reading has to know of the cameras that billing has changed itself.

A change of ours is stored as what the platform has in the transaction that settles its request. A
reading that began before may have seen the camera as it was, so it leaves that one to the next.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Q

from watcher.models import WriteRequest
from watcher.writing.subjects import Subject, key_of

State = WriteRequest.State
CLOCKS_DIFFER = timedelta(seconds=5)
"""By how much the clocks of our own servers may differ."""
_KIND = "camera"


def written_since(since: datetime) -> dict[str, datetime | None]:
    """Return the cameras that billing has written since an instant, and when that was done.

    None if it is not known yet whether it took effect.
    """
    waits = Q(state=State.WAITING, sent_at__isnull=False)
    settled = Q(settled_at__gte=since - CLOCKS_DIFFER)
    rows = WriteRequest.objects.filter(waits | settled, kind=_KIND).order_by("pk")
    found: dict[str, datetime | None] = {}
    for subject, settled_at in rows.values_list("subject", "settled_at"):
        name = key_of(subject)
        before = found.get(name, settled_at)
        is_known = before is not None and settled_at is not None
        found[name] = max(before, settled_at) if is_known else None  # type: ignore[type-var]
    return found


def disabled_here(names: Collection[str]) -> set[str]:
    """Return those of some cameras that billing disabled last, because they were disconnected."""
    rows = WriteRequest.objects.filter(
        subject__in=[Subject.CAMERA.of(name) for name in names],
        kind=_KIND,
        state__in=(State.DONE, State.NEEDLESS),
        wanted__has_key="is_disabled",
    )
    latest = rows.order_by("subject", "-pk").distinct("subject").values_list("subject", "wanted")
    return {key_of(subject) for subject, wanted in latest if wanted["is_disabled"]}
