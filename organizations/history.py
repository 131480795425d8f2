"""Of what the history of an organization consists."""

from foundation.audit.history import Part

PARTS = (
    Part("organizations.OrganizationEvent"),
    Part(
        "organizations.AvailabilityEvent",
        by="organization",
        named_by="tariff",
        makes_up="tariffs",
    ),
)
