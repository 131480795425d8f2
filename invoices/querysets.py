"""Querysets of invoices and open items."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import models
from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from foundation.fast_sql import take_ids
from invoices.differences.models import being_checked, stands_alone
from invoices.documents.document import Kind
from invoices.issuing.models import states_charges
from invoices.listing.models import ages
from invoices.listing.search import found_by
from invoices.sending.models import mail_failed
from organizations.members.models import MemberRole

if TYPE_CHECKING:
    from invoices.models import Invoice, OpenItem  # noqa: F401 named below as strings

AGES = ("not_due", "late_30", "late_60", "late_90", "later", "credit", "total")
# The value of a missing amount.
NOTHING = Value(0, DecimalField(max_digits=20, decimal_places=4))
# What a document adds to what is owed: credit notes are subtracted.
SIGNED_TOTAL = Case(When(kind=Kind.CREDIT_NOTE.value, then=-F("total")), default=F("total"))


class State(models.TextChoices):
    """The state of an invoice. A credit note has no state."""

    OPEN = "open", pgettext_lazy("invoice", "Open")
    PART_PAID = "part_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    OVERDUE = "overdue", _("Overdue")
    CANCELLED = "cancelled", _("Cancelled")


def overlap(start: date, end: date | None) -> Q:
    """Return the condition that a period overlaps `[start, end)`; without an end if it is None."""
    overlaps = Q(period_until__gt=start)
    return overlaps if end is None else overlaps & Q(period_from__lt=end)


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Queries for invoices and credit notes."""

    def visible_to(self, user: User) -> InvoiceQuerySet:
        """Keep the invoices that `user` can see.

        Owners see those that were issued to an organization while it was theirs; members who are
        owners too see those that its present owner sees, and readers see none.
        """
        if not user.is_owner:
            return self
        every = self.model._default_manager.order_by()
        joined = every.filter(
            owner=F("organization__owner"),
            organization__memberships__user=user,
            organization__memberships__role=MemberRole.OWNER,
        )
        return self.filter(pk__in=every.filter(owner=user).values("pk").union(joined.values("pk")))

    def next_ids(self, how_many: int) -> list[int]:
        """Take ids for new invoices. Ids that are not used are lost."""
        return take_ids(self.model, how_many)

    def search(self, text: str) -> InvoiceQuerySet:
        """Keep invoices found by number, names or total; see `invoices.listing.search`."""
        return self.filter(found_by(self.model, text))

    def with_open_item(self, today: date) -> InvoiceQuerySet:
        """Annotate `paid`, `credited`, `is_cancelled`, `outstanding`, and the `state` as of a date.

        `paid` is the sum of payments less reversals, and `credited` that of credit notes.
        `outstanding` is the amount left to pay. It is negative if more was paid than is left after
        credit notes. The `state` of a credit note is empty and its `outstanding` is 0.
        """
        annotated = self.annotate(
            outstanding=Coalesce(F("open_item__outstanding"), NOTHING),
            is_cancelled=Coalesce(F("open_item__is_cancelled"), Value(False)),
            credited=Coalesce(F("open_item__credited"), NOTHING),
        )
        return annotated.annotate(
            paid=Case(
                When(kind=Kind.CREDIT_NOTE, then=NOTHING),
                default=F("total") - F("credited") - F("outstanding"),
            ),
            state=Case(
                When(kind=Kind.CREDIT_NOTE, then=Value("")),
                When(is_cancelled=True, then=Value(State.CANCELLED)),
                When(outstanding__lte=0, then=Value(State.PAID)),
                When(due_on__lt=today, then=Value(State.OVERDUE)),
                When(outstanding__lt=F("total") - F("credited"), then=Value(State.PART_PAID)),
                default=Value(State.OPEN),
                output_field=models.CharField(),
            ),
        )

    def with_difference(self) -> InvoiceQuerySet:
        """Annotate `cameras_differ`, `differs_by`, `deferred_at` and `is_being_checked`.

        `cameras_differ` is the number of cameras that would be charged other amounts now. It is
        None if no difference is known. `deferred_at` is when someone decided to settle it with the
        next invoice, or None.
        """
        return self.annotate(
            cameras_differ=F("difference__cameras"),
            differs_by=Coalesce(F("difference__amount"), NOTHING),
            deferred_at=F("deferred_correction__asked_at"),
            is_being_checked=being_checked(),
        )

    def in_state(self, state: str, today: date) -> InvoiceQuerySet:
        """Keep invoices in a state as of a date, or credit notes.

        These are the conditions of `with_open_item` in a form that indexes have.
        """
        if state == Kind.CREDIT_NOTE:
            return self.filter(kind=state)
        if state == State.CANCELLED:
            return self.filter(open_item__is_cancelled=True)
        in_force = self.filter(open_item__is_cancelled=False)
        if state == State.PAID:
            return in_force.filter(open_item__outstanding__lte=0)
        unpaid = in_force.filter(open_item__outstanding__gt=0)
        if state == State.OVERDUE:
            return unpaid.filter(open_item__due_on__lt=today)
        whole = F("total") - F("open_item__credited")
        is_whole = Q(open_item__outstanding__gte=whole)
        due_later = unpaid.filter(open_item__due_on__gte=today)
        return due_later.filter(is_whole if state == State.OPEN else ~is_whole)

    def in_force(self) -> InvoiceQuerySet:
        """Keep invoices that are not cancelled by a credit note."""
        return self.filter(invoiced_period__isnull=False)

    def with_kind(self) -> InvoiceQuerySet:
        """Annotate whether a document `is_correction`: it only corrects another invoice."""
        return self.annotate(is_correction=stands_alone())

    def for_periods(self) -> InvoiceQuerySet:
        """Keep invoices for what is owed for a period, and credit notes that cancel them.

        Corrections and invoices for one-off charges only are left out.
        """
        return self.filter(~stands_alone(), ~states_charges())

    def being_checked(self) -> InvoiceQuerySet:
        """Keep invoices in force whose charges may have changed since they were last compared."""
        return self.filter(being_checked())

    def with_failed_mail(self) -> InvoiceQuerySet:
        """Keep documents whose last email could not be sent."""
        return self.filter(mail_failed())

    def overlapping(self, start: date, end: date | None) -> InvoiceQuerySet:
        """Keep invoices whose period overlaps `[start, end)`. `end` is None for an open end."""
        return self.filter(overlap(start, end))

    def numbered(self, prefix: str) -> InvoiceQuerySet:
        """Keep documents with a number in a series with `prefix`, of any year."""
        return self.filter(number__regex=rf"^{re.escape(prefix)}-\d{{4}}-\d{{6,}}$")

    def totals(self) -> list[CurrencyTotals]:
        """Sum the totals and outstanding amounts in each currency. Credit notes are subtracted.

        One query covers the whole queryset, not only the page that is shown. The queryset must be
        `with_open_item`.
        """
        sums = (
            self.order_by("currency")
            .values("currency", "digits")
            .annotate(
                documents=Count("pk"),
                total=Sum(SIGNED_TOTAL),
                owed=Sum("outstanding", filter=Q(outstanding__gt=0), default=NOTHING),
                credit=Sum("outstanding", filter=Q(outstanding__lt=0), default=NOTHING),
                differ=Count("difference"),
                differs_by=Coalesce(Sum("difference__amount"), NOTHING),
            )
        )
        return [
            CurrencyTotals(
                row["currency"],
                row["documents"],
                row["total"],
                row["owed"],
                row["credit"],
                row["differ"],
                row["differs_by"],
            )
            for row in sums
        ]


