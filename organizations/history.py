"""The parts of an organization's history."""

from foundation.audit.history import HistoryPart

PARTS = (
    HistoryPart("organizations.OrganizationEvent"),
    HistoryPart(
        "organizations.AvailabilityEvent",
        by="organization",
        named_by="tariff",
        makes_up="tariffs",
    ),
)
