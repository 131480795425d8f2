"""Of what the history of a camera consists."""

from foundation.audit.history import Part

PARTS = (
    Part("usage.CameraEvent"),
    Part("usage.UsageIntervalEvent", by="camera", named_by="started_at"),
)
