"""Define the parts of a camera's history."""

from foundation.audit.history import HistoryPart

PARTS = (
    HistoryPart("usage.CameraEvent"),
    HistoryPart("usage.UsageIntervalEvent", by="camera", named_by="started_at"),
)
