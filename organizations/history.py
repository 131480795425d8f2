"""The parts of an organization's history."""

from typing import Any

from foundation.audit.history import HistoryPart
from organizations.agreement.kinds import KINDS
from organizations.billing.models import since_text


def _since(details: Any) -> str:
    return since_text(details.valid_from)


PARTS = [
    HistoryPart("organizations.OrganizationEvent"),
    HistoryPart("organizations.EarlierTimeZoneEvent", by="organization", named_by="valid_from"),
    HistoryPart(
        "organizations.BillingDetailsEvent",
        by="organization",
        named_by="valid_from",
        shown={"valid_from": _since},
    ),
    HistoryPart("organizations.AddressRequestEvent", by="organization", named_by="asked_at"),
    HistoryPart("organizations.MembershipEvent", by="organization", named_by="user"),
    HistoryPart("organizations.NoteEvent", by="organization", named_by="written_at"),
    HistoryPart("organizations.ContactEvent", by="organization", named_by="name"),
    HistoryPart("organizations.TaggingEvent", by="organization", named_by="tag", makes_up="tags"),
    HistoryPart(
        "organizations.AvailabilityEvent",
        by="organization",
        named_by="tariff",
        makes_up="tariffs",
    ),
    *(kind.part_of_organization for kind in KINDS),
    HistoryPart("organizations.PartnershipEvent", by="organization", named_by="partner"),
]


def add_part(part: HistoryPart) -> None:
    """Add rows of an app in a higher layer to the history of their organization."""
    PARTS.append(part)
