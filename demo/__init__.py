"""The demonstration provider: invented subscribers, a year of their cameras, some invoices.

Production never imports this package; `EXTRA_APPS` names it where the demonstration is wanted.
"""