class CurrencyTotals(NamedTuple):
    """The sums of the documents in one currency, and how many of them differ by how much.

    `owed` is what is left to pay. `credit`, which is negative, is what was paid too much: that of
    one organization does not reduce what another one owes.
    """

    currency: str
    documents: int
    total: Decimal
    owed: Decimal
    credit: Decimal
    differ: int
    differs_by: Decimal


class OpenItemQuerySet(models.QuerySet["OpenItem"]):
    """Queries for open items, with sums by days overdue.

    The sums are named by `AGES`: the outstanding amounts by days overdue; `credit`, which is
    negative, for overpaid invoices and for payments of cancelled ones; and the `total` of these.
    """

    def still_open(self) -> OpenItemQuerySet:
        """Keep items with an amount owed by the organization or to it."""
        return self.exclude(outstanding=0)

    def by_organization(self, today: date) -> models.QuerySet[Any, Any]:
        """Return a row with sums for each `organization` (id), its `title`, and `currency`."""
        named = self.order_by().annotate(title=F("organization__title"))
        return named.values("organization", "title", "currency").annotate(**_by_age(today))

    def by_currency(self, today: date) -> models.QuerySet[Any, Any]:
        """Return a row for each `currency`, with the number of `organizations` and the sums."""
        organizations = Count("organization", distinct=True)
        grouped = self.order_by("currency").values("currency")
        return grouped.annotate(organizations=organizations, **_by_age(today))


def _by_age(today: date) -> dict[str, Any]:
    is_owed = Q(outstanding__gt=0)
    return {
        **{
            name: Coalesce(Sum("outstanding", filter=is_owed & of_age), NOTHING)
            for name, of_age in ages(today).items()
        },
        "credit": Coalesce(Sum("outstanding", filter=Q(outstanding__lt=0)), NOTHING),
        "total": Sum("outstanding"),
    }
