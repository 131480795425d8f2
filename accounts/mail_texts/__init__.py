"""Texts of emails that operators can edit, by language."""
