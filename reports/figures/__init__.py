"""Stored figures of the provider: monthly revenue and its changes, and cameras by day."""
