"""The stored figures. docs/reports.md defines them.

Nothing here is entered by people: everything can be calculated from usage and prices again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from rating.periods import month_of
from tariffs.fields import money_field
from tariffs.models import Tariff


class ChangedDates(models.Model):
    """Dates of an organization whose revenue is to be calculated; open if `until_on` is None.

    A trigger copies them from `invoices.Recheck`, whose rows another job takes. As there, rows are
    only added and deleted, and have no foreign key.
    """

    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, related_name="+", db_constraint=False
    )
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("change of revenue")
        verbose_name_plural = _("changes of revenue")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.from_on}"


class MonthlyRevenue(models.Model):
    """What the usage of an organization in a month comes to in a currency, before tax.

    `amount` is that of the whole month, for the present month as if nothing changed until its end.
    `so_far` is what was used up to `computed_at`. `unpriced` charges are not included.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    currency = models.CharField(max_length=3)
    amount = money_field(_("amount"))
    so_far = money_field(_("so far"))
    unpriced = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("revenue of a month")
        verbose_name_plural = _("revenue of months")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "month", "currency"), name="reports_revenue_one"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1, amount__gte=0, so_far__gte=0),
                name="reports_revenue_of_a_whole_month",
            ),
        )
        indexes = (
            # All that adding up a month reads.
            models.Index(
                fields=("month", "currency", "organization"),
                include=("amount", "so_far", "unpriced", "computed_at"),
                name="reports_revenue_of_month",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.month:%Y-%m} {self.currency}"


class ChangedMonth(models.Model):
    """A month whose sums are to be added up again. Rows are only added and deleted."""

    month = models.DateField()

    class Meta:
        verbose_name = _("changed month")
        verbose_name_plural = _("changed months")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


# A queryset has no full join, by which rows of two months are compared.
_ADD_UP = """
    INSERT INTO reports_monthsum (
        month, currency, amount, so_far, new, expansion, contraction, churn, organizations,
        unpriced, oldest_at, summed_at
    )
    SELECT %(month)s, currency, sum(amount), sum(so_far),
        coalesce(sum(amount) FILTER (WHERE earlier = 0), 0),
        coalesce(sum(amount - earlier) FILTER (WHERE earlier > 0 AND amount > earlier), 0),
        coalesce(sum(earlier - amount) FILTER (WHERE amount > 0 AND amount < earlier), 0),
        coalesce(sum(earlier) FILTER (WHERE amount = 0), 0),
        count(*) FILTER (WHERE amount > 0), sum(unpriced),
        coalesce(min(computed_at), %(now)s), %(now)s
    FROM (
        SELECT currency, coalesce(this.amount, 0) AS amount, coalesce(this.so_far, 0) AS so_far,
            coalesce(last.amount, 0) AS earlier, coalesce(this.unpriced, 0) AS unpriced,
            this.computed_at
        FROM (SELECT * FROM reports_monthlyrevenue WHERE month = %(month)s) AS this
        FULL JOIN (SELECT * FROM reports_monthlyrevenue WHERE month = %(before)s) AS last
            USING (organization_id, currency)
    ) AS pairs
    GROUP BY currency
"""


class MonthSumQuerySet(models.QuerySet["MonthSum"]):
    """Queries for the sums of months."""

    def add_up(self, month: date, now: datetime) -> None:
        """Replace the sums of a month by those of the stored revenue. Call it in a transaction."""
        self.filter(month=month).delete()
        values = {"month": month, "before": month_of(month, months_before=1).start, "now": now}
        with connection.cursor() as cursor:
            cursor.execute(_ADD_UP, values)

    def by_currency(self, months: Collection[date]) -> dict[str, dict[date, MonthSum]]:
        """Return the sums of some months by currency, then month, in order of both."""
        found: dict[str, dict[date, MonthSum]] = {}
        for each in self.filter(month__in=months).order_by("currency", "month"):
            found.setdefault(each.currency, {})[each.month] = each
        return found


class MonthSum(models.Model):
    """The revenue of all organizations in a month and currency, and how it has changed.

    `amount` is that of the month before, plus `new` and `expansion`, less `contraction` and
    `churn`. `organizations` are those with an amount. No organization's revenue was calculated
    before `oldest_at`.
    """

    month = models.DateField()
    currency = models.CharField(max_length=3)
    amount = money_field(_("amount"))
    so_far = money_field(_("so far"))
    new = money_field(_("new"))
    expansion = money_field(_("expansion"))
    contraction = money_field(_("contraction"))
    churn = money_field(_("churn"))
    organizations = models.PositiveIntegerField()
    unpriced = models.PositiveIntegerField()
    oldest_at = models.DateTimeField()
    summed_at = models.DateTimeField()

    objects = MonthSumQuerySet.as_manager()

    class Meta:
        verbose_name = _("sum of a month")
        verbose_name_plural = _("sums of months")
        constraints = (
            models.UniqueConstraint(fields=("month", "currency"), name="reports_sum_one"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.currency}"


class CameraDay(models.Model):
    """How many cameras used a tariff at the end of a day of the provider."""

    day = models.DateField()
    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="+", db_index=False)
    cameras = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cameras of a day")
        verbose_name_plural = _("cameras of days")
        constraints = (
            models.UniqueConstraint(fields=("day", "tariff"), name="reports_cameras_once"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.tariff_id}"
