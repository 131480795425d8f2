"""Contacts of organizations."""
