"""The provider that issues invoices: its details, bank account and logo."""
