"""What an organization would be reminded of on a date, and when its next step is.

Days count in the provider's calendar, as those of due dates do. docs/reminders.md has the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from debits.shown import pending_collections
from invoices.models import Invoice, OpenItem
from organizations.models import Organization
from payments.models import OnAccount, PaymentKind
from reminders.interest import interest
from reminders.models import (
    Arrangement,
    Level,
    PaymentPromise,
    Question,
    ReminderItem,
    ReminderState,
)
from reminders.rules import Rules

_NOTHING = Decimal(0)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Overdue:
    """An overdue invoice with what is left of it, and what reminders have done about it.

    `reached` is the highest level of a decided reminder, `to_pay_by` its new due date, and
    `interest_until` the last day for which interest was charged.
    """

    invoice: Invoice
    due_on: date
    outstanding: Decimal
    reached: Level | None
    to_pay_by: date | None
    interest_until: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """The level that an invoice reaches next, and the first day on which it does."""

    level: Level
    on: date


@dataclass(frozen=True, slots=True)
class DueItem:
    """An invoice in a reminder, with the `level` that it reaches, if any, and its interest."""

    invoice: Invoice
    level: Level | None
    outstanding: Decimal
    days_overdue: int
    rate: Decimal = _NOTHING
    interest_days: int = 0
    interest: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: of all overdue invoices in a currency, at their highest level."""

    currency: str
    level: Level
    is_last: bool
    items: Sequence[DueItem]
    fee: Decimal

    @property
    def total(self) -> Decimal:
        """What is overdue."""
        return sum((each.outstanding for each in self.items), _NOTHING)

    @property
    def interest(self) -> Decimal:
        """The interest for all invoices."""
        return sum((each.interest for each in self.items), _NOTHING)

    @property
    def steps(self) -> frozenset[tuple[int, int]]:
        """The ids of the invoices and levels that are reached."""
        return frozenset((each.invoice.pk, each.level.pk) for each in self.items if each.level)


@dataclass(frozen=True)
class Situation:
    """What decides about an organization's reminders on a date: `today`, the provider's.

    What is being collected by direct debit is not in `overdue`. `collected_on` is the last date on
    which some of it is, by currency.
    """

    organization: Organization
    rules: Rules
    today: date
    overdue: Mapping[str, Sequence[Overdue]]
    collected_on: Mapping[str, date]
    arrangement: Arrangement | None
    promises: Mapping[str, PaymentPromise]

    @property
    def pause(self) -> Arrangement | None:
        """What pauses all reminders, or None."""
        return self.arrangement if self.arrangement and self.arrangement.is_pause else None

    def due(self) -> Iterator[Due]:
        """Yield the reminders that are due, by currency."""
        for currency in self.overdue:
            if self.is_owed(currency) and not self.is_paused(currency):
                yield from self._due_in(currency)

    def is_paused(self, currency: str) -> bool:
        """Return whether nothing is sent in a currency today."""
        return self.pause is not None or currency in self.promises

    def is_owed(self, currency: str) -> bool:
        """Return whether enough is overdue in a currency to be worth a reminder."""
        total = sum((each.outstanding for each in self.overdue.get(currency, ())), _NOTHING)
        return total > 0 and total >= self.rules.least.get(currency, _NOTHING)

    def next_steps(self, currency: str) -> Iterator[Step]:
        """Yield the next step of each overdue invoice that has one."""
        if self.is_owed(currency):
            steps = (self._next_step(each) for each in self.overdue.get(currency, ()))
            yield from (each for each in steps if each)

    def _next_step(self, each: Overdue) -> Step | None:
        level = self.rules.after(each.reached)
        if level is None:
            return None
        extra = self.arrangement.extra_days if self.arrangement else 0
        on = each.due_on + timedelta(days=level.days + extra)
        return Step(level, max(on, each.to_pay_by + _ONE_DAY) if each.to_pay_by else on)

    def _due_in(self, currency: str) -> Iterator[Due]:
        items = [self._item(currency, each) for each in self.overdue[currency]]
        reached = [each.level for each in items if each.level]
        if reached:
            level = max(reached, key=lambda each: each.days)
            fee = self.rules.fee(level, currency) if self._charges("fees") else _NOTHING
            yield Due(currency, level, self.rules.is_last(level), items, fee)

    def _item(self, currency: str, each: Overdue) -> DueItem:
        days = (self.today - each.due_on).days
        step = self._next_step(each)
        if step is None or step.on > self.today:
            return DueItem(each.invoice, None, each.outstanding, days)
        rate = step.level.rate if self._charges("interest") else _NOTHING
        since = max(each.due_on, each.interest_until or each.due_on)
        number = (self.today - since).days if rate else 0
        amount = interest(each.outstanding, currency, rate, number)
        return DueItem(each.invoice, step.level, each.outstanding, days, rate, number, amount)

    def _charges(self, what: str) -> bool:
        """Return whether `fees` or `interest` are charged; a closed organization gets none."""
        closed_on = self.organization.closed_on
        if closed_on is not None and closed_on < self.today:
            return False
        return self.arrangement is None or bool(getattr(self.arrangement, f"charges_{what}"))


