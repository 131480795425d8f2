"""The stored exchange rates."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited

PLACES = 10
"""The most decimal places of a rate."""


class ExchangeRateQuerySet(models.QuerySet["ExchangeRate"]):
    """Queries for exchange rates."""

    def published(self, last: date, first: date) -> ExchangeRateQuerySet:
        """Keep the rates of dates from `first` to `last`, the latest first."""
        return self.filter(day__gte=first, day__lte=last).order_by("-day", "base", "currency")


@audited()
class ExchangeRate(models.Model):
    """What one unit of `base` costs in `currency` on a date, as its source has published it.

    There is one rate of two currencies a date, in whichever direction.
    """

    base = models.CharField(_("one unit of"), max_length=3)
    currency = models.CharField(_("in"), max_length=3)
    day = models.DateField(_("date"))
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=PLACES)
    source = models.CharField(_("source"), max_length=100)

    objects = ExchangeRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ("-day", "base", "currency")
        constraints = (
            models.UniqueConstraint(
                "day",
                Least("base", "currency"),
                Greatest("base", "currency"),
                name="invoices_one_rate_a_date",
            ),
            models.CheckConstraint(
                condition=Q(base__regex="^[A-Z]{3}$", currency__regex="^[A-Z]{3}$")
                & ~Q(base=F("currency")),
                name="invoices_rate_of_two_currencies",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="invoices_rate_above_0"),
        )
        indexes = (models.Index(fields=("-day", "base", "currency"), name="invoices_rates_newest"),)

    def __str__(self) -> str:
        return f"1 {self.base} = {self.rate.normalize():f} {self.currency}, {date_format(self.day)}"
