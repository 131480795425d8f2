"""Send documents by email: requested in the transaction that issues them, sent by jobs.

Mail servers are slow and sometimes fail, so a job tries several times, and each delivery stores
its state. A job may run twice. A sent document is not sent again, unless a worker dies between
the mail server's reply and the commit that records it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from accounts.models import User
from invoices.documents.archive import keep_pdf
from invoices.models import Invoice
from invoices.sending.models import Delivery
from tariffs.money import format_money

_PROBLEM_LENGTH = Delivery._meta.get_field("problem").max_length


class NoAddress(Exception):
    """The organization has no address for documents. The text tells a person what to do."""

    def __str__(self) -> str:
        return _("The organization has no email address for invoices. Add one under Billing.")


@transaction.atomic
def ask(*, invoice: Invoice, email: str, now: datetime, by: User | None) -> Delivery:
    """Request that a document is sent to an address after the transaction commits.

    Raises:
        NoAddress: `email` is empty.
    """
    if not email:
        raise NoAddress
    (delivery,) = _ask_all([Delivery(invoice=invoice, email=email, asked_at=now, asked_by=by)])
    return delivery


def ask_for_issued(*, invoices: Iterable[Invoice], now: datetime, by: User | None) -> None:
    """Request that issued documents are sent to their organization's current address, if any.

    The address that a document states is not used: a credit note copies it from the invoice that
    it cancels, so it may be out of date.
    """
    _ask_all(
        [
            Delivery(invoice=invoice, email=email, asked_at=now, asked_by=by)
            for invoice in invoices
            if (email := invoice.organization.billing_email)
        ]
    )


def _ask_all(asked: list[Delivery]) -> list[Delivery]:
    if not asked:
        return []
    deliveries = Delivery.objects.bulk_create(asked)
    jobs: list[dict[str, JSONValue]] = [
        {"delivery_id": each.pk, "user_id": each.asked_by_id} for each in deliveries
    ]
    app.configure_task("invoices.send", allow_unknown=False).batch_defer(*jobs)
    return deliveries


def send(*, delivery_id: int, now: datetime) -> None:
    """Send a requested delivery unless it was already sent; store the result.

    Raises:
        smtplib.SMTPException, OSError: sending failed. The problem is stored and the job must
            try again.
    """
    try:
        with transaction.atomic():
            delivery = _locked(delivery_id)
            if delivery.state == Delivery.State.WAITING:
                _mail(delivery.invoice, delivery.email)
                _note(delivery, now, Delivery.State.SENT)
    except (smtplib.SMTPException, OSError) as error:
        with transaction.atomic():
            _note(_locked(delivery_id), now, Delivery.State.WAITING, _problem_of(error))
        raise


@transaction.atomic
def give_up(*, delivery_id: int) -> None:
    """Mark a waiting delivery as failed, because it will not be tried again."""
    Delivery.objects.filter(pk=delivery_id, state=Delivery.State.WAITING).update(
        state=Delivery.State.FAILED
    )


def _problem_of(error: Exception) -> str:
    """Return the mail server's reply, or the text of the error if there was no reply."""
    answers: Collection[tuple[int, bytes | str]]
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            answers = refused.values()
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            answers = [(code, text)]
        case _:
            return str(error)
    return " ".join(f"{code} {force_str(text, errors='replace')}" for code, text in answers)


def _locked(delivery_id: int) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("invoice")
        .get(pk=delivery_id)
    )


def _note(delivery: Delivery, now: datetime, state: Delivery.State, problem: str = "") -> None:
    delivery.attempts += 1
    delivery.tried_at = now
    delivery.state = state
    delivery.problem = problem[:_PROBLEM_LENGTH]
    delivery.save(update_fields=["attempts", "tried_at", "state", "problem"])


def _mail(invoice: Invoice, email: str) -> None:
    corrects = invoice.corrections.filter(stands_alone=True).exists()
    with override(invoice.language):
        context = {
            "invoice": invoice,
            "is_partial": corrects and invoice.is_credit_note,
            "is_supplement": corrects and not invoice.is_credit_note,
            "seller": invoice.seller["name"],
            "total": format_money(invoice.total, invoice.currency),
        }
        mail = EmailMultiAlternatives(
            subject=render_to_string("invoices/mail/invoice_subject.txt", context).strip(),
            body=render_to_string("invoices/mail/invoice.txt", context),
            to=[email],
            reply_to=[invoice.seller["email"]],
        )
        html = render_to_string("invoices/mail/invoice.html", context)
    mail.attach_alternative(html, "text/html")
    name = f"{invoice.number.replace('/', '-')}.pdf"
    mail.attach(name, keep_pdf(invoice), "application/pdf")
    mail.send()