def situation_of(organization: Organization, rules: Rules, today: date) -> Situation:
    """Read what decides about an organization's reminders, with at most eight queries."""
    overdue, collected_on = _overdue(organization, today)
    on_day = Arrangement.objects.filter(organization=organization).on(today)
    promised = PaymentPromise.objects.filter(organization=organization).on(today)
    return Situation(
        organization,
        rules,
        today,
        overdue,
        collected_on,
        on_day.first() if overdue else None,
        {each.currency: each for each in promised} if overdue else {},
    )


def _overdue(
    organization: Organization, today: date
) -> tuple[dict[str, list[Overdue]], dict[str, date]]:
    """Return the overdue invoices by currency, those due first, without what is paid or disputed.

    What is being collected is left out, too: the second value has the last date by currency.

    Invoices of an earlier owner are left to people. What is left of payments, other than deposits,
    counts as if it had paid the invoices that are due first.
    """
    items = list(
        OpenItem.objects.filter(
            organization=organization,
            is_cancelled=False,
            outstanding__gt=0,
            due_on__lt=today,
            invoice__owner=organization.owner_id,
        )
        .select_related("invoice")
        .only(
            "outstanding",
            "currency",
            "due_on",
            "invoice__number",
            "invoice__issued_on",
            "invoice__currency",
        )
        .order_by("currency", "due_on", "invoice")
    )
    if not items:
        return {}, {}
    credit = _credit(organization, {each.currency for each in items})
    ids = [each.pk for each in items]
    decided, disputed = _decided(ids), Question.objects.disputed(ids)
    pending = pending_collections(ids)
    collected_on: dict[str, date] = {}
    found: dict[str, list[Overdue]] = defaultdict(list)
    for item in items:
        due = item.outstanding - disputed.get(item.pk, _NOTHING)
        if collection := pending.get(item.pk):
            due -= collection.amount
            day = collection.collected_on
            collected_on[item.currency] = max(collected_on.get(item.currency, day), day)
        due = max(due, _NOTHING)
        covered = min(credit.get(item.currency, _NOTHING), due)
        if covered:
            credit[item.currency] -= covered
        if left := due - covered:
            each = Overdue(item.invoice, item.due_on, left, *decided.get(item.pk, _NEVER))
            found[item.currency].append(each)
    return dict(found), collected_on


_NEVER: tuple[Level | None, date | None, date | None] = (None, None, None)


def _credit(organization: Organization, currencies: Collection[str]) -> dict[str, Decimal]:
    own = OnAccount.objects.credit().filter(organization=organization, currency__in=currencies)
    usable = own.exclude(kind=PaymentKind.DEPOSIT).order_by().values("currency")
    return {row["currency"]: row["left"] for row in usable.annotate(left=Sum("remaining"))}


def _decided(invoice_ids: Collection[int]) -> dict[int, tuple[Level, date | None, date | None]]:
    """Return the highest level that invoices have reached, its new due date, and their interest."""
    rows = (
        ReminderItem.objects.filter(invoice__in=invoice_ids, level__isnull=False)
        .filter(reminder__state__in=(ReminderState.SENT, ReminderState.SKIPPED))
        .select_related("level", "reminder")
        .only("invoice", "interest", "level__days", "reminder__due_on", "reminder__as_of")
        .order_by("level__days")
    )
    found: dict[int, tuple[Level, date | None, date | None]] = {}
    for row in rows:
        assert row.level is not None
        _level, _due, until = found.get(row.invoice_id, _NEVER)
        if row.interest and row.reminder.due_on:
            until = max(until or row.reminder.as_of, row.reminder.as_of)
        found[row.invoice_id] = (row.level, row.reminder.due_on, until)
    return found
