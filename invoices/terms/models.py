"""The stored terms and texts of new documents, and the bank accounts by currency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from invoices.provider.models import Provider
from organizations.models import Organization

LONGEST_DAYS = 365
MAX_WORDS = 500
MAX_FOOTER = 1000
DISCOUNTS = ("first_percent", "first_days", "second_percent", "second_days")


def _percent(name: Any) -> Any:
    return models.DecimalField(
        name,
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )


def _days(name: Any) -> Any:
    return models.PositiveSmallIntegerField(
        name,
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_DAYS)],
    )


class CashDiscounts(models.Model):
    """Up to two cash discounts, the shorter first: a percentage of the total within some days."""

    first_percent = _percent(_("cash discount, %"))
    first_days = _days(_("days for the cash discount"))
    second_percent = _percent(_("second cash discount, %"))
    second_days = _days(_("days for the second cash discount"))

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(
                    first_percent=None,
                    first_days=None,
                    second_percent=None,
                    second_days=None,
                )
                # A comparison with NULL would be neither true nor false, and so be accepted.
                | Q(
                    first_percent__isnull=False,
                    first_percent__gt=0,
                    first_days__isnull=False,
                    first_days__lte=LONGEST_DAYS,
                    second_percent=None,
                    second_days=None,
                )
                | Q(
                    first_percent__isnull=False,
                    first_percent__gt=F("second_percent"),
                    second_percent__isnull=False,
                    second_percent__gt=0,
                    first_days__isnull=False,
                    second_days__isnull=False,
                    second_days__gt=F("first_days"),
                    second_days__lte=LONGEST_DAYS,
                ),
                name="%(app_label)s_%(class)s_discounts",
            ),
        )


@audited()
class DocumentTerms(CashDiscounts):
    """What all new documents state, in each language; one row with the primary key 1, or none."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    payment_terms_en = models.TextField(
        _("payment terms in English"), max_length=MAX_WORDS, blank=True
    )
    payment_terms_ru = models.TextField(
        _("payment terms in Russian"), max_length=MAX_WORDS, blank=True
    )
    footer_en = models.TextField(_("footer in English"), max_length=MAX_FOOTER, blank=True)
    footer_ru = models.TextField(_("footer in Russian"), max_length=MAX_FOOTER, blank=True)

    class Meta(CashDiscounts.Meta):
        verbose_name = _("terms and texts of documents")
        verbose_name_plural = _("terms and texts of documents")
        constraints = (
            *CashDiscounts.Meta.constraints,
            models.CheckConstraint(condition=Q(pk=1), name="invoices_documentterms_one"),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


@audited(found_by=("organization",))
class OrganizationTerms(CashDiscounts):
    """The payment terms of one organization that differ from those of the provider.

    `days_to_pay` is None if they are the provider's. It has cash discounts of its own, or none, if
    `has_own_discounts`; otherwise it has those of the provider.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, related_name="payment_terms", verbose_name=_("organization")
    )
    days_to_pay = models.PositiveSmallIntegerField(
        _("payment term (days)"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LONGEST_DAYS)],
    )
    has_own_discounts = models.BooleanField(_("cash discounts of its own"), default=False)

    class Meta(CashDiscounts.Meta):
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")
        constraints = (
            *CashDiscounts.Meta.constraints,
            models.CheckConstraint(
                condition=Q(days_to_pay=None) | Q(days_to_pay__lte=LONGEST_DAYS),
                name="invoices_organizationterms_days",
            ),
            models.CheckConstraint(
                condition=Q(has_own_discounts=True) | Q(first_percent=None),
                name="invoices_organizationterms_own",
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


@audited(found_by=("provider",))
class CurrencyAccount(models.Model):
    """The provider's account for invoices in one currency; others state that of its details."""

    provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="accounts", default=1, editable=False
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        unique=True,
        error_messages={"unique": _("This currency already has an account.")},
    )
    account_number = models.CharField(_("bank account (IBAN)"), max_length=50)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    correspondent_account = models.CharField(_("correspondent account"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ("currency",)
        constraints = (
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="invoices_account_currency"
            ),
            models.CheckConstraint(condition=~Q(account_number=""), name="invoices_account_number"),
        )

    def __str__(self) -> str:
        return self.currency
