"""Payments (recording, import, reversal), balances and receivables."""
