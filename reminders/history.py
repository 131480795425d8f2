"""Reminders, and what was arranged about them, in the history of their organization."""

from foundation.audit.history import HistoryPart
from invoices.history import amount_of

OF_ORGANIZATION = (
    HistoryPart(
        "reminders.ReminderEvent",
        by="organization",
        named_by="as_of",
        shown={name: amount_of(name) for name in ("total", "fee", "interest")},
    ),
    HistoryPart("reminders.ArrangementEvent", by="organization", named_by="first_on"),
    HistoryPart("reminders.PaymentPromiseEvent", by="organization", named_by="last_on"),
)
