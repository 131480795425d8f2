"""The audit trail: recorded by the database, shown as history."""
