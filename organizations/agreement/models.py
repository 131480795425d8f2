"""The stored terms of an organization; docs/pricing.md, "What was agreed".

Dates are inclusive, and those of the organization. An empty last date leaves the end open.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Ord, Substr
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited
from foundation.one_value import one_value
from organizations.agreement.querysets import DatedTermQuerySet
from rating.money import Amount
from rating.periods import Period
from tariffs.currencies import currency_choices
from tariffs.models import Tariff
from tariffs.money import format_money

_IS_CURRENCY = Q(currency__regex="^[A-Z]{3}$")
IN_ORDER = Q(last_on=None) | Q(last_on__gte=F("first_on"))


def _organization(related_name: str) -> models.ForeignKey[Any, Any]:
    # Each model has a constraint or an index that begins with the organization.
    return models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name=related_name,
        verbose_name=_("organization"),
        db_index=False,
    )


def _amount(name: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        name, max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )


def _currency() -> models.CharField[Any, Any]:
    return models.CharField(_("currency"), max_length=3, choices=currency_choices)


def _first_on() -> models.DateField[Any, Any]:
    return models.DateField(_("first day"))


def _last_on() -> models.DateField[Any, Any]:
    return models.DateField(_("last day"), null=True, blank=True)


def apart(name: str, *same: Any) -> ExclusionConstraint:
    """Refuse rows of an organization that overlap and are the same in these values."""
    dates = Func(
        F("first_on"),
        F("last_on"),
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((one_value(each), RangeOperators.OVERLAPS) for each in (F("organization_id"), *same)),
            (dates, RangeOperators.OVERLAPS),
        ],
    )


def currency_number() -> CombinedExpression:
    """Return the three letters of a currency code as a number, to compare it in a GiST index."""
    first, second, third = (Ord(Substr("currency", position, 1)) for position in (1, 2, 3))
    return (first * 256 + second) * 256 + third


class DatedTerm(models.Model):
    """A term that applies from a first to a last date."""

    first_on = _first_on()
    last_on = _last_on()

    objects = DatedTermQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def dates(self) -> Period:
        """The dates on which the term applies, half-open."""
        return Period.since(self.first_on, self.last_on)


@audited(found_by=("organization",))
class Suspension(DatedTerm):
    """Dates in which an organization is suspended, and by choice not charged."""

    organization = _organization("suspensions")
    is_charged = models.BooleanField(_("charged meanwhile"), default=False)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("organization", "first_on")
        constraints = (
            apart("organizations_suspensions_apart"),
            models.CheckConstraint(condition=IN_ORDER, name="organizations_suspension_in_order"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="organizations_suspension_has_reason"
            ),
        )
        indexes = (
            models.Index(fields=("organization", "first_on"), name="organizations_suspensions"),
            models.Index(fields=("last_on",), name="organizations_suspension_ends"),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.first_on}"


class PlatformSuspension(models.Model):
    """An organization of which the connected platform was told last that it is suspended."""

    organization = models.OneToOneField(
        "organizations.Organization",
        models.CASCADE,
        primary_key=True,
        related_name="platform_suspension",
        verbose_name=_("organization"),
    )
    told_at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("suspension on the platform")
        verbose_name_plural = _("suspensions on the platform")

    def __str__(self) -> str:
        return str(self.organization_id)


@audited(found_by=("organization",))
class IndividualPrice(models.Model):
    """An organization's monthly price of a tariff from a date on; no amount: the list price."""

    organization = _organization("individual_prices")
    tariff = models.ForeignKey(
        Tariff,
        models.PROTECT,
        related_name="individual_prices",
        verbose_name=_("tariff plan"),
    )
    valid_from = models.DateField(_("valid from"))
    amount = models.DecimalField(
        _("monthly price"),
        max_digits=12,
        decimal_places=4,
        validators=[MinValueValidator(0)],
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("individual price")
        verbose_name_plural = _("individual prices")
        ordering = ("organization", "tariff", "valid_from")
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "tariff", "valid_from"),
                name="organizations_one_price_a_date",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="organizations_price_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.tariff_id} {date_format(self.valid_from)}"


