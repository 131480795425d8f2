"""Invoices and credit notes as files: PDF/A-3 with embedded EN 16931 XML, and the XML alone.

The rendering is pure: equal `Document`s give equal bytes. docs/decisions/documents.md explains
the choices.
"""
