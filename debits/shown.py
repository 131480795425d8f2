"""What pages show of mandates and collections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection as Ids
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import F
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, ngettext

from accounts.models import User
from debits.collecting import CURRENCY
from debits.models import Collection, DebitBatch, DebitNotice, Mandate
from debits.notices import masked
from foundation.mail.requests import MailState
from foundation.web.attention import Entry
from invoices.issuing.cautions import Caution
from invoices.models import Invoice
from organizations.models import Organization
from tariffs.money import format_money
from tariffs.provider_calendar import provider_date

MOST_SHOWN = 10
"""How many collections of an organization a page shows, the newest."""


@dataclass(frozen=True, slots=True)
class PendingCollection:
    """An amount that is being collected of an invoice, and the date."""

    amount: Decimal
    collected_on: date


def pending_collections(invoice_ids: Ids[int]) -> dict[int, PendingCollection]:
    """Return what is being collected of invoices, by their ids; each has one at most."""
    pending = Collection.objects.filter(invoice__in=invoice_ids, is_pending=True).order_by()
    rows = pending.values_list("invoice", "amount", "batch__collected_on")
    return {pk: PendingCollection(amount, day) for pk, amount, day in rows}


@dataclass(frozen=True, slots=True)
class ToldCollection:
    """A collection of a batch, and the mails about it."""

    collection: Collection
    notices: Sequence[DebitNotice]


def notices_of(batch: DebitBatch, collections: Sequence[Collection]) -> Sequence[ToldCollection]:
    """Return collections of a batch with the mails that tell their payers."""
    sent = batch.notices.filter(mandate__in=[each.mandate_id for each in collections])
    by_mandate: defaultdict[int, list[DebitNotice]] = defaultdict(list)
    for notice in sent.order_by("pk"):
        by_mandate[notice.mandate_id].append(notice)
    return [ToldCollection(each, by_mandate[each.mandate_id]) for each in collections]


def owed_less(batch: DebitBatch) -> int:
    """Return how many pending collections of a batch come to more than is outstanding now."""
    less = batch.collections.filter(
        is_pending=True, invoice__open_item__outstanding__lt=F("amount")
    )
    return less.count()


def pending_of(invoice: Invoice) -> Sequence[Caution]:
    """Return what to think of before an invoice is cancelled whose collection is pending."""
    pending = Collection.objects.filter(invoice=invoice, is_pending=True).first()
    if pending is None:
        return ()
    day = DebitBatch.objects.values_list("collected_on", flat=True).get(pk=pending.batch_id)
    text = gettext(
        "A direct debit of %(amount)s on %(day)s is pending for this invoice. If the file is not "
        "at the bank yet, withdraw the batch first. Otherwise what is collected becomes credit."
    )
    stated = {"amount": format_money(pending.amount, CURRENCY), "day": date_format(day)}
    address = reverse("debits:batch", args=[pending.batch_id])
    return (Caution(text % stated, address, gettext("Show batch")),)


def newest_collections(organization: Organization, user: User) -> Sequence[Collection]:
    """Return the newest collections of an organization's invoices that a user can see.

    Withdrawn ones never took place.
    """
    seen = Invoice.objects.visible_to(user).filter(organization=organization)
    every = Collection.objects.filter(invoice__in=seen.values("pk"))
    taking_place = every.exclude(batch__state=DebitBatch.State.WITHDRAWN)
    newest = taking_place.select_related("invoice", "batch", "mandate").defer("batch__content")
    return list(newest.order_by("-pk")[:MOST_SHOWN])


@dataclass(frozen=True, slots=True)
class OrganizationDebits:
    """What an owner sees: the mandate that is not ended, its account masked, and collections."""

    mandate: Mandate | None
    account: str
    collections: Sequence[Collection]


def debits_of(organization: Organization, user: User) -> OrganizationDebits:
    """Return what a user who sees all of an organization sees of its direct debits."""
    mandate = organization.mandates.filter(ended_at=None).first()
    return OrganizationDebits(
        mandate,
        masked(mandate.iban) if mandate else "",
        newest_collections(organization, user),
    )


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home says about direct debits."""
    made = DebitBatch.objects.filter(state=DebitBatch.State.MADE)
    if number := made.filter(collected_on__lt=provider_date(now)).count():
        text = ngettext(
            "%(shown)s direct debit was to be collected and is not recorded",
            "%(shown)s direct debits were to be collected and are not recorded",
            number,
        )
        yield Entry(_with(text, number), reverse("debits:batches"))
    failed = DebitNotice.objects.filter(state=MailState.FAILED)
    if number := failed.filter(batch__state=DebitBatch.State.MADE).count():
        text = ngettext(
            "%(shown)s payer could not be told of a direct debit by email",
            "%(shown)s payers could not be told of a direct debit by email",
            number,
        )
        yield Entry(_with(text, number), reverse("debits:batches"), is_problem=True)


def _with(text: str, number: int) -> str:
    return text % {"shown": number_format(number, force_grouping=True)}
