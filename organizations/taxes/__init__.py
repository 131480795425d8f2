"""Taxes and their rates by date: what organizations' invoices state by EN 16931."""
