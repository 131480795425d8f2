"""Send many documents again, each to the current addresses of its organization."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.web.versions import digest_of
from invoices.many.models import Mailing
from invoices.models import Delivery, Invoice
from invoices.sending import deliveries
from organizations.contacts.recipients import invoice_addresses


class Planned(NamedTuple):
    """A document, where it would be sent, and where it is already being sent."""

    invoice: Invoice
    emails: Sequence[str]
    waiting: Sequence[str]


class Plan(NamedTuple):
    """The documents to send again, in the order of issue."""

    documents: Sequence[Planned]

    @property
    def mails(self) -> int:
        """The number of emails that would be sent."""
        return sum(len(each.emails) for each in self.documents)

    @property
    def addresses(self) -> int:
        """The number of addresses that would get mail."""
        return len({email.lower() for each in self.documents for email in each.emails})

    @property
    def organizations(self) -> int:
        """The number of organizations that would get mail."""
        return len({each.invoice.organization_id for each in self.documents if each.emails})

    @property
    def without_address(self) -> list[Planned]:
        """The documents whose organization has no address for them."""
        return [each for each in self.documents if not each.emails and not each.waiting]

    @property
    def waiting(self) -> int:
        """The number of emails that are already being sent."""
        return sum(len(each.waiting) for each in self.documents)

    @property
    def version(self) -> str:
        """A digest of what would be sent where, to compare it with what a person saw."""
        shown = [(each.invoice.pk, *each.emails) for each in self.documents]
        return digest_of(shown)


class Progress(NamedTuple):
    """The number of emails of a mailing in each state."""

    waiting: int
    sent: int
    failed: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def done(self) -> int:
        return self.total - self.waiting


class PlanOutdated(Exception):
    """Other emails would be sent than those that the person was shown."""

    def __str__(self) -> str:
        return _("Nothing was sent: addresses or emails have changed. Review the new numbers.")


def plan_of(invoice_ids: Collection[int]) -> Plan:
    """Return what would be sent where, with a constant number of queries.

    A document is not sent again to an address to which it is being sent now.
    """
    invoices = Invoice.objects.filter(pk__in=invoice_ids).order_by("pk")
    read = list(
        invoices.select_related("organization").only(
            "number", "kind", "organization_title", "organization__billing_email"
        )
    )
    addresses = invoice_addresses({each.organization for each in read})
    being_sent: dict[int, set[str]] = defaultdict(set)
    waiting = Delivery.objects.filter(invoice__in=invoice_ids, state=Delivery.State.WAITING)
    for invoice_id, email in waiting.order_by().values_list("invoice", "email"):
        being_sent[invoice_id].add(email.lower())
    return Plan(
        [
            Planned(
                each,
                [email for email in emails if email.lower() not in being_sent[each.pk]],
                [email for email in emails if email.lower() in being_sent[each.pk]],
            )
            for each in read
            for emails in [addresses.get(each.organization_id, ())]
        ]
    )


@transaction.atomic
def send_again(
    *, mailing_id: UUID, invoice_ids: Collection[int], shown: str, now: datetime, by: User
) -> Mailing:
    """Request that documents are sent again; a second request with the same id does nothing.

    `shown` is the `Plan.version` that the person saw and agreed to.

    Raises:
        PlanOutdated: other emails would be sent.
    """
    mailing, is_new = Mailing.objects.get_or_create(
        pk=mailing_id,
        defaults={"asked_at": now, "asked_by": by, "documents": 0, "without_address": 0},
    )
    if not is_new:
        return mailing
    plan = plan_of(invoice_ids)
    if plan.version != shown:
        raise PlanOutdated
    mailing.documents = sum(1 for each in plan.documents if each.emails)
    mailing.without_address = len(plan.without_address)
    mailing.save(update_fields=["documents", "without_address"])
    deliveries.ask_for_mailing(
        mailing_id=mailing.pk,
        addressed=[(each.invoice, each.emails) for each in plan.documents],
        now=now,
        by=by,
    )
    return mailing


def progress_of(mailing: Mailing) -> Progress:
    """Return the number of emails of a mailing in each state."""
    counted = dict.fromkeys(Delivery.State.values, 0)
    of_state = Delivery.objects.filter(mailing=mailing).order_by().values_list("state")
    counted.update(of_state.annotate(Count("pk")))
    return Progress(**counted)
