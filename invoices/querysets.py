"""Querysets of invoices and open items."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeVar

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
from invoices.listing.search import found_by
from invoices.sending.models import mail_failed
from organizations.members.models import MemberRole

if TYPE_CHECKING:
    from invoices.models import Invoice  # noqa: F401 named below as a string

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


Rows = TypeVar("Rows", bound=models.QuerySet[models.Model])


def visible(rows: Rows, user: User) -> Rows:
    """Keep the rows with an `owner` and an `organization` that `user` can see.

    Owners see what was theirs when it was made, and members who are owners too what the present
    owner sees. All who are not owners see everything.
    """
    if not user.is_owner:
        return rows
    every = rows.model._default_manager.order_by()
    joined = every.filter(
        owner=F("organization__owner"),
        organization__memberships__user=user,
        organization__memberships__role=MemberRole.OWNER,
    )
    return rows.filter(pk__in=every.filter(owner=user).values("pk").union(joined.values("pk")))


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Queries for invoices and credit notes."""

    def visible_to(self, user: User) -> InvoiceQuerySet:
        """Keep the invoices that `user` can see.

        Owners see those that were issued to an organization while it was theirs; members who are
        owners too see those that its present owner sees, and readers see none.
        """
        return visible(self, user)

    def next_ids(self, how_many: int) -> list[int]:
        """Take ids for new invoices. Ids that are not used are lost."""
        return take_ids(self.model, how_many)

    def search(self, text: str) -> InvoiceQuerySet:
        """Keep invoices found by number, names or total; see `invoices.listing.search`."""
        return self.filter(found_by(self.model, text))

    def with_open_item(self, today: date) -> InvoiceQuerySet:
        """Annotate `paid`, `credited`, `is_cancelled`, `outstanding`, and the `state` as of a date.

        `paid` is the sum of what payments pay of it, and `credited` that of credit notes.
        `outstanding` is the amount left to pay, negative if credit notes come to more than the
        invoice. The `state` of a credit note is empty and its `outstanding` is 0.
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
                owed=Sum("outstanding", default=NOTHING),
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
                row["differ"],
                row["differs_by"],
            )
            for row in sums
        ]


class CurrencyTotals(NamedTuple):
    """The sums of the documents in one currency, and how many of them differ by how much.

    `owed` is what is left to pay. What was paid too much is left of payments, and not in it.
    """

    currency: str
    documents: int
    total: Decimal
    owed: Decimal
    differ: int
    differs_by: Decimal
