"""The PDF of an invoice: made once, then kept as it is."""

from __future__ import annotations

from invoices.documents.pdf import pdf
from invoices.models import Invoice, StoredDocument
from invoices.stored import document_of


def pdf_of(invoice: Invoice) -> bytes:
    """Return the PDF that is kept; until one is, what would be: they are made of the same."""
    kept = StoredDocument.objects.filter(invoice=invoice).first()
    return bytes(kept.pdf) if kept else pdf(document_of(invoice))


def keep_pdf(invoice: Invoice) -> bytes:
    """Make the PDF unless it is kept already, and keep it; return it."""
    kept, _is_new = StoredDocument.objects.get_or_create(
        invoice=invoice, defaults={"pdf": pdf(document_of(invoice))}
    )
    return bytes(kept.pdf)
