"""Of what the history of a user consists."""

from billing_admin.history import Part

PARTS = (Part("accounts.UserEvent"),)
