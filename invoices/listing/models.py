"""What is stored for lists of invoices: names to search by, and sums."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from foundation.lists.tallies import Tally
from foundation.search.index import folded_field, search_index
from invoices.documents.document import Kind

# The value of a missing sum.
NOTHING = Value(0, models.DecimalField(max_digits=30, decimal_places=4))


class BilledName(models.Model):
    """The names on some invoices of an organization: its title, and the legal name that is billed.

    A search looks names up here, where an organization has one or a few rows, and not among all its
    invoices. A trigger adds what new invoices have; migrations/sql/0027_billed_names.sql.
    """

    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=200)
    buyer = models.CharField(max_length=200)
    folded = folded_field("title", "buyer")

    class Meta:
        verbose_name = _("billed name")
        verbose_name_plural = _("billed names")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "title", "buyer"), name="invoices_billed_name_once"
            ),
        )
        indexes = (search_index("folded", name="invoices_billed_name_search"),)

    def __str__(self) -> str:
        return f"{self.title} {self.buyer}"


def ages(today: date) -> dict[str, Q]:
    """Return the conditions on `due_on` of what is owed, by days overdue on a date."""
    ago_30, ago_60, ago_90 = (today - timedelta(days=days) for days in (30, 60, 90))
    return {
        "not_due": Q(due_on__gte=today),
        "late_30": Q(due_on__lt=today, due_on__gte=ago_30),
        "late_60": Q(due_on__lt=ago_30, due_on__gte=ago_60),
        "late_90": Q(due_on__lt=ago_60, due_on__gte=ago_90),
        "later": Q(due_on__lt=ago_90),
    }


class OverdueSum(NamedTuple):
    """The number of overdue invoices in a currency, and the sum that is owed for them."""

    currency: str
    number: int
    amount: Decimal


class DocumentTallyQuerySet(models.QuerySet["DocumentTally"]):
    """Queries for tallies of documents."""

    def sums(self) -> models.QuerySet[Any, Any]:
        """Return a row for each `currency`, with `documents`, their `total`, and what is `owed`.

        Credit notes are subtracted from the total.
        """
        is_credit = Q(state=Kind.CREDIT_NOTE.value)
        rows = self.order_by("currency").values("currency")
        signed = Case(When(is_credit, then=-F("total")), default=F("total"))
        summed = rows.annotate(
            documents=Sum("documents"),
            total=Sum(signed),
            owed=Sum("outstanding", default=NOTHING),
        )
        return summed.filter(documents__gt=0)

    def overdue_sums(self, today: date) -> list[OverdueSum]:
        """Return the number of overdue invoices and what is owed for them in each currency."""
        rows = self.in_state("overdue", today).order_by("currency").values_list("currency")
        summed = rows.annotate(number=Sum("documents"), amount=Sum("outstanding"))
        return [OverdueSum(*row) for row in summed.filter(number__gt=0)]

    def owed_by_age(self, today: date) -> models.QuerySet[Any, Any]:
        """Return a row for each `currency`, with what is owed of each of `ages`."""
        unpaid = self.filter(state__in=("open", "part_paid")).order_by("currency")
        sums = {
            name: Sum("outstanding", filter=of_age, default=NOTHING)
            for name, of_age in ages(today).items()
        }
        return unpaid.values("currency").annotate(**sums)

    def in_state(self, state: str, today: date) -> DocumentTallyQuerySet:
        """Keep documents in a `State`, or credit notes."""
        if state == "overdue":
            return self.filter(due_on__lt=today, state__in=("open", "part_paid"))
        found = self.filter(state=state)
        return found.filter(due_on__gte=today) if state in ("open", "part_paid") else found


class DocumentTally(Tally):
    """The number and sums of documents of one period and state.

    `state` is `open`, `part_paid`, `paid`, `cancelled` or `credit_note`. The first two have
    `due_on`: they become overdue after it. Triggers add rows; migrations/sql/0028_tallies.sql.
    """

    SUMS = ("documents", "total", "outstanding")

    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=11)
    due_on = models.DateField(null=True)
    period_from = models.DateField()
    period_until = models.DateField()
    documents = models.BigIntegerField()
    total = models.DecimalField(max_digits=30, decimal_places=4)
    outstanding = models.DecimalField(max_digits=30, decimal_places=4)

    objects = DocumentTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of documents")
        verbose_name_plural = _("tallies of documents")

    def __str__(self) -> str:
        return f"{self.state} {self.documents}"
