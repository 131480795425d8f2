"""Issue and cancel invoices, starting from statements."""
