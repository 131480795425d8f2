"""Mandates, and batches: make one, record what it collected, or withdraw it.

A batch locks the organizations of its invoices, as payments do, so of two people who collect the
same invoice the second is told. The database lets one pending collection of an invoice exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from debits.banking_days import banking_days_later, is_banking_day
from debits.file import Address, Creditor, Debit, written
from debits.models import Collection, DebitBatch, DebitSettings, Mandate
from debits.models import Sequence as Which
from debits.refusals import (
    Changed,
    Ended,
    HasMandate,
    InUse,
    NoSettings,
    NotABankingDay,
    NotCollectedYet,
    NothingToCollect,
    NotToBeSent,
    TooEarly,
)
from foundation.web.one_row import change_row, values_of
from invoices.models import OpenItem
from invoices.provider.parties import provider_details
from organizations.models import Organization
from payments.models import Method
from payments.operations import record_payment
from tariffs.provider_calendar import provider_date

CURRENCY = "EUR"
MOST_COLLECTED = 500
"""How many invoices a batch collects at most; the others are collected by the next one."""
SETTINGS = ("creditor_id", "iban", "bic", "scheme", "lead_days")
MANDATE = ("reference", "signed_on", "holder", "iban", "bic")


# --- Settings and mandates ------------------------------------------------------------------------


def change_settings(*, shown: str, settings: Mapping[str, Any]) -> None:
    """Store who collects. `shown` is the version of the `stored_values` that the person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    change_row(DebitSettings, shown=shown, settings=settings)


def stored_values(stored: DebitSettings | None) -> dict[str, Any]:
    """Return the settings by field name; the defaults if nothing was entered."""
    return values_of(stored or DebitSettings(), SETTINGS)


@transaction.atomic
def add_mandate(*, organization_id: int, **fields: Any) -> Mandate:
    """Add the mandate of an organization; `fields` are those in `MANDATE`.

    Raises:
        Organization.DoesNotExist: there is no such organization.
        HasMandate: it has one that is not ended.
    """
    _lock([organization_id])
    if Mandate.objects.filter(organization=organization_id, ended_at=None).exists():
        raise HasMandate
    return Mandate.objects.create(organization_id=organization_id, **fields)


@transaction.atomic
def end_mandate(*, mandate_id: int, now: datetime) -> Mandate:
    """End a mandate; nothing is collected with it any more.

    Raises:
        Mandate.DoesNotExist: there is none.
        Ended: it has ended.
        InUse: a collection is pending.
    """
    mandate = _locked_mandate(mandate_id)
    if mandate.collections.filter(is_pending=True).exists():
        raise InUse
    mandate.ended_at = now
    mandate.save(update_fields=["ended_at"])
    return mandate


@transaction.atomic
def use_again(*, mandate_id: int) -> Mandate:
    """Use a mandate again whose bank took a collection back.

    Raises:
        Mandate.DoesNotExist: there is none.
        Ended: it has ended.
    """
    mandate = _locked_mandate(mandate_id)
    mandate.failed_at, mandate.failure = None, ""
    mandate.save(update_fields=["failed_at", "failure"])
    return mandate


def _locked_mandate(mandate_id: int) -> Mandate:
    mandate = Mandate.objects.select_for_update().get(pk=mandate_id)
    if mandate.ended_at is not None:
        raise Ended
    return mandate


def _lock(organization_ids: Sequence[int]) -> None:
    organizations = Organization.objects.filter(pk__in=organization_ids).order_by("pk")
    # Evaluate the query to take the locks.
    list(organizations.select_for_update(no_key=True).values_list("pk"))


# --- Batches --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """What can be collected of an invoice, and with which mandate."""

    item: OpenItem
    mandate: Mandate

    @property
    def amount(self) -> Decimal:
        amount: Decimal = self.item.outstanding
        return amount

    @property
    def version(self) -> str:
        """What a person confirms: the amount and the mandate."""
        return f"{self.amount.normalize():f} {self.mandate.pk}"


def due_items(until: date) -> QuerySet[OpenItem]:
    """Return what is owed in euro and due until a date, with a mandate, and not being collected."""
    used = Mandate.objects.filter(
        organization=OuterRef("organization"), ended_at=None, failed_at=None
    )
    pending = Collection.objects.filter(invoice=OuterRef("pk"), is_pending=True)
    items = OpenItem.objects.filter(
        ~Exists(pending), Exists(used), currency=CURRENCY, outstanding__gt=0, due_on__lte=until
    )
    return items.filter(is_cancelled=False).order_by("due_on", "pk")


def due(until: date, among: Sequence[int] | None = None) -> list[Due]:
    """Return what can be collected, at most `MOST_COLLECTED`; `among` are ids of invoices."""
    items = due_items(until).select_related("invoice", "organization")
    if among is not None:
        items = items.filter(pk__in=among)
    found = list(items[:MOST_COLLECTED])
    mandates = Mandate.objects.filter(
        organization__in={item.organization_id for item in found}, ended_at=None, failed_at=None
    )
    by_organization = {each.organization_id: each for each in mandates}
    return [Due(item, by_organization[item.organization_id]) for item in found]


def earliest_collection(settings: DebitSettings, now: datetime) -> date:
    """Return the first date on which the bank can collect what it gets today."""
    return banking_days_later(provider_date(now), settings.lead_days)


def check_date(day: date, settings: DebitSettings, now: datetime) -> None:
    """Check that the bank can collect on a date.

    Raises:
        TooEarly, NotABankingDay: it cannot.
    """
    earliest = earliest_collection(settings, now)
    if day < earliest:
        raise TooEarly(earliest)
    if not is_banking_day(day):
        raise NotABankingDay(banking_days_later(day, 1))


