"""Tests of sending documents by email: requests, jobs, retries, and what operators see."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from invoices.documents.archive import keep_pdf
from invoices.models import StoredDocument
from invoices.sending import deliveries
from invoices.sending.models import Delivery
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import Organization
from tests.jobs import due_now, jobs, run_jobs
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_issued_invoice_is_sent_with_its_pdf(smtp_server: MailServer) -> None:
    invoice = issued_invoice()

    run_jobs()

    (mail,) = smtp_server.messages
    assert mail["To"] == "accounts@harbour.example"
    assert mail["Reply-To"] == "billing@watchful.example"
    assert mail["Subject"] == "Invoice INV-2026-000001 from Watchful Ltd"
    assert "and is due on 16 Nov 2026." in text_of(mail)
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == "INV-2026-000001.pdf"
    assert attachment.get_content() == bytes(StoredDocument.objects.get(invoice=invoice).pdf)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("sent", 1, "")


def test_an_email_is_in_the_language_of_its_document(smtp_server: MailServer) -> None:
    organization = BilledOrganizationFactory.create(invoice_language="ru")
    issued_invoice(BilledUseFactory.create(camera__organization=organization).organization)

    run_jobs()

    (mail,) = smtp_server.messages
    assert mail["Subject"].startswith("Счёт INV-2026-000001")


def test_an_invoice_that_is_rolled_back_is_not_sent(smtp_server: MailServer) -> None:
    organization = BilledUseFactory.create().organization
    with transaction.atomic():
        issued_invoice(organization)
        transaction.set_rollback(True)

    run_jobs()

    assert smtp_server.messages == []


@pytest.mark.usefixtures("no_smtp_server")
def test_sending_is_tried_again_and_then_fails_if_the_mail_server_is_down() -> None:
    issued_invoice()

    run_jobs()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert "Connection refused" in delivery.problem
    for _ in range(10):
        due_now()
        run_jobs()
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert [job["status"] for job in jobs()] == ["failed"]


def test_the_reply_of_the_mail_server_is_stored(smtp_server: MailServer) -> None:
    smtp_server.refuses = True
    issued_invoice()

    run_jobs()

    assert Delivery.objects.get().problem == "451 Out of order"


def test_the_reply_about_a_refused_address_is_stored(smtp_server: MailServer) -> None:
    smtp_server.unknown = "accounts@harbour.example"
    issued_invoice()

    run_jobs()

    assert Delivery.objects.get().problem == "550 5.1.1 Ящика нет"


def test_an_email_is_sent_when_the_mail_server_is_up_again(
    no_smtp_server: None, request: pytest.FixtureRequest
) -> None:
    issued_invoice()
    run_jobs()
    smtp_server: MailServer = request.getfixturevalue("smtp_server")

    due_now()
    run_jobs()

    assert len(smtp_server.messages) == 1
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.problem) == ("sent", 2, "")


def test_a_job_that_runs_twice_sends_once(smtp_server: MailServer) -> None:
    issued_invoice()
    run_jobs()
    deliveries.send(delivery_ids=[Delivery.objects.get().pk], now=timezone.now())

    assert len(smtp_server.messages) == 1


def test_what_was_given_up_before_its_job_runs_is_not_sent(smtp_server: MailServer) -> None:
    """docs/operations.md uses this after a restoration, so that nothing is sent twice."""
    issued_invoice()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE invoices_delivery SET state = 'failed' WHERE state = 'waiting'")

    run_jobs()

    assert smtp_server.messages == []
    assert jobs() == []
    assert Delivery.objects.get().state == "failed"


def test_nothing_is_sent_without_an_address(smtp_server: MailServer) -> None:
    organization = BilledOrganizationFactory.create(billing_email="")
    issued_invoice(BilledUseFactory.create(camera__organization=organization).organization)

    assert jobs() == []
    assert not Delivery.objects.exists()


def test_an_operator_sends_an_invoice_again_to_the_current_address(
    operator_client: Client, smtp_server: MailServer
) -> None:
    invoice = issued_invoice()
    run_jobs()
    Organization.objects.update(billing_email="new@harbour.example")

    operator_client.post(f"/invoices/{invoice.pk}/send/")
    run_jobs()

    assert [mail["To"] for mail in smtp_server.messages] == [
        "accounts@harbour.example",
        "new@harbour.example",
    ]
    page = operator_client.get(f"/invoices/{invoice.pk}/")
    assert [each.email for each in page.context["deliveries"]] == [
        "new@harbour.example",
        "accounts@harbour.example",
    ]


def test_a_credit_note_is_sent_to_the_current_address(
    operator_client: Client, smtp_server: MailServer
) -> None:
    invoice = issued_invoice()
    Organization.objects.update(billing_email="new@harbour.example")

    page = operator_client.get(f"/invoices/{invoice.pk}/cancel/")
    operator_client.post(f"/invoices/{invoice.pk}/cancel/")
    run_jobs()

    assert "Will be emailed to new@harbour.example." in page.text
    assert [mail["To"] for mail in smtp_server.messages] == [
        "accounts@harbour.example",
        "new@harbour.example",
    ]


def test_sending_again_without_an_address_says_what_to_do(operator_client: Client) -> None:
    invoice = issued_invoice()
    Organization.objects.update(billing_email="")

    answer = operator_client.post(f"/invoices/{invoice.pk}/send/", follow=True)

    assert (
        "The organization has no email address for invoices. Add one under Billing." in answer.text
    )


def test_the_download_is_the_same_before_and_after_the_pdf_is_stored(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    before = operator_client.get(f"/invoices/{invoice.pk}.pdf").content

    keep_pdf(invoice)

    assert operator_client.get(f"/invoices/{invoice.pk}.pdf").content == before
