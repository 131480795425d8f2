"""The stored differences between invoices and statements, and what is still to be compared.

Triggers add a `Recheck` in every transaction that changes usage, prices or trials, and a job
compares the invoices of that time; migrations/sql/0020_rechecks.sql.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from rating.periods import Period, month_of
from tariffs.fields import money_field


class Recheck(models.Model):
    """Dates of an organization whose charges may have changed; open if `until_on` is None.

    Rows are only added and deleted, so that no change waits for another one or for the job. They
    have no foreign key, because a change of price adds one for each organization that it affects.
    """

    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("check of invoices")
        verbose_name_plural = _("checks of invoices")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.from_on}"


class DifferenceSum(NamedTuple):
    """The sum of the differences in one currency, and of how many they are."""

    currency: str
    number: int
    amount: Decimal


class _SumsQuerySet(models.QuerySet[Any]):
    """Rows with an `amount` in a `currency`."""

    def sums(self) -> list[DifferenceSum]:
        """Return the sum in each currency."""
        rows = self.order_by("currency").values_list("currency")
        return [DifferenceSum(*row) for row in rows.annotate(Count("pk"), Sum("amount"))]


class InvoiceDifference(models.Model):
    """An invoice in force whose charges would be different now.

    `amount` is what would be charged now less what was invoiced, before tax. It can be 0 although
    `cameras` differ. `unpriced` is the number of charges that have no price now.
    """

    invoice = models.OneToOneField(
        "invoices.Invoice", models.PROTECT, primary_key=True, related_name="difference"
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = money_field(_("difference"))
    cameras = models.PositiveIntegerField(_("cameras"))
    unpriced = models.PositiveIntegerField()
    checked_at = models.DateTimeField(_("checked at"))

    objects = _SumsQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of an invoice")
        verbose_name_plural = _("differences of invoices")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"


class LateUsage(models.Model):
    """Usage of a month that has been invoiced, in a currency of which no invoice includes it.

    `amount` is what it comes to before tax, `unpriced` the number of its charges without a price.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="late_usage",
        verbose_name=_("organization"),
        db_index=False,
    )
    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = money_field(_("amount"))
    unpriced = models.PositiveIntegerField()
    found_at = models.DateTimeField(_("found at"))

    objects = _SumsQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage without an invoice")
        verbose_name_plural = _("usage without an invoice")
        ordering = ("-month", "organization", "currency")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "month", "currency"), name="invoices_late_usage_one"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="invoices_late_usage_of_a_whole_month"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month:%Y-%m} {self.currency}"

    @property
    def period(self) -> Period:
        """The whole month."""
        return month_of(self.month)


def being_checked() -> Exists:
    """Return the condition that an invoice is in force and still to be compared."""
    own = Recheck.objects.filter(
        Q(until_on=None) | Q(until_on__gt=OuterRef("invoiced_period__period_from")),
        organization=OuterRef("invoiced_period__organization"),
        from_on__lt=OuterRef("invoiced_period__period_until"),
    )
    return Exists(own)
