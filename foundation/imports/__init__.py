"""Imports of CSV files: records, dry runs, commands."""
