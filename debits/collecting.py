"""What can be collected by a date: outstanding, not in dispute, and with a mandate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.utils.translation import gettext as _

from debits.banking_days import banking_days_later, is_banking_day
from debits.models import Collection, DebitBatch, DebitSettings, Mandate
from debits.refusals import NotABankingDay, NotAnnounced, TooEarly
from invoices.models import OpenItem
from organizations.contacts.recipients import invoice_addresses
from payments.disputes import disputed
from tariffs.provider_calendar import provider_date

CURRENCY = "EUR"
MOST_COLLECTED = 500
"""How many invoices a batch collects at most; the others are collected by the next one."""
MOST_LEFT_OUT = 50
"""How many invoices are named that are left out."""
_NOTHING = Decimal(0)
_LARGEST = Decimal("999999999.99")
"""The most that SEPA collects at once (EPC 130-08, AT-06)."""
_UNUSED = relativedelta(months=36)
"""How long after its last collection a mandate is valid (EPC 016-06, 4.1)."""


@dataclass(frozen=True, slots=True)
class Due:
    """What can be collected of an invoice, and with which mandate.

    `disputed` is in dispute and not collected. `is_told` unless nobody can be told by email.
    `used_on` is the date of the last collection, or of the signature.
    """

    item: OpenItem
    mandate: Mandate
    used_on: date
    disputed: Decimal = _NOTHING
    is_told: bool = True

    @property
    def amount(self) -> Decimal:
        """What is collected; 0 or less if all that is outstanding is in dispute."""
        amount: Decimal = self.item.outstanding - self.disputed
        return amount

    def why_not(self, on: date) -> str:
        """Return why nothing can be collected on a date, or ""."""
        if self.amount <= 0:
            return _("All of it is in dispute.")
        if self.amount > _LARGEST:
            return _("It is more than a direct debit can be.")
        if on > self.used_on + _UNUSED:
            return _("The mandate was not used for 36 months, so it has lapsed. Add another one.")
        return ""

    @property
    def version(self) -> str:
        """What a person confirms: the amount and the mandate."""
        return f"{self.amount.normalize():f} {self.mandate.pk}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What cannot be collected of an invoice, and why."""

    item: OpenItem
    reason: str


@dataclass(frozen=True, slots=True)
class Collectable:
    """What can be collected, at most `MOST_COLLECTED`, and what cannot, at most `MOST_LEFT_OUT`."""

    due: Sequence[Due]
    left_out: Sequence[LeftOut]


def due_items(until: date) -> QuerySet[OpenItem]:
    """Return what is owed in euro and due until a date, with a mandate, and not being collected.

    What an earlier owner of the organization owes is left to people: it is not their account.
    """
    used = Mandate.objects.filter(
        organization=OuterRef("organization"), ended_at=None, failed_at=None
    )
    pending = Collection.objects.filter(invoice=OuterRef("pk"), is_pending=True)
    items = OpenItem.objects.filter(
        ~Exists(pending), Exists(used), currency=CURRENCY, outstanding__gt=0, due_on__lte=until
    )
    items = items.filter(is_cancelled=False, invoice__owner=F("organization__owner"))
    return items.order_by("due_on", "pk")


def collectable(until: date, among: Sequence[int] | None = None) -> Collectable:
    """Return what can be collected by a date; `among` are ids of invoices."""
    items = due_items(until).select_related("invoice", "organization")
    if among is not None:
        items = items.filter(pk__in=among)
    found: list[Due] = []
    left_out: list[LeftOut] = []
    start = 0
    while len(found) < MOST_COLLECTED:
        some = list(items[start : start + MOST_COLLECTED])
        for each in _with_mandates(some):
            if reason := each.why_not(until):
                left_out.append(LeftOut(each.item, reason))
            else:
                found.append(each)
        start += MOST_COLLECTED
        if len(some) < MOST_COLLECTED:
            break
    return Collectable(found[:MOST_COLLECTED], left_out[:MOST_LEFT_OUT])


def due(until: date, among: Sequence[int] | None = None) -> Sequence[Due]:
    """Return what can be collected by a date, at most `MOST_COLLECTED`."""
    return collectable(until, among).due


def _with_mandates(items: Sequence[OpenItem]) -> list[Due]:
    """Return items with their mandates, and with what is in dispute; five queries."""
    organizations = {item.organization_id: item.organization for item in items}
    mandates = Mandate.objects.filter(organization__in=organizations, ended_at=None, failed_at=None)
    by_organization = {each.organization_id: each for each in mandates}
    used = _last_used(mandates)
    in_dispute = disputed([item.pk for item in items])
    addresses = invoice_addresses(list(organizations.values()))
    return [
        Due(
            item,
            by_organization[item.organization_id],
            used[by_organization[item.organization_id].pk],
            min(in_dispute.get(item.pk, _NOTHING), item.outstanding),
            bool(addresses.get(item.organization_id)),
        )
        for item in items
    ]


def _last_used(mandates: Iterable[Mandate]) -> dict[int, date]:
    """Return when mandates were last used, or signed, by their ids."""
    found = {each.pk: each.signed_on for each in mandates}
    made = Collection.objects.filter(mandate__in=found).order_by()
    made = made.exclude(batch__state=DebitBatch.State.WITHDRAWN)
    rows = made.values_list("mandate").annotate(Max("batch__collected_on"))
    return found | {pk: max(found[pk], day) for pk, day in rows}


def earliest_collection(settings: DebitSettings, now: datetime) -> date:
    """Return the first date that leaves the bank and the payers the time that they need."""
    return max(_earliest_for_bank(settings, now), _earliest_for_payers(settings, now))


def _earliest_for_bank(settings: DebitSettings, now: datetime) -> date:
    return banking_days_later(provider_date(now), settings.lead_days)


def _earliest_for_payers(settings: DebitSettings, now: datetime) -> date:
    day = provider_date(now) + timedelta(days=settings.notice_days)
    return day if is_banking_day(day) else banking_days_later(day, 1)


def check_date(day: date, settings: DebitSettings, now: datetime) -> None:
    """Check that the bank can collect on a date, and that payers can be told in time.

    Raises:
        TooEarly, NotAnnounced, NotABankingDay: they cannot.
    """
    earliest = earliest_collection(settings, now)
    if day < _earliest_for_bank(settings, now):
        raise TooEarly(earliest)
    if day < earliest:
        raise NotAnnounced(earliest, settings.notice_days)
    if not is_banking_day(day):
        raise NotABankingDay(banking_days_later(day, 1))
