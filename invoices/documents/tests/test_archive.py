"""Tests of storing PDFs, also by the periodic job for missing ones."""

import logging
from collections import deque
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
import typst
from pytest_django import DjangoAssertNumQueries

from invoices import tasks
from invoices.differences import checking
from invoices.documents import archive
from invoices.documents.document import Document
from invoices.documents.issued import document_of
from invoices.documents.pdf import pdf
from invoices.documents.tests.pictures import svg
from invoices.issuing import operations, settling
from invoices.models import Invoice, Logo, Provider, StoredDocument
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from tests.jobs import run_jobs
from usage.models import UsageInterval

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


class PanicException(BaseException):
    """Named as the exception that a panic of typst becomes."""


class UnstableCompiler:
    """A compiler of typst that fails if the texts that it reads contain `broken`."""

    broken: ClassVar[str]
    failure: ClassVar[type[BaseException]]
    compiler: ClassVar = typst.Compiler

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._stable = self.compiler(*arguments, **options)

    def compile(self, *, root: str, **options: Any) -> Any:
        if self.broken in Path(root, "contents.json").read_text():
            raise self.failure
        return self._stable.compile(root=root, **options)


@pytest.mark.parametrize("failure", [PanicException, ValueError])
def test_a_pdf_that_cannot_be_made_does_not_stop_the_others(
    failure: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, sound = issued_invoice(), issued_invoice()
    monkeypatch.setattr(UnstableCompiler, "broken", broken.number, raising=False)
    monkeypatch.setattr(UnstableCompiler, "failure", failure, raising=False)
    monkeypatch.setattr(typst, "Compiler", UnstableCompiler)
    monkeypatch.setattr("invoices.documents.printing._idle", deque())

    assert archive.keep_missing(after=0, most=2) == sound.pk
    assert kept() == {sound.pk}
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert record.getMessage() == f"The PDF of {broken.number} cannot be made."


def test_a_pdf_that_is_stored_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = issued_invoice(), issued_invoice()

    def stored_meanwhile(document: Document) -> bytes:
        if document.number == first.number:
            StoredDocument.objects.create(invoice=first, pdf=b"earlier")
        return pdf(document)

    monkeypatch.setattr(archive, "pdf", stored_meanwhile)
    found, _failed = archive.keep_pdfs([first, second])

    assert kept() == found.keys() == {first.pk, second.pk}
    assert found[first.pk] == b"earlier"
    assert bytes(StoredDocument.objects.get(pk=first.pk).pdf) == b"earlier"


def test_the_number_of_queries_does_not_depend_on_the_number_of_pdfs(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    logo = Logo.of(svg("<desc>Watchful</desc>"))
    logo.save()
    ProviderFactory.create()
    Provider.objects.update(logo=logo)
    for count in (1, 4):
        for _ in range(count):
            cancelled, corrected = issued_invoice(), corrected_invoice()
            operations.cancel(invoice_id=cancelled.pk, now=IN_NOVEMBER, by=None)

        # Six to read, one to write, and its transaction's begin and end.
        with django_assert_num_queries(10):
            archive.keep_missing(after=0, most=100)

        assert len(kept()) == Invoice.objects.count()
        credit_note = corrected.received_corrections.get().document
        assert archive.pdf_of(credit_note) == pdf(document_of(credit_note))


def corrected_invoice() -> Invoice:
    """Return an invoice for September with a credit note for a part of it."""
    use = BilledUseFactory.create()
    invoice = issued_invoice(use.organization, SEPTEMBER)
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    checking.check(organization_id=use.organization.pk, now=IN_NOVEMBER)
    (settlement,) = settling.settlements_of([invoice], IN_NOVEMBER)
    settling.settle_now(
        invoice_ids=[invoice.pk],
        now=IN_NOVEMBER,
        by=None,
        shown={invoice.pk: settlement.version},
    )
    return invoice
