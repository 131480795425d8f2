"""Of what the history of a user consists."""

from foundation.audit.history import HistoryPart

PARTS = (HistoryPart("accounts.UserEvent"),)
