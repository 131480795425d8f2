"""Months with usage and without an invoice, stored for lists, organizations and runs."""
