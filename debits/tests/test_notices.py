"""Payers are told what is collected from them, in time, once, and in their language."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from debits import collecting, notices, refusals
from debits.models import DebitNotice
from debits.operations import withdraw
from debits.tests.factories import (
    NOW,
    a_batch,
    an_invoice_with_mandate,
    debit_settings,
)
from invoices.models import Delivery
from invoices.tests.factories import SEPTEMBER, issued_invoice
from organizations.models import Contact, Organization
from tests.jobs import due_now, jobs, run_jobs
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def without_invoice_mails() -> None:
    Delivery.objects.all().delete()
    run_jobs()


def test_a_payer_is_told_amount_date_mandate_and_creditor(smtp_server: MailServer) -> None:
    first = an_invoice_with_mandate()
    second = issued_invoice(first.organization, SEPTEMBER)
    without_invoice_mails()
    a_batch()

    run_jobs()

    (mail,) = smtp_server.messages
    assert mail["To"] == "accounts@harbour.example"
    assert mail["Subject"] == "Direct debit of EUR 21.42 on 20 Nov 2026"
    text = " ".join(text_of(mail).split())
    assert "EUR 21.42 from your account DE•• •••• 6199 by SEPA direct debit on 20 Nov 2026" in text
    assert f"{first.number}: EUR 10.71" in text
    assert f"{second.number}: EUR 10.71" in text
    assert "Mandate reference: M-1" in text
    assert "Creditor identifier: DE98ZZZ09999999999" in text
    assert "DE75512108001245126199" not in mail.as_string()
    assert DebitNotice.objects.get().state == "sent"


def test_each_address_of_each_payer_gets_one_mail(smtp_server: MailServer) -> None:
    one, other = an_invoice_with_mandate("M-1"), an_invoice_with_mandate("M-2")
    Organization.objects.filter(pk=other.organization_id).update(
        invoice_language="ru", billing_email="second@example.com"
    )
    Contact.objects.create(
        organization=one.organization,
        name="Ann",
        email="ann@example.com",
        receives_invoices=True,
    )
    without_invoice_mails()
    a_batch()
    run_jobs()
    # A job that runs again sends nothing.
    ids = list(DebitNotice.objects.values_list("pk", flat=True))
    notices.send_requested(notice_ids=ids, now=NOW)

    assert sorted(each["To"] for each in smtp_server.messages) == [
        "accounts@harbour.example",
        "ann@example.com",
        "second@example.com",
    ]
    (russian,) = [each for each in smtp_server.messages if each["To"] == "second@example.com"]
    assert "M-1" not in text_of(russian)
    assert "прямое дебетование" in russian["Subject"].lower()


def test_withdrawing_in_time_keeps_payers_from_being_told(smtp_server: MailServer) -> None:
    an_invoice_with_mandate()
    without_invoice_mails()
    batch = a_batch()

    withdraw(batch_id=batch.pk, now=NOW, by=None)
    run_jobs()

    assert smtp_server.messages == []
    assert not DebitNotice.objects.exists()


def test_a_mail_that_is_refused_is_tried_for_a_day_and_shown(
    smtp_server: MailServer, operator_client: Client
) -> None:
    an_invoice_with_mandate()
    without_invoice_mails()
    smtp_server.unknown = "accounts@harbour.example"
    batch = a_batch()
    while jobs()[0]["status"] == "todo":
        due_now()
        run_jobs()

    notice = DebitNotice.objects.get()
    assert (notice.state, notice.attempts > 3) == ("failed", True)
    page = operator_client.get(f"/debits/{batch.pk}/")
    assert "accounts@harbour.example" in page.text
    assert "Could not be sent" in page.text
    assert "1 payer could not be told of a direct debit by email" in operator_client.get("/").text


def test_without_an_address_people_are_asked_to_tell(operator_client: Client) -> None:
    debit_settings()
    invoice = an_invoice_with_mandate()
    Organization.objects.filter(pk=invoice.organization_id).update(billing_email="")
    page = operator_client.get("/debits/make/")
    assert [each.is_told for each in page.context["found"]] == [False]
    assert "Tell the payer of the collection yourself." in page.text


@pytest.mark.parametrize(
    ("days", "earliest"),
    [
        # The bank needs two banking days.
        (1, date(2026, 11, 19)),
        (2, date(2026, 11, 19)),
        # The fourth day is a Saturday.
        (4, date(2026, 11, 23)),
        (14, date(2026, 12, 1)),
    ],
)
def test_collections_leave_the_time_that_payers_are_promised(days: int, earliest: date) -> None:
    settings = debit_settings()
    settings.notice_days = days
    assert collecting.earliest_collection(settings, NOW) == earliest
    collecting.check_date(earliest, settings, NOW)


def test_a_date_that_comes_too_early_is_refused_with_the_reason() -> None:
    settings = debit_settings()
    settings.notice_days = 14
    with pytest.raises(refusals.NotAnnounced, match="14 days before the collection"):
        collecting.check_date(date(2026, 11, 30), settings, NOW)
    with pytest.raises(refusals.TooEarly):
        collecting.check_date(date(2026, 11, 18), settings, NOW)
