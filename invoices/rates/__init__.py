"""Exchange rates by date, for the tax that invoices state in the provider's own currency."""
