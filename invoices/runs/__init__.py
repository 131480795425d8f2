"""Invoice runs: issue the invoices of all organizations for a month."""
