"""Bank statements: what a provider's bank files state, and what becomes of each line."""
