"""Invoices and credit notes as files: PDF/A-3 with the EN 16931 XML inside, and the XML alone.

Pure: a `Document` in, bytes out; the same document, the same bytes. docs/decisions/documents.md
tells what was chosen, and why.
"""
