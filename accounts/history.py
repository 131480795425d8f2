"""The parts of a user's history."""

from foundation.audit.history import HistoryPart

PARTS = (HistoryPart("accounts.UserEvent"),)
