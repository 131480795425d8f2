"""Send documents by email: requested in the transaction that issues them, sent by jobs.

`foundation.mail.requests` describes what happens if something fails meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.mail_texts.texts import Texts, texts_of
from accounts.models import User
from foundation.mail.composing import compose
from foundation.mail.requests import (
    Errors,
    Mails,
    defer_mails,
    give_up_mails,
    made_mails,
    send_mails,
)
from foundation.web.addresses import in_mails
from foundation.web.brand import Brand, brand
from invoices.documents import xml
from invoices.documents.archive import keep_pdfs
from invoices.documents.issued import document_of, read_parts
from invoices.documents.profile_rules import rules_of
from invoices.models import Correction, Invoice
from invoices.sending.annex import Charges, annex_of, charges_of_all
from invoices.sending.models import Delivery
from invoices.sending.texts import INVOICE
from organizations.billing.profiles import Profile
from organizations.contacts.recipients import invoice_addresses
from tariffs.money import format_money


@dataclass(frozen=True)
class _Stationery:
    """What all emails of a batch have in common: their sender, and their texts by language."""

    sender: Brand = field(default_factory=brand)
    _texts: dict[str, Texts] = field(default_factory=dict)

    def texts(self, language: str) -> Texts:
        """Return the texts in the active language, which is `language`, with placeholders."""
        if language not in self._texts:
            self._texts[language] = texts_of(INVOICE)
        return self._texts[language]


class NoAddress(Exception):
    """The organization has no address for documents. The text tells a person what to do."""

    def __str__(self) -> str:
        return _("The organization has no email address for invoices. Add one under Billing.")


@transaction.atomic
def ask(
    *, invoice: Invoice, emails: Collection[str], now: datetime, by: User | None
) -> Sequence[Delivery]:
    """Request that a document is sent to addresses after the transaction commits.

    Raises:
        NoAddress: there are no `emails`.
    """
    if not emails:
        raise NoAddress
    return _ask_all(
        [Delivery(invoice=invoice, email=email, asked_at=now, asked_by=by) for email in emails]
    )


def ask_for_issued(*, invoices: Collection[Invoice], now: datetime, by: User | None) -> None:
    """Request that issued documents are sent to their organization's current addresses, if any.

    The address that a document states is not used: a credit note copies it from the invoice that
    it cancels, so it may be out of date.
    """
    addresses = invoice_addresses({each.organization for each in invoices})
    _ask_all(
        [
            Delivery(invoice=invoice, email=email, asked_at=now, asked_by=by)
            for invoice in invoices
            for email in addresses.get(invoice.organization_id, ())
        ]
    )


def ask_for_mailing(
    *,
    mailing_id: UUID,
    addressed: Iterable[tuple[Invoice, Collection[str]]],
    now: datetime,
    by: User,
) -> None:
    """Request that documents are sent to addresses, in the transaction of the caller."""
    _ask_all(
        [
            Delivery(invoice=invoice, email=email, asked_at=now, asked_by=by, mailing_id=mailing_id)
            for invoice, emails in addressed
            for email in emails
        ]
    )


def _ask_all(asked: list[Delivery]) -> list[Delivery]:
    deliveries = Delivery.objects.bulk_create(asked)
    defer_mails("invoices.send_deliveries", deliveries, "delivery_ids")
    return deliveries


def send(*, delivery_ids: Sequence[int], now: datetime) -> None:
    """Send requested deliveries unless they were already sent; store their results.

    Raises:
        Exception: as `foundation.mail.requests.send_mails`.
    """
    waiting, batch, unmade = _printed(delivery_ids)
    send_mails(Delivery, waiting, batch.mails_of, now=now, unmade=unmade)


def give_up(*, delivery_ids: Sequence[int], error: Exception) -> None:
    """Mark the waiting ones among deliveries as failed, because they will not be tried again."""
    give_up_mails(Delivery, delivery_ids, error)


def _printed(delivery_ids: Sequence[int]) -> tuple[list[Any], _Batch, dict[int, Exception]]:
    """Return waiting deliveries, what their emails are made of, and the errors of the others.

    Those tried less often come first, so that a mail that breaks the connection to the server does
    not keep the others from being tried.
    """
    corrections = Correction.objects.filter(document=OuterRef("invoice"), stands_alone=True)
    deliveries = (
        Delivery.objects.filter(pk__in=delivery_ids, state=Delivery.State.WAITING)
        .select_related("invoice")
        .annotate(
            corrects=Exists(corrections),
            attach_charges=F("invoice__organization__attach_charges"),
        )
        .order_by("attempts", "pk")
    )
    pdfs, unprinted = keep_pdfs([each.invoice for each in deliveries])
    failed = {
        each.pk: unprinted[each.invoice_id] for each in deliveries if each.invoice_id in unprinted
    }
    xmls, unstated = _stated([each.invoice for each in deliveries if each.pk not in failed])
    failed |= {
        each.pk: unstated[each.invoice_id] for each in deliveries if each.invoice_id in unstated
    }
    return [each for each in deliveries if each.pk not in failed], _Batch(pdfs, xmls), failed


def _stated(invoices: Collection[Invoice]) -> tuple[dict[int, bytes], dict[int, Exception]]:
    """Return the XML of invoices whose profile has it sent, by id, and the errors of others.

    The number of queries does not depend on the number of invoices.
    """
    strict = {each.pk: each for each in invoices if rules_of(Profile(each.profile)).is_strict}
    read_parts([*strict.values()])
    stated, failed = {}, {}
    for pk, invoice in strict.items():
        try:
            stated[pk] = xml.stated(document_of(invoice))
        except Exception as error:
            failed[pk] = error
    return stated, failed


@dataclass(frozen=True)
class _Batch:
    """What the emails of a job are made of: files by id of the document, and what they share.

    `xmls` are those of documents whose profile has a file sent beside the PDF.

    Deliveries are annotated with whether their document `corrects` an invoice, and whether to
    `attach_charges`.
    """

    pdfs: Mapping[int, bytes]
    xmls: Mapping[int, bytes] = field(default_factory=dict)
    stationery: _Stationery = field(default_factory=_Stationery)

    def mails_of(self, deliveries: Sequence[Any]) -> tuple[Mails, Errors]:
        """Return the emails of a few deliveries, and the errors of those that cannot be made."""
        charges = charges_of_all([each.invoice for each in deliveries if each.attach_charges])
        return made_mails(
            deliveries, lambda each: self._mail(each, charges.get(each.invoice_id, ()))
        )

    def _mail(self, delivery: Any, charges: Sequence[Charges]) -> EmailMessage:
        invoice, corrects = delivery.invoice, delivery.corrects
        annex = annex_of(invoice, charges)
        with override(invoice.language):
            context: dict[str, Any] = {
                "invoice": invoice,
                "is_partial": corrects and invoice.is_credit_note,
                "is_supplement": corrects and not invoice.is_credit_note,
                "seller": invoice.seller["name"],
                "total": format_money(invoice.total, invoice.currency),
                "annex": annex if charges else None,
                "address": _address_of(invoice),
            }
            texts = _filled(self.stationery.texts(invoice.language), invoice, context)
            context["introduction"] = texts.introduction
            subject = texts.subject
            if corrects or invoice.is_credit_note:
                subject = render_to_string("invoices/mail/invoice_subject.txt", context).strip()
            mail = compose(
                "invoices/mail/invoice",
                context,
                subject=subject,
                to=[delivery.email],
                sender=self.stationery.sender,
            )
        # As the document states it, even if the provider's address has changed since.
        mail.reply_to = [invoice.seller["email"]]
        name = invoice.number.replace("/", "-")
        mail.attach(f"{name}.pdf", self.pdfs[invoice.pk], "application/pdf")
        if stated := self.xmls.get(invoice.pk):
            mail.attach(f"{name}.xml", stated, "application/xml")
        for part in annex.parts:
            mail.attach(part)
        return mail


def _address_of(invoice: Invoice) -> str:
    """Return the address of the page of a document, or "" if the address of the site is unknown."""
    path = reverse("invoices:invoice", args=[invoice.pk])
    return in_mails(path)


def _filled(texts: Texts, invoice: Invoice, context: Mapping[str, Any]) -> Texts:
    """Return the texts of the mail with an invoice; corrections and credit notes have their own."""
    days = {"first": invoice.period.start, "last": invoice.period.last, "due": invoice.due_on}
    return texts.filled(
        {
            "name": invoice.buyer_name,
            "number": invoice.number,
            "total": context["total"],
            "provider": context["seller"],
            **{name: date_format(day) for name, day in days.items() if day},
        }
    )
