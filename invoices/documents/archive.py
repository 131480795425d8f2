"""The PDF of an invoice, made once and then stored unchanged."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

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
    kept, failed = keep_pdfs([invoice])
    for error in failed.values():
        raise error
    return kept[invoice.pk]


def keep_pdfs(invoices: Collection[Invoice]) -> tuple[dict[int, bytes], dict[int, Exception]]:
    """Make and store the PDFs of invoices that are not stored already.

    Return all PDFs by id of the invoice, and the errors of those that cannot be made. The number of
    queries does not depend on the number of invoices.
    """
    kept = stored_pdfs({each.pk for each in invoices})
    missing = {each.pk: each for each in invoices if each.pk not in kept}
    if not missing:
        return kept, {}
    failed = _make_pdfs([*missing.values()])
    # Another process may have stored one meanwhile; that one stays.
    return kept | stored_pdfs(missing.keys() - failed.keys()), failed


def keep_missing(*, after: int, most: int) -> int | None:
    """Store the PDFs of up to `most` invoices that have none, by id, with ids above `after`.

    An error in one PDF is logged and does not stop the others. A PDF that was stored meanwhile
    stays. Return the id of the last invoice, or None if no more are left.
    """
    missing = [*Invoice.objects.filter(pk__gt=after, stored_document=None).order_by("pk")[:most]]
    failed = _make_pdfs(missing)
    for invoice in missing:
        if invoice.pk in failed:
            logger.error(
                "The PDF of %s cannot be made.", invoice.number, exc_info=failed[invoice.pk]
            )
    return missing[-1].pk if len(missing) == most else None


def _make_pdfs(invoices: Sequence[Invoice]) -> dict[int, Exception]:
    """Make PDFs and store those that are not stored yet; return the errors by id of the invoice."""
    read_parts(invoices)
    made, failed = [], {}
    for invoice in invoices:
        try:
            made.append(StoredDocument(invoice=invoice, pdf=pdf(document_of(invoice))))
        except Exception as error:
            failed[invoice.pk] = error
    StoredDocument.objects.bulk_create(made, ignore_conflicts=True)
    return failed
