"""Define the parts of a camera's history."""

from typing import Any

from django.utils import timezone

from foundation.audit.history import HistoryPart
from usage.known_instants import known_text


def _start_known(event: Any) -> str:
    return known_text(
        event.started_at, event.started_within_seconds, timezone.get_current_timezone()
    )


def _end_known(event: Any) -> str:
    return known_text(event.ended_at, event.ended_within_seconds, timezone.get_current_timezone())


PARTS = (
    HistoryPart("usage.CameraEvent"),
    HistoryPart(
        "usage.UsageIntervalEvent",
        by="camera",
        named_by="started_at",
        shown={"started_within_seconds": _start_known, "ended_within_seconds": _end_known},
    ),
)
