"""The stored months whose usage is in no invoice.

`keeping.py` computes them. What may change them is recorded by triggers as a `Recheck`;
migrations/sql/0020_rechecks.sql and 0050_uninvoiced.sql.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from foundation.lists.tallies import Tally
from invoices.differences.models import Recheck
from organizations.models import Organization
from rating.periods import Period, month_of
from tariffs.fields import money_field


class UninvoicedSum(NamedTuple):
    """What the uninvoiced months in one currency come to, and what of it is ready or blocked."""

    currency: str
    months: int
    amount: Decimal
    ready: Decimal
    blocked: Decimal


class UninvoicedQuerySet(models.QuerySet["UninvoicedMonth"]):
    """Queries for months without an invoice."""

    def search(self, text: str) -> UninvoicedQuerySet:
        """Keep the months of organizations found by title, owner or contract."""
        found = Organization.objects.search(text).order_by()
        return self.filter(organization__in=found.values("pk"))

    def with_title(self) -> UninvoicedQuerySet:
        """Annotate the organization's `title`."""
        return self.annotate(title=F("organization__title"))

    def sums(self) -> list[UninvoicedSum]:
        """Return the sums in each currency."""
        rows = self.order_by("currency").values_list("currency")
        of_currency = rows.annotate(
            months=Count("pk"),
            sum=Sum("amount"),
            ready=Sum("amount", filter=Q(is_blocked=False), default=0),
            blocked=Sum("amount", filter=Q(is_blocked=True), default=0),
        )
        return [UninvoicedSum(*row) for row in of_currency]

    def organizations(self) -> tuple[int, int]:
        """Return the numbers of organizations that are ready and that are blocked.

        One with several currencies is blocked if one of them is.
        """
        counted = self.order_by().aggregate(
            every=Count("organization", distinct=True),
            blocked=Count("organization", distinct=True, filter=Q(is_blocked=True)),
        )
        return counted["every"] - counted["blocked"], counted["blocked"]


class UninvoicedMonth(models.Model):
    """Usage of a month that is over, in a currency, on dates that no invoice in force includes.

    `amount` is what it comes to before tax, without the charges that have no price; `unpriced` is
    the number of these. `blockers` are the names and details of the refusals to invoice the whole
    month (invoices/issuing/refusals.py).
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="uninvoiced_months",
        verbose_name=_("organization"),
        db_index=False,
    )
    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    # The number in ISO 4217, as in `InvoicedPeriod`.
    currency_number = models.PositiveSmallIntegerField()
    amount = money_field(_("amount before tax"))
    unpriced = models.PositiveIntegerField()
    is_blocked = models.BooleanField(_("blocked"))
    blockers = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    as_of = models.DateTimeField(_("as of"))

    objects = UninvoicedQuerySet.as_manager()

    class Meta:
        verbose_name = _("month without an invoice")
        verbose_name_plural = _("months without an invoice")
        ordering = ("-month", "organization", "currency")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "month", "currency"), name="invoices_uninvoiced_one"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="invoices_uninvoiced_whole_month"
            ),
        )
        indexes = (models.Index(fields=("-month", "-id"), name="invoices_uninvoiced_newest"),)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month:%Y-%m} {self.currency}"

    @property
    def period(self) -> Period:
        """The whole month."""
        return month_of(self.month)


class UninvoicedTotal(NamedTuple):
    """The number of all uninvoiced months in a currency, and what they come to before tax."""

    currency: str
    months: int
    amount: Decimal


class UninvoicedTallyQuerySet(models.QuerySet["UninvoicedTally"]):
    """Queries for tallies of months without an invoice."""

    def totals(self) -> tuple[list[UninvoicedTotal], int]:
        """Return the totals of each currency, and the number of organizations with such months."""
        rows = self.order_by("currency").values_list("currency")
        sums = rows.annotate(Sum("months"), Sum("amount"), Sum("organizations"))
        read = {currency: values for currency, *values in sums}
        _months, _amount, organizations = read.pop("", (0, 0, 0))
        totals = [UninvoicedTotal(currency, *values[:2]) for currency, values in read.items()]
        return [each for each in totals if each.months], organizations


class UninvoicedTally(Tally):
    """The number and sum of the months without an invoice in a currency.

    A row without a currency counts the organizations that have such months. Triggers add rows;
    migrations/sql/0068_uninvoiced_tallies.sql.
    """

    SUMS = ("months", "amount", "organizations")

    currency = models.CharField(max_length=3, blank=True)
    months = models.BigIntegerField()
    amount = models.DecimalField(max_digits=30, decimal_places=4)
    organizations = models.BigIntegerField()

    objects = UninvoicedTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of months without an invoice")
        verbose_name_plural = _("tallies of months without an invoice")

    def __str__(self) -> str:
        return f"{self.currency} {self.months}"


class CountedMonths(models.Model):
    """The month before which an organization's months without an invoice are stored.

    There is no foreign key, so that an organization can be deleted.
    """

    organization = models.OneToOneField(
        Organization,
        models.DO_NOTHING,
        primary_key=True,
        related_name="counted_months",
        db_constraint=False,
    )
    until = models.DateField()

    class Meta:
        verbose_name = _("months counted")
        verbose_name_plural = _("months counted")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.until:%Y-%m}"


def waiting_in(month: date | None = None) -> int:
    """Return of how many organizations a month is still to be counted, or any month."""
    waiting = Recheck.objects.all()
    if month is not None:
        period = month_of(month)
        waiting = waiting.filter(Q(until_on=None) | Q(until_on__gt=period.start))
        waiting = waiting.filter(from_on__lt=period.end)
    return waiting.aggregate(number=Count("organization_id", distinct=True))["number"] or 0


def stored_blockers(blockers: Sequence[Any]) -> list[list[Any]]:
    """Return refusals to invoice as they are stored."""
    return [[each.name, each.details] for each in blockers]
