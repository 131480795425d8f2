"""Taxes with their rates by date."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


class TaxCategory(models.TextChoices):
    """The kind of tax that an invoice states; the codes are those of UNCL 5305 in EN 16931."""

    STANDARD = "S", _("Standard rate")
    ZERO = "Z", _("Zero rate")
    EXEMPT = "E", _("Exempt from tax")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    NONE = "O", _("Not subject to tax")
    INTRA_EU = "K", _("Intra-EU supply")
    EXPORT = "G", _("Export")


@audited()
class Tax(models.Model):
    """A tax that organizations can be billed with; rates of the standard category have dates."""

    name = models.CharField(_("name"), max_length=100)
    category = models.CharField(_("category"), max_length=2, choices=TaxCategory)
    exemption_text = models.CharField(_("reason for the exemption"), max_length=200, blank=True)
    exemption_code = models.CharField(_("VATEX code"), max_length=40, blank=True)
    is_default = models.BooleanField(_("apply to new organizations by default"), default=False)

    class Meta:
        verbose_name = _("tax")
        verbose_name_plural = _("taxes")
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                Upper("name"),
                name="organizations_tax_name_unique",
                violation_error_message=_("A tax with this name already exists."),
            ),
            models.UniqueConstraint(
                fields=("is_default",),
                condition=Q(is_default=True),
                name="organizations_tax_one_default",
            ),
            models.CheckConstraint(
                condition=Q(category__in=TaxCategory.values),
                name="organizations_tax_known_category",
            ),
            models.CheckConstraint(
                condition=Q(category=TaxCategory.EXEMPT) | Q(exemption_text="", exemption_code=""),
                name="organizations_tax_reason_of_exempt",
            ),
        )
        triggers = (
            # Issued rates, and the rule that only the standard category has rates, rely on it.
            pgtrigger.ReadOnly(name="category_stays", fields=["category"]),
        )

    def __str__(self) -> str:
        return self.name


@audited(found_by=("tax",))
class TaxPercent(models.Model):
    """A version of a tax's rate: a percentage from a calendar date until the next version."""

    tax = models.ForeignKey(Tax, models.CASCADE, related_name="percents")
    percent = models.DecimalField(
        _("rate, %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(
                fields=("tax", "valid_from"), name="organizations_percent_one_a_date"
            ),
            models.CheckConstraint(
                condition=Q(percent__gt=0, percent__lte=100),
                name="organizations_percent_in_bounds",
            ),
        )
        triggers = (
            # The category of a tax never changes, so this holds for ever.
            pgtrigger.Trigger(
                name="of_standard_tax",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (
                        SELECT FROM organizations_tax WHERE id = NEW.tax_id AND category <> 'S'
                    ) THEN
                        RAISE EXCEPTION 'only a tax of the standard category has rates';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.tax}: {number_format(self.percent)} %, {date_format(self.valid_from)}"
