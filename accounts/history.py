"""The parts of a user's history."""

from foundation.audit.history import HistoryPart

PARTS = (
    HistoryPart("accounts.UserEvent"),
    HistoryPart("accounts.AddressChangeEvent", by="user", named_by="email"),
)
