"""The search in the header: over organizations, cameras, invoices, payments and people."""
