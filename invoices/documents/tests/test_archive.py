"""Tests of storing PDFs, also by the periodic job for missing ones."""

import logging

import pytest

from invoices import tasks
from invoices.documents import archive
from invoices.models import Invoice, StoredDocument
from invoices.tests.factories import issued_invoice
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def kept() -> set[int]:
    return set(StoredDocument.objects.values_list("pk", flat=True))


def test_all_missing_pdfs_are_stored_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "PDFS_A_JOB", 2)
    invoices = [issued_invoice() for _ in range(5)]
    first = archive.keep_pdf(invoices[0])
    tasks.keep_pdfs.configure(task_kwargs={"timestamp": 0}).defer()

    run_jobs()

    assert kept() == {each.pk for each in invoices}
    assert bytes(StoredDocument.objects.get(pk=invoices[0].pk).pdf) == first


def test_a_stored_pdf_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    invoice = issued_invoice()
    first = archive.keep_pdf(invoice)
    monkeypatch.setattr(archive, "pdf", lambda document: pytest.fail("printed again"))

    assert archive.keep_pdf(invoice) == first


def test_a_batch_starts_after_the_given_invoice() -> None:
    invoices = [issued_invoice() for _ in range(3)]

    last = archive.keep_missing(after=invoices[0].pk, most=1)

    assert last == invoices[1].pk
    assert kept() == {last}
    assert archive.keep_missing(after=last, most=2) is None
    assert kept() == {invoices[1].pk, invoices[2].pk}


def test_a_pdf_that_cannot_be_made_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = issued_invoice(), issued_invoice()
    make = archive.keep_pdf

    def keep_pdf(invoice: Invoice) -> bytes:
        if invoice == broken:
            raise ValueError("no such font")
        return make(invoice)

    monkeypatch.setattr(archive, "keep_pdf", keep_pdf)

    assert archive.keep_missing(after=0, most=2) == sound.pk
    assert kept() == {sound.pk}
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == f"The PDF of {broken.number} cannot be made."
