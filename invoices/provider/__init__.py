"""Who bills: the provider's details, bank account and logo."""
