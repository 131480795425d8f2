"""Sending documents by email."""
