"""Say which organization a tenant is, and which tariff a preset means. Nothing is guessed."""
