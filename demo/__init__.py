"""Demonstration data: an invented provider, its subscribers, a year of cameras, some invoices.

Production never imports this package; add it to `EXTRA_APPS` to use it.
"""
