"""Settings, mandates, and batches: make one, or withdraw it.

A batch locks the organizations of its invoices, as payments do, so of two people who collect the
same invoice the second is told. The database lets one pending collection of an invoice exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from debits.collecting import Due, check_date, due
from debits.file import Address, Creditor, Debit, written
from debits.models import Collection, DebitBatch, DebitSettings, Mandate
from debits.models import Sequence as Which
from debits.notices import announce
from debits.recording import decided, locked_batch
from debits.refusals import (
    Changed,
    Ended,
    HasMandate,
    InUse,
    NoSettings,
    NothingToCollect,
)
from foundation.mail.requests import MailState
from foundation.web.one_row import change_row, values_of
from invoices.provider.parties import provider_details
from organizations.models import Organization
from payments.recording_many import lock_organizations

SETTINGS = ("creditor_id", "iban", "bic", "scheme", "lead_days", "notice_days")
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
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
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


# --- Batches --------------------------------------------------------------------------------------


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
    """Make the file that collects invoices on a date, and have payers told; return the batch.

    `shown` are the versions of the `Due` that the person saw, by the ids of invoices. A repeated
    `request` returns the batch that it made.

    Raises:
        NoSettings, TooEarly, NotAnnounced, NotABankingDay, NothingToCollect: nothing can be
            collected.
        Changed: the amounts or mandates are not those that were shown, or the same request has
            made a batch of something else.
    """
    if known := DebitBatch.objects.filter(request=request).first():
        # Somebody can go back to the form, and choose something else.
        collected = set(known.collections.values_list("invoice", flat=True))
        if known.collected_on != collected_on or collected != set(invoice_ids):
            raise Changed
        return known
    settings = DebitSettings.objects.first()
    if settings is None:
        raise NoSettings
    check_date(collected_on, settings, now)
    if not invoice_ids:
        raise NothingToCollect
    lock_organizations(invoice_ids)
    items = due(collected_on, among=invoice_ids)
    seen = {pk: shown.get(pk) for pk in invoice_ids}
    if {each.item.pk: each.version for each in items} != seen:
        raise Changed
    sequences = _sequences(items)
    file = written(_creditor(settings), list(map(_debit, items, sequences)), collected_on)
    try:
        with transaction.atomic():
            batch = DebitBatch.objects.create(
                collected_on=collected_on,
                message_id=file.message_id,
                number=len(items),
                total=sum((each.amount for each in items), Decimal(0)),
                content=file.content,
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
                    block=file.blocks[each.item.invoice.number],
                )
                for each, sequence in zip(items, sequences, strict=True)
            )
    except IntegrityError:  # The same request has just made it.
        raise Changed from None
    announce(batch, now, by)
    return batch


_SENT = (DebitBatch.State.MADE, DebitBatch.State.COLLECTED)


def _sequences(items: Sequence[Due]) -> list[str]:
    """Return for each item whether its mandate is used for the first time, in the batch too.

    What a bank refused before it collected anything does not count (EPC 130-08, 4.6).
    """
    before = Collection.objects.filter(
        Q(payment__isnull=False) | Q(returned_at=None),
        mandate__in={each.mandate.pk for each in items},
        batch__state__in=_SENT,
    )
    found, used = [], set(before.order_by().values_list("mandate", flat=True).distinct())
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
def withdraw(*, batch_id: int, now: datetime, by: User | None) -> DebitBatch:
    """Withdraw a batch that was not sent to the bank; its invoices can be collected again.

    Payers who were not told of it yet are not told any more.

    Raises:
        DebitBatch.DoesNotExist: there is none.
        NotToBeSent: it is collected or withdrawn.
    """
    batch = locked_batch(batch_id)
    batch.collections.filter(is_pending=True).update(is_pending=False)
    batch.notices.filter(state=MailState.WAITING).delete()
    return decided(batch, DebitBatch.State.WITHDRAWN, now, by)
