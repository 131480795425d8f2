"""Of what the history of a user consists."""

from foundation.audit.history import Part

PARTS = (Part("accounts.UserEvent"),)
