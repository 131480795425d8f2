"""The PDF of an invoice, made once and then stored unchanged."""

from __future__ import annotations

import logging
from collections.abc import Collection

from invoices.documents.issued import document_of, read_parts
from invoices.documents.pdf import pdf
from invoices.models import Invoice, StoredDocument

logger = logging.getLogger(__name__)


def pdf_of(invoice: Invoice) -> bytes:
    """Return the stored PDF, or the same PDF made now if none is stored yet."""
    kept = StoredDocument.objects.filter(invoice=invoice).first()
    return bytes(kept.pdf) if kept else pdf(document_of(invoice))


def stored_pdfs(invoice_ids: Collection[int]) -> dict[int, bytes]:
    """Return the stored PDFs of invoices by id, read with one query; skip those without one."""
    kept = StoredDocument.objects.filter(pk__in=invoice_ids).values_list("pk", "pdf")
    return {pk: bytes(file) for pk, file in kept}


def keep_pdf(invoice: Invoice) -> bytes:
    """Make and store the PDF unless it is already stored; return it."""
    kept, _is_new = StoredDocument.objects.get_or_create(
        invoice=invoice, defaults={"pdf": lambda: pdf(document_of(invoice))}
    )
    return bytes(kept.pdf)


def keep_missing(*, after: int, most: int) -> int | None:
    """Store the PDFs of up to `most` invoices that have none, by id, with ids above `after`.

    An error in one PDF is logged and does not stop the others. A PDF that was stored meanwhile
    stays. Return the id of the last invoice, or None if no more are left.
    """
    missing = [*Invoice.objects.filter(pk__gt=after, stored_document=None).order_by("pk")[:most]]
    read_parts(missing)
    made = []
    for invoice in missing:
        try:
            made.append(StoredDocument(invoice=invoice, pdf=pdf(document_of(invoice))))
        except Exception:
            logger.exception("The PDF of %s cannot be made.", invoice.number)
    StoredDocument.objects.bulk_create(made, ignore_conflicts=True)
    return missing[-1].pk if len(missing) == most else None
