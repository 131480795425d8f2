"""Compose mails, and send many of them."""
