"""Questions about invoices, whose disputed amounts reminders leave out."""
