"""Invoice runs: a month's invoices of all organizations."""
