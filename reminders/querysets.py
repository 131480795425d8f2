"""Querysets of reminders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Sum

from accounts.models import User
from invoices.models import Invoice
from invoices.querysets import visible

if TYPE_CHECKING:
    from reminders.models import Question, Reminder  # noqa: F401


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with a first and a last day, both included."""

    def on(self, day: date) -> Self:
        """Keep those of a day."""
        return self.filter(first_on__lte=day, last_on__gte=day)

    def not_over(self, day: date) -> Self:
        """Keep those of a day or later."""
        return self.filter(last_on__gte=day)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """A queryset of reminders."""

    def visible_to(self, user: User) -> ReminderQuerySet:
        """Keep the reminders that `user` can see; owners see what was sent in their own time."""
        return visible(self, user) if not user.is_owner else visible(self.sent(), user)

    def sent(self) -> ReminderQuerySet:
        """Keep those that were sent."""
        return self.filter(state="sent")

    def undecided(self) -> ReminderQuerySet:
        """Keep those that are proposed, or being sent."""
        return self.filter(state__in=("proposed", "approved"))

    def followed(self) -> ReminderQuerySet:
        """Keep those of the last level about which something can still follow."""
        return self.exclude(follow_up__in=("", "done"))

    def mail_failed(self) -> ReminderQuerySet:
        """Keep those of which a mail could not be sent."""
        return self.filter(mails__state="failed").distinct()


class QuestionQuerySet(models.QuerySet["Question"]):
    """A queryset of questions about invoices."""

    def visible_to(self, user: User) -> QuestionQuerySet:
        """Keep those about documents that `user` can see."""
        if not user.is_owner:
            return self
        return self.filter(invoice__in=Invoice.objects.visible_to(user).values("pk"))

    def open(self) -> QuestionQuerySet:
        """Keep those that are not closed."""
        return self.filter(state="open")

    def disputed(self, invoice_ids: Collection[int]) -> dict[int, Decimal]:
        """Return the sums in dispute of invoices, by their ids."""
        rows = self.open().filter(invoice__in=invoice_ids).order_by().values("invoice")
        return {row["invoice"]: row["sum"] for row in rows.annotate(sum=Sum("amount"))}
