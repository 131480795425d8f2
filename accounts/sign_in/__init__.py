"""Signing in: its mails."""
