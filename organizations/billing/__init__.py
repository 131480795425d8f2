"""Billing details by date: to whom an organization's invoices are addressed, and their tax."""
