"""Payments: recorded, imported, reversed; balances and receivables."""
