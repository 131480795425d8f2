"""Sending many mails to a mail server."""
