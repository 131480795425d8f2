"""Pack many documents into a zip file, in a job.

The job writes to a temporary file and stores it in parts at the end, in one transaction. If its
worker is killed, nothing is stored, and the job begins again. So a file is whole or not there, and
its download neither waits for documents to be made nor reads more than a part at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.db import OperationalError, transaction
from procrastinate.contrib.django import app

from accounts.models import User
from foundation.lists.exports import csv_lines
from invoices.access import visible_invoices
from invoices.documents import xml
from invoices.documents.archive import keep_pdf, stored_pdfs
from invoices.documents.issued import document_of, read_parts
from invoices.documents.zip_entries import zip_entry
from invoices.exports import EXPORT_COLUMNS, export_rows
from invoices.many.models import DocumentFile, DocumentFilePart
from invoices.models import Invoice

logger = logging.getLogger(__name__)

FILES_KEPT = timedelta(days=1)
PART_BYTES = 1_000_000
INDEX = "index.csv"
INDEX_COLUMNS = ("pdf", "xml", *EXPORT_COLUMNS)

# Their PDFs are in memory at once.
_DOCUMENTS_AT_ONCE = 50
_TASK = "invoices.make_file"


@transaction.atomic
def ask(*, file_id: UUID, invoice_ids: Sequence[int], now: datetime, by: User) -> DocumentFile:
    """Request a file with documents; a second request with the same id does nothing."""
    file, is_new = DocumentFile.objects.get_or_create(
        pk=file_id, defaults={"asked_at": now, "asked_by": by, "documents": [*invoice_ids]}
    )
    if is_new:
        app.configure_task(_TASK, allow_unknown=False).defer(file_id=str(file.pk), user_id=by.pk)
    return file


def make(*, file_id: str, today: date) -> None:
    """Make a requested file, unless it is made already or was deleted."""
    waiting = DocumentFile.objects.filter(pk=file_id, state=DocumentFile.State.WAITING)
    file = waiting.select_related("asked_by").first()
    if file is None:
        return
    with TemporaryFile() as target:
        missing = _Packing(file, target, today).write()
        _store(file, target, missing)


def give_up(*, file_id: str) -> None:
    """Mark a file as failed, because it will not be tried again."""
    waiting = DocumentFile.objects.filter(pk=file_id, state=DocumentFile.State.WAITING)
    waiting.update(state=DocumentFile.State.FAILED)


def parts_of(file: DocumentFile) -> Iterator[bytes]:
    """Yield the content of a file, with one short query for each part.

    Raises:
        DocumentFilePart.DoesNotExist: the file was deleted meanwhile.
    """
    for number in range(-(-file.size // PART_BYTES)):
        yield bytes(DocumentFilePart.objects.get(file=file, number=number).content)


def delete_old(now: datetime) -> None:
    """Delete the files that were requested over a day ago."""
    DocumentFile.objects.filter(asked_at__lt=now - FILES_KEPT).delete()


@transaction.atomic
def _store(file: DocumentFile, target: IO[bytes], missing: int) -> None:
    """Store a file unless another job has stored it, or it was deleted."""
    waiting = DocumentFile.objects.filter(pk=file.pk, state=DocumentFile.State.WAITING)
    if not waiting.select_for_update().exists():
        return
    target.seek(0)
    for number, content in enumerate(iter(lambda: target.read(PART_BYTES), b"")):
        DocumentFilePart.objects.create(file=file, number=number, content=content)
    waiting.update(
        state=DocumentFile.State.READY, done=file.total, missing=missing, size=target.tell()
    )


class _Packing:
    """Writes the documents of a file, and an index of them, to `target`."""

    def __init__(self, file: DocumentFile, target: IO[bytes], today: date) -> None:
        self._file, self._target = file, target
        self._visible = visible_invoices(file.asked_by, today).order_by("pk")
        self._stems: dict[str, str] = {}
        self._taken: set[str] = set()
        self._with_pdf: set[str] = set()
        self._with_xml: set[str] = set()

    def write(self) -> int:
        """Write all; return how many PDFs could not be made."""
        ids, found = self._file.documents, 0
        with ZipFile(self._target, "w") as archive:
            for start in range(0, len(ids), _DOCUMENTS_AT_ONCE):
                invoices = list(self._of(ids[start : start + _DOCUMENTS_AT_ONCE]))
                found += len(invoices)
                self._write_some(archive, invoices)
                # Not in a transaction, so that the page shows it at once.
                DocumentFile.objects.filter(pk=self._file.pk).update(done=start + len(invoices))
            self._write_index(archive)
        return found - len(self._with_pdf)

    def _of(self, ids: Collection[int]) -> Iterator[Invoice]:
        return self._visible.filter(pk__in=ids).iterator()

    def _write_some(self, archive: ZipFile, invoices: Sequence[Invoice]) -> None:
        read_parts(invoices)
        pdfs = stored_pdfs([each.pk for each in invoices])
        for invoice in invoices:
            document = document_of(invoice)
            try:
                pdf = pdfs.get(invoice.pk) or keep_pdf(invoice)
            except OperationalError:
                raise
            except Exception:
                logger.exception("The PDF of %s cannot be made.", invoice.number)
            else:
                self._with_pdf.add(invoice.number)
                archive.writestr(self._entry(invoice, "pdf", ZIP_STORED), pdf)
            if xml.can_state(document):
                self._with_xml.add(invoice.number)
                archive.writestr(self._entry(invoice, "xml", ZIP_DEFLATED), xml.stated(document))

    def _write_index(self, archive: ZipFile) -> None:
        rows = export_rows(
            self._visible.filter(pk__in=self._file.documents), with_differences=False
        )
        named = ([*self._names(str(row[0])), *row] for row in rows)
        entry = zip_entry(INDEX, self._file.asked_at.date(), ZIP_DEFLATED)
        with archive.open(entry, "w") as index:
            for line in csv_lines(INDEX_COLUMNS, named):
                index.write(line.encode())

    def _names(self, number: str) -> list[str]:
        return [
            self._name(number, "pdf") if number in self._with_pdf else "",
            self._name(number, "xml") if number in self._with_xml else "",
        ]

    def _entry(self, invoice: Invoice, ending: str, compression: int) -> ZipInfo:
        return zip_entry(self._name(invoice.number, ending), invoice.issued_on, compression)

    def _name(self, number: str, ending: str) -> str:
        """Return the name of a document's file; no other document has the same."""
        if number not in self._stems:
            # Numbers contain only letters, digits, / and -. So A/B-1 and A-B-1 look the same.
            stem = number.replace("/", "-")
            while stem in self._taken:
                stem = f"{stem}-2"
            self._taken.add(stem)
            self._stems[number] = stem
        return f"{self._stems[number]}.{ending}"
