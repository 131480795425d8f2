"""Tariff plans and their prices."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from foundation.lists.tallies import Tally
from tariffs.currencies import currency_choices
from tariffs.money import format_money
from tariffs.querysets import TariffQuerySet


class Proration(models.TextChoices):
    """The unit by which part of a month is charged; see "Amount" in docs/pricing.md."""

    SECOND = "second", _("by the second")
    DAY = "day", _("by the day")
    BEGUN_DAY = "begun_day", _("by the begun day")


@audited()
class Tariff(models.Model):
    """A tariff plan: the services for one camera and their monthly price in one currency."""

    name = models.CharField(_("name"), max_length=100)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    currency = models.CharField(_("currency"), max_length=3, choices=currency_choices)
    proration = models.CharField(
        _("proration"), max_length=9, choices=Proration, default=Proration.SECOND
    )
    is_default = models.BooleanField(_("apply to new organizations by default"), default=False)
    dvr_depth_days = models.PositiveIntegerField(_("DVR depth, days"))
    dvr_space_gb = models.PositiveIntegerField(_("DVR space, GB"))
    has_anpr = models.BooleanField(_("ANPR"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    objects = TariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff plan")
        verbose_name_plural = _("tariff plans")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Upper("name"),
                name="tariffs_tariff_name_unique",
                violation_error_message=_("A tariff plan with this name already exists."),
            ),
            models.CheckConstraint(
                condition=models.Q(dvr_depth_days__gte=0, dvr_space_gb__gte=0),
                name="tariffs_tariff_services_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(proration__in=Proration.values),
                name="tariffs_tariff_proration_known",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex="^[A-Z]{3}$"),
                name="tariffs_tariff_currency_code",
            ),
        )

    def __str__(self) -> str:
        return self.name


@audited(found_by=("tariff",))
class TariffPrice(models.Model):
    """A price version: a tariff's monthly price from a calendar date until the next version."""

    tariff = models.ForeignKey(Tariff, models.CASCADE, related_name="prices")
    amount = models.DecimalField(
        _("monthly price"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("price version")
        verbose_name_plural = _("price versions")
        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=("tariff", "valid_from"), name="tariffs_price_one_a_date"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="tariffs_price_not_negative"
            ),
        )

    def __str__(self) -> str:
        price = format_money(self.amount, self.tariff.currency)
        return f"{self.tariff}: {price}, {date_format(self.valid_from)}"


@audited(found_by=("price",))
class VolumeStep(models.Model):
    """The monthly price of a version from a number of camera-months in a calendar month on.

    `TariffPrice.amount` is the price from 0 on. docs/pricing.md, "What was agreed".
    """

    price = models.ForeignKey(
        TariffPrice, models.CASCADE, related_name="steps", verbose_name=_("price version")
    )
    camera_months = models.DecimalField(
        _("from camera-months"),
        max_digits=16,
        decimal_places=6,
        validators=[MinValueValidator(Decimal("0.000001"))],
    )
    amount = models.DecimalField(
        _("monthly price"), max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("volume step")
        verbose_name_plural = _("volume steps")
        ordering = ("price", "camera_months")
        constraints = (
            models.UniqueConstraint(
                fields=("price", "camera_months"), name="tariffs_step_one_a_bound"
            ),
            models.CheckConstraint(
                condition=models.Q(camera_months__gt=0, amount__gte=0),
                name="tariffs_step_in_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"{self.camera_months} {self.amount}"


class TariffTally(Tally):
    """How many organizations have a tariff available, and how many cameras use it, in parts.

    Triggers of organizations and usage add rows; 0013_tariff_tallies.sql and
    0022_tariff_tallies.sql there.
    """

    SUMS = ("organizations", "cameras")

    tariff = models.ForeignKey(
        Tariff, models.DO_NOTHING, related_name="tallies", db_constraint=False
    )
    organizations = models.BigIntegerField(default=0, db_default=0)
    cameras = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("tally of a tariff plan")
        verbose_name_plural = _("tallies of tariff plans")

    def __str__(self) -> str:
        return f"{self.tariff_id} {self.organizations} {self.cameras}"
