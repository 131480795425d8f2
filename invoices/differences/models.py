"""The stored differences between invoices and statements, and the corrections that settle them.

Triggers add a `Recheck` in every transaction that changes usage, prices or trials, and a job
compares the invoices of that time; migrations/sql/0020_rechecks.sql.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited, frozen
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


@audited(found_by=("invoice",))
class DeferredCorrection(models.Model):
    """An invoice whose difference goes onto the organization's next invoice in its currency."""

    invoice = models.OneToOneField(
        "invoices.Invoice",
        models.PROTECT,
        related_name="deferred_correction",
        verbose_name=_("invoice"),
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    asked_at = models.DateTimeField(_("requested at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("correction with the next invoice")
        verbose_name_plural = _("corrections with the next invoice")

    def __str__(self) -> str:
        return str(self.invoice_id)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Queries for corrections."""

    def named(self) -> CorrectionQuerySet:
        """Read the corrected invoices too, and leave out the charges."""
        return self.defer("content").select_related("corrects").order_by("pk")

    def in_force(self) -> CorrectionQuerySet:
        """Keep corrections whose document is not cancelled."""
        return self.filter(document__credit_note=None)


@frozen
class Correction(models.Model):
    """What a document charges more or less than the invoice that it `corrects` did.

    A document that `stands_alone` is a supplementary invoice or a partial credit note for one
    invoice. Otherwise it is a later invoice with lines for corrections.

    `net` is what is charged more, before tax; it is negative if less is charged. `content` has the
    columns of usages.csv, compressed with gzip: what was charged is negated, and what is charged
    instead follows. So the charges of an invoice and of its corrections add up.
    """

    document = models.ForeignKey(
        "invoices.Invoice", models.PROTECT, related_name="corrections", db_index=False
    )
    corrects = models.ForeignKey(
        "invoices.Invoice", models.PROTECT, related_name="received_corrections"
    )
    stands_alone = models.BooleanField()
    net = money_field(_("net"))
    content = models.BinaryField()
    count = models.PositiveIntegerField()
    # The digest of `content` before compression.
    sha256 = models.CharField(max_length=64)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = (
            models.UniqueConstraint(
                fields=("document", "corrects"), name="invoices_correction_once"
            ),
            models.UniqueConstraint(
                fields=("document",),
                condition=Q(stands_alone=True),
                name="invoices_correction_stands_alone",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.corrects_id}"


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


def stands_alone() -> Exists:
    """Return the condition that a document is nothing but a correction."""
    return Exists(Correction.objects.filter(document=OuterRef("pk"), stands_alone=True))
