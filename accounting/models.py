"""The accounts to which documents and payments are booked, and the debtor numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from organizations.models import TaxCategory

MAX_ACCOUNT = 9
_digits = RegexValidator(r"^[0-9]*$", _("Enter digits only."))
_code = RegexValidator(
    r"^(?=.*[0-9])[^\W_]+(\.[^\W_]+)*$", _("Enter a number such as 1200, or 62.01 for 1C.")
)


def is_number(account: str) -> bool:
    """Return whether an account has digits only, as DATEV demands."""
    return account.isascii() and account.isdecimal()


def tax_label(category: str, percent: Decimal) -> str:
    """Return the name of a tax's category, with the rate if there is one."""
    name = str(TaxCategory(category).label)
    return f"{name}, {number_format(percent.normalize())} %" if percent else name


def _account(name: object, help_text: object = "") -> models.CharField[str, str]:
    return models.CharField(
        name,  # type: ignore[arg-type]
        max_length=MAX_ACCOUNT,
        blank=True,
        validators=[_code],
        help_text=help_text,  # type: ignore[arg-type]
    )


@audited()
class AccountingSettings(models.Model):
    """The accounts of money, and what DATEV is told; one row, with the primary key 1, or none.

    An account that is empty is not known. 1C has dots and letters in accounts, DATEV only digits.
    The debtor number of an organization that has none is its id, counted from `first_debtor` on.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    bank = _account(_("bank transfers"))
    card = _account(_("cards"))
    direct_debit = _account(_("direct debits"))
    cash = _account(_("cash"))
    other = _account(_("other payments"))
    bank_fees = _account(_("bank fees"))
    write_offs = _account(_("write-offs"))
    clearing = _account(
        _("transfers between organizations"),
        _("A clearing account: both sides of a transfer are booked to it, so it comes to 0."),
    )
    first_debtor = models.PositiveIntegerField(
        _("first debtor number"),
        default=10_000,
        validators=[MinValueValidator(1), MaxValueValidator(699_999_999)],
        help_text=_(
            "Organizations are numbered from here on, in the order in which they were added. "
            "Do not change it once the numbers are in use."
        ),
    )
    consultant = models.PositiveIntegerField(
        _("consultant number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1_001), MaxValueValidator(9_999_999)],
        help_text=_("The number that DATEV gave your tax adviser (Beraternummer)."),
    )
    client = models.PositiveIntegerField(
        _("client number"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99_999)],
        help_text=_("Your number with the tax adviser (Mandantennummer)."),
    )
    account_digits = models.PositiveSmallIntegerField(
        _("digits of accounts"),
        default=4,
        validators=[MinValueValidator(4), MaxValueValidator(8)],
        help_text=_("The length of general ledger accounts; debtor numbers have one digit more."),
    )
    year_begins = models.PositiveSmallIntegerField(
        _("first month of the financial year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )

    class Meta:
        verbose_name = _("accounting settings")
        verbose_name_plural = _("accounting settings")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="accounting_settings_one"),
            models.CheckConstraint(
                condition=Q(account_digits__gte=4, account_digits__lte=8),
                name="accounting_settings_digits",
            ),
            models.CheckConstraint(
                condition=Q(year_begins__gte=1, year_begins__lte=12),
                name="accounting_settings_a_month",
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def is_for_datev(self) -> bool:
        """Whether accounts are those of DATEV, whose numbers are entered."""
        return self.consultant is not None or self.client is not None

    def debtor(self, organization_id: int) -> int:
        """Return the debtor number that is counted for an organization."""
        return self.first_debtor + organization_id - 1


@audited()
class RevenueAccount(models.Model):
    """The account of what is charged with a tax. `tax_key` is DATEV's, if the account needs one."""

    category = models.CharField(_("tax"), max_length=2, choices=TaxCategory)
    percent = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2)
    account = models.CharField(_("account"), max_length=MAX_ACCOUNT, validators=[_code])
    tax_key = models.CharField(
        _("tax key"),
        max_length=4,
        blank=True,
        validators=[_digits],
        help_text=_("DATEV’s tax key (BU-Schlüssel). Leave it empty for an automatic account."),
    )

    class Meta:
        verbose_name = _("revenue account")
        verbose_name_plural = _("revenue accounts")
        ordering = ("category", "-percent")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("category", "percent"),
                name="accounting_one_revenue_account",
                violation_error_message=_("This tax has an account already."),
            ),
        ]

    def __str__(self) -> str:
        return self.account

    @property
    def tax(self) -> str:
        """The tax by its category and rate."""
        return tax_label(self.category, self.percent)
