"""Reminders of overdue invoices."""
