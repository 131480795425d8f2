"""Tell payers what is collected from them, when, and with which mandate; SEPA asks for that.

A mail per mandate and address is requested in the transaction that makes a batch, and sent by jobs.
If a worker is killed, the next one sends what was not sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from debits.models import Collection, DebitBatch, DebitNotice, DebitSettings, Mandate
from foundation.mail.composing import compose
from foundation.mail.requests import (
    Errors,
    Mails,
    MailState,
    defer_mails,
    give_up_mails,
    made_mails,
    send_mails,
)
from foundation.web.addresses import in_mails
from foundation.web.brand import Brand, brand
from invoices.provider.parties import buyer_of
from organizations.billing.details import details_of
from organizations.contacts.recipients import invoice_addresses
from tariffs.money import format_money


def announce(batch: DebitBatch, now: datetime, by: User | None) -> None:
    """Request the mails that tell payers of a new batch, and defer the jobs that send them."""
    mandates = Mandate.objects.filter(collections__batch=batch).distinct().order_by("pk")
    found = list(mandates.select_related("organization"))
    addresses = invoice_addresses([each.organization for each in found])
    notices = DebitNotice.objects.bulk_create(
        DebitNotice(batch=batch, mandate=mandate, email=email, asked_at=now, asked_by=by)
        for mandate in found
        for email in addresses.get(mandate.organization_id, ())
    )
    defer_mails("debits.send_notices", notices, "notice_ids")


def send_requested(*, notice_ids: Sequence[int], now: datetime) -> None:
    """Send requested mails unless they were already sent; store their results.

    Raises:
        Exception: as `foundation.mail.requests.send_mails`.
    """
    waiting = DebitNotice.objects.filter(pk__in=notice_ids, state=MailState.WAITING)
    waiting = waiting.select_related("batch", "mandate__organization").defer("batch__content")
    sender = _Sender()
    send_mails(DebitNotice, list(waiting.order_by("attempts", "pk")), sender.mails_of, now=now)


def give_up(*, notice_ids: Sequence[int], error: Exception) -> None:
    """Mark the waiting ones among mails as failed, because they will not be tried again."""
    give_up_mails(DebitNotice, notice_ids, error)


def masked(iban: str) -> str:
    """Return an IBAN of which only the country and the last four characters can be read."""
    return f"{iban[:2]}•• •••• {iban[-4:]}"


@dataclass(frozen=True)
class _Sender:
    """What the mails of a job share."""

    brand: Brand = field(default_factory=brand)
    settings: DebitSettings = field(default_factory=lambda: DebitSettings.objects.get())

    def mails_of(self, requests: Sequence[Any]) -> tuple[Mails, Errors]:
        """Return the mails of a few requests, and the errors of those that cannot be made."""
        return made_mails(requests, self._mail)

    def _mail(self, notice: DebitNotice) -> Any:
        mandate, batch = notice.mandate, notice.batch
        organization = mandate.organization
        collections = Collection.objects.filter(batch=batch, mandate=mandate)
        items = list(collections.select_related("invoice").order_by("pk"))
        total = sum((each.amount for each in items), Decimal(0))
        details = details_of(organization.pk).on(batch.collected_on)
        with override(organization.invoice_language):
            amount, day = format_money(total, "EUR"), date_format(batch.collected_on)
            return compose(
                "debits/mail/notice",
                {
                    "organization": organization,
                    "name": buyer_of(organization, details).name,
                    "mandate": mandate,
                    "iban": masked(mandate.iban),
                    "creditor_id": self.settings.creditor_id,
                    "collected_on": batch.collected_on,
                    "items": items,
                    "total": total,
                    "address": _address_of(organization.pk),
                },
                subject=_("Direct debit of %(amount)s on %(day)s") % {"amount": amount, "day": day},
                to=[notice.email],
                sender=self.brand,
            )


def _address_of(organization_id: int) -> str:
    """Return the address of the payments of an organization, or "" if the site's is unknown."""
    path = reverse("payments:of_organization", args=[organization_id])
    return in_mails(path)
