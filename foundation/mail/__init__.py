"""Compose emails, and send many of them."""
