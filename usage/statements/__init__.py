"""Statements: what an organization owes for a period, as a page, files and drawings."""
