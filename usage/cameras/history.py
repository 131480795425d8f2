"""Of what the history of a camera consists."""

from foundation.audit.history import HistoryPart

PARTS = (
    HistoryPart("usage.CameraEvent"),
    HistoryPart("usage.UsageIntervalEvent", by="camera", named_by="started_at"),
)