@audited(found_by=("organization",))
class Discount(DatedTerm):
    """A discount in percent on one tariff, or on all if there is none."""

    organization = _organization("discounts")
    tariff = models.ForeignKey(
        Tariff,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discounts",
        verbose_name=_("tariff plan"),
    )
    percent = models.DecimalField(
        _("discount, %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("discount")
        verbose_name_plural = _("discounts")
        ordering = ("organization", "first_on", "pk")
        constraints = (
            apart("organizations_discounts_apart", Coalesce(F("tariff_id"), Value(0))),
            models.CheckConstraint(condition=IN_ORDER, name="organizations_discount_in_order"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100),
                name="organizations_discount_in_bounds",
            ),
        )
        indexes = (
            models.Index(fields=("organization", "first_on"), name="organizations_discounts"),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {number_format(self.percent)} %"


@audited(found_by=("organization",))
class DiscountExemption(DatedTerm):
    """Dates on which a discount on all tariffs does not apply to one of them."""

    organization = _organization("discount_exemptions")
    tariff = models.ForeignKey(
        Tariff,
        models.PROTECT,
        related_name="discount_exemptions",
        verbose_name=_("tariff plan"),
    )

    class Meta:
        verbose_name = _("exemption from discounts")
        verbose_name_plural = _("exemptions from discounts")
        ordering = ("organization", "first_on", "pk")
        constraints = (
            apart("organizations_exemptions_apart", F("tariff_id")),
            models.CheckConstraint(condition=IN_ORDER, name="organizations_exemption_in_order"),
        )
        indexes = (
            models.Index(fields=("organization", "first_on"), name="organizations_exemptions"),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.tariff_id}"


@audited(found_by=("organization",))
class Fee(DatedTerm):
    """An amount per month, charged by dates; those in the trial only if `in_trial`."""

    organization = _organization("fees")
    name = models.CharField(pgettext_lazy("of a fee", "name"), max_length=100)
    amount = _amount(_("amount per month"))
    currency = _currency()
    in_trial = models.BooleanField(_("charged in the trial too"), default=False)

    class Meta:
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        ordering = ("organization", "first_on", "pk")
        constraints = (
            models.CheckConstraint(condition=IN_ORDER, name="organizations_fee_in_order"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="organizations_fee_not_negative"
            ),
            models.CheckConstraint(condition=_IS_CURRENCY, name="organizations_fee_currency"),
            models.CheckConstraint(condition=~Q(name=""), name="organizations_fee_has_name"),
        )
        indexes = (models.Index(fields=("organization", "first_on"), name="organizations_fees"),)

    def __str__(self) -> str:
        return f"{self.name}: {format_money(self.amount, self.currency)}"

    @property
    def money(self) -> Amount:
        """The amount per month."""
        return Amount(self.amount, self.currency)


@audited(found_by=("organization",))
class OneOffCharge(models.Model):
    """A quantity of something on a date, for an amount each; a quantity below 0 is a credit."""

    organization = _organization("one_off_charges")
    text = models.CharField(pgettext_lazy("of a charge", "text"), max_length=200)
    # Why a credit was given.
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="", db_default="")
    day = models.DateField(_("date"))
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4)
    amount = _amount(_("amount each"))
    currency = _currency()
    # An invoice of its own states it, so that statements leave it out.
    is_invoiced_apart = models.BooleanField(
        _("invoiced separately"), default=False, db_default=False, editable=False
    )

    class Meta:
        verbose_name = _("one-off charge")
        verbose_name_plural = _("one-off charges")
        ordering = ("organization", "day", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(quantity=0), name="organizations_one_off_some"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="organizations_one_off_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | ~Q(reason=""), name="organizations_credit_has_reason"
            ),
            models.CheckConstraint(condition=_IS_CURRENCY, name="organizations_one_off_currency"),
            models.CheckConstraint(condition=~Q(text=""), name="organizations_one_off_has_text"),
        )
        indexes = (models.Index(fields=("organization", "day"), name="organizations_one_offs"),)

    def __str__(self) -> str:
        return f"{self.text}, {date_format(self.day)}"

    @property
    def money(self) -> Amount:
        """The amount each."""
        return Amount(self.amount, self.currency)


@audited(found_by=("organization",))
class Minimum(DatedTerm):
    """The least that an organization pays for a month in a currency."""

    organization = _organization("minimums")
    amount = _amount(_("amount per month"))
    currency = _currency()

    class Meta:
        verbose_name = _("minimum")
        verbose_name_plural = _("minimums")
        ordering = ("organization", "first_on", "pk")
        constraints = (
            apart("organizations_minimums_apart", currency_number()),
            models.CheckConstraint(condition=IN_ORDER, name="organizations_minimum_in_order"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="organizations_minimum_not_negative"
            ),
            models.CheckConstraint(condition=_IS_CURRENCY, name="organizations_minimum_currency"),
        )
        indexes = (
            models.Index(fields=("organization", "first_on"), name="organizations_minimums"),
        )

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)

    @property
    def money(self) -> Amount:
        """The amount per month."""
        return Amount(self.amount, self.currency)


class AgreedKind(models.Model):
    """A kind of terms that an organization has, or had at some time.

    Triggers note it when the first such term is stored, so that statements look only for terms that
    there can be: most organizations have none. Rows are only added, so that no change waits for
    another one; two that store the first terms at the same time may both add it.
    """

    organization = _organization("agreed_kinds")
    kind = models.CharField(max_length=10)

    class Meta:
        indexes = (
            models.Index(fields=("organization", "kind"), name="organizations_agreed_kinds"),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind}"