@transaction.atomic
def make_batch(
    *,
    collected_on: date,
    invoice_ids: Sequence[int],
    shown: Mapping[int, str],
    request: UUID,
    now: datetime,
    by: User | None,
) -> DebitBatch:
    """Make the file that collects invoices on a date; return the batch.

    `shown` are the versions of the `Due` that the person saw, by the ids of invoices. A repeated
    `request` returns the batch that it made.

    Raises:
        NoSettings, TooEarly, NotABankingDay, NothingToCollect: nothing can be collected.
        Changed: the amounts or mandates are not those that were shown.
    """
    if known := DebitBatch.objects.filter(request=request).first():
        return known
    settings = DebitSettings.objects.first()
    if settings is None:
        raise NoSettings
    check_date(collected_on, settings, now)
    if not invoice_ids:
        raise NothingToCollect
    owing = OpenItem.objects.filter(pk__in=invoice_ids).values_list("organization", flat=True)
    _lock(list(owing.order_by().distinct()))
    items = due(collected_on, among=invoice_ids)
    seen = {pk: shown.get(pk) for pk in invoice_ids}
    if {each.item.pk: each.version for each in items} != seen:
        raise Changed
    known_mandates = {each.mandate.pk for each in items}
    used = Collection.objects.filter(mandate__in=known_mandates, batch__state__in=_SENT)
    before = set(used.order_by().values_list("mandate", flat=True).distinct())
    sequences = _sequences(items, before)
    message_id, content = written(
        _creditor(settings), list(map(_debit, items, sequences)), collected_on
    )
    try:
        with transaction.atomic():
            batch = DebitBatch.objects.create(
                collected_on=collected_on,
                message_id=message_id,
                number=len(items),
                total=sum((each.amount for each in items), Decimal(0)),
                content=content,
                made_at=now,
                made_by=by,
                request=request,
            )
            Collection.objects.bulk_create(
                Collection(
                    batch=batch,
                    invoice_id=each.item.pk,
                    mandate=each.mandate,
                    amount=each.amount,
                    sequence=sequence,
                )
                for each, sequence in zip(items, sequences, strict=True)
            )
    except IntegrityError:  # The same request has just made it.
        raise Changed from None
    return batch


_SENT = (DebitBatch.State.MADE, DebitBatch.State.COLLECTED)


def _sequences(items: Sequence[Due], before: set[int]) -> list[str]:
    """Return for each item whether its mandate is used for the first time, in the batch too."""
    found, used = [], set(before)
    for each in items:
        found.append(Which.RECURRING if each.mandate.pk in used else Which.FIRST)
        used.add(each.mandate.pk)
    return [str(each.value) for each in found]


def _creditor(settings: DebitSettings) -> Creditor:
    provider = provider_details()
    return Creditor(
        name=provider.name,
        creditor_id=settings.creditor_id,
        iban=settings.iban,
        bic=settings.bic,
        scheme=settings.scheme,
        address=Address(
            street=provider.street,
            postal_code=provider.postal_code,
            town=provider.city,
            country=provider.country,
        ),
    )


def _debit(due: Due, sequence: str) -> Debit:
    invoice, mandate = due.item.invoice, due.mandate
    buyer = invoice.buyer
    return Debit(
        end_to_end_id=invoice.number,
        amount=due.amount,
        name=mandate.holder,
        iban=mandate.iban,
        bic=mandate.bic,
        mandate=mandate.reference,
        signed_on=mandate.signed_on,
        sequence=sequence,
        text=invoice.number,
        address=Address(
            street=buyer["street"],
            postal_code=buyer["postal_code"],
            town=buyer["city"],
            country=buyer["country"],
        ),
    )


@transaction.atomic
def record_collected(*, batch_id: int, now: datetime, by: User | None) -> DebitBatch:
    """Record that all of a batch was collected: a payment of each invoice.

    What the bank's statement has recorded before of an invoice is not recorded again.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
        NotCollectedYet: its date has not come.
    """
    batch = _locked_batch(batch_id)
    if provider_date(now) < batch.collected_on:
        raise NotCollectedYet(batch.collected_on)
    collections = batch.collections.filter(is_pending=True).select_related("invoice__open_item")
    of_batch = list(collections.order_by("pk"))
    _lock([each.invoice.organization_id for each in of_batch])
    for each in of_batch:
        each.invoice.open_item.refresh_from_db()
        if each.invoice.open_item.outstanding >= each.amount:
            each.payment = record_payment(
                invoice_id=each.invoice_id,
                paid_on=batch.collected_on,
                amount=each.amount,
                method=Method.DIRECT_DEBIT,
                reference=each.invoice.number,
                request=uuid5(batch.request, str(each.pk)),
                again=True,
                now=now,
                by=by,
            )
        each.is_pending = False
    Collection.objects.bulk_update(of_batch, ["payment", "is_pending"])
    return _decided(batch, DebitBatch.State.COLLECTED, now, by)


@transaction.atomic
def withdraw(*, batch_id: int, now: datetime, by: User | None) -> DebitBatch:
    """Withdraw a batch that was not sent to the bank; its invoices can be collected again.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
    """
    batch = _locked_batch(batch_id)
    batch.collections.update(is_pending=False)
    return _decided(batch, DebitBatch.State.WITHDRAWN, now, by)


def _locked_batch(batch_id: int) -> DebitBatch:
    batch = DebitBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != DebitBatch.State.MADE:
        raise NotToBeSent
    return batch


def _decided(
    batch: DebitBatch, state: DebitBatch.State, now: datetime, by: User | None
) -> DebitBatch:
    batch.state, batch.decided_at, batch.decided_by = state, now, by
    batch.save(update_fields=["state", "decided_at", "decided_by"])
    return batch
