"""Tests of the charges of each camera that are attached to emails with documents."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from invoices.documents.archive import keep_pdf
from invoices.issuing import operations
from invoices.issuing.tests.test_settling import defer, settle
from invoices.models import Invoice
from invoices.sending import annex, deliveries
from invoices.sending.models import Delivery
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import Organization
from organizations.tests.factories import FeeFactory, OneOffChargeFactory
from tests.jobs import run_jobs
from tests.mail_server import MailServer, text_of
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def organization() -> Organization:
    organization = BilledOrganizationFactory.create(attach_charges=True)
    return BilledUseFactory.create(camera__organization=organization).organization


def sent(smtp_server: MailServer) -> EmailMessage:
    """Run all jobs; return the mail that was sent last."""
    run_jobs()
    return smtp_server.messages[-1]


def files_of(mail: EmailMessage) -> dict[str, bytes]:
    """Return what is attached to a mail, beside the PDF."""
    files: dict[str, bytes] = {}
    for part in mail.iter_attachments():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        files[str(part.get_filename())] = content
    assert any(name.endswith(".pdf") for name in files)
    return {name: content for name, content in files.items() if not name.endswith(".pdf")}


def downloaded(client: Client, invoice: Invoice, query: str = "") -> bytes:
    """Return charges.csv as the page of a document offers it."""
    return bytes(client.get(f"/invoices/{invoice.pk}/charges.csv{query}").getvalue())


def test_the_charges_are_attached_byte_for_byte(
    operator_client: Client, organization: Organization, smtp_server: MailServer
) -> None:
    invoice = issued_invoice(organization)

    mail = sent(smtp_server)

    name = f"{invoice.number}-charges.csv"
    files = files_of(mail)
    assert files == {name: downloaded(operator_client, invoice)}
    assert hashlib.sha256(files[name]).hexdigest() == invoice.charges_sha256
    types = [part.get_content_type() for part in mail.iter_attachments()]
    assert types == ["application/pdf", "text/csv"]
    for kind in ("plain", "html"):
        said = f"The charges of each camera are in the attached file {name}."
        assert said in text_of(mail, kind)


def test_nothing_is_attached_unless_the_organization_wants_it(smtp_server: MailServer) -> None:
    issued_invoice()

    mail = sent(smtp_server)

    assert files_of(mail) == {}
    assert "camera" not in text_of(mail)


def test_the_mail_names_the_file_in_the_language_of_the_document(
    organization: Organization, smtp_server: MailServer
) -> None:
    Organization.objects.update(invoice_language="ru")
    organization.refresh_from_db()

    invoice = issued_invoice(organization)

    said = f"Начисления по каждой камере — в приложенном файле {invoice.number}-charges.csv."
    assert said in text_of(sent(smtp_server))


def test_a_partial_credit_note_has_what_it_corrects(
    operator_client: Client, organization: Organization, smtp_server: MailServer
) -> None:
    invoice = issued_invoice(organization)
    UsageInterval.objects.update(ended_at=datetime(2026, 10, 11, tzinfo=UTC))
    (credit_note,) = settle(invoice)

    files = files_of(sent(smtp_server))

    name = f"{credit_note.number}-corrects-{invoice.number}-charges.csv"
    assert files == {name: downloaded(operator_client, credit_note, f"?corrects={invoice.pk}")}
    assert hashlib.sha256(files[name]).hexdigest() == credit_note.corrections.get().sha256


def test_an_invoice_with_corrections_has_the_charges_of_each(
    operator_client: Client,
    organization: Organization,
    smtp_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    corrected = issued_invoice(organization, SEPTEMBER)
    UsageInterval.objects.update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    defer(corrected)
    invoice = issued_invoice(organization, OCTOBER)
    expected = {
        f"{invoice.number}-charges.csv": downloaded(operator_client, invoice),
        f"{invoice.number}-corrects-{corrected.number}-charges.csv": downloaded(
            operator_client, invoice, f"?corrects={corrected.pk}"
        ),
    }

    mail = sent(smtp_server)

    assert files_of(mail) == expected
    assert f"in the attached files {', '.join(expected)}." in " ".join(text_of(mail).split())
    # The limit is that of all files together.
    monkeypatch.setattr(annex, "LARGEST_CSV_BYTES", sum(map(len, expected.values())) - 1)
    packed = annex.annex_of(invoice, annex.charges_of_all([invoice])[invoice.pk])
    assert list(packed.files) == [f"{invoice.number}-charges.zip"]


def test_a_credit_note_that_cancels_an_invoice_has_no_charges_of_its_own(
    operator_client: Client, organization: Organization, smtp_server: MailServer
) -> None:
    invoice = issued_invoice(organization)
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    mail = sent(smtp_server)

    assert str(mail["Subject"]).startswith(f"Credit note {credit_note.number}")
    assert operator_client.get(f"/invoices/{credit_note.pk}/charges.csv").status_code == 404
    assert files_of(mail) == {}
    assert "camera" not in text_of(mail)


def test_large_charges_are_zipped(
    operator_client: Client,
    organization: Organization,
    smtp_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = issued_invoice(organization)
    content = downloaded(operator_client, invoice)
    monkeypatch.setattr(annex, "LARGEST_CSV_BYTES", len(content) - 1)

    mail = sent(smtp_server)

    ((name, zipped),) = files_of(mail).items()
    assert name == f"{invoice.number}-charges.zip"
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        assert archive.namelist() == [f"{invoice.number}-charges.csv"]
        assert archive.read(archive.namelist()[0]) == content
    assert f"in the attached file {name}." in text_of(mail)


def test_charges_of_the_largest_size_are_not_zipped(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = issued_invoice(organization)
    content = downloaded(operator_client, invoice)
    monkeypatch.setattr(annex, "LARGEST_CSV_BYTES", len(content))

    attached = annex.annex_of(invoice, annex.charges_of_all([invoice])[invoice.pk])

    assert list(attached.files.values()) == [content]


@pytest.mark.parametrize("site", ["https://billing.example.com", ""])
def test_charges_that_are_too_large_are_left_out_and_the_mail_says_where_they_are(
    organization: Organization,
    smtp_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    site: str,
) -> None:
    settings.BASE_URL = site
    monkeypatch.setattr(annex, "LARGEST_CSV_BYTES", 10)
    monkeypatch.setattr(annex, "LARGEST_ZIP_BYTES", 10)
    invoice = issued_invoice(organization)

    mail = sent(smtp_server)

    assert files_of(mail) == {}
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert "is too large for an email. You can download it on the page of the" in text
        assert (f"https://billing.example.com/invoices/{invoice.pk}/" in text) == bool(site)


@pytest.mark.usefixtures("smtp_server")
def test_charges_of_several_documents_are_read_with_two_queries(
    organization: Organization, django_assert_num_queries: Callable[..., Any]
) -> None:
    invoice = issued_invoice(organization)
    keep_pdf(invoice)
    now = timezone.now()
    deliveries.ask(invoice=invoice, emails=["a@example.com", "b@example.com"], now=now, by=None)
    pks = list(Delivery.objects.values_list("pk", flat=True))

    # Four read the deliveries, the PDF, the sender and the texts; then two read the charges, and
    # four begin, lock, record and commit.
    with django_assert_num_queries(4 + 2 + 4):
        deliveries.send(delivery_ids=pks, now=now)


def test_charges_that_cannot_be_read_do_not_keep_other_documents_from_being_sent(
    organization: Organization, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = issued_invoice(organization)
    sound = issued_invoice()

    def unreadable(content: bytes) -> Any:
        raise EOFError

    monkeypatch.setattr(annex, "opened", unreadable)
    run_jobs()

    assert Delivery.objects.get(state="sent").invoice == sound
    assert Delivery.objects.get(state="waiting").invoice == broken
    assert len(smtp_server.messages) == 1


def test_a_mail_with_an_invoice_of_0_says_that_nothing_is_to_be_paid(
    organization: Organization, smtp_server: MailServer
) -> None:
    OneOffChargeFactory.create(organization=organization, quantity=-1, day=OCTOBER.start)
    invoice = issued_invoice(organization)

    mail = sent(smtp_server)

    assert "There is nothing to pay." in text_of(mail)
    assert "is due on" not in text_of(mail)
    assert list(files_of(mail)) == [f"{invoice.number}-charges.csv"]


def test_an_invoice_without_usage_has_no_annex(
    organization: Organization, smtp_server: MailServer
) -> None:
    UsageInterval.objects.all().delete()
    FeeFactory.create(organization=organization)
    issued_invoice(organization)

    mail = sent(smtp_server)

    assert files_of(mail) == {}
    assert "charges of each camera" not in text_of(mail)
