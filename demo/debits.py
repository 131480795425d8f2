"""Who collects in the demonstration: mandates, a file that was collected, and one that waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import uuid4

from accounts.models import User
from bank.importing import import_file
from bank.models import BankFile
from bank.posting import post_batch, take_back
from debits.collecting import CURRENCY, due, earliest_collection
from debits.models import DebitBatch, DebitSettings, Mandate
from debits.operations import make_batch
from demo.bank import ACCOUNT, Entry, statement
from invoices.models import Invoice, OpenItem
from organizations.models import Organization

_IBAN = "DE02120300000000202051"
_MANDATES = 3
_RETURNED = "MD06"
"""The reason that a payer asked for the money back."""
_DAYS_UNTIL_RETURNED = 6


def set_up_collecting() -> None:
    """Enter who collects."""
    DebitSettings.objects.create(creditor_id="DE98ZZZ09999999999", iban=ACCOUNT)


def collect(invoices: Sequence[Invoice], now: datetime, by: User) -> None:
    """Collect invoices when they are due; a statement has their sum, and the last one's return."""
    signed_on = now.date() - timedelta(days=30)
    _add_mandates((each.organization for each in invoices), signed_on)
    batch = _made([each.pk for each in invoices], now, by)
    if batch is None:
        return
    collected = now + (batch.collected_on - now.date())
    returned = collected + timedelta(days=_DAYS_UNTIL_RETURNED)
    last = batch.collections.select_related("invoice").latest("pk")
    (received,) = _lines([Entry(batch.total, "", batch.message_id)], collected, by)
    post_batch(line_id=received, batch_id=batch.pk, block="", now=collected, by=by)
    last.refresh_from_db()
    entry = Entry(-last.amount, last.invoice.buyer_name, f"{_RETURNED} {last.invoice.number}")
    (paid_back,) = _lines([entry], returned, by)
    if last.payment_id is not None:
        take_back(line_id=paid_back, payment_id=last.payment_id, now=returned, by=by)


def collect_next(today: date, now: datetime, by: User) -> None:
    """Add mandates of organizations that owe something in euro, and collect from one of them."""
    owing = OpenItem.objects.filter(currency=CURRENCY, outstanding__gt=0).select_related(
        "organization"
    )
    organizations = dict.fromkeys(item.organization for item in owing.order_by("pk"))
    _add_mandates(list(organizations)[:_MANDATES], today - timedelta(days=90))
    day = earliest_collection(DebitSettings.objects.get(), now)
    if found := due(day):
        _made([found[-1].item.pk], now, by)


def _add_mandates(organizations: Iterable[Organization], signed_on: date) -> None:
    known = set(Mandate.objects.values_list("organization", flat=True))
    Mandate.objects.bulk_create(
        Mandate(
            organization=each,
            reference=f"M-{each.pk:06}",
            signed_on=signed_on,
            holder=each.title[:70],
            iban=_IBAN,
        )
        for each in dict.fromkeys(organizations)
        if each.pk not in known
    )


def _made(invoice_ids: Sequence[int], now: datetime, by: User) -> DebitBatch | None:
    """Return the file that collects invoices as early as possible; None if none is due then."""
    day = earliest_collection(DebitSettings.objects.get(), now)
    found = due(day, among=invoice_ids)
    if not found:
        return None
    return make_batch(
        collected_on=day,
        invoice_ids=[each.item.pk for each in found],
        shown={each.item.pk: each.version for each in found},
        request=uuid4(),
        now=now,
        by=by,
    )


def _lines(entries: Sequence[Entry], now: datetime, by: User) -> Sequence[int]:
    """Store a statement of a day; return the ids of its lines."""
    name, content = statement(now.date(), entries)
    file: BankFile = import_file(name=name, content=content, now=now, by=by)
    return list(file.statements.order_by("lines").values_list("lines", flat=True))
