"""Texts of mails that operators can edit, by language."""
